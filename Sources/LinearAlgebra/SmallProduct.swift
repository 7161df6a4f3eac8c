/// C = A B, or C += A B, for one small shape, all matrices column-major.
///
/// Made by ``Scalar/smallProduct(rows:columns:inner:leadingA:leadingB:leadingC:accumulate:)``. A call runs machine code
/// that libxsmm compiled for exactly this shape, which at the sizes of a network layer is half as fast again as a
/// general product; where libxsmm has no kernel for the processor or the shape, it runs a general one.
public struct SmallProduct<S: Scalar>: @unchecked Sendable {
    @usableFromInline typealias Kernel =
        @convention(c) (UnsafeRawPointer?, UnsafeRawPointer?, UnsafeMutableRawPointer?) -> Void

    /// Rows of A and C.
    public let rows: Int
    /// Columns of B and C.
    public let columns: Int
    /// Columns of A, rows of B.
    public let inner: Int
    /// Whether the product is added to C.
    public let accumulate: Bool

    let leadingA: Int
    let leadingB: Int
    let leadingC: Int
    @usableFromInline let kernel: Kernel?

    init(
        rows: Int, columns: Int, inner: Int, leadingA: Int, leadingB: Int, leadingC: Int, accumulate: Bool,
        kernel: Kernel?
    ) {
        precondition(rows > 0 && columns > 0 && inner > 0, "a product needs at least one row, column and inner term")
        precondition(leadingA >= rows && leadingB >= inner && leadingC >= rows, "columns overlap")
        self.rows = rows
        self.columns = columns
        self.inner = inner
        self.leadingA = leadingA
        self.leadingB = leadingB
        self.leadingC = leadingC
        self.accumulate = accumulate
        self.kernel = kernel
    }

    /// Computes the product. C must not overlap A or B; if the product is not added to C, C is not read.
    @inlinable
    public func callAsFunction(_ a: UnsafePointer<S>, _ b: UnsafePointer<S>, _ c: UnsafeMutablePointer<S>) {
        if let kernel {
            kernel(a, b, c)
        } else {
            general(a, b, c)
        }
    }

    /// The same product by BLAS: what runs where there is no kernel, and what the kernels are tested against.
    @usableFromInline
    package func general(_ a: UnsafePointer<S>, _ b: UnsafePointer<S>, _ c: UnsafeMutablePointer<S>) {
        S.product(
            rows: rows, columns: columns, inner: inner,
            alpha: 1, a, leading: leadingA, transposed: false, b, leading: leadingB, transposed: false,
            beta: accumulate ? 1 : 0, c, leading: leadingC)
    }
}
