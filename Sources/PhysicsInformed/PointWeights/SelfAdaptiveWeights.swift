import LinearAlgebra
import Optimizers

/// Self-adaptive weights: each point's weight climbs the loss that the network descends (arXiv:2009.04544).
///
/// With the mask λ², the ascent direction of λₚ is gₚ = N ∂L/∂λₚ = 2 w λₚ |r(xₚ)|², where w is the term's weight. The factor
/// N makes the rate independent of the number of points. λₚ ← λₚ + ρ gₚ with `ascent = "gradient"`; with `"adam"`, as in the
/// authors' experiments, gₚ passes through Adam. Weights start alike and never fall.
public struct SelfAdaptiveWeights: PointWeighting {
    /// What users read and set.
    public static let description = PointRuleDescription(
        name: "self-adaptive", summary: "each point's weight is trained by gradient ascent", source: "arXiv:2009.04544",
        options: [
            .number("rate", default: 5e-3, in: .above(0), help: "rate of the ascent"),
            .choice("ascent", of: ["adam", "gradient"], default: "adam", help: "how the weights climb"),
            .number("start", default: 1, in: .above(0), help: "weight of each point at the start"),
        ])

    private let rate: Double
    private let usesAdam: Bool
    private let start: Double

    /// A rule with checked options.
    public init(_ options: OptionValues) {
        rate = options.number("rate")
        usesAdam = options.word("ascent") == "adam"
        start = options.number("start")
    }

    /// The weights of one term.
    public func makeRule<S: Scalar>(count: Int) -> (any PointWeightRule<S>)? {
        Rule<S>(count: count, rate: rate, start: start, usesAdam: usesAdam)
    }

    private final class Rule<S: Scalar>: PointWeightRule {
        let weights: AlignedBuffer<S>
        private let descent: AlignedBuffer<S>
        private let adam: BlockwiseOptimizer<S>?
        private let rate: Double
        private let start: Double

        init(count: Int, rate: Double, start: Double, usesAdam: Bool) {
            weights = AlignedBuffer(count: count)
            descent = AlignedBuffer(count: count)
            let block = BlockShape(name: "weights", rows: count, columns: 1, offset: 0)
            adam =
                usesAdam
                ? BlockwiseOptimizer(blocks: [block]) {
                    FusedAdam($0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: .none)
                } : nil
            self.rate = rate
            self.start = start
        }

        func begin(squares: UnsafePointer<S>) { weights.elements.update(repeating: S(start)) }

        func update(squares: UnsafePointer<S>, termWeight: Double) {
            let count = weights.count
            // The negative of the ascent direction, as optimizers descend.
            descent.elements.update(repeating: 0)
            S.addProduct(count, weights.baseAddress, squares, descent.baseAddress)
            S.scale(count, S(-2 * termWeight), descent.baseAddress)
            guard let adam else { return S.addScaled(count, S(-rate), descent.baseAddress, weights.baseAddress) }
            _ = adam.step(parameters: weights.baseAddress, gradient: descent.baseAddress, rate: rate)
        }

        func visitState(_ visitor: StateVisitor<S>) {
            visitor.array("weights", weights)
            if let adam { visitor.visit("ascent", adam) }
        }
    }
}
