import LinearAlgebra

/// Limited-memory BFGS (Liu and Nocedal 1989) with a strong Wolfe line search.
public enum LBFGS: OptimizerMethod {
    /// What users read and set.
    public static let description = OptimizerDescription(
        name: "lbfgs", summary: "limited-memory BFGS with a strong Wolfe line search",
        source: "Liu and Nocedal, Math. Programming 45 (1989)", kind: .quasiNewton, defaultRate: nil,
        options: [
            .integer("history", default: 50, in: .from(1, to: 1000), help: "curvature pairs that are kept")
        ] + lineSearchOptions)

    /// An optimizer in its initial state.
    public static func make<S: Scalar>(
        blocks: [BlockShape], options: OptionValues
    ) throws(OptionErrors) -> Optimizer<S> {
        let count = blocks.map { $0.offset + $0.count }.max() ?? 0
        return .quasiNewton(
            LineSearchDescent<S>.limitedMemory(
                count: count, history: options.integer("history"), settings: .init(options)))
    }

    /// The pairs, and points, gradients and the direction.
    public static func stateCount(parameters: Int, options: OptionValues) -> Double {
        Double(2 * options.integer("history") + 6) * Double(parameters)
    }
}
