import Glibc
import OptimalTransport
import ProblemFiles

extension TransportPreparation {
    /// The most pairs for which a plan that is a vertex is found by the simplex method: a few seconds.
    private static let mostExactPairs = 16_000_000
    /// Largest cost over ε from which on rounding leaves no entropic plan.
    private static let largestRatio = 1e13

    /// Solves, without writing anything: the whole path of regularisations, or the one problem.
    ///
    /// - Parameters:
    ///   - isStopRequested: asked after each step; what was found until then is returned.
    ///   - observe: hears of each step.
    /// - Throws: `ProblemErrors` when the simplex method cannot take the problem on.
    package func solve(
        isStopRequested: @escaping @Sendable () -> Bool = { false },
        observe: @escaping @Sendable (TransportProgress) -> Void = { _ in }
    ) throws(ProblemErrors) -> TransportFindings {
        var limits = limits
        limits.isStopRequested = isStopRequested
        limits.observe = observe
        var findings: TransportFindings
        switch task {
        case .exact(let problem): findings = try exactFindings(problem, epsilon: 0)
        case .entropic(let problem, let solver): findings = try entropicFindings(problem, solver, limits)
        case .relaxed(let problem): findings = try relaxedFindings(problem, limits)
        case .grid(let problem):
            let solution = GridSinkhornNewton().solve(problem, limits, pool: pool)
            findings = TransportFindings(
                points: [.init(epsilon: problem.epsilon, solution: solution)], plan: .grid(problem))
        }
        if statement.output.divergence, findings.points.allSatisfy(\.solution.stop.isSuccess) {
            findings.divergence = try divergence(findings.last, limits)
        }
        return findings
    }

    /// A library call that takes a checked problem: what it refuses was checked before.
    private func checked<Value>(_ body: () throws(TransportError) -> Value) throws(ProblemErrors) -> Value {
        do throws(TransportError) {
            return try body()
        } catch {
            throw ProblemErrors([statement.origins.to.diagnostic(.error, error.description)])
        }
    }

    // MARK: Methods

    private func entropicFindings(
        _ problem: TransportProblem, _ solver: any TransportSolver, _ limits: TransportLimits
    ) throws(ProblemErrors) -> TransportFindings {
        guard let safe = solver as? SafeSinkhornNewton else {
            let solution = solver.solve(problem, limits, pool: pool)
            return TransportFindings(
                points: [.init(epsilon: problem.epsilon, solution: solution)], plan: .rows(problem))
        }
        let pairs = problem.source.count * problem.target.count
        let canBeExact = pairs <= Self.mostExactPairs
        if canBeExact, problem.largestCost > Self.largestRatio * problem.epsilon, epsilons.count == 1 {
            return try exactFindings(problem, epsilon: problem.epsilon)
        }
        let points: [RegularisationPath.Point]
        if epsilons.count > 1 {
            points = try checked { () throws(TransportError) in
                try RegularisationPath(
                    problem, epsilons: epsilons, solver: safe, limits: limits, pool: pool,
                    isStopRequested: limits.isStopRequested
                ).points
            }
        } else {
            points = [.init(epsilon: problem.epsilon, solution: safe.solve(problem, limits, pool: pool))]
        }
        guard let last = points.last, canBeExact, last.epsilon == problem.epsilon, isBetterExact(last.solution, problem)
        else {
            let own = points.last.flatMap { try? problem.regularised(by: $0.epsilon) } ?? problem
            return TransportFindings(points: points, plan: .rows(own))
        }
        var exact = try exactFindings(problem, epsilon: problem.epsilon)
        // The work that showed that the plan is a vertex counts, too, and its potentials are those of this ε.
        let entropic = last.solution
        var point = exact.last
        point.solution.history = entropic.history
        point.solution.certificate.sweeps = entropic.certificate.sweeps
        point.solution.certificate.newtonSteps = entropic.certificate.newtonSteps
        point.solution.certificate.linearIterations = entropic.certificate.linearIterations
        point.solution.certificate.seconds.sweeps = entropic.certificate.seconds.sweeps
        point.solution.certificate.seconds.newton += entropic.certificate.seconds.newton
        if entropic.certificate.isVertex {
            point.solution.sourcePotentials = entropic.sourcePotentials
            point.solution.targetPotentials = entropic.targetPotentials
            point.solution.certificate.dual = max(point.solution.certificate.dual, entropic.certificate.dual)
        }
        exact.points = points.dropLast() + [point]
        return exact
    }

