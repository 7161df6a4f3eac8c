/// Turns the tree of a file with a section `[training]` into a statement, gathering everything that is wrong.
struct TrainingChecker {
    /// Reads what all kinds have in common, and gathers the complaints.
    var base: ProblemChecker

    static let sections = ["format", "kind", "name", "title", "cite", "training", "variants", "output", "run"]

    init(_ base: ProblemChecker) { self.base = base }

    /// Whether a file describes a training.
    static func isTraining(_ tree: OptionTree) -> Bool {
        tree["kind"]?.text == "linear-system" && tree["training"] != nil
    }

    /// The statement, or all that is wrong.
    mutating func statement() throws(ProblemErrors) -> TrainingStatement {
        let header = base.readHeader(sections: Self.sections)
        let output = base.resolve(TrainingStatement.outputOptions(name: header.name), "output")
        let run = base.resolve(TrainingStatement.runOptions, "run")
        let training = base.root["training"] ?? .empty
        if !training.isTable { base.complain(training.origin, "'training' must be a table, not \(training.kindName)") }
        guard !base.diagnostics.hasErrors else { throw ProblemErrors(base.diagnostics) }
        var tree: OptionTree = [
            "format": OptionTree(.integer(ProblemReader.format)), "kind": "linear-system",
            "name": OptionTree(.text(header.name)),
        ]
        if !header.title.isEmpty { tree["title"] = OptionTree(.text(header.title)) }
        if !header.citations.isEmpty {
            tree["cite"] = OptionTree(.list(header.citations.map { OptionTree(.text($0)) }))
        }
        tree["training"] = training
        // A variant says what differs from the file as it stands, which this is not once one was applied.
        if !base.variants.isEmpty, base.variant == nil { tree["variants"] = base.root["variants"] }
        tree["output"] = output.tree
        tree["run"] = run.tree
        return TrainingStatement(
            name: header.name, title: header.title, citations: header.citations, source: base.source,
            training: training, variants: base.variants, variant: base.variant, model: output.text("model"),
            run: RunSettings(seed: UInt64(run.integer("seed")), threads: run.integer("threads")),
            warnings: base.diagnostics.inOrder, tree: tree)
    }
}
