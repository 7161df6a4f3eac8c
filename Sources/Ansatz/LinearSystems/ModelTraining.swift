import Parallelism
import ProblemFiles
import Results

/// A way to train a model for linear systems: one file, and one line in ``TrainingCatalog``.
protocol ModelTraining: Sendable {
    /// The name in training files.
    static var name: String { get }
    /// One line for listings.
    static var summary: String { get }
    /// The options of `[training]`.
    static var options: [OptionTable.Option] { get }
    /// Takes checked options over; throws what only the method can find wrong, with places in the file.
    init(_ options: ResolvedOptions, seed: UInt64) throws(ProblemErrors)
    /// What `check` says, a label and a text each.
    var facts: [(String, String)] { get }
    /// Bytes that training takes.
    var memory: Int { get }
    /// Trains.
    ///
    /// - Parameter watch: takes a remark (nil most of the time) and says false to end early.
    /// - Throws: `TrainingFailure`.
    func train(pool: WorkerPool, watch: (String?) -> Bool) throws(TrainingFailure) -> TrainedModel
}

/// Why a training gave no model, in a sentence with a way out.
public struct TrainingFailure: Error, CustomStringConvertible {
    /// The sentence.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// What a training gave.
struct TrainedModel {
    /// The kind that the model file names.
    var kind: String
    /// Facts on the model, which go into the file.
    var attributes: [FieldFile.Attribute]
    /// Parameters and history.
    var arrays: [ModelFile.Array]
    /// What the command says of it, a label and a text each.
    var facts: [(String, String)]
    /// Numbers for programs.
    var members: [JSONValue.Member]
    /// Whether it went through to its end.
    var isComplete: Bool
}

/// The ways to train models.
public enum TrainingCatalog {
    /// In the order in which they are listed.
    static let methods: [any ModelTraining.Type] = [
        LearnedMultigridTraining.self, ConjugateDirectionModelTraining.self,
    ]

    /// `[training]`: a table that is chosen by its key `method`.
    package static let options = OptionTable.Kind.oneOf(
        methods.map { OptionTable.Choice($0.name, OptionTable($0.summary, $0.options)) }, by: "method", default: nil)
}

/// A training file whose method has accepted its options: what `check` reports on and `train` trains.
public struct TrainingPreparation: Sendable {
    /// What the file says.
    public let statement: TrainingStatement
    /// The file with every default filled in; reading it again gives the same training.
    public let resolvedText: String
    let training: any ModelTraining

    /// Resolves `[training]`.
    ///
    /// - Throws: `ProblemErrors` with places in the file.
    public init(_ statement: TrainingStatement) throws(ProblemErrors) {
        var diagnostics: [Diagnostic] = []
        let selection = TrainingCatalog.options.resolveSelection(
            statement.training, path: "training", into: &diagnostics)
        guard let selection, let method = TrainingCatalog.methods.first(where: { $0.name == selection.name }),
            !diagnostics.hasErrors
        else { throw ProblemErrors(diagnostics) }
        self.statement = statement
        training = try method.init(selection.options, seed: statement.run.seed)
        resolvedText = statement.resolvedText(training: selection.options.tree)
        let available = availableMemory()
        guard training.memory <= available else {
            throw ProblemErrors([
                statement.training.origin.diagnostic(
                    .error,
                    "this training takes \(NumberText.bytes(training.memory)), and \(NumberText.bytes(available)) are "
                        + "available",
                    hint: "fewer cells, samples or Ritz vectors take less")
            ])
        }
    }

    /// What `check` says, without a line feed at the end.
    public var text: String {
        let heading = statement.title.isEmpty ? statement.name : "\(statement.name)   \(statement.title)"
        let rows =
            [("training", type(of: training).name)] + training.facts + [
                ("memory", NumberText.bytes(training.memory)), ("model", statement.model),
                ("warnings", statement.warnings.isEmpty ? "none" : String(statement.warnings.count)),
            ]
        return ([heading, ""] + ReportText.table(rows.map { [$0.0, $0.1] })).joined(separator: "\n")
    }

    /// The same for programs.
    public var json: JSONValue {
        .object(
            [
                .init("problem", .text(statement.name)), .init("title", .text(statement.title)),
                .init("training", .text(type(of: training).name)),
            ] + training.facts.map { .init($0.0, .text($0.1)) } + [
                .init("memory", .number(Double(training.memory))), .init("model", .text(statement.model)),
            ])
    }
}
