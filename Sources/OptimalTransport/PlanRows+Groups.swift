import CKernels
import LinearAlgebra

extension PlanRows {
    /// The masses that the plan moves from groups of rows to groups of columns, as a matrix with row groups first.
    func groupSums(
        _ potentials: Potentials, epsilon: Double, rowGroups: [Int32], columnGroups: [Int32], count: Int
    ) -> [Double] {
        let x = potentials.x.baseAddress, y = potentials.y.baseAddress
        let sums = laneRanges.map { _ in AlignedBuffer<Double>(count: count * count) }
        forEachLane { [self] lane, range, index in
            for row in range where problem.source[row] > 0 {
                let cost = problem.cost.row(row, room: lane.room.baseAddress)
                _ = ansatz_transport_row_f64(columns, 1 / epsilon, x[row], y, cost, lane.entries.baseAddress)
                ansatz_transport_group_f64(
                    columns, lane.entries.baseAddress, columnGroups,
                    sums[index].baseAddress + Int(rowGroups[row]) * count)
            }
        }
        for sum in sums.dropFirst() { Double.add(count * count, sum.baseAddress, sums[0].baseAddress) }
        return sums[0].copied
    }
}
