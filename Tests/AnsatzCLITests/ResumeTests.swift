import Foundation
import Results
import Testing

/// A run with two stages, points drawn anew, and a checkpoint every so many steps.
let resumable = tiny.replacingOccurrences(of: "walls    = 16", with: "walls = 16\nresample_every = 3")
    .replacingOccurrences(
        of: "steps     = 20", with: "steps = 400\n\n[[method.stages]]\noptimizer = \"lbfgs\"\nsteps = 60"
    )
    .replacingOccurrences(of: "log_every = 10", with: "log_every = 10\ncheckpoint_every = 25")

/// What a run leaves, without times: equal for two runs that did the same.
struct RunBits: Equatable {
    var history: [String]
    var checkpoint: Checkpoint
    var fields: [String: [UInt64]]

    init(_ place: Workplace, _ folder: String) throws {
        let text = try #require(place.read(folder + "/history.csv"))
        history = text.split(separator: "\n").map { row in
            var cells = row.split(separator: ",", omittingEmptySubsequences: false)
            cells.remove(at: 2)
            return cells.joined(separator: ",")
        }
        checkpoint = try Checkpoint(contentsOf: place.path + "/" + folder + "/checkpoint.h5")
        // What depends on time, place or how the run was started.
        (checkpoint.heading.seconds, checkpoint.heading.samplingSeconds) = (0, 0)
        checkpoint.heading.samplingRuleSeconds = 0
        checkpoint.heading.files = .init()
        (checkpoint.heading.problemText, checkpoint.heading.problemSHA256) = ("", "")
        checkpoint.heading.resumeCommand = ""
        let file = try FieldFile(contentsOf: place.path + "/" + folder + "/fields.h5")
        fields = Dictionary(uniqueKeysWithValues: file.variables.map { ($0.name, $0.values.map(\.bitPattern)) })
    }
}

@Suite struct ResumeTests {
    /// Starts a run and does something once its history has so many bytes.
    private func solve(
        _ place: Workplace, _ arguments: String..., after bytes: Int = 700, in folder: String = "out",
        _ action: (Process) -> Void
    ) throws -> Program.Result {
        try Program.run(["solve", "tiny.toml"] + arguments, in: place.path) { process in
            let deadline = Date(timeIntervalSinceNow: 30)
            while (place.data(folder + "/history.csv")?.count ?? 0) < bytes, Date.now < deadline, process.isRunning {
                Thread.sleep(forTimeInterval: 0.001)
            }
            action(process)
        }
    }

    @Test func controlCSavesAndSaysHowToGoOn() throws {
        // Long enough to be interrupted.
        let text = resumable.replacingOccurrences(of: "steps = 400", with: "steps = 4_000")
        let place = try Workplace(["tiny.toml": text])
        let whole = try place.run("solve", "tiny.toml", "-q", "-o", "whole")
        #expect(whole.status == 0)
        let stopped = try solve(place, "-q") { $0.interrupt() }
        #expect(stopped.status == 130)
        let command = try #require(
            stopped.output.split(separator: "\n").first { $0.contains("to go on") }?.split(separator: "to go on").last)
        #expect(command.hasSuffix("solve tiny.toml -q --resume"))
        #expect(try place.run("show", "out").output.contains("interrupted"))

