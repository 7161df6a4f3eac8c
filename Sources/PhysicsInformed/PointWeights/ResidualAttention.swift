import LinearAlgebra
import Optimizers

/// Residual-based attention: weights follow the relative size of the residual, with a memory (arXiv:2307.00379).
///
/// λₚ ← γ λₚ + η |r(xₚ)| / maxₚ |r(xₚ)|, from λₚ = 0; weights stay below η/(1 − γ). The first update is made before the first
/// step, and each later one after a step from the residuals before it. Where every residual is 0, weights only fade.
public struct ResidualAttention: PointWeighting {
    /// What users read and set.
    public static let description = PointRuleDescription(
        name: "residual-attention", summary: "weights follow the relative residual, with a memory",
        source: "arXiv:2307.00379",
        options: [
            .number("memory", default: 0.999, in: .from(0, below: 1), help: "γ, the part of a weight that stays"),
            .number("gain", default: 0.01, in: .above(0), help: "η, what the point of the largest residual gains"),
        ])

    private let memory: Double
    private let gain: Double

    /// A rule with checked options.
    public init(_ options: OptionValues) {
        memory = options.number("memory")
        gain = options.number("gain")
    }

    /// The weights of one term.
    public func makeRule<S: Scalar>(count: Int) -> (any PointWeightRule<S>)? {
        Rule<S>(count: count, memory: memory, gain: gain)
    }

    private final class Rule<S: Scalar>: PointWeightRule {
        let weights: AlignedBuffer<S>
        private let memory: Double
        private let gain: Double

        init(count: Int, memory: Double, gain: Double) {
            weights = AlignedBuffer(count: count)
            self.memory = memory
            self.gain = gain
        }

        func begin(squares: UnsafePointer<S>) {
            weights.elements.update(repeating: 0)
            update(squares: squares, termWeight: 1)
        }

        func update(squares: UnsafePointer<S>, termWeight: Double) {
            let count = weights.count
            S.scale(count, S(memory), weights.baseAddress)
            let largest = S.maximumMagnitude(count, squares)
            guard largest > 0 else { return }
            let lambda = weights.baseAddress
            for point in 0..<count { lambda[point] += S(gain) * (squares[point] / largest).squareRoot() }
        }

        func visitState(_ visitor: StateVisitor<S>) { visitor.array("weights", weights) }
    }
}
