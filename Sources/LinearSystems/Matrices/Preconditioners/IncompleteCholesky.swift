/// B = (Uᵀ D U)⁻¹ with the incomplete Cholesky factor on the pattern of A, IC(0) (Meijerink and van der Vorst 1977).
public final class IncompleteCholesky: MatrixPreconditioner {
    /// The name in problem files.
    public static let name = "incomplete-cholesky"
    /// One line for listings.
    public static let summary = "incomplete Cholesky factor on the pattern of the matrix, IC(0)"

    private let factor: IncompleteFactor

    /// Factorises; raises the diagonal where that breaks down, and says so in ``remarks``.
    ///
    /// - Parameter singularParts: so many pivots may vanish.
    /// - Precondition: the diagonal is positive.
    public init(_ matrix: SparseMatrix, singularParts: Int = 0) {
        factor = IncompleteFactor(matrix, relaxation: 0, singularParts: singularParts)
    }

    /// What set-up found that is worth saying.
    public var remarks: [String] { factor.remarks }

    /// z ← B r; rᵀz.
    public func apply(_ residual: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) -> Double {
        factor.solve(residual, into: result)
    }
}
