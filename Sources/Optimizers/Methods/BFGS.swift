import LinearAlgebra

/// BFGS (Broyden, Fletcher, Goldfarb, Shanno 1970) with the whole inverse Hessian and a strong Wolfe line search.
public enum BFGS: OptimizerMethod {
    /// What users read and set.
    public static let description = OptimizerDescription(
        name: "bfgs", summary: "BFGS with the whole inverse Hessian: memory grows as the parameters squared",
        source: "Broyden, Fletcher, Goldfarb, Shanno 1970", kind: .quasiNewton, defaultRate: nil, options: denseOptions)

    /// An optimizer in its initial state.
    public static func make<S: Scalar>(
        blocks: [BlockShape], options: OptionValues
    ) throws(OptionErrors) -> Optimizer<S> {
        denseOptimizer(.bfgs, blocks, options)
    }

    /// Half of the inverse Hessian, and vectors.
    public static func stateCount(parameters: Int, options: OptionValues) -> Double {
        denseStateCount(parameters: parameters)
    }
}
