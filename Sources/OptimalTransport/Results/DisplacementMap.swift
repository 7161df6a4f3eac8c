import LinearAlgebra
import Parallelism

extension TransportSolution {
    /// Where every source goes in the mean, p_i + Σ_j P_ij (q_j − p_i)/Σ_j P_ij, as rows of coordinates; not a number where a source
    /// has no mass.
    ///
    /// Along coordinates with a period (0 for none) differences are taken the shorter way round, and places may lie beyond the ends.
    public func displacementMap(
        of problem: TransportProblem, sources: [[Double]], targets: [[Double]], periods: [Double], pool: WorkerPool
    ) -> [[Double]] {
        precondition(
            sources.count == problem.source.count && targets.count == problem.target.count, "a point for each mass")
        let dimensions = periods.count
        let plan = PlanRows(problem, pool: pool)
        let (rows, columns) = (plan.rows, plan.columns)
        let coordinates = AlignedBuffer<Double>(count: dimensions * columns)
        for (index, point) in targets.enumerated() {
            for axis in 0..<dimensions { coordinates.baseAddress[axis * columns + index] = point[axis] }
        }
        let images = AlignedBuffer<Double>(count: dimensions * rows)
        images.baseAddress.update(repeating: .nan, count: images.count)
        plan.forEachRow(Potentials(self), epsilon: problem.epsilon) { _, row, entries, _ in
            var sum = 0.0
            for column in 0..<columns { sum += entries[column] }
            guard sum > 0 else { return }
            for axis in 0..<dimensions {
                let places = coordinates.baseAddress + axis * columns
                let start = sources[row][axis], period = periods[axis]
                var moment = 0.0
                if period > 0 {
                    for column in 0..<columns {
                        let difference = places[column] - start
                        moment += entries[column] * (difference - period * (difference / period).rounded())
                    }
                } else {
                    moment = Double.dot(columns, entries, places) - sum * start
                }
                images.baseAddress[row * dimensions + axis] = start + moment / sum
            }
        }
        return (0..<rows).map { row in (0..<dimensions).map { images.baseAddress[row * dimensions + $0] } }
    }
}
