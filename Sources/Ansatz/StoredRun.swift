import Foundation
import ProblemFiles
import Results

/// A run folder on the disk, of a run that is finished, going on, or was ended from outside.
public struct StoredRun: Sendable {
    /// The folder.
    public let folder: String
    /// The name of the file with the fields; nil while there is none.
    public let fieldsName: String?
    /// Whether there is a history.
    public let hasHistory: Bool

    /// Files of a run that end like field files and are none.
    private static let otherNames = [
        Checkpoint.defaultName, Comparison.fileName, GradientHistory.defaultName, SamplingHistory.defaultName,
    ]

    /// Looks into a folder.
    ///
    /// Throws `ResultsError` when there is no such folder, or when it holds no run.
    public init(_ folder: String) throws(ResultsError) {
        self.folder = folder
        guard let kind = FileSystem.kind(folder) else {
            throw ResultsError(.missingFile, path: folder, "there is no such folder")
        }
        guard kind == .folder else {
            throw ResultsError(.unreadable, path: folder, "is not a folder; give the folder that a run wrote to")
        }
        let names = try FileSystem.names(in: folder)
        let candidates = [FieldFile.defaultName] + names.filter { $0.hasSuffix(".h5") || $0.hasSuffix(".nc") }
        fieldsName = candidates.first { names.contains($0) && !Self.otherNames.contains($0) && !$0.hasPrefix(".") }
        hasHistory = names.contains(History.defaultName)
        // A run that was killed at its very beginning has left no more than its problem file.
        guard fieldsName != nil || hasHistory || names.contains(RunFolder.problemName) else {
            if names.contains(ComparisonPlan.membersName) {
                throw ResultsError(
                    .missingFile, path: folder,
                    "holds a comparison; its runs are in \(path(ComparisonPlan.membersName))")
            }
            throw ResultsError(
                .missingFile, path: folder,
                "holds no run: neither \(History.defaultName) nor \(FieldFile.defaultName) is there")
        }
    }

    /// The path of a file in the folder.
    public func path(_ name: String) -> String { FileSystem.join(folder, name) }

    /// Reads the fields; throws while there are none.
    public func fields() throws(ResultsError) -> FieldFile {
        guard let fieldsName else {
            throw ResultsError(
                .missingFile, path: folder,
                "holds no fields yet: the run is going on, or was ended before it wrote them")
        }
        return try FieldFile(contentsOf: path(fieldsName))
    }

    /// The problem file with every default filled in: that in the folder, else the one that the fields carry.
    package func problemText(_ fields: FieldFile?) -> String? {
        if let bytes = FileManager.default.contents(atPath: path(RunFolder.problemName)) {
            return String(decoding: bytes, as: UTF8.self)
        }
        if case .text(let text) = fields?.attribute("problem_text") { return text }
        return nil
    }

    /// The name of the problem, as far as the folder tells it.
    package func problemName(_ fields: FieldFile?) -> String? {
        if case .text(let name) = fields?.attribute("problem_name") { return name }
        guard let text = problemText(nil),
            let tree = try? OptionTree.parse(SourceText(text, name: RunFolder.problemName))
        else { return nil }
        return tree["name"]?.text
    }

    /// Reads the gradients of the loss terms; throws when the run has kept none.
    package func gradients() throws(ResultsError) -> GradientHistory {
        let path = path(GradientHistory.defaultName)
        guard FileSystem.kind(path) != nil else {
            throw ResultsError(
                .missingFile, path: path,
                "is not there: the run looks at gradients where its problem file has output.gradients = { every = 1000 }"
            )
        }
        return try GradientHistory(contentsOf: path)
    }

    /// Reads points and residuals; throws when the run has kept none.
    package func sampling() throws(ResultsError) -> SamplingHistory {
        let path = path(SamplingHistory.defaultName)
        guard FileSystem.kind(path) != nil else {
            throw ResultsError(
                .missingFile, path: path,
                "is not there: the run looks at points where its problem file has output.sampling = { every = 1000 }")
        }
        return try SamplingHistory(contentsOf: path)
    }

    /// Reads the history, also of a run that is going on.
    public func history() throws(ResultsError) -> History { try History(contentsOf: path(History.defaultName)) }
}
