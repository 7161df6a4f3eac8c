import Foundation
import Results
import Testing

/// Writing files: complete or not at all, with errors that say what to do.
@Suite struct AtomicFileTests {
    @Test func replacesTheWholeFileAndLeavesNothingBeside() throws {
        let folder = try TemporaryFolder()
        try atomicWrite("a longer first text", to: folder.file("problem.toml"))
        try atomicWrite("second ∂", to: folder.file("problem.toml"))
        #expect(try folder.text("problem.toml") == "second ∂")
        #expect(try folder.names == ["problem.toml"])
    }

    @Test func aFailedWriteKeepsWhatWasThere() throws {
        let folder = try TemporaryFolder()
        try atomicWrite("first", to: folder.file("fields.h5"))
        let failure = ResultsError(.cannotWrite, path: "fields.h5", "half way")
        #expect(throws: failure) {
            try atomicallyReplace(folder.file("fields.h5")) { (temporary) throws(ResultsError) in
                try OutputFile(path: temporary, exclusive: true).write([1, 2, 3])
                throw failure
            }
        }
        #expect(try folder.text("fields.h5") == "first")
        #expect(try folder.names == ["fields.h5"])
    }

    private static let file = FieldFile(axes: [.init("x", [0, 1])], variables: [.init("u", [1, 2])])

    @Test(arguments: [
        ("missing/f.h5", "there is no such folder"), ("file/f.h5", "part of the path is a file"),
        ("folder", "it is a folder"),
    ])
    func impossiblePlacesAreErrors(_ name: String, _ words: String) throws {
        let folder = try TemporaryFolder()
        try atomicWrite("", to: folder.file("file"))
        try FileManager.default.createDirectory(atPath: folder.file("folder"), withIntermediateDirectories: false)
        let path = folder.file(name)
        for write in [{ try atomicWrite("text", to: path) }, { try Self.file.write(to: path) }] {
            let error = try #require(throws: ResultsError.self) { try write() }
            #expect(error.kind == .cannotWrite && error.path == path)
            #expect(error.message.contains(words), "\(error)")
        }
    }

    @Test func devicesAreNeverReplaced() throws {
        let error = try #require(throws: ResultsError.self) { try atomicWrite("text", to: "/dev/full") }
        #expect(error.message.contains("not an ordinary file"))
    }

    @Test func aFullDiskIsAnError() throws {
        let attempts: [() throws -> Void] = [
            { try OutputFile(path: "/dev/full").write([1]) },
            { _ = try HistoryWriter(path: "/dev/full", terms: ["a"], unknowns: []) },
            { try LogWriter(path: "/dev/full").write(.warning, []) },
        ]
        for attempt in attempts {
            let error = try #require(throws: ResultsError.self) { try attempt() }
            #expect(error == ResultsError(.cannotWrite, path: "/dev/full", "cannot be written: the disk is full"))
        }
    }
}
