import Glibc
import Parallelism

/// Sinkhorn–Newton with a safe bound on what is dropped: the default for any ε, n and m.
///
/// After a warm-up with falling ε, each step solves the Newton equations of the dual on the entries of the plan that matter: what
/// is dropped is at most δ = ½ error of every row's and every column's mass, so that the dropped part vanishes with the error and
/// the steps become quadratic. The equations are regularised relative to the diagonal by σ = μ · error and solved to a
/// tolerance of ½ error; a step counts when it raises the dual or, near the end where the dual is known no better, lowers
/// the error. μ follows the ratio of actual to predicted increase.
///
/// Sources: Tang et al., arXiv 2401.12253 (sparse Newton after Sinkhorn); Tang and Qiu, NeurIPS 2024 (budget for dropped mass,
/// ratio rule).
public struct SafeSinkhornNewton: TransportSolver {
    public static let name = "safe-sinkhorn-newton"
    public static let summary = "Newton steps on the entries that matter, with a bound on the mass that is dropped"

    /// Sweeps of the warm-up, at least.
    public var warmUp: Int

    /// A solver with a number of sweeps before the first Newton step.
    public init(warmUp: Int = 20) { self.warmUp = warmUp }

    public func solve(_ problem: TransportProblem, _ limits: TransportLimits, pool: WorkerPool) -> TransportSolution {
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
        let run = TransportRun(problem, limits, pool: pool)
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
        let newton = NewtonIteration(run)
        let stop = run.timed(\.newton) { newton.iterate() }
        return run.finish(stop)
    }
}
