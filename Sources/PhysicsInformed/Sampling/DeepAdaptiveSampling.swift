import Optimizers
import Parallelism

/// Deep adaptive sampling: points from a flow that is fitted to the squared residual by cross-entropy (arXiv:2112.14038).
///
/// With `form = "replace"` (DAS-R) all points are drawn anew, with `"grow"` (DAS-G) some are added.
public struct DeepAdaptiveSampling: DensitySampling {
    /// What users read and set.
    public static let description = PointRuleDescription(
        name: "deep-adaptive", summary: "points from a flow that is fitted to the squared residual",
        source: "arXiv:2112.14038",
        options: [
            .choice("form", of: ["replace", "grow"], default: "replace", help: "DAS-R or DAS-G"),
            .integer(
                "add", default: 0, in: .atLeast(0),
                help: "grow: points added at each redraw; 0: a quarter of the points"),
            .integer(
                "limit", default: 0, in: .atLeast(0), help: "grow: the most points; 0: twice as many as at the start"),
            FlowSettings.uniform,
        ] + FlowSettings.options + [.pool])

    private let grows: Bool
    private let add: Int
    private let limit: Int
    private let flow: FlowSettings
    /// Candidates at each redraw.
    public let pool: Int

    /// A rule with checked options.
    public init(_ options: OptionValues) {
        grows = options.word("form") == "grow"
        add = options.integer("add")
        limit = options.integer("limit")
        flow = FlowSettings(options)
        pool = options.integer("pool")
    }

    /// The limit where points are added.
    public func capacity(for points: Int) -> Int { grows ? max(points, limit > 0 ? limit : 2 * points) : points }

    /// What is said of growth, where points are replaced.
    public func idleOptions(dimensions: Int) -> (names: [String], reason: String)? {
        grows ? nil : (["add", "limit"], "form = \"replace\" adds no points")
    }

    func makeDensity(
        dimensions: Int, points: Int, seed: UInt64, name: String, workers: WorkerPool
    ) -> any CollocationDensity {
        FlowDensity(
            flow, dimensions: dimensions, objective: .crossEntropy,
            added: grows ? (add > 0 ? add : max(1, points / 4)) : nil, limit: capacity(for: points), seed: seed,
            name: name, workers: workers)
    }
}
