import Optimizers
import Randomness

/// RAR-G: at each redraw the candidates with the largest residuals are added (arXiv:2207.10289; first arXiv:1907.04502).
public struct GreedyRefinement: CandidateSampling {
    /// What users read and set.
    public static let description = PointRuleDescription(
        name: "rar-g", summary: "the candidates with the largest residuals added at each redraw",
        source: "arXiv:2207.10289", options: Refinement.options)

    private let refinement: Refinement

    /// A rule with checked options.
    public init(_ options: OptionValues) { refinement = Refinement(options) }

    /// Candidates at each redraw.
    public var pool: Int { refinement.pool }

    /// The limit.
    public func capacity(for points: Int) -> Int { refinement.capacity(for: points) }

    /// The largest, the first of equal ones, as long as there is room for them.
    public func choose(
        _ magnitudes: [Double], points: Int, present: Int, from stream: inout RandomStream
    ) -> PointChoice {
        let added = refinement.added(points: points, present: present)
        let order = magnitudes.indices.sorted { (-magnitudes[$0], $0) < (-magnitudes[$1], $1) }
        return PointChoice(order.prefix(added).sorted(), isAddition: true)
    }
}
