import CKernels
import Glibc
import LinearAlgebra
import Parallelism

/// Passes over the rows of the plan P = exp((x_i + y_j − c_ij)/ε), none of which stores it.
///
/// Rows belong to lanes, blocks of neighbours whose number depends on n alone; each lane sums its rows in order and lanes are
/// summed in order, so that results are the same for any number of threads. A mass of zero has the potential −∞.
final class PlanRows {
    /// The most lanes; a constant, so that results do not depend on the machine.
    private static let maximumLanes = 8

    let problem: TransportProblem
    let rows: Int
    let columns: Int
    /// Row sums of the plan at the last measurement.
    let rowSums: AlignedBuffer<Double>
    /// Column sums of the plan at the last measurement.
    let columnSums: AlignedBuffer<Double>
    let laneRanges: [Range<Int>]
    let pool: WorkerPool
    let lanes: [Lane]

    /// The memory of one lane.
    final class Lane {
        let room: AlignedBuffer<Double>
        let entries: AlignedBuffer<Double>
        let sums: AlignedBuffer<Double>
        let singleRoom: AlignedBuffer<Float>
        let singleEntries: AlignedBuffer<Float>
        var error = 0.0
        /// A sum of a pass for certificates.
        var total = 0.0

        init(_ columns: Int) {
            room = AlignedBuffer(count: columns)
            entries = AlignedBuffer(count: columns)
            sums = AlignedBuffer(count: columns)
            singleRoom = AlignedBuffer(count: columns)
            singleEntries = AlignedBuffer(count: columns)
        }
    }

    init(_ problem: TransportProblem, pool: WorkerPool) {
        self.problem = problem
        self.pool = pool
        let rows = problem.source.count, columns = problem.target.count
        (self.rows, self.columns) = (rows, columns)
        rowSums = AlignedBuffer(count: rows)
        columnSums = AlignedBuffer(count: columns)
        let count = min(rows, Self.maximumLanes)
        laneRanges = (0..<count).map { rows * $0 / count..<rows * ($0 + 1) / count }
        lanes = (0..<count).map { _ in Lane(columns) }
    }

    // MARK: Sinkhorn sweeps

    /// One sweep of Sinkhorn's iteration with a regularisation: x so that rows have their masses, then y for the columns.
    ///
    /// One exponential for each entry: a row's entries, scaled to the row's mass, are at once summed into the columns.
    ///
    /// - Parameter relaxation: how far to go, 1 for all the way; between 1 and 2 over-relaxes.
    /// - Returns: Σ |a − r| of the rows before the sweep, which for potentials that come from a whole sweep is all the error.
    @discardableResult
    func sweep(_ potentials: Potentials, epsilon: Double, relaxation: Double = 1) -> Double {
        let x = potentials.x.baseAddress, y = potentials.y.baseAddress
        forEachLane { [self] lane, range in
            for row in range where problem.source[row] > 0 {
                let cost = problem.cost.row(row, room: lane.room.baseAddress)
                let entries = lane.entries.baseAddress
                var sum = ansatz_transport_row_f64(columns, 1 / epsilon, x[row], y, cost, entries)
                lane.error += abs(problem.source[row] - sum)
                if !(sum > 1e-280 && sum < 1e280) {
                    x[row] = -ansatz_transport_row_maximum_f64(columns, y, cost)
                    sum = ansatz_transport_row_f64(columns, 1 / epsilon, x[row], y, cost, entries)
                }
                let change = relaxation * log(problem.source[row] / sum)
                let factor = relaxation == 1 ? problem.source[row] / sum : exp(change)
                x[row] += epsilon * change
                ansatz_transport_accumulate_f64(columns, factor, entries, lane.sums.baseAddress)
            }
        }
        if !updateColumns(y, epsilon, relaxation) { transformColumns(potentials) }
        return lanes.reduce(0) { $0 + $1.error }
    }

    /// The same in single precision, on potentials of single precision.
    func sweep(single potentials: SinglePotentials, epsilon: Double) {
        let x = potentials.x.baseAddress, y = potentials.y.baseAddress
        let inverse = Float(1 / epsilon)
        forEachLane { [self] lane, range in
            for row in range where problem.source[row] > 0 {
                let cost = problem.cost.row(
                    row, room: lane.room.baseAddress, single: lane.singleRoom.baseAddress)
                let entries = lane.singleEntries.baseAddress
                var sum = ansatz_transport_row_f32(columns, inverse, x[row], y, cost, entries)
                if !(sum > 1e-28 && sum < 1e28) {
                    x[row] = -ansatz_transport_row_maximum_f32(columns, y, cost)
                    sum = ansatz_transport_row_f32(columns, inverse, x[row], y, cost, entries)
                }
                let factor = problem.source[row] / sum
                x[row] += Float(epsilon * log(factor))
                ansatz_transport_accumulate_f32(columns, factor, entries, lane.sums.baseAddress)
            }
        }
        for column in 0..<columns where problem.target[column] > 0 {
            let sum = columnSums.baseAddress[column]
            if sum > 0 { y[column] += Float(epsilon * log(problem.target[column] / sum)) }
        }
    }

