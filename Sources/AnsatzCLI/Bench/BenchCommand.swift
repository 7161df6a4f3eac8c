import Ansatz
import ArgumentParser
import LinearAlgebra
import Parallelism
import Results

/// `ansatz bench`: the standard set, timed.
struct BenchCommand: ParsableCommand {
    /// The sets of cases.
    enum Set: String, ExpressibleByArgument, CaseIterable {
        case engine, training, geometry, transport, linear, solve

        func cases() throws -> [BenchmarkCase] {
            switch self {
            case .engine: EngineCases.all
            case .training: TrainingCases.all
            case .geometry: GeometryCases.all
            case .transport: TransportCases.all
            case .linear: LinearCases.all
            case .solve: try SolveCases.all
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Times the standard cases and compares them with what they should reach.",
        discussion: """
            engine    one training step: loss, gradient, Adam
            training  what weighting rules and gradient surgery cost per step, as ratios to a step without
            geometry  a million points of the inside and of the faces of a region of ten shapes
            transport entropic optimal transport: random assignment, images; both marginals to 1e-12
            linear    diffusion on grids with and without obstacles: set-up and solving, default and trained
                      multigrid, direct; to a relative residual of 1e-6
            solve     the problem files of ./problems that state what they expect, and their variants that expect
                      something else, as NAME-VARIANT: each is one run with the seed of its file
            """)

    @Argument(help: "engine, training, geometry, transport, linear or solve.")
    var set = Set.engine

    @Option(help: "Threads at work; all cores by default.")
    var threads: Int?

    @Option(help: ArgumentHelp("Only the cases whose names contain this.", valueName: "text"))
    var only: String?

    @Option(help: "Seconds for each case, but for those of solve.")
    var seconds = 3.0

    @OptionGroup var report: ReportOptions

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads takes a number from 1 to 1024.")
        }
        guard seconds >= 0, seconds.isFinite else { throw ValidationError("--seconds takes a number of at least 0.") }
    }

    func run() throws {
        try reportingInput(json: report.json) {
            Interruption.install()
            let cases = try set.cases().filter { only.map($0.name.contains) ?? true }
            guard !cases.isEmpty else {
                throw ValidationError(
                    only.map { "No case of the set '\(set.rawValue)' has '\($0)' in its name." }
                        ?? "There are no problem files in ./problems that state what they expect.")
            }
            let request = BenchmarkCase.Request(
                threads: threads ?? WorkerPool.availableCores, seconds: seconds)
            let machine =
                "OpenBLAS core \(LinearAlgebraLibraries.openBLASCore), libxsmm target "
                + "\(LinearAlgebraLibraries.libxsmmTarget), \(request.threads) threads"
            StandardStreams.error(machine)

            var members: [JSONValue.Member] = []
            var isMissed = false
            let width = cases.map(\.name.count).max() ?? 0
            for item in cases where !Interruption.isRequested {
                let result = try item.measure(request)
                isMissed = isMissed || result.isMissed
                members.append(.init(item.name, .object(result.members)))
                let line = item.name + String(repeating: " ", count: width - item.name.count + 2) + result.text
                report.json ? StandardStreams.error(line) : StandardStreams.output(line)
            }
            if report.json { StandardStreams.output(JSONValue.object(members).lines) }
            if Interruption.isRequested { throw ExitStatus.interrupted }
            if isMissed { throw ExitStatus.missed }
        }
    }
}