        // Word for word, as a user would.
        let resumed = try place.run(through: command.trimmingCharacters(in: .whitespaces) + "; exit $?")
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try RunBits(place, "out") == RunBits(place, "whole"))
        let log = try #require(place.read("out/log.jsonl"))
        #expect(
            log.contains("\"event\":\"resume\"") && log.split(separator: "\n").count { $0.contains("\"end\"") } == 1)
        let again = try place.run("solve", "tiny.toml", "-q", "--resume", "out")
        #expect(again.status == 0)
        #expect(try RunBits(place, "out") == RunBits(place, "whole"))
    }

    @Test func aKilledRunGoesOn() throws {
        let place = try Workplace(["tiny.toml": resumable])
        _ = try place.run("solve", "tiny.toml", "-q", "-o", "whole")
        let killed = try solve(place, "-q") { kill($0.processIdentifier, SIGKILL) }
        #expect(killed.status == SIGKILL)
        let summary = try place.run("show", "out")
        #expect(summary.status == 0 && summary.output.contains("checkpoint"), "\(summary.output)")
        let resumed = try place.run("solve", "tiny.toml", "--resume", "--set", "run.threads=1")
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(resumed.errors.contains("going on in out at step"))
        #expect(try RunBits(place, "out") == RunBits(place, "whole"))
    }

    @Test func withoutACheckpointTheRunStartsAgain() throws {
        let place = try Workplace(["tiny.toml": tiny])
        let first = try place.run("solve", "tiny.toml", "--resume")
        #expect(first.status == 0 && first.errors.contains("starts from the beginning"), "\(first.errors)")
        try place.write("", "out/history.csv")
        for name in ["checkpoint.h5", "fields.h5"] {
            try FileManager.default.removeItem(atPath: place.path + "/out/" + name)
        }
        let second = try place.run("solve", "tiny.toml", "--resume")
        #expect(second.status == 0 && second.errors.contains("starts from the beginning"), "\(second.errors)")
        #expect(place.read("out/history.csv")?.split(separator: "\n").count == 4)
    }

    @Test func aFinishedRunIsExtended() throws {
        let place = try Workplace(["tiny.toml": resumable])
        let longer = ["--set", "method.stages[2].steps=90", "--set", "run.log_every=10"]
        _ = try Program.run(["solve", "tiny.toml", "-q", "-o", "whole"] + longer, in: place.path)
        _ = try place.run("solve", "tiny.toml", "-q")
        let extended = try Program.run(["solve", "tiny.toml", "--resume"] + longer, in: place.path)
        #expect(extended.status == 0)
        #expect(
            extended.errors.contains("changed: method.stages[2].steps: 60 in the checkpoint, 90 in the file"),
            "\(extended.errors)")
        #expect(try RunBits(place, "out") == RunBits(place, "whole"))
    }

    @Test func anOverwritingRunThatWasKilledGoesOn() throws {
        let place = try Workplace(["tiny.toml": resumable])
        _ = try place.run("solve", "tiny.toml", "-q", "--seed", "2")
        let before = try RunBits(place, "out")
        _ = try place.run("solve", "tiny.toml", "-q", "-o", "whole")
        var part = ""
        let killed = try Program.run(["solve", "tiny.toml", "-q", "--overwrite"], in: place.path) { process in
            part = "out/.unfinished-\(process.processIdentifier)"
            let deadline = Date(timeIntervalSinceNow: 30)
            while !place.exists(part + "/checkpoint.h5"), Date.now < deadline { Thread.sleep(forTimeInterval: 0.001) }
            kill(process.processIdentifier, SIGKILL)
        }
        #expect(killed.status == SIGKILL)
        #expect(try RunBits(place, "out") == before)
        let summary = try place.run("show", "out")
        #expect(summary.output.contains("a newer run") && summary.output.contains("--resume"), "\(summary.output)")
        let resumed = try place.run("solve", "tiny.toml", "-q", "--resume")
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try RunBits(place, "out") == RunBits(place, "whole"))
        #expect(!place.exists(part) && place.names("out").allSatisfy { !$0.hasPrefix(".") })
    }

    @Test func whileARunGoesOnItIsLeftAlone() throws {
        let place = try Workplace(["tiny.toml": tiny])
        let result = try solve(place, "-q", "--variant", "long") { process in
            for option in ["--resume", "--overwrite"] {
                let other = try? place.run("solve", "tiny.toml", "-q", option)
                #expect(other?.status == 65 && other?.errors.contains("going on") == true)
            }
            kill(process.processIdentifier, SIGKILL)
        }
        #expect(result.status == SIGKILL)
    }

    @Test func whatCannotGoOnIsToldAndLeft() throws {
        let place = try Workplace(["tiny.toml": tiny])
        _ = try place.run("solve", "tiny.toml", "-q")
        let good = try #require(place.data("out/checkpoint.h5"))
        let checkpoint = URL(fileURLWithPath: place.path + "/out/checkpoint.h5")
        func refused(_ arguments: String..., words: [String], line: Int = #line) throws {
            let before = place.names("out").map { place.data("out/" + $0) }
            let result = try Program.run(["solve", "tiny.toml", "-q"] + arguments, in: place.path)
            #expect(result.status == 65, "line \(line)")
            #expect(result.output.isEmpty)
            for word in words { #expect(result.errors.contains(word), "line \(line): \(result.errors)") }
            #expect(place.names("out").map { place.data("out/" + $0) } == before)
        }
        try refused("--resume", "--seed", "2", words: ["run.seed: 1 in the checkpoint, 2 in the file", "--overwrite"])
        try refused(
            "--resume", "--set", "method.network.layers=[9]",
            words: ["method.network.layers: [8] in the checkpoint, [9] in the file"])
        try refused("--resume", "--precision", "float32", words: ["run.precision"])
        try refused("--resume", "--set", "name='other'", words: ["name: \"tiny\" in the checkpoint"])
        try refused("--resume", "absent", words: ["absent", "no such folder"])
        try refused("--resume", "tiny.toml", words: ["not a folder"])
        for count in [0, 100, good.count / 2] {
            try good.prefix(count).write(to: checkpoint)
            try refused("--resume", words: ["out/checkpoint.h5", "cannot be read as a checkpoint"])
        }
        try #require(place.data("out/fields.h5")).write(to: checkpoint)
        try refused("--resume", words: ["out/checkpoint.h5", "no checkpoint"])
        try FieldFile(
            axes: [.init("x", [0, 1])], variables: [.init("u", [1, 2])], attributes: [.init("ansatz_checkpoint", 2)]
        ).write(to: checkpoint.path)
        try refused("--resume", words: ["version 2", "version 1"])
        try FileManager.default.removeItem(at: checkpoint)
        try refused("--resume", words: ["has results but no checkpoint.h5"])
        try good.write(to: checkpoint)
        try place.write("step,stage\n", "out/history.csv")
        try refused("--resume", words: ["out/history.csv", "other columns"])
        try FileManager.default.removeItem(atPath: place.path + "/out/history.csv")
        try refused("--resume", words: ["out/history.csv", "no such file"])
    }

    @Test func aLossThatIsNotFiniteIsNotResumed() throws {
        let text = tiny.replacingOccurrences(of: "+ k*u =", with: "+ sqrt(x - 2)*u =")
        let place = try Workplace(["tiny.toml": text])
        _ = try place.run("solve", "tiny.toml", "-q")
        let result = try place.run("solve", "tiny.toml", "-q", "--resume")
        #expect(result.status == 65 && result.errors.contains("not finite"), "\(result.errors)")
    }

    @Test func optionsThatExcludeEachOther() throws {
        let place = try Workplace(["tiny.toml": tiny])
        for arguments in [["--resume", "--overwrite"], ["--dry-run", "--resume"], ["--resume", "out", "-o", "b"]] {
            let result = try Program.run(["solve", "tiny.toml"] + arguments, in: place.path)
            #expect(result.status == 64 && result.errors.contains("exclude each other"), "\(result.errors)")
        }
    }
}
