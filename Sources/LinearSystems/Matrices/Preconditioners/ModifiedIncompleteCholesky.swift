/// B = (Uᵀ D U)⁻¹ with the modified incomplete Cholesky factor, MIC(0) (Gustafsson 1978).
///
/// What falls outside the pattern of A is added, in the share `relaxation`, to the diagonal, so that smooth vectors are treated nearly
/// right. It is made for matrices with nonpositive entries off the diagonal; for others the diagonal may need to be raised.
public final class ModifiedIncompleteCholesky: MatrixPreconditioner {
    /// The name in problem files.
    public static let name = "modified-incomplete-cholesky"
    /// One line for listings.
    public static let summary = "the same with dropped entries moved to the diagonal, MIC(0)"

    /// The share of dropped entries that is moved, by default.
    public static let defaultRelaxation = 0.97

    private let factor: IncompleteFactor

    /// Factorises; raises the diagonal where that breaks down, and says so in ``remarks``.
    ///
    /// - Parameter singularParts: so many pivots may vanish.
    /// - Precondition: the diagonal is positive, and `relaxation` in 0...1.
    public init(_ matrix: SparseMatrix, relaxation: Double = defaultRelaxation, singularParts: Int = 0) {
        precondition((0...1).contains(relaxation), "a share lies between 0 and 1")
        factor = IncompleteFactor(matrix, relaxation: relaxation, singularParts: singularParts)
    }

    /// Whether so many pivots had to be replaced that IC(0) is likely to be better.
    public var isDoubtful: Bool { factor.replacedShare > IncompleteFactor.manyReplaced }

    /// What set-up found that is worth saying.
    public var remarks: [String] { factor.remarks }

    /// z ← B r; rᵀz.
    public func apply(_ residual: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) -> Double {
        factor.solve(residual, into: result)
    }
}
