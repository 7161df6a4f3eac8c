import Ansatz
import ArgumentParser
import ProblemFiles
import Results

/// A problem file and the ways to change it from the command line.
struct ProblemOptions: ParsableArguments {
    @Argument(help: "The problem file.", completion: .file(extensions: ["toml"]))
    var file: String

    @Option(help: ArgumentHelp("Change a value of the file; the value is read as TOML.", valueName: "key=value"))
    var set: [String] = []

    @Option(help: "Use this variant of the file.")
    var variant: String?

    @Option(help: "The seed of all random numbers (run.seed).")
    var seed: Int?

    @Option(help: "float32 or float64 (run.precision).")
    var precision: String?

    @Option(help: "A short trial: at most this many steps in each stage.")
    var steps: Int?

    @Option(name: [.short, .long], help: "The run folder (output.directory).")
    var output: String?

    func validate() throws {
        if let seed, seed < 0 { throw ValidationError("--seed takes a whole number of at least 0.") }
        if let steps, steps < 1 { throw ValidationError("--steps takes a whole number of at least 1.") }
        if let precision, !["float32", "float64"].contains(precision) {
            throw ValidationError("--precision takes float32 or float64, not '\(precision)'.")
        }
        for setting in set where !setting.contains("=") {
            throw ValidationError("--set takes KEY=VALUE, for instance run.seed=7; '\(setting)' has no '='.")
        }
    }

    /// Reads and checks the file with all changes made.
    func problem() throws -> ProblemFile {
        var settings = set
        if let seed { settings.append("run.seed=\(seed)") }
        if let precision { settings.append("run.precision='\(precision)'") }
        switch try ProblemReader.readFile(path: file, overrides: settings, variant: variant) {
        case .pde(var problem):
            if let output { problem.output.directory = output }
            return .pde(problem)
        case .transport(var statement):
            guard steps == nil else { throw ValidationError("--steps is not for transport problems.") }
            if let output { statement.output.directory = output }
            return .transport(statement)
        case .linearSystem(var statement):
            guard steps == nil else { throw ValidationError("--steps is not for linear systems.") }
            if let output { statement.output.directory = output }
            return .linearSystem(statement)
        case .training(var statement):
            guard steps == nil else { throw ValidationError("--steps is not for training files.") }
            if let output { statement.model = output }
            return .training(statement)
        }
    }
}

/// How a command reports.
struct ReportOptions: ParsableArguments {
    @Flag(help: "Write one JSON object to standard output, and nothing else.")
    var json = false

    @Flag(help: "No colours; a NO_COLOR variable does the same.")
    var noColor = false

    /// Writes a problem file with its defaults filled in.
    func output(resolved text: String) {
        StandardStreams.output(
            json
                ? JSONValue.object([.init("resolved", .text(text))]).lines
                : text.hasSuffix("\n") ? String(text.dropLast()) : text)
    }
}
