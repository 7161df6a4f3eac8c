import LinearAlgebra

/// Gradient descent, plain, with heavy-ball momentum (Polyak 1964) or in Nesterov's form (Sutskever et al. 2013).
///
/// m₁ = g₁, m ← μm + (1−τ)g; θ ← θ − ηm, or θ ← θ − η(g + μm) in Nesterov's form; weight decay is coupled.
public enum StochasticGradientDescent: OptimizerMethod {
    /// What users read and set.
    public static let description = OptimizerDescription(
        name: "sgd", summary: "gradient descent with heavy-ball or Nesterov momentum",
        source: "Polyak 1964; Sutskever et al., ICML 2013", kind: .firstOrder, defaultRate: 1e-2,
        options: [
            .number("momentum", default: 0.9, in: .from(0, below: 1), help: "part of the last update that is kept"),
            .number("dampening", default: 0, in: .from(0, to: 1), help: "part of the gradient that momentum drops"),
            .truth("nesterov", default: false, help: "Nesterov's form; needs momentum and no dampening"),
            .number("weight_decay", default: 0, in: .atLeast(0), help: "strength of the pull towards zero"),
        ])

    /// An optimizer in its initial state.
    public static func make<S: Scalar>(
        blocks: [BlockShape], options: OptionValues
    ) throws(OptionErrors) -> Optimizer<S> {
        let (momentum, dampening) = (options.number("momentum"), options.number("dampening"))
        let isNesterov = options.truth("nesterov")
        let strength = options.number("weight_decay")
        if isNesterov && (momentum == 0 || dampening != 0) {
            throw OptionErrors(
                errors: [
                    .inconsistent(
                        name: "nesterov", message: "'nesterov' needs 'momentum' above 0 and 'dampening' equal to 0")
                ])
        }
        return .firstOrder(
            BlockwiseOptimizer<S>(blocks: blocks) { block in
                let transform: any Transform<S> =
                    momentum == 0
                    ? Identity()
                    : Moment(
                        block, .sum(decay: momentum, damping: dampening), start: .firstUpdate, isNesterov: isNesterov)
                return Composition(block, transform, decay: strength == 0 ? .none : .coupled(strength))
            })
    }
}
