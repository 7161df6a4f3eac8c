import COpenBLAS

/// The one setting that every call of OpenBLAS in this module relies on.
enum BLAS {
    /// Threaded BLAS gives different bits for different thread counts and competes with the solvers' own workers.
    /// Evaluated once, before the first product.
    static let useOneThread: Void = openblas_set_num_threads(1)
}
