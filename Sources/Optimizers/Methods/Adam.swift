import LinearAlgebra

/// Adam (arXiv:1412.6980).
///
/// m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − η (m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε); weight decay is coupled.
public enum Adam: OptimizerMethod {
    /// What users read and set.
    public static let description = OptimizerDescription(
        name: "adam", summary: "adaptive moments: momentum over the root of the mean squared gradient",
        source: "arXiv:1412.6980", kind: .firstOrder, defaultRate: 1e-3, options: options(decay: 0))

    /// An optimizer in its initial state.
    public static func make<S: Scalar>(
        blocks: [BlockShape], options: OptionValues
    ) throws(OptionErrors) -> Optimizer<S> {
        let strength = options.number("weight_decay")
        return make(blocks, options, decay: strength == 0 ? .none : .coupled(strength))
    }

    static func options(decay: Double) -> [OptionDescription] {
        [
            .number("beta1", default: 0.9, in: .from(0, below: 1), help: "decay of the mean gradient"),
            .number("beta2", default: 0.999, in: .from(0, below: 1), help: "decay of the mean squared gradient"),
            .number("epsilon", default: 1e-8, in: .above(0), help: "added to the root of the mean square"),
            .number("weight_decay", default: decay, in: .atLeast(0), help: "strength of the pull towards zero"),
            .truth("amsgrad", default: false, help: "divide by the largest mean square so far (arXiv:1904.09237)"),
        ]
    }

    static func make<S: Scalar>(_ blocks: [BlockShape], _ options: OptionValues, decay: WeightDecay) -> Optimizer<S> {
        let (beta1, beta2) = (options.number("beta1"), options.number("beta2"))
        let epsilon = options.number("epsilon")
        let isMaximum = options.truth("amsgrad")
        return .firstOrder(
            BlockwiseOptimizer<S>(blocks: blocks) { block in
                guard isMaximum else {
                    return FusedAdam(block, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay)
                }
                return composition(
                    block, beta1: beta1, .maximumOfAverage(decay: beta2), epsilon: epsilon, decay: decay)
            })
    }

    /// The method put together from pieces.
    package static func composition<S: Scalar>(
        _ block: BlockShape, beta1: Double, _ squares: SecondMoment<S>.Accumulation, epsilon: Double,
        decay: WeightDecay
    ) -> Composition<S> {
        Composition(
            block,
            Ratio(
                block, Moment(block, .average(decay: beta1), isCorrected: true),
                over: SecondMoment(block, squares, epsilon: epsilon)),
            decay: decay)
    }
}
