import Glibc
import LinearAlgebra
import Parallelism

/// What all solvers share: the passes over the plan, the clock, the history, and the certificate at the end.
final class TransportRun {
    let problem: TransportProblem
    let limits: TransportLimits
    let pool: WorkerPool
    let plan: PlanRows
    let potentials: Potentials
    var history: [TransportProgress] = [] {
        didSet { if let last = history.last { limits.observe(last) } }
    }
    var phases = TransportCertificate.Phases()
    var sweeps = 0
    var newtonSteps = 0
    var linearIterations = 0
    var entries = 0
    private let start = ContinuousClock.now

    /// Takes over what it took to get near the solution.
    func count(_ earlier: TransportSolution) {
        let certificate = earlier.certificate
        history = earlier.history
        sweeps += certificate.sweeps
        newtonSteps += certificate.newtonSteps
        linearIterations += certificate.linearIterations
        entries = certificate.entries
        phases = certificate.seconds
        before = earlier.history.last?.seconds ?? 0
    }

    /// Seconds that earlier stages took.
    private var before = 0.0

    init(_ problem: TransportProblem, _ limits: TransportLimits, pool: WorkerPool) {
        self.problem = problem
        self.limits = limits
        self.pool = pool
        plan = PlanRows(problem, pool: pool)
        potentials = Potentials(for: problem)
    }

    var seconds: Double { before + Self.seconds(ContinuousClock.now - start) }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }

    /// Seconds that a piece of work takes, added to a phase.
    func timed<Result>(_ phase: WritableKeyPath<TransportCertificate.Phases, Double>, _ body: () -> Result) -> Result {
        let begin = seconds
        let result = body()
        phases[keyPath: phase] += seconds - begin
        return result
    }

    /// The mass and the marginal errors at some potentials.
    struct Measurement {
        /// Σ P
        var mass: Double
        /// ‖a − r‖₁ + ‖b − c‖₁, relative to the total mass.
        var error: Double
        /// The dual value.
        var dual: Double
        var isFinite: Bool { mass.isFinite && dual.isFinite }
    }

    func measure(_ potentials: Potentials) -> Measurement {
        let mass = plan.measure(potentials, epsilon: problem.epsilon)
        var error = 0.0, dual = 0.0
        for row in 0..<plan.rows where problem.source[row] > 0 {
            error += abs(problem.source[row] - plan.rowSums.baseAddress[row])
            dual += problem.source[row] * potentials.x.baseAddress[row]
        }
        for column in 0..<plan.columns where problem.target[column] > 0 {
            error += abs(problem.target[column] - plan.columnSums.baseAddress[column])
            dual += problem.target[column] * potentials.y.baseAddress[column]
        }
        return Measurement(
            mass: mass, error: mass.isFinite ? error / problem.mass : .infinity, dual: dual - problem.epsilon * mass)
    }

    /// Sweeps with ε falling geometrically from a tenth of the largest cost to the problem's, in single precision.
    ///
    /// No row loses all of its entries to underflow as long as ε falls by at most a third in each sweep.
    func warmUp(sweeps count: Int) {
        warmUp(from: max(problem.epsilon, problem.largestCost / 10), sweeps: count)
    }

    /// The same from the present potentials, which belong to another ε.
    func warmUp(from first: Double, sweeps count: Int) {
        timed(\.sweeps) {
            let largest = problem.largestCost
            let ratio = problem.epsilon / first
            let needed = max(count, Int((abs(log(ratio)) / log(1.3)).rounded(.up)), 1)
            // Single precision knows (x + y − c)/ε to about 1e-7 c/ε.
            let single = SinglePotentials(potentials)
            let usesSingle = largest / problem.epsilon < 1e5
            for sweep in 1...needed {
                let epsilon = first * pow(ratio, Double(sweep) / Double(needed))
                if usesSingle {
                    plan.sweep(single: single, epsilon: epsilon)
                } else {
                    plan.sweep(potentials, epsilon: epsilon)
                }
                history.append(TransportProgress(kind: .sweep, seconds: seconds))
            }
            if usesSingle { single.widen(to: potentials) }
            // The first sweep in double precision puts the column sums right.
            plan.sweep(potentials, epsilon: problem.epsilon)
            history.append(TransportProgress(kind: .sweep, seconds: seconds))
            sweeps += needed + 1
        }
    }

    /// The marginal error that rounding of the exponents (x + y − c)/ε may cause.
    private var roundingError: Double { Double.ulpOfOne * problem.largestCost / problem.epsilon }

    /// Why to end at a marginal error, nil when it can be lowered.
    func stop(at error: Double) -> TransportStop? {
        if error <= limits.tolerance { return .converged }
        if limits.isStopRequested() { return .interrupted }
        return error <= roundingError ? .roundingReached : nil
    }

    /// Why to end at a marginal error when nothing lowers it any more.
    func stopWithoutProgress(at error: Double) -> TransportStop {
        error <= 100 * roundingError ? .roundingReached : .stalled
    }

    func finish(_ stop: TransportStop) -> TransportSolution {
        let certificate = timed(\.certificate) { makeCertificate() }
        var solution = TransportSolution(
            sourcePotentials: Array(potentials.x.elements), targetPotentials: Array(potentials.y.elements),
            certificate: certificate, history: history, stop: stop)
        solution.certificate.seconds = phases
        fixGauge(&solution)
        return solution
    }

    private func fixGauge(_ solution: inout TransportSolution) {
        func mean(_ masses: [Double], _ values: [Double]) -> Double {
            zip(masses, values).reduce(0) { $1.0 > 0 ? $0 + $1.0 * $1.1 : $0 }
        }
        let shift =
            (mean(problem.source, solution.sourcePotentials) - mean(problem.target, solution.targetPotentials))
            / (2 * problem.mass)
        for index in solution.sourcePotentials.indices { solution.sourcePotentials[index] -= shift }
        for index in solution.targetPotentials.indices { solution.targetPotentials[index] += shift }
    }
}
