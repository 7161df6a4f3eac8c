/// Preconditioned conjugate gradients (Hestenes and Stiefel 1952).
///
/// p ← z + β p with β = rᵀz/(rᵀz)_before, a step of rᵀz/pᵀA p along it. The preconditioner must be linear and symmetric; for any
/// other use ``FlexibleConjugateGradients``. Between recomputed residuals r is updated.
public struct ConjugateGradients: OuterIteration {
    /// The name in problem files.
    public static let name = "conjugate-gradients"
    /// One line for listings.
    public static let summary = "conjugate gradients, for a symmetric preconditioner"

    /// The method, which has no options.
    public init() {}

    /// Iterates from the x that the system holds.
    public func solve(
        _ system: any SystemPasses, _ limits: SolveLimits, watch: ((IterationProgress) -> Bool)?
    ) -> IterationOutcome {
        var before: Double?
        return IterationDriver(system, limits, watch: watch).run { system, driver in
            let product = system.precondition()
            guard let product = driver.checked(product, orEndWith: .badPreconditioner) else { return nil }
            let others = before.map { [(place: 0, coefficient: -product / $0)] } ?? []
            before = product
            let energy = system.makeDirection(in: 0, subtracting: others)
            guard let energy = driver.checked(energy, orEndWith: .indefinite) else { return nil }
            return system.advance(along: 0, by: product / energy)
        }
    }
}
