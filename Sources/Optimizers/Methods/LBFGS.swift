import LinearAlgebra

/// Limited-memory BFGS (Liu and Nocedal 1989) with a strong Wolfe line search.
public enum LBFGS: OptimizerMethod {
    /// What users read and set.
    public static let description = OptimizerDescription(
        name: "lbfgs", summary: "limited-memory BFGS with a strong Wolfe line search",
        source: "Liu and Nocedal, Math. Programming 45 (1989)", kind: .quasiNewton, defaultRate: nil,
        options: [
            .integer("history", default: 50, in: .from(1, to: 1000), help: "curvature pairs that are kept"),
            .choice(
                "line_search", of: ["strong-wolfe", "none"], default: "strong-wolfe",
                help: "how the step's length is found; 'none' takes 'step'"),
            .number("step", default: 1, in: .above(0), help: "first trial length, or the length without a search"),
            .integer("evaluations", default: 25, in: .from(1, to: 1000), help: "most evaluations in one search"),
            .number("stop.gradient", default: 1e-12, in: .atLeast(0), help: "converged: largest entry of the gradient"),
            .number("stop.change", default: 0, in: .atLeast(0), help: "converged: relative change of the loss; 0: off"),
        ])

    /// An optimizer in its initial state.
    public static func make<S: Scalar>(
        blocks: [BlockShape], options: OptionValues
    ) throws(OptionErrors) -> Optimizer<S> {
        var settings = LimitedMemoryBFGS<S>.Settings()
        settings.history = options.integer("history")
        settings.searchesLine = options.word("line_search") == "strong-wolfe"
        settings.step = options.number("step")
        settings.search.maximumEvaluations = options.integer("evaluations")
        settings.gradientTolerance = options.number("stop.gradient")
        settings.changeTolerance = options.number("stop.change")
        let count = blocks.map { $0.offset + $0.count }.max() ?? 0
        return .quasiNewton(LimitedMemoryBFGS<S>(count: count, settings: settings))
    }
}
