import ArgumentParser
import Foundation

/// Checks very many mutated problem files: none may crash the program, keep it busy for more than two seconds, or be
/// refused without saying where.
///
/// The files are checked in a second process of the same program, which tells when it begins and ends with each, so that a
/// crash or an endless loop is noticed and blamed on the right file.
@main
struct MutateProblems: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mutate-problems",
        abstract: "Checks mutated problem files and reports crashes, hangs and vague errors.")

    @Option(help: "How many files.")
    var count = 10_000

    @Option(help: "The number of the first one.")
    var from = 0

    @Option(help: "The seed; the same one gives the same files.")
    var seed: UInt64 = 1

    @Option(help: "The folder with the files to start from.")
    var folder = "problems"

    @Option(help: "Processor seconds that a file may take.")
    var limit = 2.0

    @Flag(help: "Print the mutated file number --from instead of checking it.")
    var show = false

    @Flag(help: .hidden)
    var worker = false

    func validate() throws {
        guard count >= 0, from >= 0 else { throw ValidationError("--count and --from take numbers of at least 0.") }
    }

    func run() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".toml") }
            .sorted()
        guard !names.isEmpty else { throw ValidationError("There are no problem files in \(folder).") }
        let texts = try names.map { try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }
        func file(_ index: Int) -> MutatedCase {
            var mutator = Mutator(texts: texts, seed: seed, index: index)
            let number = index % texts.count
            return MutatedCase(path: "\(folder)/\(names[number])", bytes: mutator.mutate(number))
        }
        if show {
            FileHandle.standardOutput.write(Data(file(from).bytes))
        } else if worker {
            work(file)
        } else {
            try supervise()
        }
    }

    /// Checks file after file and says so, a line before and a line after each.
    private func work(_ file: (Int) -> MutatedCase) {
        for index in from..<from + count {
            say("start \(index)")
            let before = MutatedCase.processorSeconds
            var result: String
            do {
                result = try file(index).check() ? "accepted" : "refused"
            } catch {
                result = "fault \(error.text.replacing("\n", with: " | "))"
            }
            let seconds = MutatedCase.processorSeconds - before
            if seconds > limit { result = "fault it took \(seconds) s" }
            say("end \(index) \(result)")
        }
    }

    private func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    private func supervise() throws {
        var faults = 0, accepted = 0
        var next = from
        while next < from + count {
            var worker = try Worker(arguments: [
                "--worker", "--from", "\(next)", "--count", "\(from + count - next)", "--seed", "\(seed)", "--folder",
                folder, "--limit", "\(limit)",
            ])
            // A busy machine may need several times as long as the processor.
            while let line = worker.line(within: 10 * limit) {
                guard line.hasPrefix("end ") else { continue }
                next += 1
                let words = line.split(separator: " ", maxSplits: 2)
                if words.last == "accepted" { accepted += 1 }
                guard words.last?.hasPrefix("fault") == true else { continue }
                faults += 1
                print("file \(words[1]): \(words[2].dropFirst("fault ".count))")
            }
            let failure = worker.failure() ?? (next < from + count ? "it ends the program" : nil)
            if let failure {
                faults += 1
                print("file \(next): \(failure)")
                next += 1
            }
        }
        print("\(count) mutated files: \(accepted) accepted, \(count - accepted - faults) refused, \(faults) faults")
        guard faults == 0 else {
            print("see one with: mutate-problems --seed \(seed) --from NUMBER --show")
            throw ExitCode.failure
        }
    }
}
