import Ansatz
import ArgumentParser
import ProblemFiles
import Results

/// `ansatz train`: makes a model file.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Trains a model for linear systems, and writes a model file.",
        discussion: """
            The file is of kind "linear-system" with a section [training]. Ctrl-C ends the training and keeps the best \
            model so far.
            """)

    @Argument(help: "The training file.", completion: .file(extensions: ["toml"]))
    var file: String

    @Option(help: ArgumentHelp("Change a value of the file; the value is read as TOML.", valueName: "key=value"))
    var set: [String] = []

    @Option(help: "Use this variant of the file.")
    var variant: String?

    @Option(help: "The seed of all random numbers (run.seed).")
    var seed: Int?

    @Option(name: [.short, .long], help: "The model file (output.model).")
    var output: String?

    @Flag(help: "Replace the model file if it is already there.")
    var overwrite = false

    @Flag(name: [.short, .long], help: "No progress; the result only.")
    var quiet = false

    @OptionGroup var report: ReportOptions

    func validate() throws {
        if let seed, seed < 0 { throw ValidationError("--seed takes a whole number of at least 0.") }
        for setting in set where !setting.contains("=") {
            throw ValidationError("--set takes KEY=VALUE, for instance run.seed=7; '\(setting)' has no '='.")
        }
    }

    func run() throws {
        try reportingInput(json: report.json) {
            let settings = set + (seed.map { ["run.seed=\($0)"] } ?? [])
            guard
                case .training(let statement) = try ProblemReader.readFile(
                    path: file, overrides: settings, variant: variant)
            else {
                throw ProblemErrors([
                    Diagnostic(
                        .error, "this file describes no training",
                        hint: "a training file has kind = \"linear-system\" and a section [training]", file: file,
                        line: 1, column: 1)
                ])
            }
            let job = try TrainingJob(try TrainingPreparation(statement), path: output, replacing: overwrite)
            let display = ProgressDisplay.onStandardError(
                amount: quiet ? .quiet : .normal, allowColor: !report.noColor)
            for warning in statement.warnings { display.warn(warning) }
            Interruption.install()
            let outcome = try job.perform(note: display.note) { Interruption.isRequested }
            StandardStreams.output(report.json ? outcome.json.lines : outcome.text)
            if !outcome.isComplete { throw ExitStatus.interrupted }
        }
    }
}

/// What the other commands do with training files.
enum TrainingCommands {
    static func check(_ statement: TrainingStatement, resolved: Bool, _ report: ReportOptions) throws {
        let preparation = try TrainingPreparation(statement)
        if resolved { return report.output(resolved: preparation.resolvedText) }
        for warning in statement.warnings { StandardStreams.error(warning.description) }
        StandardStreams.output(report.json ? preparation.json.lines : preparation.text)
    }

    /// Throws for a command that needs something to solve.
    static func refuse(_ statement: TrainingStatement) throws {
        throw ProblemErrors([
            statement.training.origin.diagnostic(
                .error, "this file describes the training of a model, and there is nothing to solve in it",
                hint: "ansatz train FILE trains it")
        ])
    }
}
