import Glibc
import LinearAlgebra
import Parallelism

/// Entropic transport between measures that need not have the same mass, for any cost.
///
/// The plan minimises ⟨C, P⟩ + ε Σ P (log P − 1) + λ_a KL(P1 | a) + λ_b KL(Pᵀ1 | b): mass moves as long as that costs less than making
/// or losing it, which for small masses costs about λ each. With λ → ∞ marginals become fixed. Relaxed marginals add a positive
/// diagonal to the Newton matrix, and no constant is left free.
public struct UnbalancedTransport: Sendable {
    /// Masses of the sources a.
    public let source: [Double]
    /// Masses of the targets b.
    public let target: [Double]
    /// Costs C.
    public let cost: any TransportCost
    /// The regularisation ε, in the unit of the costs.
    public let epsilon: Double
    /// λ_a, nil where the sources' masses are kept.
    public let sourceStrength: Double?
    /// λ_b, nil where the targets' masses are kept.
    public let targetStrength: Double?
    private let passes: TransportProblem

    /// Joins the parts.
    ///
    /// - Throws: ``TransportError`` when masses are negative, not finite or all zero; when both marginals are kept and their
    ///   totals differ; or when ε or a strength is not positive.
    public init(
        source: [Double], target: [Double], cost: any TransportCost, epsilon: Double, sourceStrength: Double?,
        targetStrength: Double?
    ) throws(TransportError) {
        let totals = (try GridProblem.total(source, .source), try GridProblem.total(target, .target))
        for strength in [sourceStrength, targetStrength].compactMap(\.self) where !(strength > 0 && strength.isFinite) {
            throw .strength(strength)
        }
        if sourceStrength == nil, targetStrength == nil {
            guard abs(totals.0 - totals.1) <= 1e-12 * max(totals.0, totals.1) * Double(source.count + target.count)
            else { throw .unequalTotals(source: totals.0, target: totals.1) }
        }
        // The passes over the plan need to know where there is mass.
        passes = try TransportProblem(
            source: source.map { $0 / totals.0 }, target: target.map { $0 / totals.1 }, cost: cost, epsilon: epsilon)
        (self.source, self.target, self.cost, self.epsilon) = (source, target, cost, epsilon)
        (self.sourceStrength, self.targetStrength) = (sourceStrength, targetStrength)
    }

    /// What was found.
    public struct Solution: Sendable {
        /// Potentials of the sources; −∞ where there is no mass.
        public var sourcePotentials: [Double]
        /// Potentials of the targets.
        public var targetPotentials: [Double]
        /// Sums of the plan's rows.
        public var sourceMarginal: [Double]
        /// Sums of the plan's columns.
        public var targetMarginal: [Double]
        /// Σ P
        public var mass: Double
        /// The dual value: at the solution, the primal one.
        public var dual: Double
        /// ‖m_x − P1‖₁ + ‖m_y − Pᵀ1‖₁ relative to the mass, m the marginals that the potentials stand for.
        public var error: Double
        /// Newton steps.
        public var newtonSteps: Int
        /// Iterations of the linear solver.
        public var linearIterations: Int
        /// Sinkhorn sweeps.
        public var sweeps: Int
        /// The marginal error after every step.
        public var history: [TransportProgress]
        /// Why the solver ended.
        public var stop: TransportStop
    }

    /// Sweeps with falling ε, then guarded Newton steps.
    public func solve(_ limits: TransportLimits, pool: WorkerPool) -> Solution {
        let plan = DensePlan(PlanRows(passes, pool: pool), balancingRows: false)
        let newton = DualNewton(
            plan, rows: GridProblem.term(source, sourceStrength), columns: GridProblem.term(target, targetStrength),
            epsilon: epsilon, x: AlignedBuffer(count: source.count), y: AlignedBuffer(count: target.count))
        let first = max(epsilon, largestCost / 10), ratio = epsilon / first
        let count = max(20, Int((log(1 / ratio) / log(1.3)).rounded(.up)))
        let start = ContinuousClock.now
        var history: [TransportProgress] = []
        func record(_ progress: TransportProgress) {
            history.append(progress)
            limits.observe(progress)
        }
        func seconds() -> Double { (ContinuousClock.now - start) / .seconds(1) }
        for sweep in 1...count {
            newton.sweep(epsilon: first * pow(ratio, Double(sweep) / Double(count)))
            record(TransportProgress(kind: .sweep, seconds: seconds()))
        }
        newton.isStopRequested = limits.isStopRequested
        newton.record = { kind, measured, linear in
            record(
                TransportProgress(
                    kind: kind, seconds: seconds(), marginalError: measured.error, dual: measured.dual,
                    linearIterations: linear, entries: plan.entries))
        }
        let (stop, last) = newton.iterate(tolerance: limits.tolerance, limit: limits.newtonSteps)
        return Solution(
            sourcePotentials: Array(newton.x.elements), targetPotentials: Array(newton.y.elements),
            sourceMarginal: Array(plan.rowSums.elements), targetMarginal: Array(plan.columnSums.elements),
            mass: last.mass, dual: last.dual, error: last.error, newtonSteps: newton.newtonSteps,
            linearIterations: newton.linearIterations, sweeps: newton.sweeps, history: history, stop: stop)
    }

    private var largestCost: Double {
        let room = AlignedBuffer<Double>(count: cost.targets)
        var largest = 0.0
        for row in 0..<cost.sources {
            largest = max(largest, Double.maximumMagnitude(cost.targets, cost.row(row, room: room.baseAddress)))
        }
        return largest
    }
}