    /// Whether the plan is a vertex, or one that rounding keeps from being found though it costs no more than a vertex.
    private func isBetterExact(_ solution: TransportSolution, _ problem: TransportProblem) -> Bool {
        let certificate = solution.certificate
        if certificate.isVertex { return true }
        guard solution.stop != .interrupted, solution.stop != .limitReached else { return false }
        let (n, m) = (problem.source.count, problem.target.count)
        // Rounding of the exponents blurs marginals, and with them the bounds.
        let blur = 10 * Double.ulpOfOne * problem.largestCost / problem.epsilon
        guard certificate.marginals.l1 > limits.tolerance * problem.mass, blur > limits.tolerance else { return false }
        if certificate.gap <= blur * problem.largestCost * problem.mass, certificate.entries <= 4 * (n + m),
            solution.entries(of: problem, dropping: max(1e-9, blur), pool: pool).count <= n + m - 1
        {
            return true
        }
        // The entropic plan costs at most ε · mass · log min(n, m) more than the exact one.
        return problem.epsilon * log(Double(min(n, m))) <= 1e-9 * problem.largestCost
            && certificate.marginals.l1 > 1e-9 * problem.mass
    }

    private func exactFindings(
        _ problem: TransportProblem, epsilon: Double
    ) throws(ProblemErrors) -> TransportFindings {
        let start = ContinuousClock.now
        let exact: ExactTransport.Solution
        do throws(ExactTransport.Failure) {
            exact = try ExactTransport.solve(problem)
        } catch {
            let origin = error == .spread ? statement.origins.from : statement.method.origin
            throw ProblemErrors([origin.diagnostic(.error, error.description)])
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        var solution = TransportSolution(
            sourcePotentials: exact.sourcePotentials, targetPotentials: exact.targetPotentials,
            certificate: exact.certificate(of: problem, epsilon: epsilon, seconds: seconds), history: [], stop: .exact)
        for index in problem.source.indices where problem.source[index] == 0 {
            solution.sourcePotentials[index] = -.infinity
        }
        for index in problem.target.indices where problem.target[index] == 0 {
            solution.targetPotentials[index] = -.infinity
        }
        func mean(_ masses: [Double], _ values: [Double]) -> Double {
            zip(masses, values).reduce(0) { $1.0 > 0 ? $0 + $1.0 * $1.1 : $0 }
        }
        let shift =
            (mean(problem.source, solution.sourcePotentials) - mean(problem.target, solution.targetPotentials))
            / (2 * problem.mass)
        for index in solution.sourcePotentials.indices { solution.sourcePotentials[index] -= shift }
        for index in solution.targetPotentials.indices { solution.targetPotentials[index] += shift }
        return TransportFindings(
            points: [.init(epsilon: epsilon, solution: solution)],
            plan: .entries(exact.planEntries(rows: problem.source.count)), roundingBound: exact.roundingBound)
    }

    private func relaxedFindings(
        _ problem: UnbalancedTransport, _ limits: TransportLimits
    ) throws(ProblemErrors) -> TransportFindings {
        let found = problem.solve(limits, pool: pool)
        do throws(TransportError) {
            let (own, solution) = try problem.balanced(found, pool: pool)
            return TransportFindings(points: [.init(epsilon: problem.epsilon, solution: solution)], plan: .rows(own))
        } catch {
            throw ProblemErrors([
                statement.origins.to.diagnostic(
                    .error, "so little mass is worth moving at this 'strength' that there is no plan",
                    hint: "raise the strength, which is a cost; the least cost here is about the mean "
                        + NumberText.short(meanCost))
            ])
        }
    }

    // MARK: Divergence

    /// E(a, b) − ½ E(a, a) − ½ E(b, b) with E = ⟨C, P⟩ + ε KL(P | a bᵀ/mass); nil when a measure cannot be moved to itself.
    private func divergence(
        _ point: RegularisationPath.Point, _ limits: TransportLimits
    ) throws(ProblemErrors) -> Double? {
        var value = point.solution.certificate.relativeEntropyCost
        for measure in [statement.from, statement.to] {
            var own = statement
            (own.from, own.to) = (measure, measure)
            own.method["epsilon"] = OptionTree(.number(max(point.epsilon, .leastNormalMagnitude)))
            own.method["eta"] = nil
            own.method["relative"] = nil
            own.method["kind"] = OptionTree(.text(methodName))
            own.output.divergence = false
            own.output.plan = nil
            if point.epsilon == 0 { own.method = ["kind": OptionTree(.text(methodName))] }
            let solution = try TransportPreparation(own).solve(
                isStopRequested: limits.isStopRequested, observe: limits.observe
            ).last.solution
            guard solution.stop.isSuccess else { return nil }
            value -= 0.5 * solution.certificate.relativeEntropyCost
        }
        return value
    }
}
