/// An approximation B of the inverse of A, applied in single precision.
///
/// Conjugate gradients need it linear, symmetric and positive definite (semidefinite on the null space of A); flexible conjugate gradients take
/// any that give descent directions.
public protocol Preconditioner: AnyObject {
    /// The name in problem files and reports.
    static var name: String { get }
    /// One line for listings.
    static var summary: String { get }
    /// z ← B r; rᵀz, summed in double precision in a fixed order.
    ///
    /// Both vectors have the layout of the system: for a matrix its rows, for a grid those of its ``GridShape``, with zeros outside the
    /// unknowns, which must stay zero in z.
    func apply(_ residual: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) -> Double
}
