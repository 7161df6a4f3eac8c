#if BoomerAMG
    import CBoomerAMG

    /// One V-cycle of BoomerAMG, the algebraic multigrid of the hypre library (Henson and Yang 2002), in double precision and on one thread.
    ///
    /// It is there in programs that were built with the package trait `BoomerAMG`, which brings MPI.
    public final class AlgebraicMultigrid: DoublePreconditioner {
        /// The name in problem files.
        public static let name = "algebraic-multigrid"
        /// One line for listings.
        public static let summary = "algebraic multigrid, BoomerAMG of the hypre library"

        /// What set-up found that is worth saying.
        public let remarks: [String] = []
        private let rows: Int
        private let solver: OpaquePointer

        /// Sets up all levels; nil where hypre reports an error.
        ///
        /// - Parameters:
        ///   - threshold: entries above this share of the largest of their row are strong.
        ///   - singularParts: so many parts of the matrix map constants to zero.
        public init?(_ matrix: SparseMatrix, threshold: Double = 0.25, singularParts: Int = 0) {
            rows = matrix.rows
            guard
                let made = ansatz_boomeramg_create(
                    Int64(matrix.rows), matrix.starts.baseAddress, matrix.columns.baseAddress,
                    matrix.values.baseAddress,
                    1 / matrix.unit, threshold, singularParts > 0)
            else { return nil }
            solver = made
        }

        deinit { ansatz_boomeramg_destroy(solver) }

        /// z ← B r; rᵀz.
        public func apply(_ residual: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) -> Double {
            applyByDouble(rows, residual, into: result)
        }

        func apply(_ residual: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>) {
            // What hypre cannot do shows as a number that is not finite, which ends the iteration.
            if !ansatz_boomeramg_apply(solver, residual, result) { result.update(repeating: .nan, count: rows) }
        }
    }
#endif
