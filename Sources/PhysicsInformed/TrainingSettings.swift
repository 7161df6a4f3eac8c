import LinearAlgebra
import Optimizers

/// How a network is trained.
public struct TrainingSettings: Sendable {
    /// The stages, run one after another.
    public var stages: [TrainingStage]
    /// How points are drawn.
    public var scheme: PointScheme
    /// How points are chosen and weighed beyond that.
    public var points: PointSettings
    /// How the weights of the loss terms move in first-order stages.
    public var weighting: Weighting
    /// How the gradients of the loss terms are joined in first-order stages.
    public var surgery: Surgery
    /// The seed of all random numbers: initial parameters, and the points of each loss term from streams of their own.
    public var seed: UInt64
    /// Threads at work; results do not depend on it.
    public var threads: Int
    /// Steps between reports.
    public var logEvery: Int
    /// Seconds after which training ends; nil for no limit.
    public var budget: Double?
    /// When gradients of the loss terms are looked at one by one; nil for never.
    public var gradients: GradientSettings?
    /// When points and residuals are looked at; nil for never.
    public var sampling: SamplingSettings?

    /// Joins the parts.
    public init(
        stages: [TrainingStage], scheme: PointScheme = .uniform, points: PointSettings = PointSettings(),
        weighting: Weighting = .fixed, surgery: Surgery = .sum, seed: UInt64, threads: Int, logEvery: Int = 100,
        budget: Double? = nil, gradients: GradientSettings? = nil, sampling: SamplingSettings? = nil
    ) {
        self.stages = stages
        self.scheme = scheme
        self.points = points
        self.weighting = weighting
        self.surgery = surgery
        self.seed = seed
        self.threads = threads
        self.logEvery = logEvery
        self.budget = budget
        self.gradients = gradients
        self.sampling = sampling
    }
}

/// A stretch of training with one optimizer.
public struct TrainingStage: Sendable {
    /// The optimizer.
    public var method: any OptimizerMethod.Type
    /// Its options.
    public var options: OptionValues
    /// Its steps.
    public var steps: Int
    /// Its learning rates; quasi-Newton methods find their steps by line search and ignore it.
    public var rate: RateSchedule
    /// Steps after which points are drawn anew, 0 for never.
    public var resampleEvery: Int
    /// The largest norm of a gradient that first-order methods see: longer ones are scaled down; nil for no limit.
    public var clip: Double?
    /// When the stage ends before its steps are done.
    public var stop: EarlyStop

    /// Joins the parts.
    public init(
        method: any OptimizerMethod.Type, options: OptionValues, steps: Int, rate: RateSchedule, resampleEvery: Int = 0,
        clip: Double? = nil, stop: EarlyStop = EarlyStop()
    ) {
        self.method = method
        self.options = options
        self.steps = steps
        self.rate = rate
        self.resampleEvery = resampleEvery
        self.clip = clip
        self.stop = stop
    }
}

/// Where training stands; handed out at the start, every `logEvery` steps, and at the end of each stage.
public struct TrainingReport: Sendable {
    /// The running stage, from 0.
    public var stage: Int
    /// Steps of this stage so far.
    public var stageStep: Int
    /// Steps of all stages so far.
    public var step: Int
    /// Seconds since training began.
    public var seconds: Double
    /// Estimated seconds to the end of the last stage, once a few steps have been timed.
    public var secondsLeft: Double?
    /// The weighted total, the points' factors included.
    public var loss: Double
    /// Loss terms, unweighted and without the points' factors.
    public var losses: [Double]
    /// Their weights.
    public var weights: [Double]
    /// Learning rate, or the length of the line search's step.
    public var rate: Double
    /// The network's parameters, then the search variables of unknown parameters.
    public var parameters: [Double]
    /// The values of the unknown parameters.
    public var unknownParameters: [Double]
    /// Where the causal weights stand; nil without them.
    public var causality: CausalReport?
    /// How the residual is spread; nil unless the settings ask for it.
    public var sampling: SamplingReport?
    /// How well a density resolved the residual at the last redraw; nil without one.
    public var balance: SampleBalance?
}

/// Why training ended.
public enum TrainingStop: Sendable, Equatable {
    /// All steps of all stages were taken.
    case stepsDone
    /// The last stage met its stopping rule.
    case converged(String)
    /// The last stage could not go on.
    case stalled(String)
    /// The time was spent.
    case budgetSpent
    /// A loss was not finite; the parameters are those of the last step where it was.
    case notFinite(WorstPoint, step: Int)
    /// The observer asked for it.
    case interrupted
}

/// What training leaves behind.
public struct TrainingOutcome: Sendable {
    /// The network's parameters, then the search variables of unknown parameters.
    public var parameters: [Double]
    /// The values of the unknown parameters.
    public var unknownParameters: [Double]
    /// Loss terms at the end, unweighted.
    public var losses: [Double]
    /// Steps of all stages.
    public var steps: Int
    /// Seconds of training.
    public var seconds: Double
    /// What redraws took of them; nil where no points follow the residual.
    public var sampling: SamplingTime?
    /// Why it ended.
    public var stop: TrainingStop
}

/// Watches training, on the thread that trains.
public protocol TrainingObserver: AnyObject {
    /// Takes a report; what it throws ends training.
    func report(_ report: TrainingReport) throws
    /// Takes the gradients of the loss terms, where the settings ask for them; what it throws ends training.
    func observed(_ gradients: GradientSnapshot) throws
    /// Takes points and residuals, where the settings ask for them; what it throws ends training.
    func observed(_ sampling: SamplingSnapshot) throws
    /// Asked after each step; true ends training.
    var stopRequested: Bool { get }
    /// Asked after each step and at the end of each stage: whether ``keep(_:)`` is to be called.
    func wantsState(at moment: TrainingMoment) -> Bool
    /// Takes the state of training; what it throws ends training.
    func keep(_ state: TrainingState) throws
}

extension TrainingObserver {
    /// Never.
    public func wantsState(at moment: TrainingMoment) -> Bool { false }
    /// Does nothing.
    public func keep(_ state: TrainingState) {}
    /// Does nothing.
    public func observed(_ gradients: GradientSnapshot) {}
    /// Does nothing.
    public func observed(_ sampling: SamplingSnapshot) {}
}
