import LinearAlgebra

/// Self-scaled Broyden (Urbán, Stefanou, Pons, J. Comput. Phys. 523 (2025) 113656; after Al-Baali and Khalfan 2005).
///
/// The update mixes BFGS and DFP and rescales the inverse Hessian, both by what the last step showed of it.
public enum SSBroyden: OptimizerMethod {
    /// What users read and set.
    public static let description = OptimizerDescription(
        name: "ssbroyden", summary: "self-scaled Broyden with the whole inverse Hessian: for small networks in float64",
        source: "arXiv:2405.04230", kind: .quasiNewton, defaultRate: nil,
        options: [
            .integer(
                "variant", default: 2, in: .from(1, to: 3),
                help: "rule for the mixing: the paper's first or second, or the third of the authors' program")
        ] + denseOptions)

    /// An optimizer in its initial state.
    public static func make<S: Scalar>(
        blocks: [BlockShape], options: OptionValues
    ) throws(OptionErrors) -> Optimizer<S> {
        denseOptimizer(.broyden(options.integer("variant")), blocks, options)
    }

    /// Half of the inverse Hessian, and vectors.
    public static func stateCount(parameters: Int, options: OptionValues) -> Double {
        denseStateCount(parameters: parameters)
    }
}
