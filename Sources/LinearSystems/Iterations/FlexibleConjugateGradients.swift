/// Conjugate gradients with a stated number of retained directions, for any preconditioner: the iteration of the deep conjugate direction
/// method (Kaneda and others 2023), and of Notay (2000).
///
/// The preconditioned residual is made A-orthogonal to the last `directions` directions, by classical Gram–Schmidt as in the published
/// code, and the step along the result is the exact line search rᵀp/pᵀA p, so that the error in the energy norm never grows. With a
/// symmetric linear preconditioner one direction gives conjugate gradients; none is steepest descent.
public struct FlexibleConjugateGradients: OuterIteration {
    /// The name in problem files.
    public static let name = "flexible-conjugate-gradients"
    /// One line for listings.
    public static let summary = "conjugate gradients with retained directions, for any preconditioner"

    /// How many directions are retained.
    public let directions: Int

    /// Retains so many directions.
    public init(directions: Int = 2) {
        precondition(directions >= 0, "negative number of directions")
        self.directions = directions
    }

    /// Iterates from the x that the system holds.
    public func solve(
        _ system: any SystemPasses, _ limits: SolveLimits, watch: ((IterationProgress) -> Bool)?
    ) -> IterationOutcome {
        precondition(system.places > directions, "the system retains fewer directions")
        /// Retained directions, oldest first, with pᵀA p.
        var retained: [(place: Int, energy: Double)] = []
        return IterationDriver(system, limits, watch: watch).run { system, driver in
            let product = system.precondition()
            guard product.isFinite else { return driver.end(.notFinite) }
            let others = retained.map {
                (place: $0.place, coefficient: system.projection(onto: $0.place) / $0.energy)
            }
            // The place of none of the retained, there being one more than directions.
            let place = (0...directions).first { candidate in !retained.contains { $0.place == candidate } } ?? 0
            let energy = system.makeDirection(in: place, subtracting: others)
            guard let energy = driver.checked(energy, orEndWith: .indefinite) else { return nil }
            let slope = system.slope(along: place)
            guard slope != 0 else { return driver.end(.badPreconditioner) }
            retained.append((place, energy))
            if retained.count > directions { retained.removeFirst() }
            return system.advance(along: place, by: slope / energy)
        }
    }
}
