import Networks
import Optimizers
import PhysicsInformed
import Results

/// Everything from which a method goes on bit for bit: where it stands, its parameters and its parts by name.
public struct MethodState: Sendable, Equatable {
    /// The running stage, from 0.
    public var stage: Int
    /// Steps of this stage so far.
    public var stageStep: Int
    /// Steps of all stages so far.
    public var steps: Int
    /// Seconds so far.
    public var seconds: Double
    /// What redraws of points that follow the residual took of them.
    public var sampling: SamplingTime
    /// Why the stage is over although it has steps left: a name, empty if it is not, and a sentence.
    public var end: String, endSentence: String
    /// The parameters of the last good step, block by block.
    public var weights: [Checkpoint.Block]
    /// All else, by path.
    public var parts: Checkpoint.State

    /// Where a checkpoint stands.
    init(_ checkpoint: Checkpoint) {
        stage = checkpoint.heading.stage - 1
        stageStep = checkpoint.heading.stageStep
        steps = checkpoint.heading.steps
        seconds = checkpoint.heading.seconds
        sampling = SamplingTime(
            seconds: checkpoint.heading.samplingSeconds, ruleSeconds: checkpoint.heading.samplingRuleSeconds)
        end = checkpoint.heading.end
        endSentence = checkpoint.heading.endSentence
        weights = checkpoint.weights
        parts = checkpoint.state
    }
}

extension MethodState {
    private static let converged = "converged"
    private static let stalled = "stalled"
    static let notFinite = "not finite"

    /// The state of training, for files.
    init(_ state: TrainingState) {
        stage = state.position.stage
        stageStep = state.position.stageStep
        steps = state.position.step
        seconds = state.position.seconds
        sampling = state.position.sampling
        switch state.position.end {
        case nil: (end, endSentence) = ("", "")
        case .converged(let rule): (end, endSentence) = (Self.converged, rule)
        case .stalled(let detail): (end, endSentence) = (Self.stalled, detail)
        case .notFinite: (end, endSentence) = (Self.notFinite, "")
        }
        weights = state.layout.blocks.map { block in
            Checkpoint.Block(
                name: block.name, rows: block.rows, columns: block.columns,
                values: Array(state.parameters[block.range]))
        }
        parts = Checkpoint.State(
            arrays: state.parts.arrays, counters: state.parts.counters, numbers: state.parts.numbers)
    }

    /// The state as training understands it.
    var training: TrainingState {
        var layout = ParameterLayout()
        for block in weights { layout.append(name: block.name, rows: block.rows, columns: block.columns) }
        let reason: TrainingPosition.End? =
            switch end {
            case Self.converged: .converged(endSentence)
            case Self.stalled: .stalled(endSentence)
            case Self.notFinite: .notFinite
            default: nil
            }
        var parts = OptimizerState()
        (parts.arrays, parts.counters, parts.numbers) = (self.parts.arrays, self.parts.counters, self.parts.numbers)
        return TrainingState(
            position: TrainingPosition(
                stage: stage, stageStep: stageStep, step: steps, seconds: seconds, sampling: sampling, end: reason),
            layout: layout, parameters: weights.flatMap(\.values), parts: parts)
    }
}
