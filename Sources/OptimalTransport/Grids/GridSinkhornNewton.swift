import Glibc
import LinearAlgebra
import Parallelism

/// Sinkhorn–Newton on tensor grids without a matrix: memory grows with the number of nodes, work by n^(1 + 1/d) a product.
///
/// A Schur product takes two applications of the kernel, axis by axis; the diagonal that preconditions conjugate gradients takes
/// one of the kernel with ε/2, since the squares of a plan's entries are a plan with half the regularisation. Grids with half as many nodes
/// and a larger ε give the start: their potentials, made smooth by a transform that needs no masses, are interpolated.
public struct GridSinkhornNewton: Sendable {
    /// The name in problem files.
    public static let name = "grid-sinkhorn-newton"
    /// One line for listings.
    public static let summary = "matrix-free Newton steps on tensor grids, with kernels applied axis by axis"

    /// Least number of nodes along an axis of the coarsest grid.
    public var coarsestNodes: Int

    /// A solver that starts on a grid with at least so many nodes along each axis.
    public init(coarsestNodes: Int = 16) { self.coarsestNodes = coarsestNodes }

    /// Solves, from the coarsest grid up.
    public func solve(_ problem: GridProblem, _ limits: TransportLimits, pool: WorkerPool) -> TransportSolution {
        let run = GridRun(problem, limits, pool)
        return run.solve(coarsestNodes: coarsestNodes)
    }

    /// Solves from the potentials of the targets of a problem nearby.
    public func solve(
        _ problem: GridProblem, _ limits: TransportLimits, pool: WorkerPool, targetPotentials: [Double]
    ) -> TransportSolution {
        precondition(targetPotentials.count == problem.target.count, "a potential for each target")
        return GridRun(problem, limits, pool).solve(from: targetPotentials)
    }
}

/// One solve on a grid.
final class GridRun {
    let problem: GridProblem
    let limits: TransportLimits
    let pool: WorkerPool
    let plan: GridPlan
    let newton: DualNewton
    var history: [TransportProgress] = [] {
        didSet { if let last = history.last { limits.observe(last) } }
    }
    var phases = TransportCertificate.Phases()
    private var coarse: (sweeps: Int, newton: Int, linear: Int) = (0, 0, 0)
    private let start = ContinuousClock.now

    init(_ problem: GridProblem, _ limits: TransportLimits, _ pool: WorkerPool) {
        (self.problem, self.limits, self.pool) = (problem, limits, pool)
        plan = GridPlan(problem.cost, pool: pool)
        newton = DualNewton(
            plan, rows: problem.sourceTerm, columns: problem.targetTerm, epsilon: problem.epsilon,
            x: AlignedBuffer(count: problem.source.count), y: AlignedBuffer(count: problem.target.count),
            preconditioner: MultilevelPreconditioner(shape: problem.cost.axes.map(\.targets.count)))
        newton.isStopRequested = limits.isStopRequested
    }

    private var seconds: Double {
        let duration = ContinuousClock.now - start
        return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }

    func solve(coarsestNodes: Int) -> TransportSolution {
        warmUp(coarsestNodes: coarsestNodes)
        phases.sweeps = seconds
        return finish()
    }

    func solve(from targetPotentials: [Double]) -> TransportSolution {
        for (index, value) in targetPotentials.enumerated() { newton.y.baseAddress[index] = value }
        newton.sweep()
        phases.sweeps = seconds
        return finish()
    }

    private func finish() -> TransportSolution {
        newton.record = { [unowned self] kind, measured, linear in
            history.append(
                TransportProgress(
                    kind: kind, seconds: seconds, marginalError: measured.error, dual: measured.dual,
                    linearIterations: linear))
        }
        let (stop, _) = newton.iterate(tolerance: limits.tolerance, limit: limits.newtonSteps)
        phases.newton = seconds - phases.sweeps
        var certificate = makeCertificate()
        phases.certificate = seconds - phases.sweeps - phases.newton
        certificate.seconds = phases
        certificate.sweeps += coarse.sweeps
        certificate.newtonSteps += coarse.newton
        certificate.linearIterations += coarse.linear
        return TransportSolution(
            sourcePotentials: Array(newton.x.elements), targetPotentials: Array(newton.y.elements),
            certificate: certificate, history: history, stop: stop)
    }

    // MARK: Start

    /// Sweeps with falling ε, from the solution on the next coarser grid or from zero.
    private func warmUp(coarsestNodes: Int) {
        var first = max(problem.epsilon, problem.cost.largest / 10)
        if let coarser = try? problem.coarsened(leastNodes: coarsestNodes) {
            let run = GridRun(coarser, limits, pool)
            run.warmUp(coarsestNodes: coarsestNodes)
            _ = run.newton.iterate(tolerance: 1e-3, limit: 12)
            coarse = (
                run.coarse.sweeps + run.newton.sweeps, run.coarse.newton + run.newton.newtonSteps,
                run.coarse.linear + run.newton.linearIterations
            )
            first = coarser.epsilon
            interpolate(run)
        }
        let ratio = problem.epsilon / first
        let count = max(2, Int((log(1 / ratio) / log(1.3)).rounded(.up)))
        for sweep in 1...count {
            newton.sweep(epsilon: first * pow(ratio, Double(sweep) / Double(count)))
            history.append(TransportProgress(kind: .sweep, seconds: seconds))
        }
    }

    /// Target potentials from those of a coarser grid.
    private func interpolate(_ run: GridRun) {
        // −ε log Σ_i exp((x_i − c_ij)/ε) is smooth, and finite where there is no mass.
        let smooth = AlignedBuffer<Double>(count: run.plan.columns)
        run.plan.columnLogSums(run.newton.x.baseAddress, epsilon: run.problem.epsilon, smooth.baseAddress)
        var field = GridField.interpolated(
            smooth.elements.map { run.problem.epsilon * $0 }, from: run.problem.cost.axes.map(\.targets),
            to: problem.cost.axes.map(\.targets))
        for index in field.indices { field[index] /= run.problem.epsilon }
        newton.columnTerm.balance(field, epsilon: run.problem.epsilon, newton.y.baseAddress)
    }
}
