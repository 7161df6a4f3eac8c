import Parallelism

/// A matrix with its preconditioner and null spaces: what several right-hand sides share.
public final class MatrixSystem {
    /// The matrix.
    public let matrix: SparseMatrix
    /// Where it is singular.
    public let nullSpaces: NullSpaces
    /// The approximation of the inverse.
    public let preconditioner: any MatrixPreconditioner
    let pool: WorkerPool

    /// Joins them; null spaces are looked for unless they are known.
    public init(
        _ matrix: SparseMatrix, _ preconditioner: any MatrixPreconditioner, nullSpaces: NullSpaces? = nil,
        pool: WorkerPool
    ) {
        self.matrix = matrix
        self.preconditioner = preconditioner
        self.pool = pool
        self.nullSpaces = nullSpaces ?? NullSpaces(matrix)
    }

    /// Bytes that passes take for one right-hand side, beside the matrix.
    public static func bytes(rows: Int, directions: Int) -> Int { rows * (8 * (4 + 2 * (directions + 1)) + 8) }

    /// Passes over the vectors of one right-hand side, from an initial guess or zero.
    ///
    /// On singular parts the mean is taken off the right-hand side, so that there is a solution.
    /// - Precondition: both have a number for each row.
    public func passes(for right: [Double], from guess: [Double]? = nil, directions: Int = 1) -> MatrixPasses {
        MatrixPasses(self, right, guess, places: directions + 1)
    }
}
