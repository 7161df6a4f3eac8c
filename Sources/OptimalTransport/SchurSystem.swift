import LinearAlgebra

/// The Newton equations of the dual with the rows eliminated, and their solution by conjugate gradients.
///
/// With P the kept entries and diagonals D_r and D_c above its row and column sums,
///
///     [D_r  P  ] [u]   [a − r]
///     [Pᵀ   D_c] [v] = [b − c],     S = D_c − Pᵀ D_r⁻¹ P,
///
/// in units of ε. The excess of the diagonals makes S positive definite also where the plan falls apart into blocks.
final class SchurSystem {
    private let rows: Int
    private let columns: Int
    private let preconditioner: MultilevelPreconditioner?
    private let inverseRow: AlignedBuffer<Double>
    private let diagonalColumn: AlignedBuffer<Double>
    private let inverseDiagonal: AlignedBuffer<Double>
    private let right: AlignedBuffer<Double>
    private let residual: AlignedBuffer<Double>
    private let direction: AlignedBuffer<Double>
    private let image: AlignedBuffer<Double>
    private let scaled: AlignedBuffer<Double>
    private let rowRoom: AlignedBuffer<Double>

    /// - Parameter preconditioner: what goes before conjugate gradients; nil for the diagonal of S.
    init(rows: Int, columns: Int, preconditioner: MultilevelPreconditioner? = nil) {
        self.rows = rows
        self.columns = columns
        self.preconditioner = preconditioner
        inverseRow = AlignedBuffer(count: rows)
        rowRoom = AlignedBuffer(count: rows)
        func vector() -> AlignedBuffer<Double> { AlignedBuffer(count: columns) }
        (diagonalColumn, inverseDiagonal, right) = (vector(), vector(), vector())
        (residual, direction, image, scaled) = (vector(), vector(), vector(), vector())
    }

    /// Solves for the step in units of ε; rows and columns without mass do not move.
    ///
    /// - Returns: the number of iterations, and whether the tolerance was met.
    func solve(
        _ plan: any PlanProducts, rowDiagonal: (Int) -> Double, columnDiagonal: (Int) -> Double,
        gradientX: UnsafePointer<Double>, gradientY: UnsafePointer<Double>, tolerance: Double, limit: Int,
        stepX: UnsafeMutablePointer<Double>, stepY: UnsafeMutablePointer<Double>
    ) -> (iterations: Int, isSolved: Bool) {
        let inverse = inverseRow.baseAddress, diagonal = diagonalColumn.baseAddress
        for row in 0..<rows {
            let value = rowDiagonal(row)
            inverse[row] = value > 0 ? 1 / value : 0
        }
        for column in 0..<columns { diagonal[column] = columnDiagonal(column) }
        plan.transposedSquares(inverse, image.baseAddress)
        for column in 0..<columns {
            let value = max(diagonal[column] - image.baseAddress[column], 1e-12 * diagonal[column])
            inverseDiagonal.baseAddress[column] = value > 0 ? 1 / value : 0
        }
        for row in 0..<rows { rowRoom.baseAddress[row] = inverse[row] * gradientX[row] }
        plan.transposedProduct(rowRoom.baseAddress, image.baseAddress)
        for column in 0..<columns {
            right.baseAddress[column] = diagonal[column] > 0 ? gradientY[column] - image.baseAddress[column] : 0
        }
        preconditioner?.adapt(inverseDiagonal: inverseDiagonal.baseAddress, masses: diagonal) {
            plan.normalProduct(inverse, $0, $1)
        }
        let result = conjugateGradients(plan, tolerance: tolerance, limit: limit, stepY)
        plan.product(stepY, stepX)
        for row in 0..<rows { stepX[row] = inverse[row] * (gradientX[row] - stepX[row]) }
        return result
    }

    private func conjugateGradients(
        _ plan: any PlanProducts, tolerance: Double, limit: Int, _ solution: UnsafeMutablePointer<Double>
    ) -> (iterations: Int, isSolved: Bool) {
        let r = residual.baseAddress, p = direction.baseAddress, q = image.baseAddress, z = scaled.baseAddress
        solution.update(repeating: 0, count: columns)
        r.update(from: right.baseAddress, count: columns)
        let goal = tolerance * Double.dot(columns, r, r).squareRoot()
        guard goal > 0 else { return (0, true) }
        precondition()
        p.update(from: z, count: columns)
        var product = Double.dot(columns, r, z)
        for iteration in 1...limit {
            plan.normalProduct(inverseRow.baseAddress, p, q)
            for column in 0..<columns { q[column] = diagonalColumn.baseAddress[column] * p[column] - q[column] }
            let curvature = Double.dot(columns, p, q)
            // Rounding may hide a direction along which the matrix is all but singular.
            guard curvature > 0, curvature.isFinite else { return (iteration, false) }
            let length = product / curvature
            Double.addScaled(columns, length, p, solution)
            Double.addScaled(columns, -length, q, r)
            if Double.dot(columns, r, r).squareRoot() <= goal { return (iteration, true) }
            precondition()
            let next = Double.dot(columns, r, z)
            Double.scale(columns, next / product, p)
            Double.add(columns, z, p)
            product = next
        }
        return (limit, false)
    }

    /// z ← diag(S)⁻¹ r, or the preconditioner's answer
    private func precondition() {
        if let preconditioner {
            preconditioner.apply(residual.baseAddress, scaled.baseAddress)
            return
        }
        for column in 0..<columns {
            scaled.baseAddress[column] = inverseDiagonal.baseAddress[column] * residual.baseAddress[column]
        }
    }
}
