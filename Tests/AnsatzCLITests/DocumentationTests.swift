import Foundation
import Testing

/// The documentation shows files that exist, and those work.
@Suite struct DocumentationTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "../.."
    ).path
    private static let snippets = root + "/docs/snippets"

    /// Every block below a comment that names a file is that file.
    @Test(arguments: ["tutorial.md"])
    func snippetsAreFiles(page: String) throws {
        let text = try String(contentsOfFile: Self.root + "/docs/" + page, encoding: .utf8)
        let parts = text.components(separatedBy: "<!-- docs/snippets/").dropFirst()
        #expect(!parts.isEmpty)
        for part in parts {
            let name = String(part.prefix { $0 != " " })
            let block = try #require(part.components(separatedBy: "```").dropFirst().first)
            let shown = block.drop { $0 != "\n" }.dropFirst()
            #expect(
                String(shown) == (try String(contentsOfFile: Self.snippets + "/" + name, encoding: .utf8)), "\(name)")
        }
    }

    /// Every complete problem file that a page shows is one that `check` understands.
    @Test(arguments: [
        "README.md", "docs/problem-files.md", "docs/tutorial.md", "docs/symptoms.md", "docs/transport.md",
        "docs/linear-systems.md", "docs/training.md",
    ])
    func completeFilesAreUnderstood(page: String) throws {
        let text = try String(contentsOfFile: Self.root + "/" + page, encoding: .utf8)
        let blocks = text.components(separatedBy: "```toml\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
        for block in blocks where block.hasPrefix("format") {
            let place = try Workplace(["shown.toml": block])
            let result = try place.run("check", "shown.toml")
            #expect(result.status == 0, "\(page): \(result.errors)")
        }
    }

    /// The commands of the tutorial do what they say, with short runs.
    @Test(arguments: ["first.sh", "own.sh", "geometry.sh"])
    func commandsRun(script: String) throws {
        let place = try Workplace()
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.snippets) where name.hasSuffix(".toml") {
            try FileManager.default.copyItem(atPath: Self.snippets + "/" + name, toPath: place.path + "/" + name)
        }
        let lines = try String(contentsOfFile: Self.snippets + "/" + script, encoding: .utf8).split(separator: "\n")
        for line in lines {
            var words = line.split(separator: " ").map(String.init)
            #expect(words.removeFirst() == "ansatz")
            if words.first == "solve" { words += ["--steps", "3"] }
            let result = try Program.run(words, in: place.path)
            #expect(result.status == 0, "\(line): \(result.errors)")
        }
    }
}
