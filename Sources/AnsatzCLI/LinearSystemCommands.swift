import Ansatz
import ArgumentParser
import ProblemFiles
import Results

/// What the commands do with files of kind "linear-system".
enum LinearSystemCommands {
    static func check(_ statement: LinearSystemStatement, resolved: Bool, _ report: ReportOptions) throws {
        let preparation = try LinearSystemPreparation(statement)
        if resolved { return report.output(resolved: preparation.resolvedText) }
        let result = LinearSystemReport(preparation)
        for warning in result.warnings { StandardStreams.error(warning.description) }
        StandardStreams.output(report.json ? result.json.lines : result.text)
    }

    static func solve(
        _ statement: LinearSystemStatement, overwrite: Bool, dryRun: Bool, _ report: ReportOptions
    ) throws {
        if dryRun { return try check(statement, resolved: false, report) }
        let display = ProgressDisplay.onStandardError(amount: .normal, allowColor: !report.noColor)
        let job = try LinearSystemJob(
            try LinearSystemPreparation(statement), replacing: overwrite,
            command: CommandLine.arguments.joined(separator: " "), warn: display.warn)
        Interruption.install()
        let outcome = try job.perform { Interruption.isRequested }
        StandardStreams.output(report.json ? outcome.json.lines : outcome.text)
        if outcome.isInterrupted { throw ExitStatus.interrupted }
        if !outcome.isSuccess { throw ExitStatus.failed }
        if !outcome.meetsExpectations { throw ExitStatus.missed }
    }

    static func compare(
        _ request: ComparisonRequest, overwrite: Bool, quiet: Bool, _ report: ReportOptions
    ) throws {
        let display = ProgressDisplay.onStandardError(amount: quiet ? .quiet : .normal, allowColor: !report.noColor)
        let comparison = try LinearSystemComparison(
            request, replacing: overwrite, command: CommandLine.arguments.joined(separator: " "))
        Interruption.install()
        let outcome = try comparison.perform(isInterrupted: { Interruption.isRequested }, warn: display.warn) {
            if !quiet { display.note($0) }
        }
        for warning in outcome.warnings { display.warn(warning) }
        StandardStreams.output(report.json ? outcome.json.lines : outcome.text)
        if outcome.members.contains(where: { $0.outcome.isInterrupted }) { throw ExitStatus.interrupted }
        if outcome.members.contains(where: { !$0.outcome.isSuccess }) { throw ExitStatus.failed }
        if outcome.members.contains(where: { !$0.outcome.meetsExpectations }) { throw ExitStatus.missed }
    }

    /// Throws for a command that has no meaning for a linear solve.
    static func refuse(_ folder: String, _ command: String, instead: String) throws {
        guard try LinearSystemSummary(folder: folder) != nil else { return }
        throw ResultsError(
            .unreadable, path: folder, "holds a linear solve, which '\(command)' is not for; \(instead)")
    }
}
