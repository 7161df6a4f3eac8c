import Networks
import PhysicsInformed
import ProblemFiles
import Results

extension PhysicsInformedMethod {
    func fields(of weights: [Checkpoint.Block]) throws -> any FieldEvaluator {
        let slips = Self.slips(weights, layout)
        guard slips.isEmpty else {
            throw ProblemErrors([
                Diagnostic(
                    .error, "the weights are not those of this problem", hint: slips.joined(separator: "\n"),
                    file: problem.source?.name)
            ])
        }
        return fields(Self.vector(weights, layout))
    }

    func checkStart() throws(ProblemErrors) { _ = try startingParameters() }

    /// The weights of `run.start_from`, with windows of time those of the first; unknown parameters begin at their own start. Nil without such a run.
    func startingParameters() throws(ProblemErrors) -> [Double]? {
        guard let start = problem.run.startFrom else { return nil }
        let isFolder = FileSystem.kind(start.path) == .folder
        let path = isFolder ? FileSystem.join(start.path, Checkpoint.defaultName) : start.path
        let checkpoint: Checkpoint
        do {
            checkpoint = try Checkpoint(contentsOf: path)
        } catch {
            throw ProblemErrors([
                start.origin.diagnostic(
                    .error, "no weights can be taken from '\(start.path)': \(path) \(error.sentence)",
                    hint: "give the folder of a run that has a \(Checkpoint.defaultName)")
            ])
        }
        // Search variables mean other numbers when start or range of a parameter differ.
        let weights = checkpoint.weights.filter { !CollocationProblem.isUnknownParameter($0.name) }
        let slips = Self.slips(weights, network.layout)
        guard slips.isEmpty else {
            throw ProblemErrors([
                start.origin.diagnostic(
                    .error, "the weights of '\(start.path)' do not fit this network",
                    hint: slips.joined(separator: "\n"))
            ])
        }
        let layout = collocation.layout(with: network)
        return Self.vector(weights, layout)
    }

    /// What does not fit, a sentence each.
    private static func slips(_ weights: [Checkpoint.Block], _ layout: ParameterLayout) -> [String] {
        var slips: [String] = []
        for block in layout.blocks {
            guard let found = weights.first(where: { $0.name == block.name }) else {
                slips.append("\(block.name) is not there; it is \(block.rows) x \(block.columns) here")
                continue
            }
            if (found.rows, found.columns) != (block.rows, block.columns) {
                slips.append(
                    "\(block.name) is \(found.rows) x \(found.columns) there, \(block.rows) x \(block.columns) here")
            }
        }
        for found in weights where layout.block(named: found.name) == nil {
            slips.append("\(found.name), \(found.rows) x \(found.columns), has no place here")
        }
        return slips
    }

    /// The flat vector; zero where there is no block.
    private static func vector(_ weights: [Checkpoint.Block], _ layout: ParameterLayout) -> [Double] {
        var vector = [Double](repeating: 0, count: layout.count)
        for block in layout.blocks {
            guard let found = weights.first(where: { $0.name == block.name }) else { continue }
            vector.replaceSubrange(block.range, with: found.values)
        }
        return vector
    }
}

extension ResultsError {
    /// The message as the end of a sentence whose subject is the file.
    fileprivate var sentence: String { kind == .missingFile ? "does not exist" : message }
}
