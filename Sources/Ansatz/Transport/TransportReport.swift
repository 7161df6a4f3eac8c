import OptimalTransport
import ProblemFiles
import Results

/// What `check` says of a transport problem. Nothing is solved.
public struct TransportReport: Sendable {
    /// Doubts that do not stop a run.
    public let warnings: [Diagnostic]
    private let statement: TransportStatement
    private let rows: [(String, String)]

    /// Describes a problem.
    public init(_ preparation: TransportPreparation) {
        statement = preparation.statement
        var warnings = statement.warnings
        if case .entropic(_, let solver) = preparation.task, solver is SinkhornNewtonSparse {
            warnings.append(
                statement.method.origin.diagnostic(
                    .warning,
                    "'\(SinkhornNewtonSparse.name)' keeps a fixed number of entries, as published, and may stall",
                    hint: "'\(SafeSinkhornNewton.name)' bounds what is dropped instead"))
        }
        self.warnings = warnings
        var rows = [
            ("source", Self.text(statement.from)), ("target", Self.text(statement.to)),
            ("cost", preparation.costText),
            (
                "costs",
                "mean \(NumberText.short(preparation.meanCost, digits: 4)), largest "
                    + NumberText.short(preparation.largestCost, digits: 4)
            ),
        ]
        let smallest = preparation.epsilon
        var method = preparation.methodName
        if smallest > 0 {
            let epsilon =
                preparation.epsilons.count > 1
                ? "\(preparation.epsilons.count) values from \(Self.number(preparation.epsilons[0])) to \(Self.number(smallest))"
                : Self.number(smallest)
            let ratio = preparation.largestCost / smallest
            rows.append(
                (
                    "epsilon",
                    epsilon + " = largest cost / \(NumberText.short(ratio, digits: 3)), eta "
                        + NumberText.short(1 / smallest, digits: 4)
                ))
            method += ", tolerance \(NumberText.short(preparation.limits.tolerance))"
            if ratio > 1e4 {
                rows.append(
                    (
                        "rounding",
                        "lets marginals be met to about \(NumberText.short(2.2e-16 * ratio)); a plan that is a vertex is "
                            + "found exactly"
                    ))
            }
        }
        if let reason = preparation.reason { method += " (\(reason))" }
        rows.append(("method", method))
        rows.append(("warnings", warnings.isEmpty ? "none" : String(warnings.count)))
        self.rows = rows
    }

    private static func number(_ value: Double) -> String { NumberText.short(value, digits: 4) }

    private static func text(_ measure: TransportStatement.Measure) -> String {
        let zeros = measure.weights.count { $0 == 0 }
        var without = zeros > 0 ? ", \(NumberText.grouped(zeros)) of them without mass" : ""
        if let strength = measure.strength {
            let total = measure.weights.reduce(0, +)
            without += ", masses of \(number(total)) in all drawn to by \(number(strength)) KL"
        }
        guard !measure.coordinates.isEmpty else {
            return "\(NumberText.grouped(measure.count)) masses, known by number" + without
        }
        let names = measure.coordinates.joined(separator: ", ")
        if let axes = measure.axes {
            return "\(axes.map { String($0.count) }.joined(separator: " x ")) points of a grid in \(names)" + without
        }
        return "\(NumberText.grouped(measure.count)) points in \(names)" + without
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
                .init("kind", .text("transport")),
            ] + rows.map { .init($0.0, .text($0.1)) } + [.init("warnings", .list(warnings.map(\.json)))])
    }
}
