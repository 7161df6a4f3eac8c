import Ansatz
import Foundation
import ProblemFiles
import Results

/// The problem files that state what they expect, and their variants that expect something else, each solved once with
/// the seed of the file; nothing is written.
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
        return try names.filter { $0.hasSuffix(".toml") }.flatMap { name -> [BenchmarkCase] in
            let path = folder + "/" + name
            guard case .pde(let problem) = try ProblemReader.readFile(path: path) else { return [] }
            let variants = try problem.variants.filter(\.statesExpectations).map { variant in
                try ProblemReader.read(path: path, variant: variant.name)
            }
            return ([problem] + variants).filter { !$0.expectations.isEmpty }.map { problem in
                BenchmarkCase(name: ([problem.name] + [problem.variant].compactMap(\.self)).joined(separator: "-")) {
                    try solve(problem, $0)
                }
            }
        }
    }

    private static func solve(_ problem: Problem, _ request: BenchmarkCase.Request) throws -> Measurement {
        var problem = problem
        problem.run.threads = request.threads
        let preparation = try RunPreparation(problem)
        forgetPeakMemory()
        let solution = try preparation.method.solve(observer: SilentObserver())
        let expectations = RunOutcome.expectations(of: problem, met: solution)
        let isMissed = !expectations.allSatisfy(\.isMet) || solution.stop.isFailure
        let perStep = solution.steps > 0 ? 1e3 * solution.seconds / Double(solution.steps) : .nan
        let errors = solution.relativeL2.map { "\($0.name) \(NumberText.short($0.value))" }.joined(separator: ", ")
        let sampling = (solution.sampling?.facts ?? []).map { JSONValue.Member($0.name, .number($0.value)) }
        return Measurement(
            members: [
                .init("median_ms", .number(1e3 * solution.seconds)), .init("seconds", .number(solution.seconds)),
                .init("steps", .integer(solution.steps)), .init("ms_per_step", .number(perStep)),
                .init("relative_l2", .numbers(solution.relativeL2)),
                .init("maximum_error", .numbers(solution.maximumError)),
                .init("stopped_because", .text(solution.stop.name)),
                .init("precision", .text(problem.run.precision.rawValue)), .init("threads", .integer(request.threads)),
                .init("seed", .text(String(problem.run.seed))),
                .init("peak_memory_bytes", .integer(peakMemoryBytes())),
                .init("expectations", .list(expectations.map(\.json))),
            ] + sampling,
            text: "\(NumberText.seconds(solution.seconds)), \(NumberText.grouped(solution.steps)) steps, "
                + (solution.sampling.map { $0.phrase(of: solution.seconds) + ", " } ?? "")
                + "relative L2 \(errors), \(isMissed ? "MISSED" : "met")",
            isMissed: isMissed)
    }
}

/// The most memory that was resident since ``forgetPeakMemory()``, or since the program began where the kernel does not
/// let it forget.
private func peakMemoryBytes() -> Int {
    if let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
        let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
        let kilobytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({ Int($0) })
    {
        return 1024 * kilobytes
    }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return 1024 * usage.ru_maxrss
}

/// Lets the peak start anew, so that a case does not report that of an earlier one.
private func forgetPeakMemory() {
    guard let file = fopen("/proc/self/clear_refs", "w") else { return }
    fputs("5", file)
    fclose(file)
}

extension Variant {
    /// Whether it sets anything of `[expect]`.
    fileprivate var statesExpectations: Bool {
        settings.contains { $0.key == "expect" || $0.key.hasPrefix("expect.") }
    }
}

/// Watches nothing, but lets Ctrl-C through.
private final class SilentObserver: ProgressObserver {
    func logged(_ row: ProgressRow) throws {}
    func warned(_ message: String) { StandardStreams.error("warning: " + message) }
    var stopRequested: Bool { Interruption.isRequested }
}
