import Foundation
import ProblemFiles
import Testing

/// Slips that concern a file as a whole.
@Suite struct FileTests {
    /// Runs a body with the path of a file, or of nothing, in a folder of its own.
    private func withFile(_ contents: Data?, _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("problem-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("p.toml").path
        if let contents { try contents.write(to: URL(fileURLWithPath: path)) }
        try body(path)
    }

    private func message(_ path: String) -> String? {
        do {
            _ = try ProblemReader.read(path: path)
            return nil
        } catch {
            return error.description.replacing(path, with: "p.toml")
        }
    }

    @Test func aMissingFileIsNamed() throws {
        try withFile(nil) { path in
            #expect(message(path) == "p.toml: error: no such file")
        }
    }

    @Test func aDirectoryIsNoFile() throws {
        let path = FileManager.default.temporaryDirectory.path
        #expect(message(path) == "p.toml: error: this is a directory, not a problem file")
    }

    @Test(arguments: ["", " \n\t\n", "\u{FEFF}"])
    func anEmptyFileSaysHowToBegin(text: String) throws {
        try withFile(Data(text.utf8)) { path in
            #expect(message(path) == "p.toml: error: the file is empty\n   a problem file begins with: format = 1")
        }
    }

    @Test func bytesThatAreNoTextAreLocated() throws {
        try withFile(Data("format = 1\nname = \"\u{E9}".utf8) + Data([0xFF, 0x22])) { path in
            #expect(
                message(path)
                    == "p.toml: error: not UTF-8 text: byte 0xFF at offset 21, line 2\n   save the file as UTF-8")
        }
        try withFile(Data([0xC3])) { path in
            #expect(
                message(path)
                    == "p.toml: error: not UTF-8 text: byte 0xC3 at offset 0, line 1\n   save the file as UTF-8")
        }
    }

    @Test func aHugeFileIsRefusedUnread() throws {
        try withFile(Data()) { path in
            let file = try #require(FileHandle(forWritingAtPath: path))
            try file.truncate(atOffset: 50 << 20)
            try file.close()
            #expect(
                message(path) == """
                    p.toml: error: the file is larger than 4 MB, which no problem file is
                       data belong in files of their own, which the problem file names
                    """)
        }
    }

    @Test func aByteOrderMarkAndWindowsLineEndsDoNotMovePlaces() throws {
        let text = "\u{FEFF}" + Samples.minimal.replacing("\n", with: "\r\n").replacing("'u = 0'", with: "'u = z'")
        try withFile(Data(text.utf8)) { path in
            #expect(
                message(path) == """
                    p.toml:15:44: error: 'z' is not declared
                       15 | walls = { on = "boundary", equation = 'u = z' }
                          |                                            ^
                    """)
        }
    }

    @Test func pathsAreRelativeToTheProblemFile() throws {
        let text = Samples.minimal + "\n[reference]\nfile = \"data/u.h5\"\nu = \"u\"\n"
        try withFile(Data(text.utf8)) { path in
            let folder = path.dropLast("p.toml".count)
            #expect(message(path)?.hasSuffix("looked for \(folder)data/u.h5") == true)
            try FileManager.default.createDirectory(atPath: folder + "data", withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: folder + "data/u.h5"))
            let problem = try ProblemReader.read(path: path)
            guard case .file(let file)? = problem.reference else {
                Issue.record("no reference file")
                return
            }
            #expect(file.path == folder + "data/u.h5" && file.file == "data/u.h5" && file.axes == ["x", "y"])
        }
    }

    /// Nesting that would exhaust the stack of a careless reader.
    @Test(arguments: [
        "a = " + String(repeating: "[", count: 100_000),
        "a = " + String(repeating: "{a=", count: 100_000),
        "a" + String(repeating: ".a", count: 100_000) + " = 1",
        "[a" + String(repeating: ".a", count: 100_000) + "]",
        "a" + String(repeating: ".\"a\"", count: 100_000) + " = 1",
        Samples.minimal.replacing("= 1'", with: "= " + String(repeating: "(", count: 100_000) + "1'"),
        Samples.minimal.replacing("= 1'", with: "= " + String(repeating: "-", count: 100_000) + "1'"),
        Samples.minimal.replacing("= 1'", with: "= " + String(repeating: "sin(", count: 100_000) + "1'"),
        Samples.minimal.replacing("= 1'", with: "= " + String(repeating: "1+", count: 100_000) + "z'"),
        Samples.minimal.replacing("= 1'", with: "= 1" + String(repeating: "^2", count: 100_000) + "'"),
        Samples.minimal.replacing("\"boundary\"", with: "\"" + String(repeating: "not ", count: 100_000) + "left\""),
    ])
    func deepNestingIsAnError(text: String) {
        let error = #expect(throws: ProblemErrors.self) { try ProblemReader.read(text: text, path: "p.toml") }
        #expect(error?.diagnostics.hasErrors == true)
    }
}
