import Parallelism

/// The Sinkhorn divergence S = E(a, b) − ½ E(a, a) − ½ E(b, b), with E = ⟨C, P⟩ + ε KL(P | a bᵀ/mass).
///
/// Zero for equal measures, unlike the regularised cost itself; for small ε near the cost without regularisation.
public struct SinkhornDivergence: Sendable {
    /// Transport between the two measures.
    public let between: TransportSolution
    /// Transport of the source to itself.
    public let source: TransportSolution
    /// Transport of the target to itself.
    public let target: TransportSolution

    /// Solves the three problems.
    ///
    /// - Parameters:
    ///   - problem: the transport between the measures.
    ///   - sourceCost, targetCost: costs among the points of either measure, made as the problem's own.
    public init(
        _ problem: TransportProblem, sourceCost: any TransportCost, targetCost: any TransportCost,
        solver: any TransportSolver = SafeSinkhornNewton(), limits: TransportLimits = TransportLimits(),
        pool: WorkerPool
    ) throws(TransportError) {
        let own = try TransportProblem(
            source: problem.source, target: problem.source, cost: sourceCost, epsilon: problem.epsilon)
        let other = try TransportProblem(
            source: problem.target, target: problem.target, cost: targetCost, epsilon: problem.epsilon)
        between = solver.solve(problem, limits, pool: pool)
        source = solver.solve(own, limits, pool: pool)
        target = solver.solve(other, limits, pool: pool)
    }

    /// S
    public var value: Double {
        between.certificate.relativeEntropyCost - 0.5 * source.certificate.relativeEntropyCost - 0.5
            * target.certificate.relativeEntropyCost
    }
}
