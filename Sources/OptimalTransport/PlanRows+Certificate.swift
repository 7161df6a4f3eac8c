import CKernels
import LinearAlgebra

/// Passes that certificates need; they run once for each solution.
extension PlanRows {
    /// Walks over the rows of the plan that have mass, with their costs.
    private func forEachRow(
        _ potentials: Potentials, epsilon: Double,
        _ body: (Int, UnsafeMutablePointer<Double>, UnsafePointer<Double>) -> Void
    ) {
        let lane = lanes[0]
        for row in 0..<rows where problem.source[row] > 0 {
            let cost = problem.cost.row(row, room: lane.room.baseAddress)
            _ = ansatz_transport_row_f64(
                columns, 1 / epsilon, potentials.x.baseAddress[row], potentials.y.baseAddress, cost,
                lane.entries.baseAddress)
            body(row, lane.entries.baseAddress, cost)
        }
    }

    /// ⟨C, P⟩
    func cost(_ potentials: Potentials, epsilon: Double) -> Double {
        var total = 0.0
        forEachRow(potentials, epsilon: epsilon) { _, entries, cost in
            total += ansatz_transport_row_cost_f64(columns, entries, cost)
        }
        return total
    }

    /// Σ_i f_i P_ij for each column.
    func scaledColumnSums(_ potentials: Potentials, epsilon: Double, rows factors: [Double]) -> [Double] {
        let sums = AlignedBuffer<Double>(count: columns)
        forEachRow(potentials, epsilon: epsilon) { row, entries, _ in
            Double.addScaled(columns, factors[row], entries, sums.baseAddress)
        }
        return Array(sums.elements)
    }

    /// The cost and the row sums of the plan with factors for rows and columns.
    func costAndRowSums(
        _ potentials: Potentials, epsilon: Double, rows factors: [Double], columns others: [Double]
    ) -> (cost: Double, rowSums: [Double]) {
        var total = 0.0
        var sums = [Double](repeating: 0, count: rows)
        others.withUnsafeBufferPointer { others in
            guard let other = others.baseAddress else { return }
            forEachRow(potentials, epsilon: epsilon) { row, entries, cost in
                sums[row] = factors[row] * Double.dot(columns, entries, other)
                let scaled = lanes[0].sums.baseAddress
                scaled.update(repeating: 0, count: columns)
                Double.addProduct(columns, entries, other, scaled)
                total += factors[row] * ansatz_transport_row_cost_f64(columns, scaled, cost)
            }
        }
        return (total, sums)
    }

    /// Σ u_i v_j c_ij
    func bilinearCost(_ u: [Double], _ v: [Double]) -> Double {
        var total = 0.0
        v.withUnsafeBufferPointer { v in
            guard let other = v.baseAddress else { return }
            for row in 0..<rows where u[row] > 0 {
                total += u[row] * Double.dot(columns, problem.cost.row(row, room: lanes[0].room.baseAddress), other)
            }
        }
        return total
    }

    /// min_i (c_ij − x_i) over the sources with mass, for each target.
    func columnTransform(_ x: [Double]) -> [Double] {
        var least = [Double](repeating: .infinity, count: columns)
        for row in 0..<rows where problem.source[row] > 0 {
            let cost = problem.cost.row(row, room: lanes[0].room.baseAddress)
            for column in 0..<columns { least[column] = min(least[column], cost[column] - x[row]) }
        }
        return least
    }
}
