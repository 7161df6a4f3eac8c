import CKernels
import Glibc
import LinearAlgebra

/// A plan of any cost, whose rows are recomputed for each pass; products take its sparse part.
final class DensePlan: PlanOperator {
    let rows: Int
    let columns: Int
    let balancesRows: Bool
    private let passes: PlanRows
    private let potentials: Potentials
    private let sparse: SparsePlan
    var rowSums: AlignedBuffer<Double> { passes.rowSums }
    var columnSums: AlignedBuffer<Double> { passes.columnSums }
    var entries: Int { sparse.count }

    /// The masses of the problem tell which points have any; where rows are balanced they are what rows get.
    init(_ passes: PlanRows, balancingRows: Bool) {
        self.passes = passes
        balancesRows = balancingRows
        potentials = Potentials(rows: passes.rows, columns: passes.columns)
        sparse = SparsePlan(passes)
        (rows, columns) = (passes.rows, passes.columns)
    }

    private func load(_ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>) {
        potentials.x.baseAddress.update(from: x, count: rows)
        potentials.y.baseAddress.update(from: y, count: columns)
    }

    func measure(_ x: UnsafeMutablePointer<Double>, _ y: UnsafePointer<Double>, epsilon: Double) -> Double {
        load(x, y)
        guard balancesRows else { return passes.measure(potentials, epsilon: epsilon) }
        let mass = passes.measureBalancingRows(potentials, epsilon: epsilon)
        x.update(from: potentials.x.baseAddress, count: rows)
        return mass
    }

    func prepare(_ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, epsilon: Double, dropping delta: Double) {
        load(x, y)
        passes.sparsePlan(potentials, epsilon: epsilon, dropping: delta, into: sparse)
    }

    func product(_ z: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) { sparse.product(z, out) }

    func transposedProduct(_ w: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        sparse.transposedProduct(w, out)
    }

    func transposedSquares(_ w: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        sparse.transposedSquares(w, out)
    }

    func normalProduct(
        _ diagonal: UnsafePointer<Double>, _ z: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>
    ) {
        sparse.normalProduct(diagonal, z, out)
    }

    func groupSums(
        _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, epsilon: Double, rowGroups: [Int32],
        columnGroups: [Int32], count: Int
    ) -> [Double]? {
        load(x, y)
        return passes.groupSums(
            potentials, epsilon: epsilon, rowGroups: rowGroups, columnGroups: columnGroups, count: count)
    }

    func rowLogSums(_ y: UnsafePointer<Double>, epsilon: Double, _ out: UnsafeMutablePointer<Double>) {
        passes.forEachLane { [passes, columns] lane, range, _ in
            for row in range {
                let cost = passes.problem.cost.row(row, room: lane.room.baseAddress)
                let largest = ansatz_transport_row_maximum_f64(columns, y, cost)
                let sum = ansatz_transport_row_f64(
                    columns, 1 / epsilon, -largest, y, cost, lane.entries.baseAddress)
                out[row] = log(sum) + largest / epsilon
            }
        }
    }

    func columnLogSums(_ x: UnsafePointer<Double>, epsilon: Double, _ out: UnsafeMutablePointer<Double>) {
        // Targets' potentials for which the largest entry of each column is 1.
        let y = potentials.y.baseAddress
        potentials.x.baseAddress.update(from: x, count: rows)
        for column in 0..<columns { y[column] = .infinity }
        let room = passes.lanes[0].room.baseAddress
        for row in 0..<rows where x[row] > -.infinity {
            let cost = passes.problem.cost.row(row, room: room)
            for column in 0..<columns { y[column] = min(y[column], cost[column] - x[row]) }
        }
        _ = passes.measure(potentials, epsilon: epsilon)
        for column in 0..<columns { out[column] = log(columnSums.baseAddress[column]) - y[column] / epsilon }
    }
}
