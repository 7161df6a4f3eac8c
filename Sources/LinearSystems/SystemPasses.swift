/// A linear system A x = b as an outer iteration sees it: passes over vectors that the system itself keeps.
///
/// A is symmetric and positive semidefinite. What an iteration does between the passes is arithmetic on a few numbers, so that a system
/// may lay out, fuse, split over threads and store its vectors as it likes. The solution x and the recomputed residual are kept in double
/// precision; z, the directions p and the updated residual may be in single.
///
/// A retained direction has a place, numbered from 0. Sums are taken in a fixed order: every pass gives the same bits for any number of
/// threads.
public protocol SystemPasses: AnyObject {
    /// The number of unknowns.
    var unknowns: Int { get }
    /// How many directions can be retained.
    var places: Int { get }
    /// ‖b‖₂
    var rightHandSideNorm: Double { get }
    /// r ← b − A x from scratch, in double precision; ‖r‖².
    ///
    /// Where A is singular, r is made orthogonal to its null space.
    func recomputeResidual() -> Double
    /// z ← B r with the preconditioner B; rᵀz.
    func precondition() -> Double
    /// zᵀA p for the direction in `place`.
    func projection(onto place: Int) -> Double
    /// p ← z − Σ coefficient · p_other, into `place`, which may be one of the others; pᵀA p.
    func makeDirection(in place: Int, subtracting others: [(place: Int, coefficient: Double)]) -> Double
    /// rᵀp for the direction in `place`.
    func slope(along place: Int) -> Double
    /// x ← x + α p and r ← r − α A p; ‖r‖².
    func advance(along place: Int, by step: Double) -> Double
}
