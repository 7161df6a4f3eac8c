import Expressions
import ProblemFiles
import Results

/// What `check` says: the problem as it was understood, its size, and what looks wrong. Nothing is solved.
public struct CheckReport: Sendable {
    /// A line of the report.
    struct Row: Sendable, Equatable {
        /// What kind of thing it is: unknown, equation, …
        var kind: String
        /// Its name, if it has one.
        var name: String
        /// What it is.
        var text: String
        /// A remark: order, enforcement.
        var remark = ""
    }

    /// The problem's name.
    public let name: String
    /// The problem's title, empty if it has none.
    public let title: String
    /// Doubts that do not stop a run.
    public let warnings: [Diagnostic]
    let rows: [Row]

    /// Reads the reference, counts points, and looks for slips.
    ///
    /// Throws when a reference file cannot be read.
    public init(_ preparation: RunPreparation) throws {
        let problem = preparation.problem
        let size = RunSize(preparation)
        name = problem.name
        title = problem.title
        let (reference, doubts) = try Self.reference(problem)
        warnings =
            problem.warnings + Self.counts(problem) + ConditionReview(problem).warnings() + doubts + size.warnings()
        var rows = Self.physics(problem) + reference
        rows += size.rows
        rows.append(Row(kind: "warnings", name: "", text: warnings.isEmpty ? "none" : String(warnings.count)))
        self.rows = rows
    }

    /// The report as text, without a line feed at the end.
    public var text: String {
        let heading = title.isEmpty ? name : "\(name)   \(title)"
        var kind = ""
        let cells = rows.map { row -> [String] in
            defer { kind = row.kind }
            return [row.kind == kind ? "" : row.kind, row.name, row.text, row.remark]
        }
        return ([heading, ""] + ReportText.table(cells, widest: 64)).joined(separator: "\n")
    }

    /// The report for programs.
    public var members: [JSONValue.Member] {
        [
            .init("problem", .text(name)), .init("title", .text(title)),
            .init(
                "report",
                .list(
                    rows.map { row in
                        .object([
                            .init("kind", .text(row.kind)), .init("name", .text(row.name)),
                            .init("text", .text(row.text)), .init("remark", .text(row.remark)),
                        ])
                    })),
            .init("warnings", .list(warnings.map(\.json))),
        ]
    }

    /// The report as one object.
    public var json: JSONValue { .object(members) }

    // MARK: Rows

    private static func physics(_ problem: Problem) -> [Row] {
        let coordinates = problem.domain.declarations.map { declaration in
            declaration.count.map { "\(declaration.name)[1:\($0)]" } ?? declaration.name
        }.joined(separator: ", ")
        let unknowns = problem.unknowns.map { unknown in
            Row(kind: "unknown", name: "\(unknown.name)(\(coordinates))", text: unknown.about)
        }
        let parameters = problem.unknownParameters.map { parameter in
            Row(kind: "parameter", name: parameter.name, text: parameter.phrase, remark: "unknown")
        }
        let equations = problem.equations.map { equation in
            let order = equation.residual.differentialOrder
            let kind = equation.residual.isLinearInUnknowns ? "linear" : "nonlinear"
            return Row(
                kind: "equation", name: equation.name,
                text: problem.typeset(equation.left, equation.right, equation.text), remark: "order \(order), \(kind)")
        }
        let conditions = problem.conditions.map { condition in
            Row(
                kind: "condition", name: condition.name,
                text: problem.typeset(condition.left, condition.right, condition.text)
                    + (condition.isGlobal ? "" : " on \(condition.location.phrase(problem))"),
                remark: condition.enforcement.rawValue)
        }
        return unknowns + parameters + equations + conditions + dataRows(problem)
    }

