/// A preconditioner of matrices: an approximation of the inverse of A over ``SparseMatrix/unit``.
///
/// The residual comes scaled to a largest number near 1, so that single precision is wide enough for any units.
public protocol MatrixPreconditioner: Preconditioner {
    /// What set-up found that is worth saying, such as a shift that was needed; empty for nothing.
    var remarks: [String] { get }
}

/// A preconditioner that costs no more in double precision, and is then applied so.
protocol DoublePreconditioner: MatrixPreconditioner {
    /// z ← B r.
    func apply(_ residual: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>)
}

extension DoublePreconditioner {
    /// The same in single precision, for whoever has no other vectors.
    func applyByDouble(
        _ count: Int, _ residual: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>
    ) -> Double {
        let right = (0..<count).map { Double(residual[$0]) }
        var z = [Double](repeating: 0, count: count)
        right.withUnsafeBufferPointer { right in
            z.withUnsafeMutableBufferPointer { apply(right.baseAddress!, into: $0.baseAddress!) }
        }
        var product = 0.0
        for row in 0..<count {
            result[row] = Float(z[row])
            product += right[row] * z[row]
        }
        return product
    }
}
