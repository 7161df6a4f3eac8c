import LinearAlgebra
import Optimizers

extension Trainer: Stateful {
    /// Shows the parameters, the rate of the last step, the optimizer of the running stage, the loss, and gradient surgery.
    func visitState(_ visitor: StateVisitor<S>) {
        visitor.array("parameters", parameters)
        visitor.number("rate", &rate)
        switch optimizers[position.stage] {
        case .firstOrder(let method): visitor.visit("optimizer", method)
        case .quasiNewton(let method): visitor.visit("optimizer", method)
        }
        visitor.visit("loss", loss)
        stepGradient.visitState(visitor)
        visitor.visit("stage", monitor)
    }

    var state: TrainingState {
        var position = position
        position.seconds = seconds
        position.sampling = samplingTime
        return TrainingState(
            position: position, layout: layout, parameters: exported(lastGood), parts: savedState())
    }

    func restore(_ state: TrainingState) throws {
        let stages = settings.stages
        guard stages.indices.contains(state.position.stage), state.position.stageStep >= 0,
            state.position.stageStep <= stages[state.position.stage].steps
        else { throw TrainingStateError.position(state.position) }
        guard state.parameters.count == layout.count else {
            throw TrainingStateError.parameterCount(expected: layout.count, found: state.parameters.count)
        }
        let before = position
        position = state.position
        do {
            try restore(state.parts)
        } catch {
            position = before
            throw TrainingStateError.parts(error)
        }
        state.parameters.withUnsafeBufferPointer {
            if let start = $0.baseAddress { S.convert(layout.count, from: start, to: lastGood.baseAddress) }
        }
        try loss.redraw()
        isStageUnderWay = true
    }
}
