import PhysicsInformed
import ProblemFiles

/// Windows of time, from the options of `[method]`.
extension PhysicsInformedMethod {
    /// The windows, nil for one; a complaint where the problem cannot be solved in more.
    static func windows(
        _ problem: Problem, _ collocation: CollocationProblem, options: ResolvedOptions,
        into diagnostics: inout [Diagnostic]
    ) -> TimeWindows? {
        guard let table = options.optionalTable("windows"), table.integer("count") > 1 else { return nil }
        let origin = table.isGiven("count") ? table.origin(of: "count") : table.origin
        let hint = "leave [method.windows] out, or set count = 1"
        let exact = problem.conditions.first { condition in
            condition.enforcement == .exact && condition.location.faces.contains { $0.isTimeEnd }
        }
        if let exact {
            diagnostics.append(
                exact.origin.diagnostic(
                    .error,
                    "condition '\(exact.name)' cannot be met exactly in windows of time: a later window begins where a "
                        + "network ended, not with a formula",
                    hint: "use enforce = \"penalty\", or \(hint)"))
            return nil
        }
        do throws(TimeWindowError) {
            try collocation.checkWindows()
        } catch {
            let place = error.term.map { problem.origin(ofTerm: $0) } ?? origin
            let term = error.term.map { "'\($0)': " } ?? ""
            diagnostics.append(
                place.diagnostic(
                    .error, "\(term)the problem cannot be solved in windows of time: \(error.reason)", hint: hint))
            return nil
        }
        guard let span = collocation.domain.time, let axis = collocation.domain.timeAxis else { return nil }
        return TimeWindows(of: span, timeAxis: axis, count: table.integer("count"))
    }
}