    private static func reference(_ problem: Problem) throws -> ([Row], [Diagnostic]) {
        switch problem.reference {
        case nil: return ([], [])
        case .file(let file):
            try ReferenceSolution(problem).verify()
            let names = file.variables.map(\.unknown).joined(separator: ", ")
            return ([Row(kind: "reference", name: names, text: "from \(file.file)")] + boxRow(problem), [])
        case .exact(let expressions, _):
            let check = ReferenceCheck(problem, exact: expressions)
            let names = problem.unknownsWithReference.joined(separator: ", ")
            let list = check.findings.map { "\($0.name) to \(NumberText.short($0.residual, digits: 1))" }
            let text =
                list.isEmpty
                ? "exact" : "satisfies \(list.joined(separator: ", ")) at \(ReferenceCheck.pointCount) points"
            let doubts = check.findings.filter { !$0.isSatisfied }.map { finding in
                problem.origin(ofTerm: finding.name).diagnostic(
                    .warning,
                    "the reference does not satisfy '\(finding.name)': left and right differ by up to "
                        + "\(NumberText.short(finding.residual)) at \(finding.points) points, "
                        + "where the sides reach \(NumberText.short(finding.scale))",
                    hint: "check the source term, the reference and the signs")
            }
            return ([Row(kind: "reference", name: names, text: text)] + boxRow(problem), doubts)
        }
    }

    /// Where errors are measured, if not everywhere.
    private static func boxRow(_ problem: Problem) -> [Row] {
        problem.referenceBox.map { box in
            [Row(kind: "reference", name: "errors", text: "measured for \(box.phrase(in: problem.domain))")]
        } ?? []
    }

    private static func counts(_ problem: Problem) -> [Diagnostic] {
        let equations = problem.equations.reduce(0) { $0 + $1.residual.components.count }
        let unknowns = problem.unknowns.count
        // What was read from a file has been warned of with its place.
        guard equations != unknowns, problem.source == nil else { return [] }
        return [
            Diagnostic(
                .warning,
                "there are \(equations) scalar equations for \(unknowns) unknown\(unknowns == 1 ? "" : "s")",
                hint: "this is allowed, but seldom meant", file: problem.source?.name)
        ]
    }
}

extension Problem {
    /// An equation as mathematics; very long ones, whose definitions were expanded, as they were written.
    fileprivate func typeset(_ left: Expression, _ right: Expression, _ written: String) -> String {
        let text = "\(left.typeset(scope)) = \(right.typeset(scope))"
        return text.count > 100 && !written.isEmpty && written.count < text.count ? written : text
    }

    /// Where an equation or a condition was written.
    func origin(ofTerm name: String) -> Origin {
        equations.first { $0.name == name }?.origin ?? conditions.first { $0.name == name }?.origin
            ?? data.first { $0.name == name }?.origin ?? .none
    }
}

extension UnknownParameter {
    /// `from 0.01, within [1e-4, 0.1], searched by its logarithm`.
    fileprivate var phrase: String {
        func shown(_ number: Double) -> String { NumberText.place(number) }
        var text = "from \(shown(start))"
        if let range { text += ", within [\(shown(range.lowerBound)), \(shown(range.upperBound))]" }
        if scale == .logarithmic { text += ", searched by its logarithm" }
        if rate != 1 { text += ", rate x\(shown(rate))" }
        return text
    }
}

extension ConditionLocation {
    /// `boundary (4 faces)`, `left`, `t = 0`.
    fileprivate func phrase(_ problem: Problem) -> String {
        let written = text.isEmpty ? faces.map { problem.domain.name(of: $0) }.joined(separator: " or ") : text
        guard faces.count > 1 else { return written }
        return "\(written) (\(faces.count) faces)"
    }
}

extension Diagnostic {
    /// The complaint for programs.
    package var json: JSONValue {
        .object([
            .init("severity", .text(severity.rawValue)), .init("message", .text(message)),
            .init("hint", hint.map(JSONValue.text) ?? .null), .init("file", file.map(JSONValue.text) ?? .null),
            .init("line", .integer(line)), .init("column", .integer(column)),
        ])
    }
}
