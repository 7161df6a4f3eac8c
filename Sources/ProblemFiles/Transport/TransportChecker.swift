import Expressions

/// Turns the tree of a file of kind "transport" into a statement, gathering everything that is wrong.
struct TransportChecker {
    /// Reads what all kinds have in common, and gathers the complaints.
    var base: ProblemChecker

    static let sections = [
        "format", "kind", "name", "title", "cite", "parameters", "source", "target", "cost", "method", "variants",
        "output", "run", "expect",
    ]

    init(_ base: ProblemChecker) { self.base = base }

    /// The statement, or all that is wrong.
    mutating func statement() throws(ProblemErrors) -> TransportStatement {
        let header = base.readHeader(sections: Self.sections)
        base.readParameters()
        for entry in base.soughtParameters {
            base.complain(entry.tree.origin, "a transport problem has no unknown parameters")
        }
        let runOptions = base.resolve(TransportStatement.runOptions, "run")
        let run = RunSettings(
            seed: UInt64(runOptions.integer("seed")), threads: runOptions.integer("threads"))
        let source = readMeasure("source", seed: run.seed)
        let target = readMeasure("target", seed: run.seed)
        let cost = readCost(source?.measure, target?.measure)
        let output = base.resolve(TransportStatement.outputOptions(name: header.name), "output")
        let expect = base.resolve(TransportStatement.expectOptions, "expect")
        let expectations = readExpectations(expect)
        if let table = expect.optionalTable("sinkhorn_divergence"), !output.boolean("divergence") {
            base.complain(
                table.origin, "'expect.sinkhorn_divergence' is of a value that is not computed",
                hint: "output.divergence = true")
        }
        let kept = readOutput(output, source?.measure, target?.measure, cost?.cost)
        let method = base.root["method"] ?? .empty
        if !method.isTable { base.complain(method.origin, "'method' must be a table, not \(method.kindName)") }
        if let source, let target { checkTotals(source, target) }
        guard !base.diagnostics.hasErrors, let source, let target, let cost else {
            throw ProblemErrors(
                base.diagnostics.hasErrors
                    ? base.diagnostics : [Diagnostic(.error, "the file is incomplete", file: base.source.name)])
        }
        var tree: OptionTree = [
            "format": OptionTree(.integer(ProblemReader.format)), "kind": "transport",
            "name": OptionTree(.text(header.name)),
        ]
        if !header.title.isEmpty { tree["title"] = OptionTree(.text(header.title)) }
        if !header.citations.isEmpty {
            tree["cite"] = OptionTree(.list(header.citations.map { OptionTree(.text($0)) }))
        }
        tree["parameters"] = base.root["parameters"]
        tree["source"] = source.tree
        tree["target"] = target.tree
        tree["cost"] = cost.tree
        if !method.entries.isEmpty { tree["method"] = method }
        // A variant says what differs from the file as it stands, which this is not once one was applied.
        if !base.variants.isEmpty, base.variant == nil { tree["variants"] = base.root["variants"] }
        tree["output"] = output.tree
        tree["run"] = runOptions.tree
        if !expectations.isEmpty { tree["expect"] = expect.tree }
        return TransportStatement(
            name: header.name, title: header.title, citations: header.citations, source: base.source,
            parameters: base.parameters, from: source.measure, to: target.measure, cost: cost.cost, method: method,
            variants: base.variants, variant: base.variant,
            output: kept, run: run, expectations: expectations, warnings: base.diagnostics.inOrder, tree: tree,
            origins: TransportStatement.Origins(
                from: source.tree.origin, to: target.tree.origin, cost: cost.tree.origin))
    }

    private mutating func readExpectations(_ options: ResolvedOptions) -> TransportStatement.Expectations {
        var result = TransportStatement.Expectations()
        for (name, _) in TransportStatement.expectedValues {
            guard let table = options.optionalTable(name) else { continue }
            let value = table.number("value")
            let bounds = [
                table.optionalNumber("absolute"), table.optionalNumber("relative").map { $0 * abs(value) },
            ].compactMap { $0 }
            guard bounds.count == 1 else {
                base.complain(
                    table.origin, "'expect.\(name)' needs either 'absolute' or 'relative'",
                    hint: "for example \(name) = { value = 1.25, absolute = 1e-6 }")
                continue
            }
            result.values.append(.init(name: name, value: value, absolute: bounds[0]))
        }
        result.marginalError = options.optionalNumber("marginal_error")
        result.newtonSteps = options.optionalInteger("newton_steps")
        result.within = options.seconds("within")
        return result
    }

    /// Totals that differ are a slip, unless rounding explains them.
    private mutating func checkTotals(_ source: ReadMeasure, _ target: ReadMeasure) {
        guard source.measure.strength == nil, target.measure.strength == nil else { return }
        let (first, second) = (source.total, target.total)
        let count = Double(source.measure.count + target.measure.count)
        guard abs(first - second) > 1e-12 * max(first, second) * count else { return }
        base.complain(
            target.tree.origin, "the source has a mass of \(first.shortText), the target of \(second.shortText)",
            hint: "normalise = true in [source] and [target] scales both to 1; "
                + "strength = 1 in one or both lets the plan's sums differ from the masses")
    }

    /// A measure, with the completed section.
    struct ReadMeasure {
        var measure: TransportStatement.Measure
        var tree: OptionTree
        var total: Double { measure.weights.reduce(0, +) }
    }
}
