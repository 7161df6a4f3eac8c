import Glibc
import Parallelism

/// Sinkhorn's iteration with a factor ω > 1 on each change of the potentials, chosen while it runs.
///
/// Near the solution an error mode that a plain sweep shrinks by θ² shrinks by ω − 1 at best, for ω = 2/(1 + (1 − θ)^½) with θ
/// the plain rate; an observed rate λ at factor ω gives θ = (λ + ω − 1)²/(ω² λ) by Young's relation. A factor that lowers the dual
/// is taken back: plain sweeps follow, which never do, and later factors stay below it.
///
/// Sources: Thibault, Chizat, Dossal, Papadakis, arXiv 1711.01851; Lehmann, von Renesse, Sambale, Uschmajew, Optim. Lett. 2021.
public struct OverRelaxedSinkhorn: TransportSolver {
    /// The name in problem files.
    public static let name = "over-relaxed-sinkhorn"
    /// One line for listings.
    public static let summary = "Sinkhorn's iteration, over-relaxed by an estimated factor, with a safeguard"

    /// Sweeps of the warm-up, at least.
    public var warmUp: Int

    /// Plain sweeps before the first estimate, and sweeps between two estimates.
    private static let first = 60, period = 100
    /// Sweeps between two measurements of error and dual.
    private static let measureEvery = 10

    /// A solver with a number of sweeps with falling ε.
    public init(warmUp: Int = 20) { self.warmUp = warmUp }

    /// Solves from zero potentials.
    public func solve(_ problem: TransportProblem, _ limits: TransportLimits, pool: WorkerPool) -> TransportSolution {
        let run = TransportRun(problem, limits, pool: pool)
        run.warmUp(sweeps: warmUp)
        return run.finish(run.timed(\.sweeps) { iterate(run) })
    }

    private func iterate(_ run: TransportRun) -> TransportStop {
        let good = Potentials(for: run.problem)
        good.copy(from: run.potentials)
        var before = run.measure(run.potentials)
        var factor = 1.0, largest = 1.98, next = Self.first
        var sinceChange = 0
        while run.sweeps < run.limits.sweeps {
            for _ in 0..<Self.measureEvery {
                run.plan.sweep(run.potentials, epsilon: run.problem.epsilon, relaxation: factor)
                run.history.append(TransportProgress(kind: .sweep, seconds: run.seconds))
            }
            run.sweeps += Self.measureEvery
            sinceChange += Self.measureEvery
            let now = run.measure(run.potentials)
            run.history[run.history.count - 1].marginalError = now.error
            run.history[run.history.count - 1].dual = now.dual
            if let stop = run.stop(at: now.error) { return stop }
            let rounding = 1e-14 * (abs(before.dual) + run.problem.epsilon * run.problem.mass)
            if factor > 1, !now.isFinite || now.dual < before.dual - rounding || now.error > 10 * before.error {
                largest = 1 + 0.5 * (factor - 1)
                factor = 1
                sinceChange = 0
                next = Self.first
                run.potentials.copy(from: good)
                before = run.measure(run.potentials)
                continue
            }
            if sinceChange >= next, now.error < before.error {
                let rate = pow(now.error / before.error, 1 / Double(Self.measureEvery))
                factor = min(Self.factor(rate: rate, at: factor), largest)
                sinceChange = 0
                next = Self.period
            }
            good.copy(from: run.potentials)
            before = now
        }
        return .limitReached
    }

    /// The best factor when errors shrink by `rate` at the present one.
    static func factor(rate: Double, at present: Double) -> Double {
        let plain =
            present == 1 ? rate : (rate + present - 1) * (rate + present - 1) / (present * present * rate)
        return 2 / (1 + max(0, 1 - min(plain, 1)).squareRoot())
    }
}
