import Glibc
import LinearAlgebra

/// The Newton steps of ``SafeSinkhornNewton``, from the present potentials of a run.
final class NewtonIteration {
    private let run: TransportRun
    private let system: SchurSystem
    private let sparse: SparsePlan
    private let trial: Potentials
    private let gradientX, gradientY, stepX, stepY: AlignedBuffer<Double>
    private var damping = 0.05
    private static let linearLimit = 2_000
    /// Most sweeps between two steps.
    private static let mostSweeps = 10

    init(_ run: TransportRun) {
        self.run = run
        let (rows, columns) = (run.plan.rows, run.plan.columns)
        system = SchurSystem(rows: rows, columns: columns, pool: run.pool)
        sparse = SparsePlan(run.plan)
        trial = Potentials(for: run.problem)
        gradientX = AlignedBuffer(count: rows)
        stepX = AlignedBuffer(count: rows)
        gradientY = AlignedBuffer(count: columns)
        stepY = AlignedBuffer(count: columns)
    }

    func iterate() -> TransportStop {
        var present = run.measure(run.potentials, balancingRows: true)
        var failures = 0
        while true {
            present = sweepUntilNear(present)
            if let stop = run.stop(at: present.error) { return stop }
            guard run.newtonSteps < run.limits.newtonSteps else { return .limitReached }
            let linear = findStep(present)
            run.newtonSteps += 1
            run.linearIterations += linear
            if let next = search(from: present) {
                present = next
                failures = 0
            } else {
                // The column sums are those of a failed attempt; a sweep never lowers the dual.
                damping = min(4 * damping, 100)
                failures += 1
                guard failures < 8 else { return run.stopWithoutProgress(at: present.error) }
                run.plan.sweep(run.potentials, epsilon: run.problem.epsilon)
                run.sweeps += 1
                present = run.measure(run.potentials, balancingRows: true)
            }
            run.entries = sparse.count
            run.history.append(
                TransportProgress(
                    kind: .newton, seconds: run.seconds, marginalError: present.error, dual: present.dual,
                    linearIterations: linear, entries: sparse.count))
        }
    }

    /// Sinkhorn's iteration, a pass each, until no column sum is far from its mass: a Newton step, which takes eᵗ for 1 + t, is of
    /// use only then.
    private func sweepUntilNear(_ measured: TransportRun.Measurement) -> TransportRun.Measurement {
        var present = measured
        for _ in 0..<Self.mostSweeps where run.plan.largestColumnChange > 0.7 {
            run.plan.balanceColumns(run.potentials, epsilon: run.problem.epsilon)
            run.sweeps += 1
            present = run.measure(run.potentials, balancingRows: true)
            run.history.append(
                TransportProgress(
                    kind: .sweep, seconds: run.seconds, marginalError: present.error, dual: present.dual))
        }
        return present
    }

    /// Solves the Newton equations at the measured potentials; returns the linear solver's iterations.
    private func findStep(_ present: TransportRun.Measurement) -> Int {
        let problem = run.problem, plan = run.plan
        for row in 0..<plan.rows {
            gradientX.baseAddress[row] = problem.source[row] - plan.rowSums.baseAddress[row]
        }
        for column in 0..<plan.columns {
            gradientY.baseAddress[column] = problem.target[column] - plan.columnSums.baseAddress[column]
        }
        let error = min(present.error, 1)
        plan.sparsePlan(
            run.potentials, epsilon: problem.epsilon, dropping: min(max(0.5 * error, 1e-9), 0.3), into: sparse)
        let excess = 1 + damping * min(error, 1e-2)
        return system.solve(
            sparse, rowDiagonal: { excess * plan.rowSums.baseAddress[$0] },
            columnDiagonal: { excess * plan.columnSums.baseAddress[$0] }, gradientX: gradientX.baseAddress,
            gradientY: gradientY.baseAddress,
            tolerance: min(max(0.5 * error, 1e-8), 0.1), limit: Self.linearLimit, stepX: stepX.baseAddress,
            stepY: stepY.baseAddress
        ).iterations
    }

    /// Halves the step until the dual rises as it should, or the error falls where the dual is not known well enough; moves there.
    private func search(from present: TransportRun.Measurement) -> TransportRun.Measurement? {
        let problem = run.problem, epsilon = problem.epsilon
        let slope =
            epsilon
            * (Double.dot(run.plan.rows, gradientX.baseAddress, stepX.baseAddress)
                + Double.dot(run.plan.columns, gradientY.baseAddress, stepY.baseAddress))
        guard slope > 0, slope.isFinite else { return nil }
        let rounding = 1e-15 * (abs(present.dual) + epsilon * problem.mass)
        var length = 1.0
        while length > 1e-6 {
            trial.move(from: run.potentials, by: length * epsilon, stepX.baseAddress, stepY.baseAddress)
            let next = run.measure(trial, balancingRows: true)
            let gain = next.dual - present.dual
            let isUncertain = length * slope < 1e3 * rounding
            if next.isFinite, isUncertain ? next.error < present.error : gain >= 1e-4 * length * slope - rounding {
                run.potentials.copy(from: trial)
                if length == 1, !isUncertain { adaptDamping(gain / (0.5 * slope)) }
                if length < 1 { damping = min(damping / length.squareRoot(), 100) }
                return next
            }
            length /= 2
        }
        return nil
    }

    private func adaptDamping(_ ratio: Double) {
        if ratio < 0.25 { damping = min(4 * damping, 100) }
        if ratio > 0.75 { damping = max(damping / (ratio > 1.4 ? 8 : 2), 1e-3) }
    }
}
