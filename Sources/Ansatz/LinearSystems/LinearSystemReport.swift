import LinearSystems
import ProblemFiles
import Results

/// What `check` says of a linear system. Nothing is solved.
public struct LinearSystemReport: Sendable {
    /// Doubts that do not stop a run.
    public let warnings: [Diagnostic]
    private let statement: LinearSystemStatement
    private let rows: [(String, String)]

    /// Describes a problem.
    public init(_ preparation: LinearSystemPreparation) {
        statement = preparation.statement
        warnings = statement.warnings
        var rows: [(String, String)] = []
        switch preparation.system {
        case .matrix(let matrix, let nullSpaces):
            rows = [
                (
                    "matrix",
                    "\(NumberText.grouped(matrix.rows)) rows, \(NumberText.grouped(matrix.entryCount)) entries, symmetric"
                ),
                (
                    "checked",
                    "symmetry of every entry, diagonal, 2 x 2 minors, test products"
                ),
            ]
            if nullSpaces.parts > 1 {
                rows.append(("parts", "\(NumberText.grouped(nullSpaces.parts)) that no entry joins"))
            }
            if !nullSpaces.isEmpty {
                let count = nullSpaces.singular.count
                rows.append(
                    ("singular", "constants are mapped to 0" + (nullSpaces.parts > 1 ? " on \(count) of them" : "")))
            }
        case .grid(let matrix):
            let domain = matrix.domain
            let solid = domain.kinds.count { $0 == GridDomain.Kind.solid.rawValue }
            let given = domain.kinds.count { $0 == GridDomain.Kind.dirichlet.rawValue }
            if case .grid(let grid) = statement.matrix {
                rows.append(
                    ("grid", grid.cells.map(String.init).joined(separator: " x ") + " cells"))
                let walls = zip(LinearSystemStatement.Grid.coordinates, grid.walls).map {
                    "\($0): \($1.low.rawValue), \($1.high.rawValue)"
                }
                rows.append(("walls", walls.joined(separator: "; ")))
            }
            rows.append(
                (
                    "cells",
                    "\(NumberText.grouped(matrix.unknowns)) unknown, \(NumberText.grouped(solid)) solid, "
                        + "\(NumberText.grouped(given)) given"
                ))
            if let coefficients = domain.coefficients, let least = coefficients.min(), let most = coefficients.max() {
                rows.append(
                    (
                        "coefficient",
                        "from \(NumberText.short(least, digits: 4)) to \(NumberText.short(most, digits: 4))"
                    ))
            }
            if matrix.untiedCount > 0 {
                rows.append(
                    (
                        "singular",
                        "\(matrix.untiedCount) component\(matrix.untiedCount == 1 ? "" : "s") without given values"
                    ))
            }
        }
        rows.append(
            (
                "right-hand sides",
                "\(preparation.rightHandSides.count)"
                    + (statement.isProjected ? ", the mean taken off where it must be" : "")
            ))
        let choice = preparation.choice
        rows.append(("method", preparation.methodName + ", tolerance \(NumberText.short(choice.limits.tolerance))"))
        if choice.stages.count > 1 {
            rows.append(
                ("if that fails", choice.stages.dropFirst().map(\.preconditioner.name).joined(separator: ", then ")))
        }
        rows.append(("warnings", warnings.isEmpty ? "none" : String(warnings.count)))
        self.rows = rows
    }

    /// The report as text, without a line feed at the end.
    public var text: String {
        let heading = statement.title.isEmpty ? statement.name : "\(statement.name)   \(statement.title)"
        return ([heading, ""] + ReportText.table(rows.map { [$0.0, $0.1] })).joined(separator: "\n")
    }

    /// The report for programs.
    public var json: JSONValue {
        .object(
            [
                .init("problem", .text(statement.name)), .init("title", .text(statement.title)),
                .init("kind", .text("linear-system")),
            ] + rows.map { .init($0.0, .text($0.1)) } + [.init("warnings", .list(warnings.map(\.json)))])
    }
}
