/// Conjugate gradients whose residual stays orthogonal to a given subspace (Nicolaides 1987; in the form A-DEF2 of Tang and others 2009).
///
/// The part of the error in the subspace is solved for exactly, so that the eigenvalues it stands for no longer slow the iteration. The system
/// must be one that can deflate (``DeflatingPasses``); any subspace gives the right answer, and a good one gives it sooner.
public struct DeflatedConjugateGradients: OuterIteration {
    /// The name in problem files.
    public static let name = "deflated-conjugate-gradients"
    /// One line for listings.
    public static let summary = "conjugate gradients in which a given subspace is solved for exactly"

    /// The vectors.
    public let subspace: Subspace

    /// Deflates by the span of these vectors.
    public init(_ subspace: Subspace) { self.subspace = subspace }

    /// Iterates until a recomputed residual meets the tolerance, or says why not.
    public func solve(
        _ system: any SystemPasses, _ limits: SolveLimits, watch: ((IterationProgress) -> Bool)?
    ) -> IterationOutcome {
        guard let deflating = system as? any DeflatingPasses else {
            preconditionFailure("the system cannot deflate")
        }
        deflating.deflate(by: subspace)
        defer { deflating.deflate(by: nil) }
        return ConjugateGradients().solve(deflating, limits, watch: watch)
    }
}
