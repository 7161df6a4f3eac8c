import Foundation
import Results
import Testing

/// Histories and logs: what is written reads back the same, also from a run that is still going.
@Suite struct HistoryTests {
    private static let history = History(
        terms: ["helmholtz", "u = 0, \"walls\""], unknowns: ["u", "v"],
        rows: [
            .init(
                step: 0, stage: 1, seconds: 0, loss: 1.0 / 3, rate: 1e-3, losses: [1e-300, 2], weights: [1, 1],
                errors: [1, .infinity]),
            .init(
                step: 100, stage: 2, seconds: 2.5, loss: 5e-7, rate: 1, losses: [0, 0.1], weights: [1, 37.5],
                errors: [0.25, 1e-9]),
        ])

    private static func write(_ history: History, to path: String) throws {
        let writer = try HistoryWriter(path: path, terms: history.terms, unknowns: history.unknowns)
        for row in history.rows { try writer.append(row) }
    }

    @Test func readsBackWhatWasWritten() throws {
        let folder = try TemporaryFolder()
        try Self.write(Self.history, to: folder.file("history.csv"))
        #expect(try History(contentsOf: folder.file("history.csv")) == Self.history)
        let header = try folder.text("history.csv").prefix { $0 != "\n" }
        #expect(
            header == "step,stage,seconds,loss,rate,loss_helmholtz,\"loss_u = 0, \"\"walls\"\"\",weight_helmholtz,"
                + "\"weight_u = 0, \"\"walls\"\"\",relative_l2_u,relative_l2_v")
    }

    @Test func unknownNumbersAreEmptyCells() throws {
        let folder = try TemporaryFolder()
        var history = History(terms: ["a"], unknowns: ["u"])
        history.rows = [
            .init(step: 1, stage: 1, seconds: 0, loss: 1, rate: 1, losses: [1], weights: [1], errors: [.nan])
        ]
        try Self.write(history, to: folder.file("history.csv"))
        #expect(try folder.text("history.csv").hasSuffix("\n1,1,0.0,1.0,1.0,1.0,1.0,\n"))
        #expect(try History(contentsOf: folder.file("history.csv")).rows[0].errors[0].isNaN)
    }

    @Test func everyPrefixOfTheFileReadsAsThoseRowsThatAreComplete() throws {
        let folder = try TemporaryFolder()
        try Self.write(Self.history, to: folder.file("whole.csv"))
        let text = try folder.text("whole.csv")
        let header = try #require(text.firstIndex(of: "\n"))
        for end in text.indices where end > header {
            let prefix = text[..<end]
            try atomicWrite(String(prefix), to: folder.file("part.csv"))
            let rows = try History(contentsOf: folder.file("part.csv")).rows
            #expect(rows == Array(Self.history.rows.prefix(prefix.count { $0 == "\n" } - 1)))
        }
    }

    @Test func rowsThatDoNotFitTheHeaderAreErrors() throws {
        let folder = try TemporaryFolder()
        let writer = try HistoryWriter(path: folder.file("history.csv"), terms: ["a", "b"], unknowns: [])
        let error = try #require(throws: ResultsError.self) {
            try writer.append(.init(step: 0, stage: 1, seconds: 0, loss: 0, rate: 0, losses: [1], weights: [1, 1]))
        }
        #expect(error.kind == .inconsistent)
    }

    @Test(arguments: [
        ("", "it has no header line"), ("a,b\n", "its columns are a, b"),
        ("step,stage,seconds,loss\n", "not a history of version 3"),
        ("step,stage,seconds,loss,rate,loss_a,relative_l2_u\n", "not a history of version 3"),
        ("step,stage,seconds,loss,rate\n1,1,0,1\n", "line 2 is not a row of 5 numbers"),
        ("step,stage,seconds,loss,rate\n1,1,0,1,1\n2,1,0,x,1\n", "line 3 is not a row of 5 numbers"),
        ("\"step\n", "it has no header line"),
    ])
    func brokenFilesAreErrors(_ text: String, _ words: String) throws {
        let folder = try TemporaryFolder()
        try atomicWrite(text, to: folder.file("history.csv"))
        let error = try #require(throws: ResultsError.self) { try History(contentsOf: folder.file("history.csv")) }
        #expect(error.kind == .unreadable)
        #expect(error.message.contains(words), "\(error)")
    }

    /// A program that is killed between creating the file and writing its header must not leave an empty one: the file has its
    /// name from the moment at which it has its header.
    @Test func aHistoryIsNeverEmpty() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("history.csv")
        try Self.write(Self.history, to: path)
        try FileManager.default.linkItem(atPath: path, toPath: folder.file("earlier.csv"))
        let writer = try HistoryWriter(path: path, terms: ["a"], unknowns: [])
        // The earlier file was not emptied, but replaced.
        #expect(try History(contentsOf: folder.file("earlier.csv")) == Self.history)
        #expect(try History(contentsOf: path) == History(terms: ["a"], unknowns: []))
        try writer.append(.init(step: 3, stage: 1, seconds: 0, loss: 1, rate: 1, losses: [1], weights: [1]))
        #expect(try History(contentsOf: path).rows.map(\.step) == [3])
        #expect(writer.position.bytes == FileManager.default.contents(atPath: path)?.count)
        #expect(try folder.names.sorted() == ["earlier.csv", "history.csv"])
    }

    @Test func aMissingFileIsSaidToBeMissing() throws {
        let folder = try TemporaryFolder()
        let error = try #require(throws: ResultsError.self) { try History(contentsOf: folder.file("history.csv")) }
        #expect(error.kind == .missingFile)
    }

    // MARK: Logs

    @Test func everyLineOfALogIsAnObject() throws {
        let folder = try TemporaryFolder()
        let log = try LogWriter(path: folder.file("log.jsonl"))
        try log.write(.start, [.init("problem", "helmholtz-2d")])
        try log.write(Self.history.rows[0], terms: Self.history.terms, unknowns: Self.history.unknowns)
        try log.write(.warning, [.init("message", "two\nlines \"quoted\" \\ \u{1} ∂ 🙂")])
        try log.write(.end, [.init("stopped_because", "steps done")])
        let lines = try folder.text("log.jsonl").split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(lines.map { $0["event"] as? String } == ["start", "log", "warning", "end"])
        #expect(lines[0]["history_schema"] as? Int == History.schemaVersion)
        #expect((lines[1]["losses"] as? [String: Double])?["u = 0, \"walls\""] == 2)
        #expect((lines[1]["relative_l2"] as? [String: Any])?["v"] as? String == "Infinity")
        #expect(lines[2]["message"] as? String == "two\nlines \"quoted\" \\ \u{1} ∂ 🙂")
    }

    @Test(arguments: [
        (JSONValue.object([.init("b", 1), .init("a", .list([true, .null]))]), #"{"b":1,"a":[true,null]}"#),
        (.list([0.1, .number(1e300), -2, .number(.nan)]), #"[0.1,1e+300,-2,"NaN"]"#), (.object([]), "{}"),
        ("\t", #""\t""#),
    ])
    func objectsKeepTheirOrder(_ value: JSONValue, _ text: String) { #expect(value.description == text) }
}
