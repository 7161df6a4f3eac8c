import Parallelism

/// Sinkhorn's iteration on potentials, after a warm-up with falling ε.
///
/// Nothing over- or underflows for any ε. The error is known after every sweep at no cost: it is that of the rows when the next
/// sweep begins.
public struct Sinkhorn: TransportSolver {
    /// The name in problem files.
    public static let name = "sinkhorn"
    /// One line for listings.
    public static let summary = "Sinkhorn's iteration in the log domain, with ε-scaling"

    /// Sweeps of the warm-up, at least.
    public var warmUp: Int

    /// A solver with a number of sweeps with falling ε.
    public init(warmUp: Int = 20) { self.warmUp = warmUp }

    /// Solves from zero potentials.
    public func solve(_ problem: TransportProblem, _ limits: TransportLimits, pool: WorkerPool) -> TransportSolution {
        let run = TransportRun(problem, limits, pool: pool)
        run.warmUp(sweeps: warmUp)
        return run.finish(
            run.timed(\.sweeps) {
                while run.sweeps < limits.sweeps {
                    let error = run.plan.sweep(run.potentials, epsilon: problem.epsilon) / problem.mass
                    run.sweeps += 1
                    run.history.append(
                        TransportProgress(kind: .sweep, seconds: run.seconds, marginalError: error))
                    if let stop = run.stop(at: error) { return stop }
                }
                return .limitReached
            })
    }
}
