import LinearAlgebra
import Parallelism

/// The entries of a plan that matter, row by row.
public struct PlanEntries: Sendable, Equatable {
    /// Numbers of entries before each row, n + 1 of them: compressed rows.
    public var rowStarts: [Int]
    /// The target of each entry, rising within a row.
    public var columns: [Int]
    /// The mass that each entry moves.
    public var values: [Double]
    /// The mass that is left out.
    public var droppedMass: Double

    /// The number of entries.
    public var count: Int { values.count }

    /// The source of each entry.
    public var rows: [Int] {
        (0..<rowStarts.count - 1).flatMap { row in
            repeatElement(row, count: rowStarts[row + 1] - rowStarts[row])
        }
    }
}

extension TransportSolution {
    /// The entries of the plan without the smallest, as many as a share of every row's and every column's mass allows.
    ///
    /// - Parameters:
    ///   - share: what may be dropped of a row or column, relative to its mass.
    public func entries(
        of problem: TransportProblem, dropping share: Double = 1e-9, pool: WorkerPool
    ) -> PlanEntries {
        let plan = PlanRows(problem, pool: pool)
        let potentials = Potentials(self)
        let mass = plan.measure(potentials, epsilon: problem.epsilon)
        let sparse = SparsePlan(plan)
        plan.sparsePlan(potentials, epsilon: problem.epsilon, dropping: share, into: sparse)
        var result = PlanEntries(rowStarts: [0], columns: [], values: [], droppedMass: mass)
        result.columns.reserveCapacity(sparse.count)
        result.values.reserveCapacity(sparse.count)
        for block in sparse.blocks {
            let before = result.values.count
            for place in 0..<block.count {
                result.columns.append(Int(block.indices.baseAddress[place]))
                result.values.append(block.values.baseAddress[place])
            }
            for start in block.starts.dropFirst() { result.rowStarts.append(before + Int(start)) }
        }
        result.droppedMass = max(0, mass - result.values.reduce(0, +))
        return result
    }

    /// The mean target of every source, Σ_j P_ij q_j / Σ_j P_ij, as rows of coordinates; not a number where a source has no
    /// mass.
    ///
    /// Without a regularisation this is the map that moves the sources to the targets; with one it moves them inwards.
    public func barycentricMap(
        of problem: TransportProblem, targets: [[Double]], pool: WorkerPool
    ) -> [[Double]] {
        precondition(targets.count == problem.target.count, "a point for each target")
        let dimensions = targets.first?.count ?? 0
        let plan = PlanRows(problem, pool: pool)
        let columns = plan.columns
        let coordinates = AlignedBuffer<Double>(count: dimensions * columns)
        for (index, point) in targets.enumerated() {
            for axis in 0..<dimensions { coordinates.baseAddress[axis * columns + index] = point[axis] }
        }
        let images = AlignedBuffer<Double>(count: dimensions * plan.rows)
        images.baseAddress.update(repeating: .nan, count: images.count)
        plan.forEachRow(Potentials(self), epsilon: problem.epsilon) { _, row, entries, _ in
            var sum = 0.0
            for column in 0..<columns { sum += entries[column] }
            for axis in 0..<dimensions {
                images.baseAddress[row * dimensions + axis] =
                    Double.dot(columns, entries, coordinates.baseAddress + axis * columns) / sum
            }
        }
        return (0..<plan.rows).map { row in (0..<dimensions).map { images.baseAddress[row * dimensions + $0] } }
    }
}

extension Potentials {
    /// The potentials of a solution.
    convenience init(_ solution: TransportSolution) {
        self.init(rows: solution.sourcePotentials.count, columns: solution.targetPotentials.count)
        x.baseAddress.update(from: solution.sourcePotentials, count: x.count)
        y.baseAddress.update(from: solution.targetPotentials, count: y.count)
    }
}
