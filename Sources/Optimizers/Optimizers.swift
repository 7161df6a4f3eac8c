import LinearAlgebra

/// An optimizer that is ready to run: it owns its state, and what it is shown decides its kind.
public enum Optimizer<S: Scalar> {
    /// Sees one gradient per step.
    case firstOrder(any FirstOrderOptimizer<S>)
    /// Sees the whole parameter vector and may evaluate the loss several times per step.
    case quasiNewton(any QuasiNewtonOptimizer<S>)
}

/// What an optimizer is shown, and so who can drive it.
public enum OptimizerKind: String, Sendable, CaseIterable {
    /// One gradient per step; the step's size comes from a `RateSchedule`.
    case firstOrder = "first order"
    /// The whole vector and a loss that can be evaluated again; the step's size comes from a line search.
    case quasiNewton = "quasi-Newton"
}

/// What there is to say about an optimizer: what it is called, where it comes from, what can be set.
public struct OptimizerDescription: Sendable, Equatable {
    /// The name in problem files.
    public let name: String
    /// One line.
    public let summary: String
    /// The paper or book that defines it.
    public let source: String
    /// What it is shown.
    public let kind: OptimizerKind
    /// The learning rate when none is given; `nil` where a line search finds the step.
    public let defaultRate: Double?
    /// What can be set besides the rate. A dot in a name stands for a table of that name.
    public let options: [OptionDescription]

    /// Joins the parts.
    public init(
        name: String, summary: String, source: String, kind: OptimizerKind, defaultRate: Double?,
        options: [OptionDescription]
    ) {
        self.name = name
        self.summary = summary
        self.source = source
        self.kind = kind
        self.defaultRate = defaultRate
        self.options = options
    }
}

/// An optimizer by name: its description, and how to make one.
public protocol OptimizerMethod: Sendable {
    /// What users read and set.
    static var description: OptimizerDescription { get }

    /// Makes an optimizer in its initial state.
    ///
    /// - Parameters:
    ///   - blocks: the named blocks of the flat parameter vector; together they cover it.
    ///   - options: checked against `description.options`.
    ///
    /// Throws when options do not go together.
    static func make<S: Scalar>(blocks: [BlockShape], options: OptionValues) throws(OptionErrors) -> Optimizer<S>

    /// Numbers that the optimizer keeps for so many parameters, roughly; floating-point because it may be out of range.
    static func stateCount(parameters: Int, options: OptionValues) -> Double
}

extension OptimizerMethod {
    /// Two vectors, such as two moments.
    public static func stateCount(parameters: Int, options: OptionValues) -> Double { 2 * Double(parameters) }
}

/// All optimizers, in the order in which they are listed.
public let optimizerMethods: [any OptimizerMethod.Type] = [
    Adam.self,
    AdamW.self,
    StochasticGradientDescent.self,
    LBFGS.self,
    BFGS.self,
    SSBFGS.self,
    SSBroyden.self,
]

/// The optimizer of this name, if there is one.
public func optimizerMethod(named name: String) -> (any OptimizerMethod.Type)? {
    optimizerMethods.first { $0.description.name == name }
}

/// An optimizer that sees one gradient per step.
public protocol FirstOrderOptimizer<S>: Stateful {
    /// Moves the parameters once.
    ///
    /// Both vectors are whole and flat. With a gradient that is not finite, neither parameters nor state change.
    func step(
        parameters: UnsafeMutablePointer<S>, gradient: UnsafePointer<S>, rate: Double
    ) -> FirstOrderOutcome
}

/// What became of a first-order step.
public enum FirstOrderOutcome: Sendable, Equatable {
    /// The parameters moved, or the method chose to wait.
    case progressed
    /// The gradient holds an infinity or something that is not a number; nothing changed.
    case notFinite
}
