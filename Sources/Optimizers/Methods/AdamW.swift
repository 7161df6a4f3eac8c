import LinearAlgebra

/// Adam with decoupled weight decay (arXiv:1711.05101): θ ← (1 − ηλ)θ, then Adam's step without decay.
public enum AdamW: OptimizerMethod {
    /// What users read and set.
    public static let description = OptimizerDescription(
        name: "adamw", summary: "Adam with weight decay apart from the gradient", source: "arXiv:1711.05101",
        kind: .firstOrder, defaultRate: 1e-3, options: Adam.options(decay: 1e-2))

    /// An optimizer in its initial state.
    public static func make<S: Scalar>(
        blocks: [BlockShape], options: OptionValues
    ) throws(OptionErrors) -> Optimizer<S> {
        let strength = options.number("weight_decay")
        return Adam.make(blocks, options, decay: strength == 0 ? .none : .before(strength))
    }
}
