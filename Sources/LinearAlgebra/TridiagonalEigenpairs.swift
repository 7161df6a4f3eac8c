import COpenBLAS

/// Eigenvalues, ascending, and orthonormal eigenvectors of a symmetric tridiagonal matrix (LAPACK's divide and conquer).
///
/// Vector number n lies in `vectors[n · count ..< (n + 1) · count]`. Nil where a number is not finite or the iteration does not converge.
///
/// - Precondition: `offDiagonal` is one shorter than `diagonal`, which is not empty.
public func tridiagonalEigenpairs(
    diagonal: [Double], offDiagonal: [Double]
) -> (values: [Double], vectors: [Double])? {
    precondition(!diagonal.isEmpty && offDiagonal.count == diagonal.count - 1, "sizes do not go together")
    guard diagonal.allSatisfy(\.isFinite), offDiagonal.allSatisfy(\.isFinite) else { return nil }
    _ = BLAS.useOneThread
    let count = diagonal.count
    var values = diagonal
    var off = offDiagonal + [0]
    var vectors = [Double](repeating: 0, count: count * count)
    var (n, leading, status) = (Int32(count), Int32(count), Int32(0))
    // LAPACK states these lengths for all eigenvectors.
    var length = Int32(1 + 4 * count + count * count)
    var integerLength = Int32(3 + 5 * count)
    var work = [Double](repeating: 0, count: Int(length))
    var integers = [Int32](repeating: 0, count: Int(integerLength))
    var job = CChar(UInt8(ascii: "V"))
    dstevd_(&job, &n, &values, &off, &vectors, &leading, &work, &length, &integers, &integerLength, &status)
    return status == 0 ? (values, vectors) : nil
}
