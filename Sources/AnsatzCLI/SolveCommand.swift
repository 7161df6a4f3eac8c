import Ansatz
import ArgumentParser
import ProblemFiles
import Results

/// `ansatz solve`: solves a problem and keeps what comes of it.
struct SolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "solve", abstract: "Solves a problem; writes fields, history and figures.",
        discussion: """
            The first Ctrl-C finishes the step, saves a checkpoint and writes the results, the second stops at once. \
            With --resume the run goes on, from there or from the last checkpoint of a run that was killed, as if nothing \
            had happened.
            """)

    @OptionGroup var problem: ProblemOptions
    @OptionGroup var report: ReportOptions

    @Flag(help: "Replace the earlier run in the run folder.")
    var overwrite = false

    @Option(
        defaultAsFlag: "",
        help: ArgumentHelp(
            "Go on with the run in the run folder, or in this one, from its checkpoint.", valueName: "run"))
    var resume: String?

    @Flag(help: "Do everything up to the first step, say what memory that took, and write nothing.")
    var dryRun = false

    @Flag(name: [.short, .long], help: "No progress; warnings and the result only.")
    var quiet = false

    @Flag(name: [.short, .long], help: "Every row of the history on a line of its own.")
    var verbose = false

    func validate() throws {
        if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other.") }
        if resume != nil {
            if overwrite { throw ValidationError("--resume and --overwrite exclude each other.") }
            if dryRun { throw ValidationError("--resume and --dry-run exclude each other.") }
            if resume?.isEmpty == false, problem.output != nil {
                throw ValidationError("--resume RUN and --output exclude each other: the run stays in its folder.")
            }
        }
    }

    func run() throws {
        try reportingInput(json: report.json) {
            var read: Problem
            switch try problem.problem() {
            case .transport(let statement):
                guard resume == nil else {
                    throw ValidationError("--resume is not for transport problems, which start anew.")
                }
                return try TransportCommands.solve(
                    statement, overwrite: overwrite, dryRun: dryRun,
                    amount: quiet ? .quiet : verbose ? .everything : .normal, report)
            case .linearSystem(let statement):
                guard resume == nil else {
                    throw ValidationError("--resume is not for linear systems, which start anew.")
                }
                return try LinearSystemCommands.solve(statement, overwrite: overwrite, dryRun: dryRun, report)
            case .training(let statement): return try TrainingCommands.refuse(statement)
            case .pde(let problem): read = problem
            }
            if let resume, !resume.isEmpty {
                guard FileSystem.kind(resume) != nil else {
                    throw ResultsError(
                        .missingFile, path: resume, "there is no such folder, and so no run to go on with")
                }
                read.output.directory = resume
            }
            let preparation = try RunPreparation(read, maximumSteps: problem.steps)
            let display = ProgressDisplay.onStandardError(
                amount: quiet ? .quiet : verbose ? .everything : .normal, allowColor: !report.noColor)
            let run = try Run(
                preparation, entry: resume != nil ? .resuming : overwrite ? .replacing : .new,
                command: CommandLine.arguments.joined(separator: " "), resumeCommand: Self.resumeCommand,
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

    /// The command line that goes on with a run that this one started, with quotes for a shell.
    private static var resumeCommand: String {
        var arguments = CommandLine.arguments.filter { $0 != "--overwrite" }
        if !arguments.contains("--resume") { arguments.append("--resume") }
        return arguments.quotedForShell
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
