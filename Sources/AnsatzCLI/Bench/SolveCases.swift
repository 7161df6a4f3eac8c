import Ansatz
import ProblemFiles
import Results

/// The problem files that state what they expect, solved as they stand; nothing is written.
enum SolveCases {
    /// The files of `./problems`, or of the installed program, with an `[expect]` section, by name.
    static var all: [BenchmarkCase] {
        get throws {
            for folder in Listing.problemFolders {
                let cases = try files(in: folder)
                if !cases.isEmpty { return cases }
            }
            return []
        }
    }

    private static func files(in folder: String) throws -> [BenchmarkCase] {
        guard let names = try? FileSystem.names(in: folder) else { return [] }
        return try names.filter { $0.hasSuffix(".toml") }.compactMap { name in
            let path = folder + "/" + name
            let problem = try ProblemReader.read(path: path)
            guard !problem.expectations.isEmpty else { return nil }
            return BenchmarkCase(name: problem.name, summary: problem.title) { request in
                try solve(problem, request)
            }
        }
    }

    private static func solve(_ problem: Problem, _ request: BenchmarkCase.Request) throws -> Measurement {
        var problem = problem
        problem.run.threads = request.threads
        let preparation = try RunPreparation(problem)
        let solution = try preparation.method.solve(observer: SilentObserver())
        let expectations = RunOutcome.expectations(of: problem, met: solution)
        let isMissed = !expectations.allSatisfy(\.isMet) || solution.stop.isFailure
        let perStep = solution.steps > 0 ? 1e3 * solution.seconds / Double(solution.steps) : .nan
        let errors = solution.relativeL2.map { "\($0.name) \(NumberText.short($0.value))" }.joined(separator: ", ")
        return Measurement(
            members: [
                .init("median_ms", .number(1e3 * solution.seconds)), .init("seconds", .number(solution.seconds)),
                .init("steps", .integer(solution.steps)), .init("ms_per_step", .number(perStep)),
                .init("relative_l2", .numbers(solution.relativeL2)),
                .init("maximum_error", .numbers(solution.maximumError)),
                .init("stopped_because", .text(solution.stop.name)),
                .init("precision", .text(problem.run.precision.rawValue)), .init("threads", .integer(request.threads)),
                .init("seed", .text(String(problem.run.seed))),
                .init(
                    "expected",
                    .object(
                        expectations.map { expectation in
                            .init(
                                expectation.name,
                                .object([
                                    .init("limit", .number(expectation.limit)),
                                    .init("value", .number(expectation.value)), .init("met", .truth(expectation.isMet)),
                                ]))
                        })),
            ],
            text: "\(NumberText.seconds(solution.seconds)), \(NumberText.grouped(solution.steps)) steps, "
                + "relative L2 \(errors), \(isMissed ? "MISSED" : "met")",
            isMissed: isMissed)
    }
}

/// Watches nothing, but lets Ctrl-C through.
private final class SilentObserver: ProgressObserver {
    func logged(_ row: ProgressRow) throws {}
    func warned(_ message: String) { StandardStreams.error("warning: " + message) }
    var stopRequested: Bool { Interruption.isRequested }
}
