import Ansatz
import ArgumentParser
import ProblemFiles
import Results

/// `ansatz compare`: variants, optimizers and seeds side by side.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Runs variants, optimizers and seeds of a problem from the same start; one table, one figure.",
        discussion: """
            Every combination is a run of its own in FOLDER/members. Members that are finished are not run again: the \
            same command goes on after an interruption. Ctrl-C finishes the step; once more stops at once.
            """)

    @Argument(help: "The problem file.", completion: .file(extensions: ["toml"]))
    var file: String

    @Option(help: ArgumentHelp("The variants; by default all of the file.", valueName: "a,b"))
    var variants: String?

    @Option(help: ArgumentHelp("The seeds; by default that of the file.", valueName: "1,2,3"))
    var seeds: String?

    @Option(
        help: ArgumentHelp(
            "Optimizers for the first stage, each with its default rate; the steps stay.", valueName: "adam,sgd"))
    var optimizers: String?

    @Option(help: ArgumentHelp("Change a value of the file for all members.", valueName: "key=value"))
    var set: [String] = []

    @Option(help: "float32 or float64 (run.precision).")
    var precision: String?

    @Option(help: "A short trial: at most this many steps in each stage.")
    var steps: Int?

    @Option(name: [.short, .long], help: "The folder; by default output.directory with -compare behind it.")
    var output: String?

    @Flag(help: "Run all members again.")
    var overwrite = false

    @Flag(name: [.short, .long], help: "No progress; warnings and the table only.")
    var quiet = false

    @Flag(name: [.short, .long], help: "Every row of every history on a line of its own.")
    var verbose = false

    @OptionGroup var report: ReportOptions

    func validate() throws {
        if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other.") }
        if let steps, steps < 1 { throw ValidationError("--steps takes a whole number of at least 1.") }
        if let precision, !["float32", "float64"].contains(precision) {
            throw ValidationError("--precision takes float32 or float64, not '\(precision)'.")
        }
        for setting in set where !setting.contains("=") {
            throw ValidationError("--set takes KEY=VALUE, for instance run.seed=7; '\(setting)' has no '='.")
        }
        _ = try seedList()
        for (name, list) in [("--variants", variants), ("--optimizers", optimizers)] {
            guard let words = list.map(Self.words) else { continue }
            guard !words.isEmpty, !words.contains("") else {
                throw ValidationError("\(name) takes names with commas between them.")
            }
            guard Set(words).count == words.count else { throw ValidationError("\(name) names something twice.") }
        }
    }

    func run() throws {
        try reportingInput(json: report.json) {
            let request = try request()
            let read = try ProblemReader.readFile(path: file, overrides: request.settings)
            if case .linearSystem = read {
                guard steps == nil else { throw ValidationError("--steps is not for linear systems.") }
                return try LinearSystemCommands.compare(request, overwrite: overwrite, quiet: quiet, report)
            }
            if case .transport = read {
                guard steps == nil else { throw ValidationError("--steps is not for transport problems.") }
                return try TransportCommands.compare(
                    request, overwrite: overwrite, amount: quiet ? .quiet : verbose ? .everything : .normal, report)
            }
            let plan = try ComparisonPlan(request)
            let display = ProgressDisplay.onStandardError(
                amount: quiet ? .quiet : verbose ? .everything : .normal, allowColor: !report.noColor)
            let run = try ComparisonRun(
                plan, overwrite: overwrite, command: CommandLine.arguments.joined(separator: " "),
                resumeCommand: CommandLine.arguments.filter { $0 != "--overwrite" }.quotedForShell, display: display)
            Interruption.install()
            let outcome = try run.perform { Interruption.isRequested }
            for warning in outcome.warnings { display.warn(warning) }
            StandardStreams.output(report.json ? outcome.json.lines : outcome.text)
            if outcome.isInterrupted { throw ExitStatus.interrupted }
            if outcome.comparison.members.contains(where: \.isFailed) { throw ExitStatus.failed }
            if outcome.comparison.members.contains(where: \.isMissed) { throw ExitStatus.missed }
        }
    }

    private func request() throws -> ComparisonRequest {
        var request = ComparisonRequest(file: file)
        request.settings = set + (precision.map { ["run.precision='\($0)'"] } ?? [])
        request.variants = variants.map(Self.words)
        request.seeds = try seedList()
        request.optimizers = optimizers.map(Self.words) ?? []
        request.maximumSteps = steps
        request.output = output
        return request
    }

    private func seedList() throws -> [Int]? {
        guard let words = seeds.map(Self.words) else { return nil }
        let numbers = words.compactMap { Int($0) }.filter { $0 >= 0 }
        guard !numbers.isEmpty, numbers.count == words.count, Set(numbers).count == numbers.count else {
            throw ValidationError("--seeds takes different whole numbers of at least 0, for instance 1,2,3.")
        }
        return numbers
    }

    private static func words(_ list: String) -> [String] {
        list.split(separator: ",", omittingEmptySubsequences: false).map { word in
            String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }
}
