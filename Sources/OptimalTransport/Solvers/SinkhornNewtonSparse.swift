import LinearAlgebra
import Parallelism

/// Sinkhorn-Newton-Sparse as published: for reproduction, not for use.
///
/// Some sweeps from zero potentials at the problem's ε, then Newton steps on the dual with the largest ⌈λ n m⌉ entries of the plan
/// (λ = `entriesPerRow`/m), the whole system solved by conjugate gradients, and the step halved until the dual rises by
/// 10⁻⁴ of what its slope promises. The constant that potentials are free by is held by a rank-one term. A number of entries that is
/// too small for a problem makes it stall far from the solution; the method then says so.
///
/// Source: Tang, Shavlovsky, Rahmanian, Tardini, Thekumparampil, Xiao, Ying, ICLR 2024, arXiv 2401.12253. The paper does not
/// state its tolerance of conjugate gradients: 10⁻¹⁰ here, with the diagonal as a preconditioner.
public struct SinkhornNewtonSparse: TransportSolver {
    /// The name in problem files.
    public static let name = "sinkhorn-newton-sparse"
    /// One line for listings.
    public static let summary = "as published: fixed number of largest entries, conjugate gradients on both marginals"

    /// Sweeps before the first Newton step.
    public var warmUp: Int
    /// Entries of the plan that are kept, for each row on average.
    public var entriesPerRow: Double

    /// A solver with the paper's constants for random assignment.
    public init(warmUp: Int = 20, entriesPerRow: Double = 2) {
        self.warmUp = warmUp
        self.entriesPerRow = entriesPerRow
    }

    /// Solves from zero potentials.
    public func solve(_ problem: TransportProblem, _ limits: TransportLimits, pool: WorkerPool) -> TransportSolution {
        let run = TransportRun(problem, limits, pool: pool)
        run.timed(\.sweeps) {
            for _ in 0..<warmUp {
                let error = run.plan.sweep(run.potentials, epsilon: problem.epsilon) / problem.mass
                run.history.append(TransportProgress(kind: .sweep, seconds: run.seconds, marginalError: error))
            }
            run.sweeps = warmUp
        }
        return run.finish(run.timed(\.newton) { iterate(run) })
    }

    private func iterate(_ run: TransportRun) -> TransportStop {
        let (rows, columns) = (run.plan.rows, run.plan.columns)
        let kept = min(rows * columns, Int((entriesPerRow * Double(rows)).rounded(.up)))
        let sparse = SparsePlan(run.plan)
        let system = FullSystem(rows: rows, columns: columns)
        let trial = Potentials(for: run.problem)
        var present = run.measure(run.potentials)
        while true {
            if let stop = run.stop(at: present.error) { return stop }
            guard run.newtonSteps < run.limits.newtonSteps else { return .limitReached }
            run.plan.largestEntries(kept, run.potentials, epsilon: run.problem.epsilon, into: sparse)
            let linear = system.solve(sparse, run)
            run.newtonSteps += 1
            run.linearIterations += linear
            run.entries = sparse.count
            guard
                let next = search(run, system, trial, from: present)
            else { return run.stopWithoutProgress(at: present.error) }
            present = next
            run.history.append(
                TransportProgress(
                    kind: .newton, seconds: run.seconds, marginalError: present.error, dual: present.dual,
                    linearIterations: linear, entries: sparse.count))
        }
    }

    private func search(
        _ run: TransportRun, _ system: FullSystem, _ trial: Potentials, from present: TransportRun.Measurement
    ) -> TransportRun.Measurement? {
        let epsilon = run.problem.epsilon
        let slope = epsilon * Double.dot(system.count, system.gradient.baseAddress, system.step.baseAddress)
        guard slope > 0 else { return nil }
        let rounding = 1e-15 * (abs(present.dual) + epsilon * run.problem.mass)
        var length = 1.0
        while length > 1e-10 {
            let step = system.step.baseAddress
            trial.move(from: run.potentials, by: length * epsilon, step, step + run.plan.rows)
            let next = run.measure(trial)
            if next.isFinite, next.dual - present.dual >= 1e-4 * length * slope - rounding {
                run.potentials.copy(from: trial)
                return next
            }
            length /= 2
        }
        return nil
    }
}

/// The Newton equations for rows and columns together, as the paper solves them.
private final class FullSystem {
    let count: Int
    let gradient: AlignedBuffer<Double>
    let step: AlignedBuffer<Double>
    private let rows: Int
    private let columns: Int
    private let diagonal, residual, direction, image: AlignedBuffer<Double>

    init(rows: Int, columns: Int) {
        (self.rows, self.columns) = (rows, columns)
        count = rows + columns
        func vector() -> AlignedBuffer<Double> { AlignedBuffer(count: rows + columns) }
        (gradient, step, diagonal) = (vector(), vector(), vector())
        (residual, direction, image) = (vector(), vector(), vector())
    }

    /// Solves for the step in units of ε; returns the number of iterations.
    func solve(_ plan: SparsePlan, _ run: TransportRun) -> Int {
        let g = gradient.baseAddress, d = diagonal.baseAddress
        for row in 0..<rows {
            d[row] = run.plan.rowSums.baseAddress[row]
            g[row] = run.problem.source[row] - d[row]
        }
        for column in 0..<columns {
            d[rows + column] = run.plan.columnSums.baseAddress[column]
            g[rows + column] = run.problem.target[column] - d[rows + column]
        }
        let r = residual.baseAddress, p = direction.baseAddress, q = image.baseAddress
        step.baseAddress.update(repeating: 0, count: count)
        r.update(from: g, count: count)
        let goal = 1e-10 * Double.dot(count, r, r).squareRoot()
        guard goal > 0 else { return 0 }
        for index in 0..<count { p[index] = d[index] > 0 ? r[index] / d[index] : 0 }
        var product = Double.dot(count, r, p)
        for iteration in 1...max(100, 3 * count) {
            apply(plan, run.problem.mass)
            let curvature = Double.dot(count, p, q)
            guard curvature > 0 else { return iteration }
            Double.addScaled(count, product / curvature, p, step.baseAddress)
            Double.addScaled(count, -product / curvature, q, r)
            if Double.dot(count, r, r).squareRoot() <= goal { return iteration }
            var next = 0.0
            for index in 0..<count where d[index] > 0 { next += r[index] * r[index] / d[index] }
            for index in 0..<count { p[index] = (d[index] > 0 ? r[index] / d[index] : 0) + next / product * p[index] }
            product = next
        }
        return 3 * count
    }

    /// image ← M · direction with the rank-one term (mass/count²) w wᵀ, w = (1, −1).
    private func apply(_ plan: SparsePlan, _ mass: Double) {
        let p = direction.baseAddress, q = image.baseAddress, d = diagonal.baseAddress
        plan.product(p + rows, q)
        plan.transposedProduct(p, q + rows)
        var drift = 0.0
        for row in 0..<rows { drift += p[row] }
        for column in 0..<columns { drift -= p[rows + column] }
        drift *= mass / (Double(count) * Double(count))
        for row in 0..<rows { q[row] += d[row] * p[row] + drift }
        for column in 0..<columns { q[rows + column] += d[rows + column] * p[rows + column] - drift }
    }
}
