import Glibc
import LinearAlgebra

/// Guarded Newton steps on the dual of a transport problem with any terms for its marginals.
///
/// With r and c the sums of the plan, m the marginals that the potentials stand for and κ their curvatures, a step (u, v) in units of
/// ε solves
///
///     [D_r  P  ] [u]   [m_x − r]
///     [Pᵀ   D_c] [v] = [m_y − c],     D_r = (1 + σ)(r + ε κ_x),  D_c = (1 + σ)(c + ε κ_y)
///
/// with the rows eliminated, by preconditioned conjugate gradients to a tolerance that follows the error. σ = μ · error keeps the
/// matrix definite; μ follows the ratio of actual to predicted increase of the dual. Where the plan balances its rows, the iteration of
/// Sinkhorn goes before a step as long as a column sum is far from its mass, and long steps are changed by ``GroupShifts``.
final class DualNewton {
    let plan: any PlanOperator
    let rowTerm: any MarginalTerm
    let columnTerm: any MarginalTerm
    let epsilon: Double
    let x: AlignedBuffer<Double>
    let y: AlignedBuffer<Double>
    private(set) var newtonSteps = 0
    private(set) var linearIterations = 0
    private(set) var sweeps = 0
    /// Called after each step.
    var record: (TransportProgress.Kind, Measurement, Int) -> Void = { _, _, _ in }
    /// Asked before each step.
    var isStopRequested: () -> Bool = { false }

    private let trialX, marginalX, curvatureX, gradientX, stepX, roomX: AlignedBuffer<Double>
    private let trialY, marginalY, curvatureY, gradientY, stepY, roomY: AlignedBuffer<Double>
    private let system: SchurSystem
    private let groups: GroupShifts
    private var damping = 0.05
    private static let linearLimit = 4_000
    /// Most sweeps between two steps.
    private static let mostSweeps = 10

    /// What is known of the plan at some potentials.
    struct Measurement {
        /// Σ P
        var mass: Double
        /// ‖m_x − r‖₁ + ‖m_y − c‖₁, relative to the mass.
        var error: Double
        /// The dual value.
        var dual: Double
        /// The largest of the marginals' totals and the plan's mass.
        var scale: Double
        var isFinite: Bool { mass.isFinite && dual.isFinite && error.isFinite }
    }

    init(
        _ plan: any PlanOperator, rows rowTerm: any MarginalTerm, columns columnTerm: any MarginalTerm, epsilon: Double,
        x: AlignedBuffer<Double>, y: AlignedBuffer<Double>, preconditioner: MultilevelPreconditioner? = nil
    ) {
        (self.plan, self.rowTerm, self.columnTerm, self.epsilon) = (plan, rowTerm, columnTerm, epsilon)
        (self.x, self.y) = (x, y)
        system = SchurSystem(rows: plan.rows, columns: plan.columns, preconditioner: preconditioner)
        groups = GroupShifts(plan)
        func row() -> AlignedBuffer<Double> { AlignedBuffer(count: plan.rows) }
        func column() -> AlignedBuffer<Double> { AlignedBuffer(count: plan.columns) }
        (trialX, marginalX, curvatureX, gradientX, stepX, roomX) = (row(), row(), row(), row(), row(), row())
        (trialY, marginalY, curvatureY, gradientY) = (column(), column(), column(), column())
        (stepY, roomY) = (column(), column())
    }

    /// The error of the marginals at some potentials; their terms are left in the buffers.
    func measure(_ x: AlignedBuffer<Double>, _ y: AlignedBuffer<Double>) -> Measurement {
        let mass = plan.measure(x.baseAddress, y.baseAddress, epsilon: epsilon)
        var dual = rowTerm.evaluate(
            x.baseAddress, marginals: marginalX.baseAddress, curvatures: curvatureX.baseAddress)
        dual += columnTerm.evaluate(
            y.baseAddress, marginals: marginalY.baseAddress, curvatures: curvatureY.baseAddress)
        guard mass.isFinite else { return Measurement(mass: mass, error: .infinity, dual: dual, scale: .infinity) }
        let first = Self.difference(marginalX, plan.rowSums, gradientX)
        let second = Self.difference(marginalY, plan.columnSums, gradientY)
        let scale = max(mass, first.total, second.total)
        return Measurement(
            mass: mass, error: (first.error + second.error) / scale, dual: dual - epsilon * mass, scale: scale)
    }

    /// The errors of both marginals that were measured last.
    var gradients: [AlignedBuffer<Double>] { [gradientX, gradientY] }

