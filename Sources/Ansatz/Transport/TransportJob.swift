import Foundation
import OptimalTransport
import ProblemFiles
import Results

/// Solves a transport problem and keeps what comes of it in a run folder.
public struct TransportJob {
    private let preparation: TransportPreparation
    private let folder: RunFolder
    private let command: String
    private let warn: (String) -> Void

    /// Checks that the folder can take the run; writes nothing.
    ///
    /// - Throws: `RunFolder.Refusal`, `ResultsError` where writing is not allowed.
    package init(
        _ preparation: TransportPreparation, replacing: Bool, command: String, warn: @escaping (String) -> Void
    ) throws {
        self.preparation = preparation
        self.command = command
        self.warn = warn
        folder = try RunFolder(
            path: preparation.statement.output.directory, fieldsName: FieldFile.defaultName,
            entry: replacing ? .replacing : .new)
    }

    /// Solves and writes; a plan that is not one is written, too, and said to be none.
    ///
    /// - Parameters:
    ///   - display: shows how far the solver is.
    ///   - isStopRequested: asked after each step; what was found until then is written.
    /// - Throws: `ResultsError` when writing fails. A run that was to replace an earlier one then leaves that one as it was.
    package func perform(
        display: ProgressDisplay? = nil, isStopRequested: @escaping @Sendable () -> Bool = { false }
    ) throws -> TransportOutcome {
        let statement = preparation.statement
        let clock = ContinuousClock()
        let start = clock.now
        let watch = TransportWatch(preparation, display)
        let findings = try preparation.solve(isStopRequested: isStopRequested, observe: { watch.hear($0) })
        watch.finish(findings)
        let points = findings.points
        let seconds = (clock.now - start) / .seconds(1)
        var warnings: [String] = []
        if statement.output.divergence, findings.divergence == nil {
            warnings.append("there is no Sinkhorn divergence, as not all of its three plans were found")
        }
        for point in points where !point.solution.stop.isSuccess {
            warnings.append(
                "this is not a plan: its marginals are off by \(NumberText.short(point.solution.certificate.marginals.l1))"
                    + (points.count > 1 ? " at epsilon \(NumberText.short(point.epsilon, digits: 3))" : "")
                    + "; \(point.solution.stop.sentence)")
        }
        for warning in statement.warnings.map(\.message) + warnings { warn(warning) }
        try folder.begin()
        do {
            try atomicWrite(preparation.resolvedText, to: folder.working(RunFolder.problemName))
            let log = try LogWriter(path: folder.working(LogWriter.defaultName))
            try log.write(
                .start,
                statement.startMembers(
                    kind: "transport", method: preparation.methodName, command: command))
            for warning in warnings { try log.write(.warning, [.init("message", .text(warning))]) }
            for row in TransportHistory.rows(points) { try log.write(.log, row.members) }
            try atomicWrite(TransportHistory.csv(points), to: folder.working(History.defaultName))
            let fields = TransportFields(preparation, findings, seconds: seconds, command: command).file
            try fields.write(to: folder.working(FieldFile.defaultName))
            var files = [
                RunFolder.problemName, History.defaultName, LogWriter.defaultName, FieldFile.defaultName,
            ]
            let view = TransportView(fields, history: TransportHistory.errors(points))
            let drawn = try folder.write(view.figures(statement.output.plots))
            files += drawn.files
            warnings += drawn.failures
            for message in drawn.failures {
                warn(message)
                try log.write(.warning, [.init("message", .text(message))])
            }
            let outcome = TransportOutcome(
                preparation, findings, seconds: seconds, files: files, warnings: warnings)
            try log.write(.end, outcome.members)
            try folder.finish()
            return outcome
        } catch {
            _ = folder.abandon()
            throw error
        }
    }
}
