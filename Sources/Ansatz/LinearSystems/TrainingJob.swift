import Foundation
import Parallelism
import ProblemFiles
import Results

/// Trains a model and writes its file.
public struct TrainingJob {
    private let preparation: TrainingPreparation
    private let path: String

    /// Checks that the file can be written; writes nothing.
    ///
    /// - Parameter path: the model file; nil takes that of the training file.
    /// - Throws: `ResultsError` where there is such a file already and it is not to be replaced.
    public init(_ preparation: TrainingPreparation, path: String? = nil, replacing: Bool) throws {
        self.preparation = preparation
        self.path = path ?? preparation.statement.model
        if !replacing, FileSystem.kind(self.path) != nil {
            throw ResultsError(
                .alreadyThere, path: self.path, "is already there; --overwrite replaces it, --output names another file"
            )
        }
    }

    /// Trains and writes. A training that was ended early leaves the best model so far.
    ///
    /// - Throws: `ResultsError` when writing fails, `TrainingFailure`.
    public func perform(note: (String) -> Void, isInterrupted: () -> Bool) throws -> ModelTrainingOutcome {
        let statement = preparation.statement
        let pool = WorkerPool(threads: statement.run.threads > 0 ? statement.run.threads : WorkerPool.availableCores)
        let model = try preparation.training.train(pool: pool) { remark in
            if let remark { note(remark) }
            return !isInterrupted()
        }
        let file = ModelFile(
            kind: model.kind, programVersion: Program.version, attributes: model.attributes,
            trainingText: preparation.resolvedText, arrays: model.arrays)
        let folder = FileSystem.folder(of: path)
        if FileSystem.kind(folder) == nil {
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            } catch {
                throw ResultsError(.cannotWrite, path: folder, "cannot be made: \(error.localizedDescription)")
            }
        }
        try file.write(to: path)
        return ModelTrainingOutcome(name: statement.name, path: path, model: model)
    }
}

/// What `train` reports.
public struct ModelTrainingOutcome {
    /// The model file.
    public let path: String
    /// Whether the training went through to its end.
    public let isComplete: Bool
    private let name: String
    private let facts: [(String, String)]
    private let members: [JSONValue.Member]

    init(name: String, path: String, model: TrainedModel) {
        (self.name, self.path, isComplete) = (name, path, model.isComplete)
        (facts, members) = (model.facts, model.members)
    }

    /// The report, without a line feed at the end.
    public var text: String {
        let heading = "\(name) \(isComplete ? "is trained" : "was interrupted; the best model so far is kept")"
        return ([heading, ""] + ReportText.table((facts + [("model", path)]).map { [$0.0, $0.1] }))
            .joined(separator: "\n")
    }

    /// The report for programs.
    public var json: JSONValue {
        .object(
            [.init("problem", .text(name)), .init("complete", .truth(isComplete))] + members
                + [.init("model", .text(path))])
    }
}
