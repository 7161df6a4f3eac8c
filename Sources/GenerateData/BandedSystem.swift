import COpenBLAS

/// Linear equations whose matrix has few diagonals beside the main one, solved by elimination with row exchanges.
struct BandedSystem {
    private let count: Int
    private let lower: Int
    private let upper: Int
    private let stride: Int
    // LAPACK's layout: the columns below one another, with room for what the exchanges fill in.
    private var band: [Double]

    /// A matrix of zeros with so many diagonals below and above the main one.
    init(count: Int, lower: Int, upper: Int) {
        self.count = count
        self.lower = lower
        self.upper = upper
        stride = 2 * lower + upper + 1
        band = [Double](repeating: 0, count: stride * count)
    }

    /// Adds to an element.
    mutating func add(_ value: Double, row: Int, column: Int) {
        band[column * stride + lower + upper + row - column] += value
    }

    /// The solution for a right-hand side; the matrix is used up. Throws when the matrix is singular.
    consuming func solution(_ right: [Double]) throws -> [Double] {
        var solution = right
        var size = Int32(count), rows = size, below = Int32(lower), above = Int32(upper), columns: Int32 = 1
        var leading = Int32(stride), status: Int32 = 0
        var exchanges = [Int32](repeating: 0, count: count)
        dgbsv_(
            &size, &below, &above, &columns, &band, &leading, &exchanges, &solution, &rows, &status)
        guard status == 0 else { throw SingularMatrixError(column: Int(status)) }
        return solution
    }
}

/// A matrix has no inverse.
struct SingularMatrixError: Error, CustomStringConvertible {
    /// The column where elimination ended, from 1.
    var column: Int
    var description: String { "the matrix is singular at column \(column)" }
}
