import Ansatz
import ArgumentParser
import Results

/// `ansatz solve`: solves a problem and keeps what comes of it.
struct SolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "solve", abstract: "Solves a problem; writes fields, history and figures.",
        discussion: """
            The first Ctrl-C finishes the step and writes the results, the second stops at once.
            """)

    @OptionGroup var problem: ProblemOptions
    @OptionGroup var report: ReportOptions

    @Flag(help: "Replace the earlier run in the run folder.")
    var overwrite = false

    @Flag(help: "Do everything up to the first step, say what memory that took, and write nothing.")
    var dryRun = false

    @Flag(name: [.short, .long], help: "No progress; warnings and the result only.")
    var quiet = false

    @Flag(name: [.short, .long], help: "Every row of the history on a line of its own.")
    var verbose = false

    func validate() throws {
        if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other.") }
    }

    func run() throws {
        try reportingInput(json: report.json) {
            let preparation = try RunPreparation(problem.problem(), maximumSteps: problem.steps)
            let display = ProgressDisplay.onStandardError(
                amount: quiet ? .quiet : verbose ? .everything : .normal, allowColor: !report.noColor)
            let run = try Run(
                preparation, overwrite: overwrite, command: CommandLine.arguments.joined(separator: " "),
                display: display)
            if dryRun { return try rehearse(preparation, run) }

            Interruption.install()
            let outcome = try run.perform { Interruption.isRequested }
            StandardStreams.output(report.json ? outcome.json.lines : outcome.text)
            if outcome.solution.stop == .interrupted { throw ExitStatus.interrupted }
            if outcome.solution.stop.isFailure { throw ExitStatus.failed }
            if !outcome.meetsExpectations { throw ExitStatus.missed }
        }
    }

    private func rehearse(_ preparation: RunPreparation, _ run: Run) throws {
        let report = try CheckReport(preparation)
        let rehearsal = try run.rehearse()
        for warning in report.warnings { StandardStreams.error(warning.description) }
        guard !self.report.json else {
            return StandardStreams.output(JSONValue.object(report.members + rehearsal.members).lines)
        }
        StandardStreams.output(report.text + "\n" + rehearsal.text)
    }
}
