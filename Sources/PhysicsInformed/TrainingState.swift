import Networks
import Optimizers

/// Everything from which training continues bit for bit: where it stands, and its parts by name.
///
/// A part of training that has a state of its own adds names to `parts` and nothing else. Vectors in single precision
/// are kept exactly.
public struct TrainingState: Sendable, Equatable {
    /// Where training stands.
    public var position: TrainingPosition
    /// The named blocks of the parameters.
    public var layout: ParameterLayout
    /// The parameters of the last step whose loss was finite: what fields are evaluated with.
    public var parameters: [Double]
    /// The state of the running stage's optimizer, of the loss and of the loop, by path.
    public var parts: OptimizerState

    /// Joins the parts.
    public init(
        position: TrainingPosition, layout: ParameterLayout, parameters: [Double], parts: OptimizerState
    ) {
        self.position = position
        self.layout = layout
        self.parameters = parameters
        self.parts = parts
    }
}

/// How far training has come.
public struct TrainingPosition: Sendable, Equatable {
    /// Why a stage ended before its steps were done.
    public enum End: Sendable, Equatable {
        /// It met its stopping rule.
        case converged(String)
        /// It could not go on.
        case stalled(String)
        /// A loss was not finite.
        case notFinite
    }

    /// The running stage, from 0.
    public var stage: Int
    /// Steps of this stage so far.
    public var stageStep: Int
    /// Steps of all stages so far.
    public var step: Int
    /// Seconds of training so far.
    public var seconds: Double
    /// What redraws of points that follow the residual took of them.
    public var sampling: SamplingTime
    /// Why the stage is over although it has steps left; nil while it is not.
    public var end: End?

    /// Joins the parts; the default is the beginning.
    public init(
        stage: Int = 0, stageStep: Int = 0, step: Int = 0, seconds: Double = 0, sampling: SamplingTime = SamplingTime(),
        end: End? = nil
    ) {
        self.stage = stage
        self.stageStep = stageStep
        self.step = step
        self.seconds = seconds
        self.sampling = sampling
        self.end = end
    }
}

/// Why training cannot go on from a state.
public enum TrainingStateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Stage or step do not exist in these settings.
    case position(TrainingPosition)
    /// The parameters are those of another network.
    case parameterCount(expected: Int, found: Int)
    /// A part is missing or has another size.
    case parts(OptimizerStateError)

    /// One sentence.
    public var description: String {
        switch self {
        case .position(let position):
            "the saved state stands at step \(position.stageStep) of stage \(position.stage + 1), which does not exist here"
        case .parameterCount(let expected, let found):
            "the saved state has \(found) parameters, the network has \(expected)"
        case .parts(let error): error.description
        }
    }
}

/// A moment at which the state of training can be saved.
public enum TrainingMoment: Sendable, Equatable {
    /// After a step; steps of all stages so far.
    case step(Int)
    /// At the end of a stage, or where training ends.
    case stageEnd
}
