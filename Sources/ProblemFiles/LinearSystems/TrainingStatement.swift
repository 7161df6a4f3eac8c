import Expressions

/// A checked file that describes how a model for linear systems is trained: one of kind "linear-system" with a section `[training]`.
///
/// A plain value, as ``Problem`` is for equations. The options of the training are interpreted by whoever trains.
public struct TrainingStatement: Sendable {
    /// The name; names the model file.
    public var name: String
    /// A line that says what it is, empty when there is none.
    public var title: String
    /// Where the method comes from: DOIs, references.
    public var citations: [String]
    /// The file it was read from.
    public var source: SourceText?
    /// The section `[training]`: options that the method itself interprets.
    public var training: OptionTree
    /// Named sets of overrides.
    public var variants: [Variant]
    /// Which variant this is, nil for the file as it stands.
    public var variant: String?
    /// The model file to write.
    public var model: String
    /// Seed and threads.
    public var run: RunSettings
    /// What is probably not meant.
    public var warnings: [Diagnostic]
    /// The complete file as a tree: defaults filled in, overrides and variant applied.
    public var tree: OptionTree

    /// The complete file as TOML: reading it gives an equal one.
    ///
    /// - Parameter training: the completed section; by default what was given.
    public func resolvedText(training: OptionTree? = nil) -> String {
        var tree = tree
        if let training { tree["training"] = training }
        return tree.tomlText
    }

    /// The options of `[output]`.
    static func outputOptions(name: String) -> OptionTable {
        OptionTable(
            "what a training keeps",
            [
                .text("model", default: "models/\(name).h5", help: "the model file, relative to where the program runs")
            ])
    }

    /// The options of `[run]`.
    static let runOptions = OptionTable(
        "bookkeeping of a training",
        [
            .integer("seed", .nonNegative, default: 0, help: "the one seed of all random numbers"),
            .integer("threads", .between(0, 1_024), default: 0, help: "threads; 0 means all cores"),
        ])
}
