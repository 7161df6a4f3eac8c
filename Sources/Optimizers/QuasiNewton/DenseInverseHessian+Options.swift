import LinearAlgebra

/// What can be set of methods with the whole inverse Hessian, besides the rule of the update.
let denseOptions: [OptionDescription] =
    [
        .truth(
            "scaled_start", default: true, help: "let the first pair set the scale of the inverse Hessian's start")
    ] + lineSearchOptions

/// A method with the whole inverse Hessian from checked values of `denseOptions`.
func denseOptimizer<S: Scalar>(_ rule: SelfScaledUpdate, _ blocks: [BlockShape], _ options: OptionValues) -> Optimizer<
    S
> {
    .quasiNewton(
        LineSearchDescent<S>.dense(
            count: blocks.map { $0.offset + $0.count }.max() ?? 0, rule: rule,
            scalesStart: options.truth("scaled_start"), settings: .init(options)))
}

/// Half of the matrix, and vectors.
func denseStateCount(parameters: Int) -> Double {
    SymmetricMatrix<Double>.storedCount(dimension: parameters) + 12 * Double(parameters)
}
