import Glibc
import Parallelism

/// Solutions of one problem for several ε, each started from the one before.
public struct RegularisationPath: Sendable {
    /// A point of the curve.
    public struct Point: Sendable {
        /// The regularisation.
        public var epsilon: Double
        /// What was found.
        public var solution: TransportSolution

        /// Joins the two.
        public init(epsilon: Double, solution: TransportSolution) {
            self.epsilon = epsilon
            self.solution = solution
        }
    }

    /// From the largest ε to the smallest.
    public let points: [Point]

    /// So many values from one to another, both included, evenly spaced by ratio, falling.
    public static func values(from first: Double, to last: Double, steps: Int) -> [Double] {
        precondition(steps >= 1 && first > 0 && last > 0, "positive values")
        let (largest, smallest) = (max(first, last), min(first, last))
        guard steps > 1 else { return [smallest] }
        return (0..<steps).map { step in
            step == steps - 1 ? smallest : largest * pow(smallest / largest, Double(step) / Double(steps - 1))
        }
    }

    /// Solves for falling values of ε; when asked to stop, with what was reached until then, at least one point.
    ///
    /// - Throws: ``TransportError/regularisation(_:)`` for a value that is not positive and finite.
    public init(
        _ problem: TransportProblem, epsilons: [Double], solver: SafeSinkhornNewton = SafeSinkhornNewton(),
        limits: TransportLimits = TransportLimits(), pool: WorkerPool,
        isStopRequested: () -> Bool = { false }
    ) throws(TransportError) {
        var points: [Point] = []
        for epsilon in epsilons.sorted(by: >) where points.isEmpty || !isStopRequested() {
            let own = try problem.regularised(by: epsilon)
            let solution =
                if let last = points.last, last.solution.stop.isSuccess {
                    solver.solve(own, limits, pool: pool, from: last.solution, at: last.epsilon)
                } else {
                    solver.solve(own, limits, pool: pool)
                }
            points.append(Point(epsilon: epsilon, solution: solution))
        }
        self.points = points
    }
}
