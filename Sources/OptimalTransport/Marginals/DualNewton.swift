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
/// matrix definite; μ follows the ratio of actual to predicted increase of the dual.
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

    private let trialX, marginalX, curvatureX, gradientX, stepX, inverseX, roomX: AlignedBuffer<Double>
    private let trialY, marginalY, curvatureY, gradientY, stepY, diagonalY, inverseY: AlignedBuffer<Double>
    private let right, residual, direction, image, scaled: AlignedBuffer<Double>
    private let preconditioner: MultilevelPreconditioner?
    private var damping = 0.05
    private static let linearLimit = 4_000

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
        self.preconditioner = preconditioner
        (self.plan, self.rowTerm, self.columnTerm, self.epsilon) = (plan, rowTerm, columnTerm, epsilon)
        (self.x, self.y) = (x, y)
        func row() -> AlignedBuffer<Double> { AlignedBuffer(count: plan.rows) }
        func column() -> AlignedBuffer<Double> { AlignedBuffer(count: plan.columns) }
        (trialX, marginalX, curvatureX, gradientX) = (row(), row(), row(), row())
        (stepX, inverseX, roomX) = (row(), row(), row())
        (trialY, marginalY, curvatureY, gradientY) = (column(), column(), column(), column())
        (stepY, diagonalY, inverseY, right) = (column(), column(), column(), column())
        (residual, direction, image, scaled) = (column(), column(), column(), column())
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
            + columnTerm.evaluate(y.baseAddress, marginals: scaled.baseAddress, curvatures: stepY.baseAddress)
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

    /// One sweep: both potentials in turn stand for the sums of the plan; never lowers the dual.
    func sweep(epsilon: Double? = nil) {
        let epsilon = epsilon ?? self.epsilon
        plan.rowLogSums(y.baseAddress, epsilon: epsilon, roomX.baseAddress)
        rowTerm.balance(roomX.baseAddress, epsilon: epsilon, x.baseAddress)
        plan.columnLogSums(x.baseAddress, epsilon: epsilon, image.baseAddress)
        columnTerm.balance(image.baseAddress, epsilon: epsilon, y.baseAddress)
        sweeps += 1
    }

    /// Takes steps until the error is below a tolerance.
    func iterate(tolerance: Double, limit: Int) -> (stop: TransportStop, last: Measurement) {
        var present = measure(x, y)
        var failures = 0
        let start = newtonSteps
        while present.error > tolerance {
            if present.error <= roundingError { return (.roundingReached, present) }
            if isStopRequested() { return (.interrupted, present) }
            guard newtonSteps - start < limit else { return (.limitReached, present) }
            let linear = findStep(present, tolerance: tolerance)
            newtonSteps += 1
            linearIterations += linear
            if let next = search(from: present) {
                present = next
                failures = 0
            } else {
                damping = min(4 * damping, 100)
                failures += 1
                guard failures < 6 else {
                    let last = measure(x, y)
                    return (last.error <= 100 * roundingError ? .roundingReached : .stalled, last)
                }
                sweep()
                present = measure(x, y)
            }
            record(.newton, present, linear)
        }
        return (.converged, present)
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

    // MARK: The Newton equations

    private func findStep(_ present: Measurement, tolerance: Double) -> Int {
        let error = min(present.error, 1)
        plan.prepare(
            x.baseAddress, y.baseAddress, epsilon: epsilon, dropping: min(max(0.5 * error, 1e-9), 0.3))
        let excess = 1 + damping * min(error, 1e-2)
        let inverse = inverseX.baseAddress, diagonal = diagonalY.baseAddress, room = roomX.baseAddress
        for row in 0..<plan.rows {
            let value = excess * (plan.rowSums.baseAddress[row] + epsilon * curvatureX.baseAddress[row])
            inverse[row] = value > 0 ? 1 / value : 0
        }
        plan.transposedSquares(inverse, image.baseAddress)
        for column in 0..<plan.columns {
            let value = excess * (plan.columnSums.baseAddress[column] + epsilon * curvatureY.baseAddress[column])
            diagonal[column] = value
            let rest = max(value - image.baseAddress[column], 1e-12 * value)
            inverseY.baseAddress[column] = rest > 0 ? 1 / rest : 0
        }
        for row in 0..<plan.rows { room[row] = inverse[row] * gradientX.baseAddress[row] }
        plan.transposedProduct(room, image.baseAddress)
        for column in 0..<plan.columns {
            right.baseAddress[column] =
                diagonal[column] > 0 ? gradientY.baseAddress[column] - image.baseAddress[column] : 0
        }
        preconditioner?.adapt(inverseDiagonal: inverseY.baseAddress, masses: diagonal) {
            plan.normalProduct(inverse, $0, $1)
        }
        // No tighter than the steps' quadratic convergence or the goal asks for.
        let iterations = conjugateGradients(tolerance: min(max(0.5 * error, 0.1 * tolerance / error, 1e-8), 0.1))
        plan.product(stepY.baseAddress, room)
        for row in 0..<plan.rows {
            stepX.baseAddress[row] = inverse[row] * (gradientX.baseAddress[row] - room[row])
        }
        return iterations
    }

    /// Solves S v = right for the step of y.
    private func conjugateGradients(tolerance: Double) -> Int {
        let count = plan.columns
        let r = residual.baseAddress, p = direction.baseAddress, q = image.baseAddress, z = scaled.baseAddress
        let solution = stepY.baseAddress
        solution.update(repeating: 0, count: count)
        r.update(from: right.baseAddress, count: count)
        let goal = tolerance * Double.dot(count, r, r).squareRoot()
        guard goal > 0 else { return 0 }
        var product = precondition()
        p.update(from: z, count: count)
        for iteration in 1...Self.linearLimit {
            applySchur(p, q)
            let curvature = Double.dot(count, p, q)
            // Rounding may hide a direction along which the matrix is all but singular.
            guard curvature > 0, curvature.isFinite else { return iteration }
            Double.addScaled(count, product / curvature, p, solution)
            Double.addScaled(count, -product / curvature, q, r)
            if Double.dot(count, r, r).squareRoot() <= goal { return iteration }
            let next = precondition()
            Double.scale(count, next / product, p)
            Double.add(count, z, p)
            product = next
        }
        return Self.linearLimit
    }

    /// q ← S p
    private func applySchur(_ p: UnsafePointer<Double>, _ q: UnsafeMutablePointer<Double>) {
        plan.normalProduct(inverseX.baseAddress, p, q)
        let diagonal = diagonalY.baseAddress
        for column in 0..<plan.columns { q[column] = diagonal[column] * p[column] - q[column] }
    }

    /// z ← diag(S)⁻¹ r, or the preconditioner's answer; returns rᵀz.
    private func precondition() -> Double {
        let r = residual.baseAddress, z = scaled.baseAddress, inverse = inverseY.baseAddress
        if let preconditioner {
            preconditioner.apply(r, z)
        } else {
            for column in 0..<plan.columns { z[column] = inverse[column] * r[column] }
        }
        return Double.dot(plan.columns, r, z)
    }

    // MARK: Steps

    /// Halves the step until the dual rises as it should, or the error falls where the dual is not known well enough; moves there.
    private func search(from present: Measurement) -> Measurement? {
        let slope =
            epsilon
            * (Double.dot(plan.rows, gradientX.baseAddress, stepX.baseAddress)
                + Double.dot(plan.columns, gradientY.baseAddress, stepY.baseAddress))
        guard slope > 0, slope.isFinite else { return nil }
        let rounding = 1e-15 * (abs(present.dual) + epsilon * present.scale)
        var length = 1.0
        while length > 1e-6 {
            Self.move(x, by: length * epsilon, stepX, trialX)
            Self.move(y, by: length * epsilon, stepY, trialY)
            let next = measure(trialX, trialY)
            let gain = next.dual - present.dual
            let isUncertain = length * slope < 1e3 * rounding
            if next.isFinite, isUncertain ? next.error < present.error : gain >= 1e-4 * length * slope - rounding {
                x.baseAddress.update(from: trialX.baseAddress, count: plan.rows)
                y.baseAddress.update(from: trialY.baseAddress, count: plan.columns)
                if length == 1, !isUncertain { adaptDamping(gain / (0.5 * slope)) }
                if length < 1 { damping = min(2 * damping, 100) }
                return next
            }
            length /= 2
        }
        return nil
    }

    private static func move(
        _ from: AlignedBuffer<Double>, by factor: Double, _ step: AlignedBuffer<Double>, _ to: AlignedBuffer<Double>
    ) {
        let (source, change, target) = (from.baseAddress, step.baseAddress, to.baseAddress)
        for index in 0..<from.count { target[index] = source[index] + factor * change[index] }
    }

    private func adaptDamping(_ ratio: Double) {
        if ratio < 0.25 { damping = min(4 * damping, 100) }
        if ratio > 0.75 { damping = max(damping / 2, 1e-3) }
    }
}
