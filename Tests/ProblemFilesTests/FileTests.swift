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
            #expect(message(path) == "p.toml:1:1: error: the file is empty\n   a problem file begins with: format = 1")
        }
    }

    @Test func bytesThatAreNoTextAreLocated() throws {
        try withFile(Data("format = 1\nname = \"\u{E9}".utf8) + Data([0xFF, 0x22])) { path in
            #expect(
                message(path)
                    == "p.toml:2:10: error: not UTF-8 text: byte 0xFF at offset 21\n   save the file as UTF-8")
        }
        try withFile(Data([0xC3])) { path in
            #expect(
                message(path)
                    == "p.toml:1:1: error: not UTF-8 text: byte 0xC3 at offset 0\n   save the file as UTF-8")
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
    @Test(arguments: HostileText.all)
    func deepNestingIsAnError(_ hostile: HostileText) {
        let error = #expect(throws: ProblemErrors.self) {
            try ProblemReader.read(text: hostile.text, path: "p.toml")
        }
        #expect(error?.diagnostics.hasErrors == true)
    }
}

/// A text with 100,000 levels of something.
struct HostileText: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String

    /// A beginning, a unit that is repeated, and an end, perhaps inside the equation of a sample.
    init(_ title: String, _ beginning: String, _ unit: String, _ end: String, inEquation: Bool = false) {
        testDescription = title
        let repeated = beginning + String(repeating: unit, count: 100_000) + end
        text = inEquation ? Samples.minimal.replacing("laplacian(u) = 1", with: repeated) : repeated
    }

    static let all = [
        HostileText("arrays", "a = ", "[", ""),
        HostileText("inline tables", "a = ", "{a=", ""),
        HostileText("dotted key", "a", ".a", " = 1"),
        HostileText("dotted header", "[a", ".a", "]"),
        HostileText("dotted quoted key", "a", ".\"a\"", " = 1"),
        HostileText("brackets", "u = ", "(", "1", inEquation: true),
        HostileText("signs", "u = ", "-", "1", inEquation: true),
        HostileText("calls", "u = ", "sin(", "1", inEquation: true),
        HostileText("sums", "u = ", "1+", "z", inEquation: true),
        HostileText("powers", "u = 1", "^2", "", inEquation: true),
        HostileText("vectors", "u = ", "[", "1", inEquation: true),
        HostileText("negations", "u = ", "not ", "1", inEquation: true),
    ]
}
