/// B = D⁻¹, the inverse of the diagonal.
public final class JacobiPreconditioner: DoublePreconditioner {
    /// The name in problem files.
    public static let name = "jacobi"
    /// One line for listings.
    public static let summary = "the inverse of the diagonal"

    /// What set-up found that is worth saying.
    public let remarks: [String] = []
    private let inverse: [Double]

    /// Takes the diagonal.
    ///
    /// - Precondition: it is not negative.
    public init(_ matrix: SparseMatrix) {
        let unit = matrix.unit
        inverse = matrix.scalingDiagonal.map { unit / $0 }
        precondition(inverse.allSatisfy { $0 > 0 }, "the diagonal is positive")
    }

    /// z ← B r; rᵀz.
    public func apply(_ residual: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) -> Double {
        applyByDouble(inverse.count, residual, into: result)
    }

    func apply(_ residual: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>) {
        for row in inverse.indices { result[row] = inverse[row] * residual[row] }
    }
}
