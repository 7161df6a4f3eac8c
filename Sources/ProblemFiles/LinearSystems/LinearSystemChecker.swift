import Expressions

/// Turns the tree of a file of kind "linear-system" into a statement, gathering everything that is wrong.
struct LinearSystemChecker {
    /// Reads what all kinds have in common, and gathers the complaints.
    var base: ProblemChecker

    static let sections = [
        "format", "kind", "name", "title", "cite", "parameters", "matrix", "grid", "right_hand_side", "initial_guess",
        "method", "variants", "output", "run", "expect",
    ]

    init(_ base: ProblemChecker) { self.base = base }

    /// The statement, or all that is wrong.
    mutating func statement() throws(ProblemErrors) -> LinearSystemStatement {
        let header = base.readHeader(sections: Self.sections)
        base.readParameters()
        for entry in base.soughtParameters {
            base.complain(entry.tree.origin, "a linear system has no unknown parameters")
        }
        let runOptions = base.resolve(LinearSystemStatement.runOptions, "run")
        let run = RunSettings(seed: UInt64(runOptions.integer("seed")), threads: runOptions.integer("threads"))
        let matrix = readMatrix()
        let coordinates = coordinates(of: matrix?.matrix)
        let right = readVector("right_hand_side", coordinates, isNeeded: true)
        let guess = base.root["initial_guess"] == nil ? nil : readVector("initial_guess", coordinates, isNeeded: false)
        if let guess, guess.tree["project"]?.boolean == true {
            base.complain(guess.tree.origin, "'initial_guess.project' has no meaning; 'right_hand_side.project' has")
        }
        let output = base.resolve(LinearSystemStatement.outputOptions(name: header.name), "output")
        let expect = base.resolve(LinearSystemStatement.expectOptions, "expect")
        let expectations = LinearSystemStatement.Expectations(
            iterations: expect.optionalInteger("iterations"),
            relativeResidual: expect.optionalNumber("relative_residual"), within: expect.seconds("within"))
        let method = base.root["method"] ?? .empty
        if !method.isTable { base.complain(method.origin, "'method' must be a table, not \(method.kindName)") }
        guard !base.diagnostics.hasErrors, let matrix, let right else {
            throw ProblemErrors(
                base.diagnostics.hasErrors
                    ? base.diagnostics : [Diagnostic(.error, "the file is incomplete", file: base.source.name)])
        }
        var tree: OptionTree = [
            "format": OptionTree(.integer(ProblemReader.format)), "kind": "linear-system",
            "name": OptionTree(.text(header.name)),
        ]
        if !header.title.isEmpty { tree["title"] = OptionTree(.text(header.title)) }
        if !header.citations.isEmpty {
            tree["cite"] = OptionTree(.list(header.citations.map { OptionTree(.text($0)) }))
        }
        tree["parameters"] = base.root["parameters"]
        tree[matrix.section] = matrix.tree
        tree["right_hand_side"] = right.tree
        tree["initial_guess"] = guess?.tree
        if !method.entries.isEmpty { tree["method"] = method }
        // A variant says what differs from the file as it stands, which this is not once one was applied.
        if !base.variants.isEmpty, base.variant == nil { tree["variants"] = base.root["variants"] }
        tree["output"] = output.tree
        tree["run"] = runOptions.tree
        if !expectations.isEmpty { tree["expect"] = expect.tree }
        return LinearSystemStatement(
            name: header.name, title: header.title, citations: header.citations, source: base.source,
            matrix: matrix.matrix, rightHandSide: right.vector,
            isProjected: right.tree["project"]?.boolean ?? false, initialGuess: guess?.vector, method: method,
            variants: base.variants, variant: base.variant,
            output: LinearSystemStatement.Output(
                directory: output.text("directory"), vector: output.boolean("vector"),
                plots: output.has("plots") ? output.texts("plots") : nil),
            run: run, expectations: expectations, warnings: base.diagnostics.inOrder, tree: tree)
    }

    /// A matrix with the completed section that describes it.
    struct ReadMatrix {
        var matrix: LinearSystemStatement.Matrix
        var section: String
        var tree: OptionTree
    }

    private mutating func readMatrix() -> ReadMatrix? {
        let hasMatrix = base.root["matrix"] != nil, hasGrid = base.root["grid"] != nil
        guard hasMatrix != hasGrid else {
            let message = hasMatrix ? "'matrix' and 'grid' exclude each other" : "'matrix' or 'grid' is missing"
            let hint = "[matrix] names a file, file = \"a.mtx\"; [grid] describes a box of cells, cells = [64, 64, 64]"
            base.diagnostics.append(
                base.root["grid"].map { $0.origin.diagnostic(.error, message, hint: hint) }
                    ?? Diagnostic(.error, message, hint: hint, file: base.source.name))
            return nil
        }
        if hasGrid { return readGrid().map { ReadMatrix(matrix: .grid($0.grid), section: "grid", tree: $0.tree) } }
        let count = base.diagnostics.count
        let options = base.resolve(LinearSystemStatement.matrixOptions, "matrix")
        guard base.diagnostics.count == count else { return nil }
        return ReadMatrix(
            matrix: .file(reference(options, "file", values: nil)), section: "matrix", tree: options.tree)
    }

    /// A file that an option names, relative to the problem file.
    func reference(
        _ options: ResolvedOptions, _ key: String, values: String?
    ) -> LinearSystemStatement.FileReference {
        LinearSystemStatement.FileReference(
            path: base.resolvedPath(options.text(key)), values: values.flatMap { options.optionalText($0) },
            origin: options.origin(of: key))
    }

    private func coordinates(of matrix: LinearSystemStatement.Matrix?) -> [CoordinateDeclaration] {
        guard case .grid(let grid)? = matrix else { return [CoordinateDeclaration(name: "row")] }
        return grid.cells.indices.map { CoordinateDeclaration(name: LinearSystemStatement.Grid.coordinates[$0]) }
    }

    // MARK: Vectors

    private mutating func readVector(
        _ section: String, _ coordinates: [CoordinateDeclaration], isNeeded: Bool
    ) -> (vector: LinearSystemStatement.Vector, tree: OptionTree)? {
        let hint = "one of value = 1, noise = 1, file = \"b.mtx\""
        guard base.root[section] != nil else {
            base.diagnostics.append(
                Diagnostic(
                    .error, "'\(section)' is missing", hint: "[\(section)] holds " + hint, file: base.source.name))
            return nil
        }
        let count = base.diagnostics.count
        let options = base.resolve(LinearSystemStatement.vectorOptions, section)
        guard base.diagnostics.count == count else { return nil }
        let given = ["value", "noise", "file"].filter { options.has($0) }
        guard given.count == 1 else {
            base.complain(
                options.origin,
                given.isEmpty
                    ? "'\(section)' does not say what the numbers are"
                    : "'\(section)' says twice what the numbers are: \(given.joined(separator: " and "))", hint: hint)
            return nil
        }
        if options.has("values"), given[0] != "file" {
            base.complain(options.origin(of: "values"), "'\(section).values' has no meaning beside '\(given[0])'")
            return nil
        }
        switch given[0] {
        case "value":
            guard let tree = options.optionTree("value"),
                let expression = base.scalar(tree, "\(section).value", coordinates)
            else { return nil }
            return (.expression(expression, tree.origin), options.tree)
        case "noise": return (.noise(count: options.integer("noise")), options.tree)
        default: return (.file(reference(options, "file", values: "values")), options.tree)
        }
    }
}
