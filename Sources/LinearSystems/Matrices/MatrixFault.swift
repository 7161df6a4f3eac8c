/// Why a matrix is none that conjugate gradients can take, with the first offending entry; rows and columns count from 0, and from 1 in the
/// sentence.
public enum MatrixFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// An entry is infinite or not a number.
    case notFinite(row: Int, column: Int, value: Double)
    /// A row has no entry that is not 0.
    case zeroRow(Int)
    /// An entry differs from its mirror image.
    case unsymmetric(row: Int, column: Int, value: Double, mirror: Double)
    /// A number of the diagonal is not positive.
    case diagonal(row: Int, value: Double)
    /// An entry is larger than the diagonal allows: a_ij² > a_ii a_jj.
    case minor(row: Int, column: Int, value: Double, largest: Double)
    /// xᵀA x ≤ 0 for a vector x that was tried; the quotient is xᵀA x over xᵀx.
    case curvature(quotient: Double)

    /// One sentence.
    public var description: String {
        switch self {
        case .notFinite(let row, let column, let value):
            "the entry of row \(row + 1), column \(column + 1) is \(value)"
        case .zeroRow(let row):
            "row \(row + 1) is zero, so its unknown is in no equation"
        case .unsymmetric(let row, let column, let value, let mirror):
            "the matrix is not symmetric: row \(row + 1), column \(column + 1) holds \(value), but row \(column + 1), column "
                + "\(row + 1) holds \(mirror)"
        case .diagonal(let row, let value):
            "the matrix is not positive definite: row \(row + 1), column \(row + 1), on the diagonal, holds \(value)"
        case .minor(let row, let column, let value, let largest):
            "the matrix is not positive definite: row \(row + 1), column \(column + 1) holds \(value), and the diagonal allows "
                + "at most \(largest) there"
        case .curvature(let quotient):
            "the matrix is not positive definite: for a vector x that was tried, the quotient of x'Ax and x'x is \(quotient)"
        }
    }
}
