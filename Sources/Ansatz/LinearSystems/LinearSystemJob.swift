import Foundation
import LinearSystems
import ProblemFiles
import Results

/// Solves a linear system and keeps what comes of it in a run folder.
public struct LinearSystemJob {
    private let preparation: LinearSystemPreparation
    private let folder: RunFolder
    private let command: String
    private let warn: (String) -> Void

    /// The solution as a Matrix Market array.
    static let vectorName = "solution.mtx"

    /// Checks that the folder can take the run; writes nothing.
    ///
    /// - Throws: `RunFolder.Refusal`, `ResultsError` where writing is not allowed.
    package init(
        _ preparation: LinearSystemPreparation, replacing: Bool, command: String, warn: @escaping (String) -> Void
    ) throws {
        self.preparation = preparation
        self.command = command
        self.warn = warn
        folder = try RunFolder(
            path: preparation.statement.output.directory, fieldsName: FieldFile.defaultName,
            entry: replacing ? .replacing : .new)
    }

    /// Solves and writes; a solution that misses the tolerance is written, too, and said to miss it.
    ///
    /// - Throws: `ResultsError` when writing fails. A run that was to replace an earlier one then leaves that one as it was.
    public func perform(isInterrupted: @escaping () -> Bool = { false }) throws -> LinearSystemOutcome {
        let statement = preparation.statement
        let solve = LinearSystemSolve(preparation)
        let results = solve.perform(isInterrupted: isInterrupted)
        var warnings = solve.remarks + Self.sentences(results)
        for warning in statement.warnings.map(\.message) + warnings { warn(warning) }
        try folder.begin()
        do {
            try atomicWrite(preparation.resolvedText, to: folder.working(RunFolder.problemName))
            let log = try LogWriter(path: folder.working(LogWriter.defaultName))
            try log.write(
                .start,
                statement.startMembers(
                    kind: "linear-system", method: preparation.methodName, command: command))
            for warning in warnings { try log.write(.warning, [.init("message", .text(warning))]) }
            for row in LinearSystemHistory.rows(results) { try log.write(.log, row.members) }
            try atomicWrite(LinearSystemHistory.csv(results), to: folder.working(History.defaultName))
            var files = [RunFolder.problemName, History.defaultName, LogWriter.defaultName, FieldFile.defaultName]
            func outcome() -> LinearSystemOutcome {
                LinearSystemOutcome(
                    preparation, results, setUpSeconds: solve.setUpSeconds, files: files, warnings: warnings)
            }
            let fields = LinearSystemFields(preparation, outcome(), command: command).file
            try fields.write(to: folder.working(FieldFile.defaultName))
            if statement.output.vector {
                let columns = results.map(\.solution)
                let vector = MatrixMarket(
                    rows: columns[0].count, columns: columns.count, .array(columns.flatMap { $0 }))
                try atomicWrite(
                    vector.text(comment: ["solution of \(statement.name)"]), to: folder.working(Self.vectorName))
                files.append(Self.vectorName)
            }
            let drawn = try folder.write(LinearSystemFigures(preparation, outcome(), fields).figures)
            files += drawn.files
            warnings += drawn.failures
            for message in drawn.failures {
                warn(message)
                try log.write(.warning, [.init("message", .text(message))])
            }
            let result = outcome()
            try log.write(.end, result.members)
            try folder.finish()
            return result
        } catch {
            _ = folder.abandon()
            throw error
        }
    }

    /// What is to be said of stages that failed, and of answers that miss the tolerance.
    private static func sentences(_ results: [LinearSystemSolve.Result]) -> [String] {
        results.enumerated().flatMap { index, result -> [String] in
            let which = results.count > 1 ? "right-hand side \(index + 1): " : ""
            var sentences = result.stages.dropLast().map {
                "\(which)\($0.name) ended after \($0.outcome.iterations) iterations: \($0.outcome.stop.sentence)"
            }
            if !result.stop.isSuccess {
                sentences.append(
                    "\(which)this is not a solution to the tolerance: the relative residual is "
                        + "\(NumberText.short(result.relativeResidual)); \(result.stop.sentence)")
            }
            return sentences
        }
    }
}
