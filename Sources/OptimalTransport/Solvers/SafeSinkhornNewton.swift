import Glibc
import Parallelism

/// Sinkhorn–Newton with a safe bound on what is dropped: the default for any ε, n and m.
///
/// After a warm-up with falling ε, each step solves the Newton equations of the dual on the entries of the plan that matter: what
/// is dropped is at most δ = ½ error of every row's and every column's mass, so that the dropped part vanishes with the error and
/// the steps become quadratic. After a step x is moved so that rows have their masses, at no cost: what is maximised is then a
/// function of y alone in which nothing overflows; and while a column sum is far from its mass, Sinkhorn's iteration goes before the
/// next step. The equations are regularised relative to the diagonal by σ = μ · error and solved to a tolerance of ½ error; a
/// step counts when it raises the dual or, near the end where the dual is known no better, lowers the error. μ follows the
/// ratio of actual to predicted increase.
///
/// Sources: Tang et al., arXiv 2401.12253 (sparse Newton after Sinkhorn); Tang and Qiu, NeurIPS 2024 (budget for dropped mass,
/// ratio rule).
public struct SafeSinkhornNewton: TransportSolver {
    /// The name in problem files.
    public static let name = "safe-sinkhorn-newton"
    /// One line for listings.
    public static let summary = "Newton steps on the entries that matter, with a bound on the mass that is dropped"

    /// Sweeps of the warm-up, at least.
    public var warmUp: Int

    /// The largest cost in units of ε up to which sweeps with falling ε are enough of a start.
    private static let largestRatio = 2e4

    /// A solver with a number of sweeps before the first Newton step.
    public init(warmUp: Int = 20) { self.warmUp = warmUp }

    /// Solves from zero potentials.
    public func solve(_ problem: TransportProblem, _ limits: TransportLimits, pool: WorkerPool) -> TransportSolution {
        // So small an ε that sweeps alone do not lead near the solution is come to by Newton steps, too, from a larger one.
        if problem.largestCost > Self.largestRatio * problem.epsilon,
            let easier = try? problem.regularised(by: 4 * problem.epsilon)
        {
            var loose = limits
            loose.tolerance = max(limits.tolerance, 1e-3)
            let earlier = solve(easier, loose, pool: pool)
            return solve(problem, limits, pool: pool, from: earlier, at: easier.epsilon, counting: true)
        }
        let run = TransportRun(problem, limits, pool: pool)
        run.warmUp(sweeps: warmUp)
        return finish(run)
    }

    /// Solves from the solution of the same problem with another ε, or with masses that have changed a little.
    ///
    /// What is kept are f = x − ε log a and g = y − ε log b, which change little with ε.
    public func solve(
        _ problem: TransportProblem, _ limits: TransportLimits, pool: WorkerPool, from solution: TransportSolution,
        at epsilon: Double
    ) -> TransportSolution {
        solve(problem, limits, pool: pool, from: solution, at: epsilon, counting: false)
    }

    /// - Parameter isCounting: whether the work of the earlier solution belongs to this one.
    private func solve(
        _ problem: TransportProblem, _ limits: TransportLimits, pool: WorkerPool, from solution: TransportSolution,
        at epsilon: Double, counting isCounting: Bool
    ) -> TransportSolution {
        let run = TransportRun(problem, limits, pool: pool)
        if isCounting { run.count(solution) }
        let change = problem.epsilon - epsilon
        for (row, mass) in problem.source.enumerated() where mass > 0 && solution.sourcePotentials[row].isFinite {
            run.potentials.x.baseAddress[row] = solution.sourcePotentials[row] + change * log(mass)
        }
        for (column, mass) in problem.target.enumerated() where mass > 0 && solution.targetPotentials[column].isFinite {
            run.potentials.y.baseAddress[column] = solution.targetPotentials[column] + change * log(mass)
        }
        run.warmUp(from: epsilon, sweeps: 1)
        return finish(run)
    }

    private func finish(_ run: TransportRun) -> TransportSolution {
        let plan = DensePlan(run.plan, balancingRows: true)
        let newton = DualNewton(
            plan, rows: FixedMarginal(run.problem.source), columns: FixedMarginal(run.problem.target),
            epsilon: run.problem.epsilon, x: run.potentials.x, y: run.potentials.y)
        newton.isStopRequested = run.limits.isStopRequested
        newton.record = { kind, measured, linear in
            run.history.append(
                TransportProgress(
                    kind: kind, seconds: run.seconds, marginalError: measured.error, dual: measured.dual,
                    linearIterations: linear, entries: kind == .newton ? plan.entries : 0))
        }
        let left = run.limits.newtonSteps - run.newtonSteps
        let stop = run.timed(\.newton) { newton.iterate(tolerance: run.limits.tolerance, limit: left).stop }
        run.sweeps += newton.sweeps
        run.newtonSteps += newton.newtonSteps
        run.linearIterations += newton.linearIterations
        run.entries = plan.entries
        return run.finish(stop)
    }
}
