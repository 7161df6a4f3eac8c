/// The floating-point format in which a computation is carried out.
public enum Precision: String, Sendable, CaseIterable, Codable {
    /// IEEE 754 binary32, 24 significant bits.
    case single = "float32"
    /// IEEE 754 binary64, 53 significant bits.
    case double = "float64"
}

/// A number type that the solvers compute in: `Float` or `Double`.
///
/// The two are told apart at the level of whole vectors, because generic code that works element by element across a
/// module border is 50 times slower. All vectors are contiguous. Every operation runs on the calling thread and gives
/// the same bits each time on the same kind of processor.
public protocol Scalar: BinaryFloatingPoint, LosslessStringConvertible, BitwiseCopyable, Sendable {
    /// The format of this type.
    static var precision: Precision { get }

    /// Σ xᵢ yᵢ over n elements, accumulated in double precision.
    static func dot(_ n: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>) -> Double

    /// y ← y + α x over n elements; x and y are the same vector or do not overlap.
    static func addScaled(_ n: Int, _ alpha: Self, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)

    /// x ← α x over n elements.
    static func scale(_ n: Int, _ alpha: Self, _ x: UnsafeMutablePointer<Self>)

    /// y ← y + x over n elements; x and y are the same vector or do not overlap.
    static func add(_ n: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)

    /// z ← z + x ⊙ y over n elements, products taken element by element; z does not overlap x or y.
    static func addProduct(
        _ n: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>, _ z: UnsafeMutablePointer<Self>)

    /// max |xᵢ| over n elements: 0 for none, not a number if any element is not a number.
    static func maximumMagnitude(_ n: Int, _ x: UnsafePointer<Self>) -> Self

    /// Converts n elements from double precision, rounding to nearest.
    static func convert(_ n: Int, from source: UnsafePointer<Double>, to target: UnsafeMutablePointer<Self>)

    /// Converts n elements to double precision, exactly.
    static func convert(_ n: Int, from source: UnsafePointer<Self>, to target: UnsafeMutablePointer<Double>)

    /// C ← α op(A) op(B) + β C, where op(A) is `rows` × `inner` and op(B) is `inner` × `columns`.
    ///
    /// All matrices are column-major; the leading dimension is the distance between columns as stored, and op is the
    /// transpose where the matrix is marked transposed. With β = 0, C is not read.
    static func product(
        rows: Int, columns: Int, inner: Int,
        alpha: Self, _ a: UnsafePointer<Self>, leading leadingA: Int, transposed transposedA: Bool,
        _ b: UnsafePointer<Self>, leading leadingB: Int, transposed transposedB: Bool,
        beta: Self, _ c: UnsafeMutablePointer<Self>, leading leadingC: Int)

    /// y ← α op(A) x + β y, where A is `rows` × `columns` as stored, column-major; op transposes if asked to.
    static func matrixVector(
        rows: Int, columns: Int,
        alpha: Self, _ a: UnsafePointer<Self>, leading: Int, transposed: Bool, _ x: UnsafePointer<Self>,
        beta: Self, _ y: UnsafeMutablePointer<Self>)

    /// A kernel for many products C = A B, or C += A B if `accumulate`, of one small shape.
    ///
    /// A is `rows` × `inner`, B `inner` × `columns`, all column-major with the leading dimensions given. Ask once and
    /// keep the result: the first request for a shape compiles machine code.
    static func smallProduct(
        rows: Int, columns: Int, inner: Int, leadingA: Int, leadingB: Int, leadingC: Int, accumulate: Bool
    ) -> SmallProduct<Self>
}

extension Scalar {
    /// Σ xᵢ² over n elements, accumulated in double precision.
    public static func sumOfSquares(_ n: Int, _ x: UnsafePointer<Self>) -> Double {
        dot(n, x, x)
    }

    /// Whether none of the n elements is infinite or not a number.
    public static func isFinite(_ n: Int, _ x: UnsafePointer<Self>) -> Bool {
        maximumMagnitude(n, x).isFinite
    }
}
