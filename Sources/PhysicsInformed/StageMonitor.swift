import LinearAlgebra
import Optimizers

/// Watches the loss of the running stage: lowers a plateau rate, and says when a stage is to end early.
///
/// All it knows goes through the checkpoint, so that training goes on from there bit for bit.
package final class StageMonitor<S: Scalar>: Stateful {
    private var lowering = Watch()
    private var stopping = Watch()
    /// 1 less than the plateau's factor on the rate, so that a state of zeros is the initial one.
    private var loweredBy = 0.0

    package init() {}

    /// The least loss so far, and how long ago it was found.
    private struct Watch {
        var best = 0.0
        var isKnown = 0
        var age = 0

        /// Takes a loss in; whether `patience` steps in a row have not lowered it by the part `threshold`.
        mutating func isStale(_ loss: Double, patience: Int, threshold: Double) -> Bool {
            if isKnown == 0 || loss < best * (1 - threshold) {
                (best, isKnown, age) = (loss, 1, 0)
            } else {
                age += 1
            }
            return age >= patience
        }

        mutating func visit(_ name: String, _ visitor: StateVisitor<S>) {
            visitor.number("\(name) loss", &best)
            visitor.counter("\(name) known", &isKnown)
            visitor.counter("\(name) age", &age)
        }
    }

    /// The rate of a step whose loss was handed to `end(_:_:)` before.
    package func rate(_ schedule: RateSchedule, at step: Int) -> Double {
        let rate = schedule.rate(at: step)
        guard case .plateau(let plateau) = schedule.shape else { return rate }
        return max(min(rate, plateau.minimum), rate * (1 - loweredBy))
    }

    /// Takes the loss of a step in; why the stage ends with it, if it does.
    package func end(_ stage: TrainingStage, loss: Double, at step: Int) -> TrainingStop? {
        if case .plateau(let plateau) = stage.rate.shape, step >= stage.rate.warmUpSteps,
            lowering.isStale(loss, patience: plateau.patience, threshold: plateau.threshold)
        {
            loweredBy = 1 - (1 - loweredBy) * plateau.factor
            lowering.age = 0
        }
        if let target = stage.stop.loss, loss <= target {
            return .converged("the loss is at or below stop.loss = \(target)")
        }
        if let patience = stage.stop.patience,
            stopping.isStale(loss, patience: patience, threshold: stage.stop.relative)
        {
            return .stalled(
                "\(patience) steps have not lowered the loss by the part \(stage.stop.relative), as stop.patience asks")
        }
        return nil
    }

    /// Shows what was seen.
    package func visitState(_ visitor: StateVisitor<S>) {
        lowering.visit("plateau", visitor)
        stopping.visit("stop", visitor)
        visitor.number("rate lowered by", &loweredBy)
    }
}

/// When a stage ends although it has steps left.
public struct EarlyStop: Sendable, Equatable {
    /// The loss at or below which it ends.
    public var loss: Double?
    /// Steps in a row after which it ends if none of them lowers the least loss by the part `relative`.
    public var patience: Int?
    /// The part by which the loss has to fall.
    public var relative: Double

    /// Joins the parts; the default never ends a stage.
    public init(loss: Double? = nil, patience: Int? = nil, relative: Double = 1e-3) {
        self.loss = loss
        self.patience = patience
        self.relative = relative
    }

    /// Whether there is any rule.
    public var isEmpty: Bool { loss == nil && patience == nil }
}
