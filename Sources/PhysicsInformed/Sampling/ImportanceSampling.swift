import Optimizers
import Randomness

/// Importance sampling: points drawn with p ∝ q, each with the factor 1/(M p) among M candidates (arXiv:2104.12325).
///
/// The mean over the points of factor times square is an unbiased estimate of the mean over the candidates, with a small
/// variance as long as the residual keeps its shape: draw often. A constant c makes p ∝ q/E[q] + c, which bounds the
/// factors by 1 + 1/c.
public struct ImportanceSampling: CandidateSampling {
    /// What users read and set.
    public static let description = PointRuleDescription(
        name: "importance", summary: "points drawn by the residual, factors keep the loss unbiased",
        source: "arXiv:2104.12325",
        options: [
            .number(
                "constant", default: 0, in: .atLeast(0), help: "c in p ~ |r|/E|r| + c; bounds the factors by 1 + 1/c"),
            .pool,
        ])

    private let constant: Double
    /// Candidates at each redraw.
    public let pool: Int

    /// A rule with checked options.
    public init(_ options: OptionValues) {
        constant = options.number("constant")
        pool = options.integer("pool")
    }

    /// Every point has a factor.
    public var correctsDensity: Bool { true }

    /// Independent draws.
    public func choose(
        _ magnitudes: [Double], points: Int, present: Int, from stream: inout RandomStream
    ) -> PointChoice {
        let densities = WeightedChoice.densities(magnitudes, power: 1, constant: constant)
        let mean = densities.reduce(0, +) / Double(densities.count)
        let draw = WeightedDraw(densities)
        let indices = (0..<points).map { _ in draw.number(from: &stream) }
        return PointChoice(indices, isAddition: false, factors: indices.map { mean / densities[$0] })
    }
}
