import LinearAlgebra

/// Self-scaled BFGS: the inverse Hessian is divided by τ before each update, τ = 1/b (Oren and Luenberger 1974) or
/// min(1, 1/b) (Al-Baali 1998) with b = sᵀH⁻¹s/sᵀy.
public enum SSBFGS: OptimizerMethod {
    /// What users read and set.
    public static let description = OptimizerDescription(
        name: "ssbfgs", summary: "self-scaled BFGS with the whole inverse Hessian",
        source: "arXiv:2405.04230; Al-Baali 1998; Oren and Luenberger 1974", kind: .quasiNewton, defaultRate: nil,
        options: [
            .choice(
                "scaling", of: ["al-baali", "oren-luenberger"], default: "al-baali",
                help: "al-baali only enlarges the inverse Hessian, oren-luenberger shrinks it too")
        ] + denseOptions)

    /// An optimizer in its initial state.
    public static func make<S: Scalar>(
        blocks: [BlockShape], options: OptionValues
    ) throws(OptionErrors) -> Optimizer<S> {
        denseOptimizer(options.word("scaling") == "al-baali" ? .alBaali : .orenLuenberger, blocks, options)
    }

    /// Half of the inverse Hessian, and vectors.
    public static func stateCount(parameters: Int, options: OptionValues) -> Double {
        denseStateCount(parameters: parameters)
    }
}
