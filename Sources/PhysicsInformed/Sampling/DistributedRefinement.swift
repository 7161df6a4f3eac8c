import Optimizers
import Randomness

/// RAR-D: at each redraw a few candidates are added, with p ∝ qᵏ/E[qᵏ] + c (arXiv:2207.10289).
public struct DistributedRefinement: CandidateSampling {
    /// What users read and set.
    public static let description = PointRuleDescription(
        name: "rar-d", summary: "points added at each redraw, drawn by the residual", source: "arXiv:2207.10289",
        options: [
            .number("power", default: 2, in: .atLeast(0), help: "k in p ~ |r|^k/E|r|^k + c"),
            .number("constant", default: 0, in: .atLeast(0), help: "c in p ~ |r|^k/E|r|^k + c"),
        ] + Refinement.options)

    private let power: Double
    private let constant: Double
    private let refinement: Refinement

    /// A rule with checked options.
    public init(_ options: OptionValues) {
        power = options.number("power")
        constant = options.number("constant")
        refinement = Refinement(options)
    }

    /// Candidates at each redraw.
    public var pool: Int { refinement.pool }

    /// The limit.
    public func capacity(for points: Int) -> Int { refinement.capacity(for: points) }

    /// Different candidates, as long as there is room for them.
    public func choose(
        _ magnitudes: [Double], points: Int, present: Int, from stream: inout RandomStream
    ) -> PointChoice {
        let densities = WeightedChoice.densities(magnitudes, power: power, constant: constant)
        let added = refinement.added(points: points, present: present)
        return PointChoice(WeightedChoice.withoutReplacement(added, densities, from: &stream), isAddition: true)
    }
}

/// What rules that add points have in common.
struct Refinement: Sendable {
    static let options: [OptionDescription] = [
        .integer("add", default: 10, in: .atLeast(1), help: "points added at each redraw"),
        .integer("limit", default: 0, in: .atLeast(0), help: "the most points; 0: twice as many as at the start"),
        .pool,
    ]

    private let add: Int
    private let limit: Int
    let pool: Int

    init(_ options: OptionValues) {
        add = options.integer("add")
        limit = options.integer("limit")
        pool = options.integer("pool")
    }

    func capacity(for points: Int) -> Int { limit > 0 ? max(points, limit) : 2 * points }

    /// How many points are added now.
    func added(points: Int, present: Int) -> Int { min(add, capacity(for: points) - present) }
}
