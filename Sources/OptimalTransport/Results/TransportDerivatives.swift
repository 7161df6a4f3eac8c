import Glibc
import LinearAlgebra
import Parallelism

/// Derivatives of the regularised cost at a solution, by the envelope theorem: no derivative of the plan is needed.
extension TransportSolution {
    /// ∂E/∂a for E = ⟨C, P⟩ + ε KL(P | a bᵀ/mass), up to a constant, as only changes that keep the total make sense:
    /// f = x − ε log a; not a number where there is no mass.
    public func sourceDerivative(of problem: TransportProblem) -> [Double] {
        zip(problem.source, sourcePotentials).map { $0 > 0 ? $1 - problem.epsilon * log($0) : .nan }
    }

    /// ∂E/∂b in the same sense: g = y − ε log b.
    public func targetDerivative(of problem: TransportProblem) -> [Double] {
        zip(problem.target, targetPotentials).map { $0 > 0 ? $1 - problem.epsilon * log($0) : .nan }
    }

    /// ∂E/∂p_i = Σ_j P_ij ∂c_ij/∂p_i for every source point, as rows of coordinates; the cost is the problem's.
    public func positionDerivative(
        of problem: TransportProblem, cost: DistanceCost, pool: WorkerPool
    ) -> [[Double]] {
        let plan = PlanRows(problem, pool: pool)
        let gradients = AlignedBuffer<Double>(count: plan.rows * cost.dimensions)
        plan.forEachRow(Potentials(self), epsilon: problem.epsilon) { _, row, entries, _ in
            cost.gradient(row, weights: entries, into: gradients.baseAddress + row * cost.dimensions)
        }
        return (0..<plan.rows).map { row in
            (0..<cost.dimensions).map { gradients.baseAddress[row * cost.dimensions + $0] }
        }
    }

    /// The derivative of the potentials when the masses change at the rates da and db, by one solve with the Newton matrix
    ///
    ///     [D_r  P  ] [ẋ]     [ȧ]
    ///     [Pᵀ   D_c] [ẏ] = ε [ḃ],
    ///
    /// in the gauge of the solution's potentials. The plan follows as Ṗ_ij = P_ij (ẋ_i + ẏ_j)/ε.
    ///
    /// - Precondition: Σ da = Σ db, and no change where there is no mass.
    public func potentialDerivative(
        of problem: TransportProblem, source da: [Double], target db: [Double], pool: WorkerPool
    ) -> (source: [Double], target: [Double]) {
        precondition(da.count == problem.source.count && db.count == problem.target.count, "a rate for each mass")
        let plan = PlanRows(problem, pool: pool)
        let potentials = Potentials(self)
        _ = plan.measure(potentials, epsilon: problem.epsilon)
        let sparse = SparsePlan(plan)
        plan.sparsePlan(potentials, epsilon: problem.epsilon, dropping: 1e-14, into: sparse)
        let step = Potentials(rows: plan.rows, columns: plan.columns)
        let rate = Potentials(rows: plan.rows, columns: plan.columns)
        rate.x.baseAddress.update(from: da, count: plan.rows)
        rate.y.baseAddress.update(from: db, count: plan.columns)
        let system = SchurSystem(rows: plan.rows, columns: plan.columns)
        _ = system.solve(
            sparse, rowDiagonal: { plan.rowSums.baseAddress[$0] }, columnDiagonal: { plan.columnSums.baseAddress[$0] },
            gradientX: rate.x.baseAddress, gradientY: rate.y.baseAddress, tolerance: 1e-13, limit: 20_000,
            stepX: step.x.baseAddress, stepY: step.y.baseAddress)
        var x = step.x.elements.map { problem.epsilon * $0 }, y = step.y.elements.map { problem.epsilon * $0 }
        // The gauge Σ a x = Σ b y holds along the way: its derivative is zero.
        func drift(_ masses: [Double], _ rates: [Double], _ values: [Double], _ moved: [Double]) -> Double {
            masses.indices.reduce(0) {
                $0 + (masses[$1] > 0 ? rates[$1] * values[$1] + masses[$1] * moved[$1] : 0)
            }
        }
        let shift =
            (drift(problem.source, da, sourcePotentials, x) - drift(problem.target, db, targetPotentials, y))
            / (2 * problem.mass)
        for index in x.indices { x[index] -= shift }
        for index in y.indices { y[index] += shift }
        return (x, y)
    }
}

extension DistanceCost {
    /// Σ_j w_j ∂c_ij/∂p_i; where two points coincide, distances that are not squared have the derivative 0.
    func gradient(
        _ source: Int, weights: UnsafePointer<Double>, into gradient: UnsafeMutablePointer<Double>
    ) {
        for axis in 0..<dimensions { gradient[axis] = 0 }
        var differences = [Double](repeating: 0, count: dimensions)
        for target in 0..<targets where weights[target] > 0 {
            var squares = 0.0
            for axis in 0..<dimensions {
                differences[axis] = difference(source, target, axis)
                squares += differences[axis] * differences[axis]
            }
            let length = squares.squareRoot()
            for axis in 0..<dimensions {
                let difference = differences[axis]
                switch kind {
                case .squaredEuclidean: gradient[axis] += weights[target] * 2 * difference
                case .euclidean: if length > 0 { gradient[axis] += weights[target] * difference / length }
                case .manhattan:
                    if difference != 0 { gradient[axis] += weights[target] * (difference > 0 ? 1 : -1) }
                }
            }
        }
    }

    /// p − q along an axis, the shorter way round where the axis has a period.
    private func difference(_ source: Int, _ target: Int, _ axis: Int) -> Double {
        let plain = from.baseAddress[source * dimensions + axis] - to.baseAddress[axis * targets + target]
        let period = periods.baseAddress[axis]
        guard period > 0 else { return plain }
        return plain > period / 2 ? plain - period : plain < -period / 2 ? plain + period : plain
    }
}
