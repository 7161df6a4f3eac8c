/// What can be set of every method that searches along a line.
let lineSearchOptions: [OptionDescription] = [
    .choice(
        "line_search", of: ["strong-wolfe", "none"], default: "strong-wolfe",
        help: "how the step's length is found; 'none' takes 'step'"),
    .number("step", default: 1, in: .above(0), help: "first trial length, or the length without a search"),
    .integer("evaluations", default: 25, in: .from(1, to: 1000), help: "most evaluations in one search"),
    .number("stop.gradient", default: 1e-12, in: .atLeast(0), help: "converged: largest entry of the gradient"),
    .number("stop.change", default: 0, in: .atLeast(0), help: "converged: relative change of the loss; 0: off"),
]

extension LineSearchDescent.Settings {
    /// Settings from checked values of `lineSearchOptions`.
    init(_ options: OptionValues) {
        self.init()
        searchesLine = options.word("line_search") == "strong-wolfe"
        step = options.number("step")
        search.maximumEvaluations = options.integer("evaluations")
        gradientTolerance = options.number("stop.gradient")
        changeTolerance = options.number("stop.change")
    }
}
