import LinearAlgebra
import Parallelism

/// The regularised sparse Newton method of Tang and Qiu, for comparison.
///
/// From one sweep at the problem's ε, Newton steps on the entries of the plan that are left when in every column the smallest are
/// dropped up to a sum of δ = 0.01 ‖g‖₂, and in every row the largest of the dropped are put back until what is missing is at
/// most 2δ. The equations carry the absolute shift μ ‖g‖₂; steps of length 1, ½, ¼ and ⅒ are tried; μ follows the ratio of
/// actual to predicted increase. Conjugate gradients on the equations without rows, to 10⁻⁸.
///
/// Source: Tang and Qiu, Safe and sparse Newton method for entropic-regularized optimal transport, NeurIPS 2024.
public struct RegularisedSparseNewton: TransportSolver {
    /// The name in problem files.
    public static let name = "regularised-sparse-newton"
    /// One line for listings.
    public static let summary = "Newton steps with an absolute shift and a budget for dropped entries (SSNS)"

    /// The budget δ relative to the norm of the gradient.
    private static let budget = 0.01

    /// A solver with the paper's constants.
    public init() {}

    /// Solves from zero potentials.
    public func solve(_ problem: TransportProblem, _ limits: TransportLimits, pool: WorkerPool) -> TransportSolution {
        let run = TransportRun(problem, limits, pool: pool)
        run.timed(\.sweeps) { _ = run.plan.sweep(run.potentials, epsilon: problem.epsilon) }
        run.sweeps = 1
        run.history.append(TransportProgress(kind: .sweep, seconds: run.seconds))
        return run.finish(run.timed(\.newton) { iterate(run, pool) })
    }

    private func iterate(_ run: TransportRun, _ pool: WorkerPool) -> TransportStop {
        let (rows, columns) = (run.plan.rows, run.plan.columns)
        let (sparse, trial) = (SparsePlan(run.plan), Potentials(for: run.problem))
        let system = SchurSystem(rows: rows, columns: columns)
        func vector(_ count: Int) -> AlignedBuffer<Double> { AlignedBuffer(count: count) }
        let (gradientX, gradientY, stepX, stepY) = (vector(rows), vector(columns), vector(rows), vector(columns))
        var shift = 1.0
        var present = run.measure(run.potentials)
        while true {
            if let stop = run.stop(at: present.error) { return stop }
            guard run.newtonSteps < run.limits.newtonSteps else { return .limitReached }
            let r = Array(run.plan.rowSums.elements), c = Array(run.plan.columnSums.elements)
            for row in 0..<rows { gradientX.baseAddress[row] = run.problem.source[row] - r[row] }
            for column in 0..<columns { gradientY.baseAddress[column] = run.problem.target[column] - c[column] }
            let norm =
                (Double.dot(rows, gradientX.baseAddress, gradientX.baseAddress)
                + Double.dot(columns, gradientY.baseAddress, gradientY.baseAddress)).squareRoot()
            run.plan.budgetedEntries(
                Self.budget * norm, run.potentials, epsilon: run.problem.epsilon, into: sparse)
            let added = shift * norm
            let linear = system.solve(
                sparse, rowDiagonal: { r[$0] > 0 ? r[$0] + added : 0 },
                columnDiagonal: { c[$0] > 0 ? c[$0] + added : 0 }, gradientX: gradientX.baseAddress,
                gradientY: gradientY.baseAddress, tolerance: 1e-8, limit: 5_000, stepX: stepX.baseAddress,
                stepY: stepY.baseAddress
            ).iterations
            run.newtonSteps += 1
            run.linearIterations += linear
            run.entries = sparse.count
            let slope =
                run.problem.epsilon
                * (Double.dot(rows, gradientX.baseAddress, stepX.baseAddress)
                    + Double.dot(columns, gradientY.baseAddress, stepY.baseAddress))
            let rounding = 1e-15 * (abs(present.dual) + run.problem.epsilon * run.problem.mass)
            let accepted = search(run, trial, stepX, stepY, above: present.dual - rounding)
            guard let (next, length) = accepted, slope > 0 else {
                guard shift < 1e12 else { return run.stopWithoutProgress(at: present.error) }
                shift *= 4
                present = run.measure(run.potentials)
                continue
            }
            let predicted = length * slope * (1 - length / 2)
            if predicted > 1e3 * rounding {
                let ratio = (next.dual - present.dual) / predicted
                if ratio < 0.25 { shift *= 4 }
                if ratio > 0.75 { shift = max(shift / 2, 1e-3) }
            }
            run.potentials.copy(from: trial)
            present = next
            run.history.append(
                TransportProgress(
                    kind: .newton, seconds: run.seconds, marginalError: present.error, dual: present.dual,
                    linearIterations: linear, entries: sparse.count))
        }
    }
    /// The first of the steps tried that takes the dual above a value, with its length.
    private func search(
        _ run: TransportRun, _ trial: Potentials, _ stepX: AlignedBuffer<Double>, _ stepY: AlignedBuffer<Double>,
        above least: Double
    ) -> (next: TransportRun.Measurement, length: Double)? {
        for length in [1, 0.5, 0.25, 0.1] {
            trial.move(
                from: run.potentials, by: length * run.problem.epsilon, stepX.baseAddress, stepY.baseAddress)
            let next = run.measure(trial)
            if next.isFinite, next.dual > least { return (next, length) }
        }
        return nil
    }
}
