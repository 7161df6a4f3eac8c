import Glibc
import Optimizers
import Parallelism

/// Adversarial sampling: points from the worst smooth density, the maximiser of ∫ r² p − β ∫ |∇p|² (arXiv:2305.18702).
///
/// r² is divided by its mean and the domain's box is the unit cube, so that β is a squared length: p is spread over distances of
/// about 4 √β sides of the box. In up to three dimensions the maximiser is found on a grid at each redraw, and maximisers are
/// averaged; beyond, each round of a redraw is a step of a flow towards it.
public struct AdversarialSampling: DensitySampling {
    /// What users read and set.
    public static let description = PointRuleDescription(
        name: "adversarial", summary: "points from the worst smooth density of the squared residual",
        source: "arXiv:2305.18702",
        options: [
            .choice(
                "form", of: ["auto", "grid", "flow"], default: "auto",
                help: "how the density is held; auto: a grid in up to three dimensions"),
            .number("beta", default: 1e-2, in: .above(0, to: 1e6), help: "how smooth the density is, a squared length"),
            .number(
                "memory", default: 0.8, in: .from(0, to: 0.99),
                help: "grid: weight of earlier redraws in the average of worst densities"),
            FlowSettings.uniform,
        ] + FlowSettings.options + [.pool])

    /// The most dimensions of a grid.
    public static let largestGridDimension = 3
    /// The fewest cells along each axis.
    public static let fewestCells = 4

    private let form: String
    private let beta: Double
    private let memory: Double
    private let flow: FlowSettings
    /// Candidates at each redraw.
    public let pool: Int

    /// A rule with checked options.
    public init(_ options: OptionValues) {
        form = options.word("form")
        beta = options.number("beta")
        memory = options.number("memory")
        flow = FlowSettings(options)
        pool = options.integer("pool")
    }

    /// What is said of flows beside a grid, and of averages beside a flow.
    public func idleOptions(dimensions: Int) -> (names: [String], reason: String)? {
        isGrid(dimensions)
            ? (FlowSettings.options.map(\.name), "the density is held on a grid, and nothing is trained")
            : (["memory"], "a flow goes on from where it was")
    }

    /// Why the rule cannot work in this many dimensions with this many points, and what to write instead; nil if it can.
    public func obstacle(dimensions: Int, points: Int) -> (reason: String, remedy: String)? {
        guard isGrid(dimensions) else { return nil }
        if dimensions > Self.largestGridDimension {
            return (
                "a grid holds densities in at most \(Self.largestGridDimension) dimensions, here there are \(dimensions)",
                "use form = \"flow\", which holds densities in any dimension"
            )
        }
        let side = side(dimensions, points)
        guard side < Self.fewestCells else { return nil }
        var fewest = 1
        for _ in 0..<dimensions { fewest *= Self.fewestCells }
        return (
            "\(candidateCount(for: points)) candidates make a grid of \(side) cells along each of \(dimensions) axes, "
                + "fewer than \(Self.fewestCells)",
            "give pool = \(fewest) or more, or use form = \"flow\""
        )
    }

    private func isGrid(_ dimensions: Int) -> Bool {
        form == "grid" || (form == "auto" && dimensions <= Self.largestGridDimension)
    }

    /// As many cells along each axis as there are candidates for.
    private func side(_ dimensions: Int, _ points: Int) -> Int {
        let count = candidateCount(for: points)
        // Nearly the root, which rounding may miss by one.
        var side = max(1, Int(pow(Double(count), 1 / Double(dimensions))) - 1)
        while (0..<dimensions).reduce(1, { product, _ in product * (side + 1) }) <= count { side += 1 }
        return side
    }

    func makeDensity(
        dimensions: Int, points: Int, seed: UInt64, name: String, workers: WorkerPool
    ) -> any CollocationDensity {
        if isGrid(dimensions) {
            return GridDensity(
                dimensions: dimensions, side: side(dimensions, points), beta: beta, uniformShare: flow.uniformShare,
                memory: memory)
        }
        return FlowDensity(
            flow, dimensions: dimensions, objective: .worst(beta: beta), seed: seed, name: name, workers: workers)
    }
}
