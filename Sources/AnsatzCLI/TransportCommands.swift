import Ansatz
import ArgumentParser
import ProblemFiles
import Results

/// What the commands do with files of kind "transport".
enum TransportCommands {
    static func check(_ statement: TransportStatement, resolved: Bool, _ report: ReportOptions) throws {
        let preparation = try TransportPreparation(statement)
        if resolved { return report.output(resolved: preparation.resolvedText) }
        let result = TransportReport(preparation)
        for warning in result.warnings { StandardStreams.error(warning.description) }
        StandardStreams.output(report.json ? result.json.lines : result.text)
    }

    static func solve(
        _ statement: TransportStatement, overwrite: Bool, dryRun: Bool, amount: ProgressDisplay.Amount,
        _ report: ReportOptions
    ) throws {
        if dryRun { return try check(statement, resolved: false, report) }
        let display = ProgressDisplay.onStandardError(amount: amount, allowColor: !report.noColor)
        let job = try TransportJob(
            try TransportPreparation(statement), replacing: overwrite,
            command: CommandLine.arguments.joined(separator: " "), warn: display.warn)
        Interruption.install()
        let outcome = try job.perform(display: display) { Interruption.isRequested }
        StandardStreams.output(report.json ? outcome.json.lines : outcome.text)
        if outcome.isInterrupted { throw ExitStatus.interrupted }
        if !outcome.isSuccess { throw ExitStatus.failed }
        if !outcome.meetsExpectations { throw ExitStatus.missed }
    }

    static func compare(
        _ request: ComparisonRequest, overwrite: Bool, amount: ProgressDisplay.Amount, _ report: ReportOptions
    ) throws {
        let display = ProgressDisplay.onStandardError(amount: amount, allowColor: !report.noColor)
        let comparison = try TransportComparison(
            request, replacing: overwrite, command: CommandLine.arguments.joined(separator: " "))
        Interruption.install()
        let outcome = try comparison.perform(display: display) { Interruption.isRequested }
        for warning in outcome.warnings { display.warn(warning) }
        StandardStreams.output(report.json ? outcome.json.lines : outcome.text)
        if outcome.members.contains(where: \.outcome.isInterrupted) { throw ExitStatus.interrupted }
        if outcome.members.contains(where: { !$0.outcome.isSuccess }) { throw ExitStatus.failed }
        if outcome.members.contains(where: { !$0.outcome.meetsExpectations }) { throw ExitStatus.missed }
    }

    /// Draws the figures of a transport run again; false for a run of another kind.
    static func plot(_ folder: String, hasOptions: Bool, _ report: ReportOptions) throws -> Bool {
        guard let plots = try TransportPlots(folder: folder) else { return false }
        guard !hasOptions else {
            throw ValidationError(
                "--kind is for runs of equations; without it all figures of a transport run are drawn again.")
        }
        var failures: [String] = []
        let drawn = try plots.draw { failures.append("\($0.path): \($0.message)") }
        for failure in failures { StandardStreams.error("warning: " + failure) }
        StandardStreams.output(
            report.json
                ? JSONValue.object([
                    .init("figures", .list(drawn.map(JSONValue.text))),
                    .init("warnings", .list(failures.map(JSONValue.text))),
                ]).lines : drawn.joined(separator: "\n"))
        return true
    }

    /// Writes the arrays of a transport run in another format; false for a run of another kind.
    static func export(
        _ folder: String, to format: ExportFormat, output: String?, overwrite: Bool, _ report: ReportOptions
    ) throws -> Bool {
        guard let export = try TransportExport(folder: folder) else { return false }
        let files = try export.write(as: format, to: output, overwrite: overwrite)
        StandardStreams.output(
            report.json
                ? JSONValue.object([
                    .init("format", .text(format.rawValue)), .init("files", .list(files.map(JSONValue.text))),
                    .init("fields", .list(export.names.map(JSONValue.text))),
                ]).lines : files.joined(separator: "\n"))
        return true
    }
}
