import CKernels
import COpenBLAS
import CXSMM

extension Float: Scalar {
    /// The format of this type.
    public static var precision: Precision { .single }

    /// Σ xᵢ yᵢ over n elements, accumulated in double precision.
    public static func dot(_ n: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>) -> Double {
        ansatz_vector_dot_f32(n, x, y)
    }

    /// y ← y + α x over n elements.
    public static func addScaled(
        _ n: Int, _ alpha: Float, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
    ) {
        ansatz_vector_add_scaled_f32(n, alpha, x, y)
    }

    /// x ← α x over n elements.
    public static func scale(_ n: Int, _ alpha: Float, _ x: UnsafeMutablePointer<Float>) {
        ansatz_vector_scale_f32(n, alpha, x)
    }

    /// y ← y + x over n elements.
    public static func add(_ n: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
        ansatz_vector_add_f32(n, x, y)
    }

    /// z ← z + x ⊙ y over n elements.
    public static func addProduct(
        _ n: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ z: UnsafeMutablePointer<Float>
    ) {
        ansatz_vector_add_product_f32(n, x, y, z)
    }

    /// max |xᵢ| over n elements: 0 for none, not a number if any element is not a number.
    public static func maximumMagnitude(_ n: Int, _ x: UnsafePointer<Float>) -> Float {
        ansatz_vector_maximum_magnitude_f32(n, x)
    }

    /// Converts n elements from double precision, rounding to nearest.
    public static func convert(
        _ n: Int, from source: UnsafePointer<Double>, to target: UnsafeMutablePointer<Float>
    ) {
        ansatz_vector_narrow(n, source, target)
    }

    /// Converts n elements to double precision, exactly.
    public static func convert(
        _ n: Int, from source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Double>
    ) {
        ansatz_vector_widen(n, source, target)
    }

    /// C ← α op(A) op(B) + β C.
    public static func product(
        rows: Int, columns: Int, inner: Int,
        alpha: Float, _ a: UnsafePointer<Float>, leading leadingA: Int, transposed transposedA: Bool,
        _ b: UnsafePointer<Float>, leading leadingB: Int, transposed transposedB: Bool,
        beta: Float, _ c: UnsafeMutablePointer<Float>, leading leadingC: Int
    ) {
        BLAS.useOneThread
        cblas_sgemm(
            CblasColMajor, transposedA ? CblasTrans : CblasNoTrans, transposedB ? CblasTrans : CblasNoTrans,
            Int32(rows), Int32(columns), Int32(inner),
            alpha, a, Int32(leadingA), b, Int32(leadingB), beta, c, Int32(leadingC))
    }

    /// y ← α op(A) x + β y.
    public static func matrixVector(
        rows: Int, columns: Int,
        alpha: Float, _ a: UnsafePointer<Float>, leading: Int, transposed: Bool, _ x: UnsafePointer<Float>,
        beta: Float, _ y: UnsafeMutablePointer<Float>
    ) {
        BLAS.useOneThread
        cblas_sgemv(
            CblasColMajor, transposed ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns),
            alpha, a, Int32(leading), x, 1, beta, y, 1)
    }

    /// A kernel for many products C = A B, or C += A B if `accumulate`, of one small shape.
    public static func smallProduct(
        rows: Int, columns: Int, inner: Int, leadingA: Int, leadingB: Int, leadingC: Int, accumulate: Bool
    ) -> SmallProduct<Float> {
        SmallProduct(
            rows: rows, columns: columns, inner: inner,
            leadingA: leadingA, leadingB: leadingB, leadingC: leadingC, accumulate: accumulate,
            kernel: ansatz_xsmm_kernel_f32(
                Int32(rows), Int32(columns), Int32(inner), Int32(leadingA), Int32(leadingB), Int32(leadingC),
                accumulate))
    }
}