    /// The dual value of the potentials x and others in the place of y, without the plan's part.
    func dualWithoutPlan(_ y: AlignedBuffer<Double>) -> Double {
        rowTerm.evaluate(x.baseAddress, marginals: roomX.baseAddress, curvatures: stepX.baseAddress)
            + columnTerm.evaluate(y.baseAddress, marginals: roomY.baseAddress, curvatures: stepY.baseAddress)
    }

    /// gradient ← marginal − sums
    private static func difference(
        _ marginal: AlignedBuffer<Double>, _ sums: AlignedBuffer<Double>, _ gradient: AlignedBuffer<Double>
    ) -> (error: Double, total: Double) {
        let m = marginal.baseAddress, s = sums.baseAddress, g = gradient.baseAddress
        var error = 0.0, total = 0.0
        for index in 0..<marginal.count {
            g[index] = m[index] - s[index]
            error += abs(g[index])
            total += m[index]
        }
        return (error, total)
    }

    // MARK: Sweeps

    /// One sweep: both potentials in turn stand for the sums of the plan; never lowers the dual.
    func sweep(epsilon: Double? = nil) {
        let epsilon = epsilon ?? self.epsilon
        plan.rowLogSums(y.baseAddress, epsilon: epsilon, roomX.baseAddress)
        rowTerm.balance(roomX.baseAddress, epsilon: epsilon, x.baseAddress)
        plan.columnLogSums(x.baseAddress, epsilon: epsilon, roomY.baseAddress)
        columnTerm.balance(roomY.baseAddress, epsilon: epsilon, y.baseAddress)
        sweeps += 1
    }

    /// The half of a sweep that is left where rows are balanced, from the sums that were measured last.
    private func balanceColumns() {
        let sums = plan.columnSums.baseAddress, room = roomY.baseAddress
        var isComplete = true
        for column in 0..<plan.columns where marginalY.baseAddress[column] > 0 {
            isComplete = isComplete && sums[column] > 1e-280 && sums[column] < 1e280
            room[column] = log(sums[column]) - y.baseAddress[column] / epsilon
        }
        if !isComplete { plan.columnLogSums(x.baseAddress, epsilon: epsilon, room) }
        columnTerm.balance(room, epsilon: epsilon, y.baseAddress)
        sweeps += 1
    }

    /// Sinkhorn's iteration, a pass each, until no column sum is far from its mass: a Newton step, which takes eᵗ for 1 + t, is of
    /// use only then.
    private func sweepUntilNear(_ measured: Measurement) -> Measurement {
        var present = measured
        guard plan.balancesRows else { return present }
        for _ in 0..<Self.mostSweeps where largestColumnChange > 0.7 {
            balanceColumns()
            present = measure(x, y)
            record(.sweep, present, 0)
        }
        return present
    }

    /// max |log(m/c)| over the targets with mass, with the column sums c of the last measurement.
    private var largestColumnChange: Double {
        var largest = 0.0
        for column in 0..<plan.columns where marginalY.baseAddress[column] > 0 {
            largest = max(largest, abs(log(marginalY.baseAddress[column] / plan.columnSums.baseAddress[column])))
        }
        return largest
    }

    // MARK: Steps

    /// Takes steps until the error is below a tolerance.
    func iterate(tolerance: Double, limit: Int) -> (stop: TransportStop, last: Measurement) {
        var present = measure(x, y)
        var failures = 0
        let start = newtonSteps
        while true {
            present = sweepUntilNear(present)
            if present.error <= tolerance { return (.converged, present) }
            if present.error <= roundingError { return (.roundingReached, present) }
            if isStopRequested() { return (.interrupted, present) }
            guard newtonSteps - start < limit else { return (.limitReached, present) }
            let linear = findStep(present, tolerance: tolerance)
            newtonSteps += 1
            linearIterations += linear
            if let next = takeStep(from: present) {
                present = next
                failures = 0
            } else {
                damping = min(4 * damping, 100)
                failures += 1
                // The sums are those of a failed attempt; a sweep never lowers the dual.
                present = measure(x, y)
                guard failures < 8 else {
                    return (present.error <= 100 * roundingError ? .roundingReached : .stalled, present)
                }
                if plan.balancesRows { balanceColumns() } else { sweep() }
                present = measure(x, y)
            }
            record(.newton, present, linear)
        }
    }

    /// The marginal error that rounding of the potentials in the exponents may cause.
    private var roundingError: Double {
        var largest = 0.0
        for buffer in [x, y] {
            var own = 0.0
            for value in buffer.elements where value.isFinite { own = max(own, abs(value)) }
            largest += own
        }
        return Double.ulpOfOne * largest / epsilon
    }

