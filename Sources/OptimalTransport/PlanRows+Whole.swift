import CKernels
import LinearAlgebra

extension PlanRows {
    /// All n·m entries of the plan, row by row: for the methods that sort them.
    func wholePlan(_ potentials: Potentials, epsilon: Double) -> AlignedBuffer<Double> {
        let whole = AlignedBuffer<Double>(count: rows * columns)
        let x = potentials.x.baseAddress, y = potentials.y.baseAddress
        forEachLane { [self] lane, range, _ in
            for row in range where problem.source[row] > 0 {
                let cost = problem.cost.row(row, room: lane.room.baseAddress)
                _ = ansatz_transport_row_f64(
                    columns, 1 / epsilon, x[row], y, cost, whole.baseAddress + row * columns)
            }
        }
        return whole
    }
}
