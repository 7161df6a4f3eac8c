import COpenBLAS

/// The solution X of least norm of min ‖A X − B‖, by the singular value decomposition; nil if that does not converge or
/// not all numbers are finite.
///
/// Everything is column-major: A is rows × columns, B rows × rightSides, X columns × rightSides. Singular values below
/// `threshold` times the largest count as zero.
public func leastSquares(
    rows: Int, columns: Int, rightSides: Int, matrix: [Double], right: [Double], threshold: Double
) -> [Double]? {
    precondition(rows > 0 && columns > 0 && rightSides > 0, "nothing to solve")
    precondition(matrix.count == rows * columns && right.count == rows * rightSides, "sizes do not go together")
    // LAPACK may not return from numbers that are not finite.
    guard matrix.allSatisfy(\.isFinite), right.allSatisfy(\.isFinite) else { return nil }
    _ = BLAS.useOneThread
    let leading = max(rows, columns)
    var a = matrix
    var b = [Double](repeating: 0, count: leading * rightSides)
    for side in 0..<rightSides {
        for row in 0..<rows { b[side * leading + row] = right[side * rows + row] }
    }
    var (m, n, sides, leadingA, leadingB) = (
        Int32(rows), Int32(columns), Int32(rightSides), Int32(rows), Int32(leading)
    )
    var singular = [Double](repeating: 0, count: min(rows, columns))
    var (threshold, rank, status) = (threshold, Int32(0), Int32(0))
    // The first call asks how much memory the second one wants.
    var work = [0.0]
    var integers: [Int32] = [0]
    for length in [Int32(-1), 0] {
        var length = length
        if length == 0 {
            length = Int32(work[0])
            work = [Double](repeating: 0, count: Int(length))
            integers = [Int32](repeating: 0, count: Int(max(1, integers[0])))
        }
        dgelsd_(
            &m, &n, &sides, &a, &leadingA, &b, &leadingB, &singular, &threshold, &rank, &work, &length, &integers,
            &status)
        guard status == 0 else { return nil }
    }
    return (0..<rightSides).flatMap { side in b[side * leading..<side * leading + columns] }
}
