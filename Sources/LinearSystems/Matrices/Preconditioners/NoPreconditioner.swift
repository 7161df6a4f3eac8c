/// B = I: plain conjugate gradients.
public final class NoPreconditioner: DoublePreconditioner {
    /// The name in problem files.
    public static let name = "none"
    /// One line for listings.
    public static let summary = "no preconditioner"

    /// What set-up found that is worth saying.
    public let remarks: [String] = []
    private let rows: Int

    /// For matrices of any kind.
    public init(_ matrix: SparseMatrix) { rows = matrix.rows }

    /// z ← B r; rᵀz.
    public func apply(_ residual: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) -> Double {
        applyByDouble(rows, residual, into: result)
    }

    func apply(_ residual: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>) {
        result.update(from: residual, count: rows)
    }
}
