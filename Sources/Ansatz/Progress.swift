import PhysicsInformed

/// One row of a run's history.
public struct ProgressRow: Sendable {
    /// Stage, from 1, of how many.
    public var stage: Int
    /// How many stages there are.
    public var stageCount: Int
    /// The stage's optimizer.
    public var optimizer: String
    /// Steps of this stage so far, of how many.
    public var stageStep: Int
    /// Steps of this stage, if fixed.
    public var stageSteps: Int
    /// Steps of all stages so far.
    public var step: Int
    /// Seconds since training began.
    public var seconds: Double
    /// Estimated seconds left, once known.
    public var secondsLeft: Double?
    /// The weighted total.
    public var loss: Double
    /// Learning rate, or the line search's step length.
    public var rate: Double
    /// Loss terms, unweighted, with their weights, in the order of the problem file.
    public var terms: [Term]
    /// Relative L2 error by unknown against the reference; empty without one.
    public var errors: [NamedValue]
    /// Values of the unknown parameters so far.
    public var parameters: [NamedValue]
    /// Numbers that the method reports beside them.
    public var quantities: [NamedValue]

    /// Joins the parts.
    public init(
        stage: Int, stageCount: Int, optimizer: String, stageStep: Int, stageSteps: Int, step: Int, seconds: Double,
        secondsLeft: Double? = nil, loss: Double, rate: Double, terms: [Term], errors: [NamedValue] = [],
        parameters: [NamedValue] = [], quantities: [NamedValue] = []
    ) {
        self.stage = stage
        self.stageCount = stageCount
        self.optimizer = optimizer
        self.stageStep = stageStep
        self.stageSteps = stageSteps
        self.step = step
        self.seconds = seconds
        self.secondsLeft = secondsLeft
        self.loss = loss
        self.rate = rate
        self.terms = terms
        self.errors = errors
        self.parameters = parameters
        self.quantities = quantities
    }

    /// A loss term in a row.
    public struct Term: Sendable, Equatable {
        /// The equation's or condition's name.
        public var name: String
        /// Its mean square residual.
        public var value: Double
        /// Its weight in the total.
        public var weight: Double

        /// Joins the three.
        public init(name: String, value: Double, weight: Double) {
            self.name = name
            self.value = value
            self.weight = weight
        }
    }
}

/// Receives what happens during a solve; called on the solving thread.
public protocol ProgressObserver: AnyObject {
    /// A row of the history: at the start, every `run.log_every` steps, and at the end of each stage.
    func logged(_ row: ProgressRow) throws
    /// Something that the user should know but that does not end the run.
    func warned(_ message: String)
    /// The gradients of the loss terms, where `output.gradients` asks for them; what it throws ends the run.
    func observed(_ gradients: GradientSnapshot, layers: [String]) throws
    /// Points of the equations and residuals, where `output.sampling` asks for them; what it throws ends the run.
    func observed(_ sampling: SamplingSnapshot, coordinates: [String]) throws
    /// Asked after each step; `true` ends the run with `StopReason.interrupted`.
    var stopRequested: Bool { get }
    /// Asked after each step and at the end of each stage: whether ``keep(_:)`` is to be called.
    func wantsState(at moment: TrainingMoment) -> Bool
    /// Takes the state from which the run can go on; what it throws ends the run.
    func keep(_ state: MethodState) throws
}

extension ProgressObserver {
    /// Does nothing.
    public func observed(_ gradients: GradientSnapshot, layers: [String]) {}
    /// Does nothing.
    public func observed(_ sampling: SamplingSnapshot, coordinates: [String]) {}
    /// Never.
    public func wantsState(at moment: TrainingMoment) -> Bool { false }
    /// Does nothing.
    public func keep(_ state: MethodState) {}
}

/// An observer that looks away; it never asks to stop.
public final class SilentObserver: ProgressObserver {
    /// Makes one.
    public init() {}
    /// Does nothing.
    public func logged(_ row: ProgressRow) {}
    /// Does nothing.
    public func warned(_ message: String) {}
    /// Never.
    public var stopRequested: Bool { false }
}
