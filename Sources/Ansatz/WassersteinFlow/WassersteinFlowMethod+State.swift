import Networks
import OptimalTransport
import Optimizers
import PhysicsInformed
import ProblemFiles

extension WassersteinFlowMethod {
    /// What a flow goes on from, bit for bit.
    func keptState(_ flow: WassersteinFlow, _ densities: [Double], _ done: Int, _ seconds: Double) -> MethodState {
        let count = flow.masses.count
        var layout = ParameterLayout()
        layout.append(name: Self.blockName, rows: densities.count / count, columns: count)
        let state = flow.state
        var parts = OptimizerState()
        parts.arrays = ["masses": state.masses, "potential": state.potential, "before": state.potentialBefore]
        parts.counters = ["warm": state.isWarm ? 1 : 0]
        return MethodState(
            TrainingState(
                position: TrainingPosition(stage: 0, stageStep: done, step: done, seconds: seconds), layout: layout,
                parameters: densities, parts: parts))
    }

    /// Puts a flow where it stood; returns the densities so far and the steps done.
    func restore(_ state: MethodState, _ flow: WassersteinFlow) throws -> (densities: [Double], done: Int) {
        let arrays = state.parts.arrays
        let count = flow.masses.count
        guard let block = state.weights.first(where: { $0.name == Self.blockName }), block.columns == count,
            block.rows == state.steps + 1, state.steps <= steps, let masses = arrays["masses"],
            let potential = arrays["potential"], let before = arrays["before"],
            [masses, potential, before].allSatisfy({ $0.count == count })
        else {
            throw ProblemErrors([
                Diagnostic(
                    .error, "the checkpoint does not fit: its densities are on another grid",
                    file: problem.source?.name)
            ])
        }
        flow.restore(
            WassersteinFlow.State(
                masses: masses, time: Double(state.steps) * flow.step, potential: potential, potentialBefore: before,
                isWarm: state.parts.counters["warm"] == 1))
        return (block.values, state.steps)
    }
}
