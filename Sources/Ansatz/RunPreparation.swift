import ProblemFiles

/// A problem whose method has accepted its options: what `check` reports on and `solve` solves.
public struct RunPreparation: Sendable {
    /// The problem, its method's options complete.
    public let problem: Problem
    /// The method, ready to solve.
    public let method: any Method
    /// The problem file with every default filled in; reading it again gives the same run.
    public let resolvedText: String

    /// The fields that are saved: those of the problem, or a sensible choice.
    public let fields: FieldOutput

    /// Resolves the options of `[method]`.
    ///
    /// - Parameter maximumSteps: shortens every stage to at most that many steps.
    /// - Throws: `ProblemErrors` with all slips in the options.
    public init(_ problem: Problem, maximumSteps: Int? = nil) throws(ProblemErrors) {
        var problem = problem
        var (method, options) = try MethodCatalog.prepare(problem)
        if let maximumSteps {
            options.shortenStages(to: maximumSteps)
            problem.method = options
            method = try MethodCatalog.prepare(problem).method
        }
        self.method = method
        problem.method = options
        if problem.output.fields == nil, problem.output.plots.isEmpty {
            problem.output.plots = Plot.standard(for: problem)
        }
        fields = problem.output.fields ?? .standard(for: problem)
        problem.output.fields = fields
        self.problem = problem
        resolvedText = problem.resolvedText()
    }
}

extension OptionTree {
    /// Lowers `steps` of each of `stages` that has more.
    fileprivate mutating func shortenStages(to limit: Int) {
        guard let stages = self["stages"]?.elements else { return }
        self["stages"] = OptionTree(
            .list(
                stages.map { stage in
                    var stage = stage
                    if let steps = stage["steps"]?.integer, steps > limit {
                        stage["steps"] = OptionTree(.integer(limit))
                    }
                    return stage
                }))
    }
}
