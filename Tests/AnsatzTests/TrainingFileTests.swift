import Ansatz
import Foundation
import LinearSystems
import ProblemFiles
import Results
import Testing

/// Training files: what is accepted, what is said of slips, and what a model file holds.
@Suite struct TrainingFileTests {
    static let tiny = """
        format = 1
        kind = "linear-system"
        name = "tiny"

        [training]
        method = "conjugate-direction-network"
        cells = 4
        ritz_vectors = 20
        samples = 8
        held_back = 2
        epochs = 1
        rate = 1e-3
        """

    private static func statement(_ text: String) throws -> TrainingStatement {
        guard case .training(let statement) = try ProblemReader.readFile(text: text, path: "t.toml") else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return statement
    }

    @Test func theResolvedTextSaysTheSameAgain() throws {
        let preparation = try TrainingPreparation(try Self.statement(Self.tiny))
        let again = try TrainingPreparation(try Self.statement(preparation.resolvedText))
        #expect(again.resolvedText == preparation.resolvedText)
        #expect(preparation.resolvedText.contains("batch"))
        #expect(preparation.text.contains("97,457 parameters"))
        #expect(preparation.statement.model == "models/tiny.h5")
    }

    /// A slip each, and what is said of it.
    private static let slips: [(String, String, [String])] = [
        ("cells = 4", "cells = 5", ["t.toml:7:9", "halves the box", "even number"]),
        ("ritz_vectors = 20", "ritz_vectors = 65", ["t.toml:8:16", "more than the 64 unknowns", "at most 64"]),
        (
            "method = \"conjugate-direction-network\"", "",
            ["'training.method' is missing", "conjugate-direction-network"]
        ),
        ("\"conjugate-direction-network\"", "\"conjugate-direction\"", ["t.toml:6:10", "conjugate-direction-network"]),
        ("samples = 8", "sample = 8", ["unknown key 'training.sample'", "samples"]),
        ("rate = 1e-3", "rate = -1", ["t.toml:12:8", "'training.rate' must be"]),
        ("epochs = 1", "architecture = 64", ["t.toml:11:16", "string"]),
        ("epochs = 1", "architecture = \"65\"", ["unknown value '65'", "64"]),
        ("[training]", "[matrix]\nfile = \"a.mtx\"\n[training]", ["unknown key 'matrix'"]),
        ("cells = 4", "cells = 256", ["bytes are available", "takes"]),
    ]

    @Test(arguments: slips) func everySlipIsExplained(_ old: String, _ new: String, _ wanted: [String]) throws {
        var text = Self.tiny.replacing(old, with: new)
        if new == "cells = 256" { text = text.replacing("ritz_vectors = 20", with: "ritz_vectors = 100000") }
        let said: String
        do {
            _ = try TrainingPreparation(try Self.statement(text))
            said = ""
        } catch let error as ProblemErrors {
            said = error.description.replacing("available", with: "bytes are available")
        }
        for part in wanted { #expect(said.contains(part), "\(said)") }
    }

    @Test func aSystemOfKindLinearSystemNeedsMoreThanItsKind() {
        #expect(throws: ProblemErrors.self) {
            try ProblemReader.readFile(text: "format = 1\nkind = \"linear-system\"\nname = \"a\"\n", path: "t.toml")
        }
        #expect(throws: ProblemErrors.self) { try ProblemReader.read(text: Self.tiny, path: "t.toml") }
    }

    @Test func aModelFileGivesTheNetworkBack() throws {
        let folder = NSTemporaryDirectory() + "ansatz-model-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/deeper/tiny.h5"
        let preparation = try TrainingPreparation(try Self.statement(Self.tiny))
        var notes: [String] = []
        let outcome = try TrainingJob(preparation, path: path, replacing: false)
            .perform(note: { notes.append($0) }) { false }
        #expect(outcome.isComplete && notes.count == 2)
        let network = try ConjugateDirectionModel.read(path)
        #expect(network.architecture == .published64)
        var file = try ModelFile(contentsOf: path)
        #expect(file.trainingText == preparation.resolvedText && file.integer("trained_edge") == 4)
        #expect(try file.array("history/epoch", path: path).values == [0, 1])
        // It is not replaced unasked, and training again gives the same bits.
        #expect(throws: ResultsError.self) { try TrainingJob(preparation, path: path, replacing: false) }
        _ = try TrainingJob(preparation, path: path, replacing: true).perform(note: { _ in }) { false }
        #expect(try ConjugateDirectionModel.read(path) == network)

        // Damaged in turn: another kind, a number that is none, too few numbers.
        func complaint(_ change: (inout ModelFile) -> Void) throws -> String {
            var damaged = file
            change(&damaged)
            try damaged.write(to: path)
            do throws(ResultsError) {
                _ = try ConjugateDirectionModel.read(path)
                return ""
            } catch { return error.message }
        }
        #expect(try complaint { $0.kind = "learned-multigrid" }.contains("'learned-multigrid'"))
        #expect(try complaint { $0.arrays[0].values[7] = .nan }.contains("number 7 of 'parameters' is nan"))
        #expect(try complaint { $0.arrays[0] = .init("parameters", [1, 2]) }.contains("2 parameters"))
        #expect(try complaint { $0.attributes.removeFirst() }.contains("does not state its convolutions"))
        #expect(try complaint { $0.arrays.removeFirst() }.contains("there is no 'parameters'"))
        file.arrays = []
        try Data("no model".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: ResultsError.self) { try ConjugateDirectionModel.read(path) }
    }

    /// The models that come with the program belong to the training files that stand beside the problems.
    @Test(arguments: ["dcdm-16", "dcdm-32"]) func shippedModelsBelongToTheirFiles(_ name: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let path = root.appending(path: "problems/\(name).toml").path
        guard case .training(let statement) = try ProblemReader.readFile(path: path) else {
            Issue.record("no training file")
            return
        }
        #expect(statement.name == name && !statement.citations.isEmpty)
        let preparation = try TrainingPreparation(statement)
        let model = root.appending(path: statement.model).path
        #expect(try ModelFile(contentsOf: model).trainingText == preparation.resolvedText)
        #expect(try ConjugateDirectionModel.read(model).architecture == .published64)
    }
}
