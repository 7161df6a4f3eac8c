import Foundation
import LinearSystems
import ProblemFiles
import Results

/// Runs variants and seeds of a linear system, and puts them side by side.
public struct LinearSystemComparison {
    /// What came of it.
    public struct Outcome: Sendable {
        /// Labels and outcomes, in order.
        public var members: [(label: String, outcome: LinearSystemOutcome)]
        /// The folder.
        public var folder: String
        /// What went wrong besides.
        public var warnings: [String]
    }

    private let members: [(label: String, statement: LinearSystemStatement)]
    private let folder: String
    private let name: String
    private let replacing: Bool
    private let command: String

    /// Reads and checks every member; matrices are read again when their turn comes.
    ///
    /// - Throws: all that is wrong, in any variant, with places in the file.
    package init(
        _ request: ComparisonRequest, replacing: Bool, command: String
    ) throws(ProblemErrors) {
        let read = try request.members(
            noun: "linear systems",
            hint: "variants choose methods: [variants.plain] with method.preconditioner = \"none\"",
            directory: \LinearSystemStatement.output.directory, variants: \.variants
        ) { if case .linearSystem(let statement) = $0 { statement } else { nil } }
        (name, folder, members) = (read.name, read.folder, read.members)
        self.replacing = replacing
        self.command = command
    }

    /// Runs all members, and draws one figure of them.
    ///
    /// - Throws: `RunFolder.Refusal` for a member that was run already, unless it is to be replaced; `ProblemErrors` for a member
    ///   whose matrix or method is wrong.
    public func perform(
        isInterrupted: @escaping () -> Bool = { false }, warn: @escaping (String) -> Void, progress: (String) -> Void
    ) throws -> Outcome {
        var outcomes: [(label: String, outcome: LinearSystemOutcome)] = []
        for (label, statement) in members where !isInterrupted() {
            let preparation = try LinearSystemPreparation(statement)
            let job = try LinearSystemJob(
                preparation, replacing: replacing, command: command, warn: { warn("\(label): \($0)") })
            progress("\(label): \(preparation.methodName)")
            outcomes.append((label, try job.perform(isInterrupted: isInterrupted)))
        }
        var result = Outcome(members: outcomes, folder: folder, warnings: [])
        do throws(ResultsError) {
            try FileSystem.makeFolder(folder + "/" + RunFolder.figuresName)
            try atomicWrite(result.csv, to: folder + "/comparison.csv")
            try LinearSystemFigures.panels(outcomes, title: name).write(
                to: folder + "/" + RunFolder.figuresName + "/comparison.svg")
        } catch {
            result.warnings.append("no figure: \(error.message)")
        }
        return result
    }
}

extension LinearSystemComparison.Outcome {
    private static let heading = [
        "member", "ended", "relative residual", "iterations", "set-up", "solve", "method",
    ]

    private func cells(_ number: (Double) -> String, _ time: (Double) -> String) -> [[String]] {
        members.map { label, outcome in
            [
                label, outcome.stop.rawValue, number(outcome.relativeResidual), String(outcome.iterations),
                time(outcome.setUpSeconds), time(outcome.solveSeconds),
                outcome.results.first?.stages.last?.name ?? outcome.method,
            ]
        }
    }

    /// The table as people read it.
    public var text: String {
        let rows = [Self.heading] + cells({ NumberText.short($0) }, { NumberText.seconds($0) })
        return (ReportText.table(rows, margin: "") + ["", "members, comparison.csv and figures are in \(folder)"])
            .joined(separator: "\n")
    }

    var csv: String {
        ([Self.heading] + cells({ "\($0)" }, { "\($0)" })).map { CSV.line($0) }.joined()
    }

    /// The table for programs.
    public var json: JSONValue {
        .object([
            .init("folder", .text(folder)),
            .init("members", .object(members.map { .init($0.label, .object($0.outcome.members)) })),
            .init("warnings", .list(warnings.map(JSONValue.text))),
        ])
    }
}
