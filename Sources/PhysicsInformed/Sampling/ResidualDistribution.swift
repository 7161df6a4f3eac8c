import Optimizers
import Randomness

/// RAD: all points are drawn anew, different candidates with p ∝ qᵏ/E[qᵏ] + c (arXiv:2207.10289).
public struct ResidualDistribution: CandidateSampling {
    /// What users read and set.
    public static let description = PointRuleDescription(
        name: "rad", summary: "all points drawn anew, more of them where the residual is large",
        source: "arXiv:2207.10289",
        options: [
            .number("power", default: 1, in: .atLeast(0), help: "k in p ~ |r|^k/E|r|^k + c"),
            .number("constant", default: 1, in: .atLeast(0), help: "c in p ~ |r|^k/E|r|^k + c"), .pool,
        ])

    private let power: Double
    private let constant: Double
    /// Candidates at each redraw.
    public let pool: Int

    /// A rule with checked options.
    public init(_ options: OptionValues) {
        power = options.number("power")
        constant = options.number("constant")
        pool = options.integer("pool")
    }

    /// As many different candidates as there are points.
    public func choose(
        _ magnitudes: [Double], points: Int, present: Int, from stream: inout RandomStream
    ) -> PointChoice {
        let densities = WeightedChoice.densities(magnitudes, power: power, constant: constant)
        return PointChoice(
            WeightedChoice.withoutReplacement(points, densities, from: &stream), isAddition: false)
    }
}
