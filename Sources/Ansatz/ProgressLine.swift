/// One row of the history as a line for people.
///
/// ```text
/// adam 1/2  12,400/40,000  31%  2:41 elapsed  5:57 left  loss 3.1e-4  helmholtz 2.6e-4  walls 4.9e-5 (x37)  error 1.8e-2
/// ```
///
/// Values of unknown parameters, with four digits, stand before the errors: `nu 3.183e-3`.
package enum ProgressLine {
    /// The line for `row`, at most `width` characters long if a width is given.
    ///
    /// Too long a line loses the loss terms first, beginning with the smallest contribution to the total; what is left
    /// is cut at the end.
    package static func text(_ row: ProgressRow, width: Int? = nil) -> String {
        let start = heading(row)
        let terms = row.terms.map(text)
        let errors = row.parameters.map { "\($0.name) \(NumberText.short($0.value, digits: 4))" } + text(row.errors)
        func line(_ terms: [String]) -> String { (start + terms + errors).joined(separator: "  ") }

        let whole = line(terms)
        guard let width, whole.count > width else { return whole }
        let order = row.terms.indices.sorted { contribution(row.terms[$0]) > contribution(row.terms[$1]) }
        for kept in stride(from: terms.count - 1, through: 0, by: -1) {
            let chosen = order.prefix(kept).sorted().map { terms[$0] }
            let shorter = line(chosen)
            if shorter.count <= width { return shorter }
        }
        return String(line([]).prefix(max(width, 0)))
    }

    private static func heading(_ row: ProgressRow) -> [String] {
        var parts = ["\(row.optimizer) \(row.stage)/\(row.stageCount)"]
        parts.append("\(NumberText.grouped(row.stageStep))/\(NumberText.grouped(row.stageSteps))")
        if row.stageSteps > 0 { parts.append("\(100 * row.stageStep / row.stageSteps)%") }
        parts.append(NumberText.clock(row.seconds) + " elapsed")
        if let left = row.secondsLeft { parts.append(NumberText.clock(left) + " left") }
        parts.append("loss " + NumberText.short(row.loss))
        return parts
    }

    private static func text(_ term: ProgressRow.Term) -> String {
        let weight = term.weight == 1 ? "" : " (x\(NumberText.short(term.weight)))"
        return "\(term.name) \(NumberText.short(term.value))\(weight)"
    }

    private static func text(_ errors: [NamedValue]) -> [String] {
        if errors.count == 1 { return ["error " + NumberText.short(errors[0].value)] }
        return errors.map { "error \($0.name) \(NumberText.short($0.value))" }
    }

    private static func contribution(_ term: ProgressRow.Term) -> Double {
        let value = term.weight * term.value
        return value.isNaN ? .infinity : value
    }
}
