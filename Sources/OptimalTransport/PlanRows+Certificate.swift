import CKernels
import LinearAlgebra

/// Passes that certificates need; they run once for each solution.
extension PlanRows {
    /// Sums of one pass over the plan P.
    struct PlanSums {
        /// ⟨C, P⟩
        var cost = 0.0
        /// Σ_i f_i P_ij by column.
        var columnSums: [Double] = []
        /// min_i (c_ij − x_i) over the sources with mass, by column.
        var leastCosts: [Double] = []
    }

    /// Walks over the rows of the plan that have mass, with their costs, lane by lane; a lane's room for sums starts at zero.
    func forEachRow(
        _ potentials: Potentials, epsilon: Double,
        _ body: @escaping (Lane, Int, UnsafeMutablePointer<Double>, UnsafePointer<Double>) -> Void
    ) {
        let x = potentials.x.baseAddress, y = potentials.y.baseAddress
        forEachLane { [self] lane, range, _ in
            lane.sums.baseAddress.update(repeating: 0, count: columns)
            lane.total = 0
            for row in range where problem.source[row] > 0 {
                let cost = problem.cost.row(row, room: lane.room.baseAddress)
                _ = ansatz_transport_row_f64(columns, 1 / epsilon, x[row], y, cost, lane.entries.baseAddress)
                body(lane, row, lane.entries.baseAddress, cost)
            }
        }
    }

    /// The sums of lanes, in order.
    private var laneSums: [Double] {
        let sums = AlignedBuffer<Double>(count: columns)
        for lane in lanes { Double.add(columns, lane.sums.baseAddress, sums.baseAddress) }
        return sums.copied
    }

    /// One pass with factors f of rows.
    func planSums(_ potentials: Potentials, epsilon: Double, rows factors: [Double]) -> PlanSums {
        let x = potentials.x.baseAddress
        let least = lanes.map { _ in AlignedBuffer<Double>(count: columns) }
        for buffer in least { buffer.baseAddress.update(repeating: .infinity, count: columns) }
        let numbers = Dictionary(uniqueKeysWithValues: lanes.enumerated().map { (ObjectIdentifier($1), $0) })
        forEachRow(potentials, epsilon: epsilon) { lane, row, entries, cost in
            lane.total += ansatz_transport_row_cost_f64(self.columns, entries, cost)
            Double.addScaled(self.columns, factors[row], entries, lane.sums.baseAddress)
            guard let number = numbers[ObjectIdentifier(lane)] else { return }
            ansatz_transport_least_f64(self.columns, x[row], cost, least[number].baseAddress)
        }
        var smallest = [Double](repeating: .infinity, count: columns)
        for buffer in least {
            for column in 0..<columns { smallest[column] = min(smallest[column], buffer.baseAddress[column]) }
        }
        return PlanSums(cost: lanes.reduce(0) { $0 + $1.total }, columnSums: laneSums, leastCosts: smallest)
    }

    /// The cost and the row sums of the plan with factors for rows and columns.
    func costAndRowSums(
        _ potentials: Potentials, epsilon: Double, rows factors: [Double], columns others: [Double]
    ) -> (cost: Double, rowSums: [Double]) {
        let sums = AlignedBuffer<Double>(count: rows)
        let other = AlignedBuffer<Double>(count: columns)
        other.baseAddress.update(from: others, count: columns)
        forEachRow(potentials, epsilon: epsilon) { lane, row, entries, cost in
            for column in 0..<self.columns { entries[column] *= other.baseAddress[column] * factors[row] }
            var sum = 0.0
            for column in 0..<self.columns { sum += entries[column] }
            sums.baseAddress[row] = sum
            lane.total += ansatz_transport_row_cost_f64(self.columns, entries, cost)
        }
        return (lanes.reduce(0) { $0 + $1.total }, sums.copied)
    }

    /// Σ u_i v_j c_ij
    func bilinearCost(_ u: [Double], _ v: [Double]) -> Double {
        let other = AlignedBuffer<Double>(count: columns)
        other.baseAddress.update(from: v, count: columns)
        forEachLane { [self] lane, range, _ in
            lane.total = 0
            for row in range where u[row] > 0 {
                let cost = problem.cost.row(row, room: lane.room.baseAddress)
                lane.total += u[row] * ansatz_transport_row_cost_f64(columns, other.baseAddress, cost)
            }
        }
        return lanes.reduce(0) { $0 + $1.total }
    }

    /// min_i (c_ij − x_i) over the sources with mass, for each target.
    func columnTransform(_ x: [Double]) -> [Double] {
        let least = AlignedBuffer<Double>(count: columns)
        least.baseAddress.update(repeating: .infinity, count: columns)
        for row in 0..<rows where problem.source[row] > 0 {
            let cost = problem.cost.row(row, room: lanes[0].room.baseAddress)
            ansatz_transport_least_f64(columns, x[row], cost, least.baseAddress)
        }
        return least.copied
    }
}
