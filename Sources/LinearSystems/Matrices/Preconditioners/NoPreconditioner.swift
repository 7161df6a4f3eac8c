/// B = I: plain conjugate gradients.
public final class NoPreconditioner: DoublePreconditioner {
    public static let name = "none"
    public static let summary = "no preconditioner"

    public let remarks: [String] = []
    private let rows: Int

    /// For matrices of any kind.
    public init(_ matrix: SparseMatrix) { rows = matrix.rows }

    public func apply(_ residual: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) -> Double {
        applyByDouble(rows, residual, into: result)
    }

    func apply(_ residual: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>) {
        result.update(from: residual, count: rows)
    }
}
