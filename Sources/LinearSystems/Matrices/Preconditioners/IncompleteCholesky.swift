/// B = (Uᵀ D U)⁻¹ with the incomplete Cholesky factor on the pattern of A, IC(0) (Meijerink and van der Vorst 1977).
public final class IncompleteCholesky: MatrixPreconditioner {
    public static let name = "incomplete-cholesky"
    public static let summary = "incomplete Cholesky factor on the pattern of the matrix, IC(0)"

    private let factor: IncompleteFactor

    /// Factorises; raises the diagonal where that breaks down, and says so in ``remarks``.
    ///
    /// - Parameter singularParts: so many pivots may vanish.
    /// - Precondition: the diagonal is positive.
    public init(_ matrix: SparseMatrix, singularParts: Int = 0) {
        factor = IncompleteFactor(matrix, relaxation: 0, singularParts: singularParts)
    }

    public var remarks: [String] { factor.remarks }

    public func apply(_ residual: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) -> Double {
        factor.solve(residual, into: result)
    }
}
