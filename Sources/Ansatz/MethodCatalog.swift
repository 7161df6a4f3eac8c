import ProblemFiles
import Results

/// A way to solve problems: one file, and one line in `MethodCatalog.methods`.
public protocol Method: Sendable {
    /// The name in `method.kind`.
    static var name: String { get }

    /// Whether it has points of equations and gradients of loss terms to look at: `output.sampling` and `output.gradients`.
    static var trainsAtPoints: Bool { get }

    /// The options of `[method]` for a problem: names of its equations and conditions are keys too.
    ///
    /// Without a problem, only the options that every problem has.
    static func options(for problem: Problem?) -> OptionTable

    /// Prepares to solve a problem with options that were checked against the table.
    ///
    /// - Throws: what the table cannot check, with places in the file.
    init(_ problem: Problem, options: ResolvedOptions) throws(ProblemErrors)

    /// Solves, from the beginning or from a state that an observer was given.
    ///
    /// - Throws: what the observer throws, and `ProblemErrors` for what shows only at the first evaluation or when the
    ///   state does not fit.
    func solve(observer: any ProgressObserver, from state: MethodState?) throws -> Solution

    /// The fields that weights of a checkpoint stand for.
    ///
    /// - Throws: `ProblemErrors` when a block is missing or has another shape.
    func fields(of weights: [Checkpoint.Block]) throws -> any FieldEvaluator

    /// Makes sure that the weights of `run.start_from` are there and fit, if the problem asks for any.
    ///
    /// - Throws: `ProblemErrors` that point to the key.
    func checkStart() throws(ProblemErrors)

    /// What there will be to do, for `check`.
    var plan: MethodPlan { get }
}

extension Method {
    /// False: most have none.
    public static var trainsAtPoints: Bool { false }

    /// Solves from the beginning.
    public func solve(observer: any ProgressObserver) throws -> Solution { try solve(observer: observer, from: nil) }
}

/// What a method is going to do, in numbers.
public struct MethodPlan: Sendable, Equatable {
    /// A loss term and its points.
    public struct Term: Sendable, Equatable {
        /// The equation's or condition's name.
        public var name: String
        /// Points in all.
        public var points: Int
    }

    /// Conditions that hold by construction.
    public var exactConditions: [String]
    /// Loss terms in the order of the file.
    public var terms: [Term]
    /// Names of numbers that the method reports beside losses, columns of the history.
    public var quantities: [String]
    /// The network in a few words.
    public var network: String
    /// Its parameters.
    public var parameterCount: Int
    /// The stages, a few words each.
    public var stages: [String]
    /// Bytes that training takes, roughly.
    public var memory: Int
    /// What is probably not meant.
    public var warnings: [Diagnostic]
}

/// All methods for partial differential equations.
public enum MethodCatalog {
    /// In the order in which they are listed.
    public static let methods: [any Method.Type] = [
        PhysicsInformedMethod.self, FiniteDifferencesMethod.self, WassersteinFlowMethod.self,
    ]

    /// The method that the problem asks for, prepared, and `[method]` with every default filled in.
    ///
    /// - Throws: all that is wrong in `[method]`, and what the method cannot evaluate.
    public static func prepare(_ problem: Problem) throws(ProblemErrors) -> (method: any Method, options: OptionTree) {
        let selection = try select(problem)
        guard let method = methods.first(where: { $0.name == selection.name }) else {
            preconditionFailure("the table of methods names one that is not there")
        }
        if !method.trainsAtPoints { try checkLooks(problem, selection.name) }
        return (try method.init(problem, options: selection.options), selection.options.tree)
    }

    /// Complains of looks at what only training has: points of equations, gradients of loss terms.
    private static func checkLooks(_ problem: Problem, _ name: String) throws(ProblemErrors) {
        func slip(_ key: String, _ what: String, _ origin: Origin) -> Diagnostic {
            origin.diagnostic(
                .error, "'output.\(key)' looks at \(what), and '\(name)' has none",
                hint: "leave it out, or choose method.kind = "
                    + methods.filter { $0.trainsAtPoints }.map { "\"\($0.name)\"" }.joined(separator: " or "))
        }
        let slips = [
            problem.output.gradients.map { slip("gradients", "gradients of loss terms", $0.origin) },
            problem.output.sampling.map { slip("sampling", "random points of equations", $0.origin) },
        ].compactMap(\.self)
        if !slips.isEmpty { throw ProblemErrors(slips) }
    }

    private static func select(_ problem: Problem) throws(ProblemErrors) -> ResolvedOptions.Selection {
        var diagnostics: [Diagnostic] = []
        let kind = OptionTable.Kind.oneOf(
            methods.map { OptionTable.Choice($0.name, $0.options(for: problem)) }, by: "kind",
            default: PhysicsInformedMethod.name)
        let selection = kind.resolveSelection(problem.method, path: "method", into: &diagnostics)
        guard let selection, !diagnostics.hasErrors else { throw ProblemErrors(diagnostics) }
        return selection
    }
}

/// Solves problems.
public enum Solver {
    /// Solves a problem with the method it asks for.
    ///
    /// - Throws: `ProblemErrors` for bad options, and what the observer throws.
    public static func solve(_ problem: Problem, observer: any ProgressObserver) throws -> Solution {
        try MethodCatalog.prepare(problem).method.solve(observer: observer)
    }
}
