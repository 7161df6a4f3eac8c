import CKernels
import COpenBLAS
import CXSMM

extension Double: Scalar {
    /// The format of this type.
    public static var precision: Precision { .double }

    /// Σ xᵢ yᵢ over n elements, accumulated in double precision.
    public static func dot(_ n: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>) -> Double {
        ansatz_vector_dot_f64(n, x, y)
    }

    /// y ← y + α x over n elements.
    public static func addScaled(
        _ n: Int, _ alpha: Double, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
    ) {
        ansatz_vector_add_scaled_f64(n, alpha, x, y)
    }

    /// x ← α x over n elements.
    public static func scale(_ n: Int, _ alpha: Double, _ x: UnsafeMutablePointer<Double>) {
        ansatz_vector_scale_f64(n, alpha, x)
    }

    /// y ← y + x over n elements.
    public static func add(_ n: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
        ansatz_vector_add_f64(n, x, y)
    }

    /// z ← z + x ⊙ y over n elements.
    public static func addProduct(
        _ n: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ z: UnsafeMutablePointer<Double>
    ) {
        ansatz_vector_add_product_f64(n, x, y, z)
    }

    /// max |xᵢ| over n elements: 0 for none, not a number if any element is not a number.
    public static func maximumMagnitude(_ n: Int, _ x: UnsafePointer<Double>) -> Double {
        ansatz_vector_maximum_magnitude_f64(n, x)
    }

    /// Copies n elements: both directions of the conversion are the identity.
    public static func convert(
        _ n: Int, from source: UnsafePointer<Double>, to target: UnsafeMutablePointer<Double>
    ) {
        target.update(from: source, count: n)
    }

    /// C ← α op(A) op(B) + β C.
    public static func product(
        rows: Int, columns: Int, inner: Int,
        alpha: Double, _ a: UnsafePointer<Double>, leading leadingA: Int, transposed transposedA: Bool,
        _ b: UnsafePointer<Double>, leading leadingB: Int, transposed transposedB: Bool,
        beta: Double, _ c: UnsafeMutablePointer<Double>, leading leadingC: Int
    ) {
        BLAS.useOneThread
        cblas_dgemm(
            CblasColMajor, transposedA ? CblasTrans : CblasNoTrans, transposedB ? CblasTrans : CblasNoTrans,
            Int32(rows), Int32(columns), Int32(inner),
            alpha, a, Int32(leadingA), b, Int32(leadingB), beta, c, Int32(leadingC))
    }

    /// y ← α op(A) x + β y.
    public static func matrixVector(
        rows: Int, columns: Int,
        alpha: Double, _ a: UnsafePointer<Double>, leading: Int, transposed: Bool, _ x: UnsafePointer<Double>,
        beta: Double, _ y: UnsafeMutablePointer<Double>
    ) {
        BLAS.useOneThread
        cblas_dgemv(
            CblasColMajor, transposed ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns),
            alpha, a, Int32(leading), x, 1, beta, y, 1)
    }

    /// A kernel for many products C = A B, or C += A B if `accumulate`, of one small shape.
    public static func smallProduct(
        rows: Int, columns: Int, inner: Int, leadingA: Int, leadingB: Int, leadingC: Int, accumulate: Bool
    ) -> SmallProduct<Double> {
        SmallProduct(
            rows: rows, columns: columns, inner: inner,
            leadingA: leadingA, leadingB: leadingB, leadingC: leadingC, accumulate: accumulate,
            kernel: ansatz_xsmm_kernel_f64(
                Int32(rows), Int32(columns), Int32(inner), Int32(leadingA), Int32(leadingB), Int32(leadingC),
                accumulate))
    }
}
