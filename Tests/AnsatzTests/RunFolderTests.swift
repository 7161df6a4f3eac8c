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
    private func folder(_ path: String, overwrite: Bool = false) throws -> RunFolder {
        try RunFolder(path: path, fieldsName: "fields.h5", overwrite: overwrite)
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
        _ = try folder(temporary.path + "/run", overwrite: true)
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
            try folder(temporary.path + "/run", overwrite: true)
        }
    }

    @Test func anEarlierRunStaysUntilTheNewOneIsFinished() throws {
        let temporary = try TemporaryFolder()
        for name in ["fields.h5", "history.csv", "checkpoint.h5", "figures/old.svg", "notes.txt"] {
            try temporary.write("earlier", name)
        }
        let run = try folder(temporary.path, overwrite: true)
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
        let run = try folder(temporary.path, overwrite: true)
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
        let run = try folder(temporary.path, overwrite: true)
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
        try folder(temporary.path, overwrite: true).begin()
        #expect(!temporary.names.contains(".unfinished-99999999"))
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