    private func findStep(_ present: Measurement, tolerance: Double) -> Int {
        let error = min(present.error, 1)
        plan.prepare(
            x.baseAddress, y.baseAddress, epsilon: epsilon, dropping: min(max(0.5 * error, 1e-9), 0.3))
        let excess = 1 + damping * min(error, 1e-2)
        // No tighter than the steps' quadratic convergence or the goal asks for.
        let relative = min(max(0.5 * error, 0.1 * tolerance / error, 1e-8), 0.1)
        return system.solve(
            plan,
            rowDiagonal: { excess * (plan.rowSums.baseAddress[$0] + epsilon * curvatureX.baseAddress[$0]) },
            columnDiagonal: { excess * (plan.columnSums.baseAddress[$0] + epsilon * curvatureY.baseAddress[$0]) },
            gradientX: gradientX.baseAddress, gradientY: gradientY.baseAddress, tolerance: relative,
            limit: Self.linearLimit, stepX: stepX.baseAddress, stepY: stepY.baseAddress
        ).iterations
    }

    /// Moves by the step, or by what groups change it to where that leads higher.
    private func takeStep(from present: Measurement) -> Measurement? {
        let plainSlope = slope
        let isLong = plan.balancesRows && groups.isLong(stepY)
        let full = search(from: present, plainSlope, least: isLong ? 1 : 1e-6)
        // Where the dual rises as the linear equations foretell there is nothing to change.
        if let full, !isLong || full.isUncertain || abs(full.gain / (0.5 * plainSlope) - 1) < 0.5 {
            return accept(full, plainSlope)
        }
        guard isLong else { return nil }
        groups.keep(trialX, trialY)
        if groups.change(stepX, stepY, x, y, epsilon: epsilon) {
            _ = measure(x, y)
            if let grouped = search(from: present, slope, least: 0.1), grouped.gain >= full?.gain ?? 0 {
                moveToTrial()
                return grouped.next
            }
            groups.restore(stepX, stepY)
        }
        guard let full else {
            _ = measure(x, y)
            return search(from: present, plainSlope, least: 1e-6).map { accept($0, plainSlope) }
        }
        groups.takeKept(trialX, trialY)
        _ = measure(trialX, trialY)
        return accept(full, plainSlope)
    }

    private var slope: Double {
        epsilon
            * (Double.dot(plan.rows, gradientX.baseAddress, stepX.baseAddress)
                + Double.dot(plan.columns, gradientY.baseAddress, stepY.baseAddress))
    }

    /// A point along a step.
    private struct Trial {
        var next: Measurement
        var gain: Double
        var length: Double
        /// Whether the dual is not known well enough to tell.
        var isUncertain: Bool
    }

    /// Halves the step until the dual rises as it should, or the error falls where the dual is not known well enough.
    private func search(from present: Measurement, _ slope: Double, least: Double) -> Trial? {
        guard slope > 0, slope.isFinite else { return nil }
        let rounding = 1e-15 * (abs(present.dual) + epsilon * present.scale)
        var length = 1.0
        while length >= least {
            Self.move(x, by: length * epsilon, stepX, trialX)
            Self.move(y, by: length * epsilon, stepY, trialY)
            let next = measure(trialX, trialY)
            let gain = next.dual - present.dual
            let isUncertain = length * slope < 1e3 * rounding
            if next.isFinite, isUncertain ? next.error < present.error : gain >= 1e-4 * length * slope - rounding {
                return Trial(next: next, gain: gain, length: length, isUncertain: isUncertain)
            }
            length /= 2
        }
        return nil
    }

    private func accept(_ trial: Trial, _ slope: Double) -> Measurement {
        moveToTrial()
        if trial.length == 1, !trial.isUncertain { adaptDamping(trial.gain / (0.5 * slope)) }
        if trial.length < 1 { damping = min(damping / trial.length.squareRoot(), 100) }
        return trial.next
    }

    private func moveToTrial() {
        x.baseAddress.update(from: trialX.baseAddress, count: plan.rows)
        y.baseAddress.update(from: trialY.baseAddress, count: plan.columns)
    }

    private static func move(
        _ from: AlignedBuffer<Double>, by factor: Double, _ step: AlignedBuffer<Double>, _ to: AlignedBuffer<Double>
    ) {
        let (source, change, target) = (from.baseAddress, step.baseAddress, to.baseAddress)
        for index in 0..<from.count { target[index] = source[index] + factor * change[index] }
    }

    private func adaptDamping(_ ratio: Double) {
        if ratio < 0.25 { damping = min(4 * damping, 100) }
        if ratio > 0.75 { damping = max(damping / (ratio > 1.4 ? 8 : 2), 1e-3) }
    }
}
