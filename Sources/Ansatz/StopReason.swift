/// Why a run ended: a closed list, each member with a sentence that says what happened and what to do.
public enum StopReason: Sendable, Equatable {
    /// Every stage ran its steps.
    case stepsDone
    /// The last stage met its own stopping rule, which the text names.
    case converged(String)
    /// The optimizer could not improve any further; the text says how it noticed.
    case stalled(String)
    /// `run.budget` was spent.
    case budgetSpent(seconds: Double)
    /// The loss stopped being a number.
    case notFinite(term: String, step: Int, point: String)
    /// The user asked to stop.
    case interrupted

    /// The name written to files.
    public var name: String {
        switch self {
        case .stepsDone: "steps done"
        case .converged: "converged"
        case .stalled: "stalled"
        case .budgetSpent: "budget spent"
        case .notFinite: "not finite"
        case .interrupted: "interrupted"
        }
    }

    /// One sentence for people, with advice where there is some.
    public var sentence: String {
        switch self {
        case .stepsDone: "all steps of all stages were taken"
        case .converged(let rule): "converged: \(rule)"
        case .stalled(let detail):
            "stalled: \(detail); more points, another seed or a first-order stage before it may help"
        case .budgetSpent(let seconds):
            "the budget of \(Duration.seconds(seconds).formatted) was spent; raise run.budget to go on longer"
        case .notFinite(let term, let step, let point):
            "the loss term '\(term)' was not finite at step \(step), worst at \(point); "
                + "results are those of the last good step. A lower rate or single terms scaled to order one usually cure it"
        case .interrupted: "interrupted; results are those of the last finished step"
        }
    }

    /// Whether the run failed (exit status 1).
    public var isFailure: Bool {
        if case .notFinite = self { true } else { false }
    }
}

extension Duration {
    /// Hours, minutes and seconds as people write them: `2:05`, `1:02:05`.
    package var formatted: String {
        let total = Int(components.seconds)
        let (hours, minutes, seconds) = (total / 3600, total / 60 % 60, total % 60)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(seconds))" : "\(minutes):\(two(seconds))"
    }
}