    /// y ← y + ε log(b/colsum); false when a column's sum is lost to underflow.
    private func updateColumns(
        _ y: UnsafeMutablePointer<Double>, _ epsilon: Double, _ relaxation: Double
    ) -> Bool {
        var isComplete = true
        for column in 0..<columns where problem.target[column] > 0 {
            let sum = columnSums.baseAddress[column]
            if sum > 1e-280 && sum < 1e280 {
                y[column] += relaxation * epsilon * log(problem.target[column] / sum)
            } else {
                isComplete = false
                y[column] = .nan
            }
        }
        return isComplete
    }

    /// y_j ← min_i (c_ij − x_i) where y_j is not a number: the column's largest entry becomes 1.
    private func transformColumns(_ potentials: Potentials) {
        let x = potentials.x.baseAddress, y = potentials.y.baseAddress
        let transformed = columnTransform(Array(UnsafeBufferPointer(start: x, count: rows)))
        for column in 0..<columns where y[column].isNaN { y[column] = transformed[column] }
    }

    // MARK: Measuring

    /// Computes row and column sums; returns the mass Σ P, infinite when an entry overflows.
    func measure(_ potentials: Potentials, epsilon: Double) -> Double {
        let x = potentials.x.baseAddress, y = potentials.y.baseAddress
        forEachLane { [self] lane, range in
            for row in range {
                guard problem.source[row] > 0 else {
                    rowSums.baseAddress[row] = 0
                    continue
                }
                let cost = problem.cost.row(row, room: lane.room.baseAddress)
                rowSums.baseAddress[row] = ansatz_transport_row_f64(
                    columns, 1 / epsilon, x[row], y, cost, lane.entries.baseAddress)
                ansatz_transport_accumulate_f64(columns, 1, lane.entries.baseAddress, lane.sums.baseAddress)
            }
        }
        var mass = 0.0
        for row in 0..<rows { mass += rowSums.baseAddress[row] }
        return mass.isFinite ? mass : .infinity
    }

    /// Moves x so that rows have their masses, and computes the column sums of the plan that results: one pass.
    ///
    /// The row sums are then the masses themselves, and what is left of the dual is a function of y alone, in which no exponential
    /// overflows.
    ///
    /// - Returns: the mass of the sources; infinite when a potential is not finite.
    func measureBalancingRows(_ potentials: Potentials, epsilon: Double) -> Double {
        let x = potentials.x.baseAddress, y = potentials.y.baseAddress
        forEachLane { [self] lane, range in
            for row in range {
                rowSums.baseAddress[row] = problem.source[row]
                guard problem.source[row] > 0 else { continue }
                let cost = problem.cost.row(row, room: lane.room.baseAddress)
                let entries = lane.entries.baseAddress
                var sum = ansatz_transport_row_f64(columns, 1 / epsilon, x[row], y, cost, entries)
                if !(sum > 1e-280 && sum < 1e280) {
                    x[row] = -ansatz_transport_row_maximum_f64(columns, y, cost)
                    sum = ansatz_transport_row_f64(columns, 1 / epsilon, x[row], y, cost, entries)
                }
                let factor = problem.source[row] / sum
                x[row] += epsilon * log(factor)
                if !x[row].isFinite { lane.error = .infinity }
                ansatz_transport_accumulate_f64(columns, factor, entries, lane.sums.baseAddress)
            }
        }
        return lanes.contains { $0.error > 0 } ? .infinity : problem.mass
    }

    /// The entries that matter: P_ij > δ min(r_i/m, c_j/n), with the sums of the last measurement.
    ///
    /// What is dropped is at most δ r_i in every row and δ c_j in every column.
    func sparsePlan(_ potentials: Potentials, epsilon: Double, dropping delta: Double, into plan: SparsePlan) {
        let x = potentials.x.baseAddress, y = potentials.y.baseAddress
        let bounds = plan.bounds.baseAddress
        for column in 0..<columns { bounds[column] = delta * columnSums.baseAddress[column] / Double(rows) }
        forEachLane { [self] lane, range, index in
            let block = plan.blocks[index]
            block.clear()
            for row in range {
                if problem.source[row] > 0 {
                    let cost = problem.cost.row(row, room: lane.room.baseAddress)
                    _ = ansatz_transport_row_f64(
                        columns, 1 / epsilon, x[row], y, cost, lane.entries.baseAddress)
                    let bound = delta * rowSums.baseAddress[row] / Double(columns)
                    block.append(lane.entries.baseAddress, count: columns, above: bound, and: bounds)
                } else {
                    block.appendEmpty()
                }
            }
        }
    }

    // MARK: Lanes

    /// Runs a pass that sums over rows: the lanes' sums become the column sums.
    private func forEachLane(_ body: @escaping (Lane, Range<Int>) -> Void) {
        for lane in lanes {
            lane.sums.baseAddress.update(repeating: 0, count: columns)
            lane.error = 0
        }
        pool.forEach(lanes.count) { [lanes, laneRanges] index in body(lanes[index], laneRanges[index]) }
        columnSums.baseAddress.update(repeating: 0, count: columns)
        for lane in lanes { Double.add(columns, lane.sums.baseAddress, columnSums.baseAddress) }
    }

    func forEachLane(_ body: @escaping (Lane, Range<Int>, Int) -> Void) {
        pool.forEach(lanes.count) { [lanes, laneRanges] index in body(lanes[index], laneRanges[index], index) }
    }
}
