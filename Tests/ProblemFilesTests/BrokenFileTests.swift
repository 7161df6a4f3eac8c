import ProblemFiles
import Testing

/// A file with a slip, and everything that must be said about it.
struct BrokenFile: Sendable, CustomTestStringConvertible {
    var title: String
    var text: String
    var overrides: [String] = []
    var messages: String

    var testDescription: String { title }

    /// A sample with a line replaced.
    init(
        _ title: String, _ line: String, _ replacement: String, in sample: String = Samples.minimal,
        says messages: String
    ) {
        self.title = title
        precondition(sample.contains(line), "no such line: \(line)")
        text = sample.replacing(line, with: replacement)
        self.messages = messages
    }

    /// A whole file, perhaps with settings.
    init(_ title: String, text: String = Samples.minimal, overrides: [String] = [], says messages: String) {
        self.title = title
        self.text = text
        self.overrides = overrides
        self.messages = messages
    }
}

@Suite struct BrokenFileTests {
    @Test(arguments: BrokenFile.all)
    func everySlipIsExplained(_ file: BrokenFile) {
        let error = #expect(throws: ProblemErrors.self) {
            try ProblemReader.readFile(text: file.text, path: "p.toml", overrides: file.overrides)
        }
        #expect(error?.description == file.messages)
    }
}

extension BrokenFile {
    static let all =
        document + domain + places + expressions + conditions + options + figures + unknownParameters + shapes
        + regions + integrals + referenceBox + transport + linearSystem
}
