import COpenBLAS

/// The inverse of a symmetric positive definite matrix by Cholesky's factorisation; nil where it is not positive definite.
///
/// - Parameter matrix: n × n entries; both halves of the result are filled.
public func positiveDefiniteInverse(_ matrix: [Double], count n: Int) -> [Double]? {
    precondition(matrix.count == n * n, "sizes do not go together")
    guard n > 0 else { return [] }
    _ = BLAS.useOneThread
    var (a, size, status) = (matrix, Int32(n), Int32(0))
    dpotrf_("L", &size, &a, &size, &status)
    guard status == 0 else { return nil }
    dpotri_("L", &size, &a, &size, &status)
    guard status == 0 else { return nil }
    // LAPACK's columns are rows here: the lower half of its columns is the upper one of these rows.
    for row in 0..<n { for column in 0..<row { a[row * n + column] = a[column * n + row] } }
    return a
}
