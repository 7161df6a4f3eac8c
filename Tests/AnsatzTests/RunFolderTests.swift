import Ansatz
import Foundation
import Results
import Testing

/// A folder of its own for a test, removed afterwards.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "ansatz-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, _ name: String) throws {
        let target = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: FileSystem.folder(of: target), withIntermediateDirectories: true)
        try text.write(toFile: target, atomically: false, encoding: .utf8)
    }

    func read(_ name: String) -> String? { try? String(contentsOfFile: path + "/" + name, encoding: .utf8) }
    var names: [String] { (try? FileSystem.names(in: path)) ?? [] }
}

@Suite struct RunFolderTests {
    private func folder(_ path: String, _ entry: RunFolder.Entry = .new) throws -> RunFolder {
        try RunFolder(path: path, fieldsName: "fields.h5", entry: entry)
    }

    @Test func nothingIsWrittenBeforeTheRunBegins() throws {
        let temporary = try TemporaryFolder()
        let run = try folder(temporary.path + "/runs/a")
        #expect(temporary.names.isEmpty)
        try run.begin()
        #expect(FileSystem.kind(temporary.path + "/runs/a") == .folder)
    }

    @Test(arguments: ["history.csv", "log.jsonl", "fields.h5", "problem.toml"])
    func anotherRunIsRefused(file: String) throws {
        let temporary = try TemporaryFolder()
        try temporary.write("earlier", "run/" + file)
        #expect(throws: RunFolder.Refusal.holdsAnotherRun(path: temporary.path + "/run", file: file)) {
            try folder(temporary.path + "/run")
        }
        _ = try folder(temporary.path + "/run", .replacing)
        #expect(temporary.read("run/" + file) == "earlier")
    }

    @Test func foldersWithOtherFilesAreAccepted() throws {
        let temporary = try TemporaryFolder()
        try temporary.write("mine", "notes.txt")
        let run = try folder(temporary.path)
        #expect(run.workingPath == temporary.path)
    }

    @Test func filesInTheWayAreRefused() throws {
        let temporary = try TemporaryFolder()
        try temporary.write("", "run")
        #expect(throws: RunFolder.Refusal.notAFolder(path: temporary.path + "/run")) {
            try folder(temporary.path + "/run", .replacing)
        }
    }

    @Test func anEarlierRunStaysUntilTheNewOneIsFinished() throws {
        let temporary = try TemporaryFolder()
        for name in ["fields.h5", "history.csv", "checkpoint.h5", "figures/old.svg", "notes.txt"] {
            try temporary.write("earlier", name)
        }
        let run = try folder(temporary.path, .replacing)
        try run.begin()
        try atomicWrite("new", to: run.working("fields.h5"))
        try atomicWrite("new", to: run.working("history.csv"))
        try FileSystem.makeFolder(run.working("figures"))
        try atomicWrite("new", to: run.working("figures/u.svg"))
        #expect(temporary.read("fields.h5") == "earlier")
        #expect(temporary.read("history.csv") == "earlier")

        try run.finish()
        #expect(temporary.read("fields.h5") == "new")
        #expect(temporary.read("history.csv") == "new")
        #expect(temporary.read("notes.txt") == "earlier")
        #expect(temporary.names == ["fields.h5", "figures", "history.csv", "notes.txt"])
        #expect(try FileSystem.names(in: temporary.path + "/figures") == ["u.svg"])
    }

    @Test func aFailedRenameKeepsTheEarlierFigures() throws {
        let temporary = try TemporaryFolder()
        try temporary.write("earlier", "fields.h5")
        try temporary.write("earlier", "figures/old.svg")
        // No file can be renamed over a folder.
        try temporary.write("in the way", "history.csv/file")
        let run = try folder(temporary.path, .replacing)
        try run.begin()
        try atomicWrite("new", to: run.working("fields.h5"))
        try atomicWrite("new", to: run.working("history.csv"))
        try FileSystem.makeFolder(run.working("figures"))
        try atomicWrite("new", to: run.working("figures/new.svg"))
        #expect(throws: ResultsError.self) { try run.finish() }
        run.abandon()
        #expect(try FileSystem.names(in: temporary.path + "/figures") == ["old.svg"])
        #expect(temporary.read("fields.h5") == "earlier")
    }

    @Test func anAbandonedRunLeavesTheEarlierOne() throws {
        let temporary = try TemporaryFolder()
        try temporary.write("earlier", "fields.h5")
        let run = try folder(temporary.path, .replacing)
        try run.begin()
        try atomicWrite("new", to: run.working("fields.h5"))
        run.abandon()
        #expect(temporary.names == ["fields.h5"])
        #expect(temporary.read("fields.h5") == "earlier")
    }

    @Test func leftoversOfKilledRunsAreRemoved() throws {
        let temporary = try TemporaryFolder()
        try temporary.write("earlier", "fields.h5")
        // Process numbers stop at 2^22 on Linux.
        try temporary.write("half", ".unfinished-99999999/fields.h5")
        try folder(temporary.path, .replacing).begin()
        #expect(!temporary.names.contains(".unfinished-99999999"))
    }

    @Test func whatIsResumedIsTheRunInTheFolder() throws {
        let temporary = try TemporaryFolder()
        // Nothing there: the run starts from the beginning.
        let absent = try folder(temporary.path + "/absent", .resuming)
        #expect(!absent.isResumed && absent.checkpointPath == nil)
        for name in ["problem.toml", "history.csv", "log.jsonl"] { try temporary.write("killed", name) }
        let early = try folder(temporary.path, .resuming)
        #expect(early.isResumed && early.checkpointPath == nil && early.workingPath == temporary.path)
        // Results without a checkpoint are not to be lost.
        try temporary.write("earlier", "fields.h5")
        #expect(throws: RunFolder.Refusal.noCheckpoint(path: temporary.path)) { try folder(temporary.path, .resuming) }
        for name in ["checkpoint.h5", ".checkpoint-77-1.h5", "figures/old.svg", ".mine"] {
            try temporary.write("earlier", name)
        }
        let run = try folder(temporary.path, .resuming)
        #expect(run.checkpointPath == temporary.path + "/checkpoint.h5")
        try run.begin()
        #expect(!temporary.names.contains(".checkpoint-77-1.h5") && temporary.names.contains(".mine"))
        try run.finish()
        #expect(temporary.read("history.csv") == "killed" && temporary.read("figures/old.svg") == "earlier")
    }

    @Test func whatAKilledRunBeganToWriteFirstIsRemoved() throws {
        let temporary = try TemporaryFolder()
        for name in [".problem-77-1.toml", ".mine", "notes.txt"] { try temporary.write("half", name) }
        let run = try folder(temporary.path, .resuming)
        #expect(!run.isResumed)
        try run.begin()
        #expect(temporary.names == [".mine", "notes.txt"])
    }

    @Test func theUnfinishedPartOfAKilledRunIsTakenOver() throws {
        let temporary = try TemporaryFolder()
        for name in ["fields.h5", "history.csv", "checkpoint.h5", "figures/old.svg"] {
            try temporary.write("earlier", name)
        }
        // Two were being written when the run was killed, one of them the list of what is to be moved.
        for name in ["history.csv", "log.jsonl", "checkpoint.h5", "..moving-77-1.tmp", ".gradients-77-2.h5"] {
            try temporary.write("newer", ".unfinished-99999999/" + name)
        }
        let run = try folder(temporary.path, .resuming)
        #expect(run.checkpointPath == temporary.path + "/.unfinished-99999999/checkpoint.h5")
        try run.begin()
        #expect(run.workingPath == temporary.path + "/.unfinished-\(getpid())")
        #expect(temporary.read("history.csv") == "earlier")
        try atomicWrite("new", to: run.working("fields.h5"))
        try run.finish()
        #expect(temporary.names == ["checkpoint.h5", "fields.h5", "history.csv", "log.jsonl"])
        #expect(temporary.read("history.csv") == "newer" && temporary.read("fields.h5") == "new")
    }

    @Test func anAbandonedRunWithACheckpointIsKept() throws {
        let temporary = try TemporaryFolder()
        try temporary.write("earlier", "fields.h5")
        let run = try folder(temporary.path, .replacing)
        try run.begin()
        try atomicWrite("new", to: run.working("checkpoint.h5"))
        #expect(run.abandon())
        #expect(temporary.read("fields.h5") == "earlier")
        #expect(try folder(temporary.path, .resuming).checkpointPath == run.working("checkpoint.h5"))
    }

    @Test func aRunThatIsGoingOnIsLeftAlone() throws {
        let temporary = try TemporaryFolder()
        try temporary.write("earlier", "fields.h5")
        let log = try LogWriter(path: temporary.path + "/log.jsonl")
        for entry in [RunFolder.Entry.replacing, .resuming] {
            #expect(throws: RunFolder.Refusal.isBusy(path: temporary.path)) { try folder(temporary.path, entry) }
        }
        withExtendedLifetime(log) {}
        let part = temporary.path + "/.unfinished-99999999"
        try FileSystem.makeFolder(part)
        let other = try LogWriter(path: part + "/log.jsonl")
        try FileSystem.remove(temporary.path + "/log.jsonl")
        #expect(throws: RunFolder.Refusal.isBusy(path: temporary.path)) { try folder(temporary.path, .resuming) }
        withExtendedLifetime(other) {}
    }

    /// Kills between any two moves of `finish()`: whoever comes next moves the rest.
    @Test(arguments: 0...6) func movesThatWereCutOffAreFinished(moved: Int) throws {
        let temporary = try TemporaryFolder()
        for name in ["fields.h5", "history.csv", "log.jsonl", "checkpoint.h5", "problem.toml", "figures/old.svg"] {
            try temporary.write("earlier", name)
        }
        let part = ".unfinished-99999999/"
        let names = ["figures", "history.csv", "log.jsonl", "problem.toml", "checkpoint.h5", "fields.h5"]
        for name in names.dropFirst() { try temporary.write("new", part + name) }
        try temporary.write("new", part + "figures/new.svg")
        try temporary.write(names.joined(separator: "\n"), part + ".moving")
        if moved > 0 {
            try FileSystem.move(temporary.path + "/figures", to: temporary.path + "/" + part + ".earlier-figures")
        }
        for name in names.prefix(moved) {
            try FileSystem.move(temporary.path + "/" + part + name, to: temporary.path + "/" + name)
        }
        let run = try folder(temporary.path, .resuming)
        #expect(run.checkpointPath == temporary.path + "/checkpoint.h5" && run.workingPath == temporary.path)
        #expect(temporary.names == names.sorted())
        for name in names.dropFirst() { #expect(temporary.read(name) == "new") }
        #expect(try FileSystem.names(in: temporary.path + "/figures") == ["new.svg"])
    }

    @Test func anEmptyPartIsNoRun() throws {
        let temporary = try TemporaryFolder()
        try temporary.write("done", "checkpoint.h5")
        try FileSystem.makeFolder(temporary.path + "/.unfinished-99999999")
        let run = try folder(temporary.path, .resuming)
        #expect(run.checkpointPath == temporary.path + "/checkpoint.h5")
        #expect(temporary.names == ["checkpoint.h5"])
    }

    @Test func pathsAreTakenApart() {
        #expect(FileSystem.folder(of: "a/b/c") == "a/b")
        #expect(FileSystem.folder(of: "a") == ".")
        #expect(FileSystem.folder(of: "/a") == "/")
        #expect(FileSystem.name(of: "a/b/") == "b")
        #expect(FileSystem.join("a", "/b") == "/b")
        #expect(FileSystem.join(".", "b") == "b")
    }
}
