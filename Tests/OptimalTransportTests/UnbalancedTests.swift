import Glibc
import OptimalTransport
import Parallelism
import Testing

/// Relaxed marginals: limits, a problem with a closed form, and grids against full matrices.
@Suite struct UnbalancedTests {
    static let pool = WorkerPool(threads: 1)

    @Test func strongPenaltiesGiveTheBalancedPlan() throws {
        let n = 30
        let source = (0..<n).map { Double($0 % 5 + 1) }.map { $0 / 90 }
        let target = [Double](repeating: 1 / Double(n), count: n)
        let cost = MatrixCost(sources: n, targets: n, seed: 5)
        let balanced = SafeSinkhornNewton().solve(
            try TransportProblem(source: source, target: target, cost: cost, epsilon: 0.01), TransportLimits(),
            pool: Self.pool)
        var last = Double.infinity
        for strength in [10.0, 1e3, 1e5] {
            let relaxed = try UnbalancedTransport(
                source: source, target: target, cost: cost, epsilon: 0.01, sourceStrength: strength,
                targetStrength: strength
            ).solve(TransportLimits(), pool: Self.pool)
            #expect(relaxed.stop == .converged)
            // The penalty is of the second order in the marginals' errors, which are of the order 1/λ.
            let difference = abs(relaxed.dual - balanced.certificate.dual)
            #expect(difference < 0.2 / strength && difference < last)
            last = difference
        }
    }

    /// Two points at a cost c: the plan's only entry p solves c + ε log p + λ_a log(p/a) + λ_b log(p/b) = 0.
    @Test(arguments: [0.1, 1.0, 10.0])
    func onePair(_ cost: Double) throws {
        let (a, b, epsilon, first, second) = (2.0, 0.5, 0.3, 0.7, 1.9)
        let solution = try UnbalancedTransport(
            source: [a], target: [b], cost: MatrixCost(sources: 1, targets: 1, [cost]), epsilon: epsilon,
            sourceStrength: first, targetStrength: second
        ).solve(TransportLimits(), pool: Self.pool)
        let mass = exp((first * log(a) + second * log(b) - cost) / (epsilon + first + second))
        #expect(abs(solution.mass - mass) < 1e-12 * mass && solution.stop == .converged)
    }

    /// Far apart, mass is not moved at all but lost and made: the plan vanishes, and the cost is λ (Σa + Σb).
    @Test func whatIsTooFarIsNotMoved() throws {
        let solution = try UnbalancedTransport(
            source: [1, 2], target: [3], cost: MatrixCost(sources: 2, targets: 1, [90, 100]), epsilon: 0.1,
            sourceStrength: 1, targetStrength: 1
        ).solve(TransportLimits(), pool: Self.pool)
        #expect(solution.mass < 1e-15 && abs(solution.dual - 6) < 1e-12)
    }

    /// log density −½ p z² + q z + r
    private struct Quadratic {
        var p, q, r: Double

        static func normal(mass: Double, mean: Double, deviation: Double) -> Quadratic {
            let p = 1 / (deviation * deviation)
            return Quadratic(p: p, q: p * mean, r: log(mass) - 0.5 * (mean * mean * p + log(2 * .pi / p)))
        }

        /// log ∫ exp(self(z) − (x − z)²/ε) dz
        func smoothed(_ epsilon: Double) -> Quadratic {
            let k = 2 / epsilon, sum = p + k
            return Quadratic(p: k - k * k / sum, q: k * q / sum, r: r + 0.5 * q * q / sum + 0.5 * log(2 * .pi / sum))
        }

        static func combined(_ a: Quadratic, _ factor: Double, _ b: Quadratic) -> Quadratic {
            Quadratic(p: a.p + factor * b.p, q: a.q + factor * b.q, r: a.r + factor * b.r)
        }

        var mass: Double { exp(r + 0.5 * q * q / p) * (2 * .pi / p).squareRoot() }
    }

    /// Between normal distributions everything stays one (Janati, Muzellec, Peyré, Cuturi 2020): the potentials are quadratics, whose
    /// coefficients the balance of both sides fixes.
    @Test(arguments: [(0.3, 2.0), (0.1, 0.5), (0.5, 20)])
    func betweenNormals(_ epsilon: Double, _ strength: Double) throws {
        let nodes = (0..<241).map { -6 + 12 * Double($0) / 240 }, width = 12.0 / 240
        let first = Quadratic.normal(mass: 1.5, mean: -0.6, deviation: 0.7)
        let second = Quadratic.normal(mass: 0.8, mean: 0.8, deviation: 0.4)
        func masses(_ density: Quadratic) -> [Double] {
            nodes.map { width * exp(-0.5 * density.p * $0 * $0 + density.q * $0 + density.r) }
        }
        // x/ε and y/ε of densities: x = ε λ/(λ + ε) (log a − s).
        let factor = strength / (strength + epsilon)
        var x = Quadratic(p: 0, q: 0, r: 0), y = x
        for _ in 0..<2_000 {
            x = .combined(first, -1, y.smoothed(epsilon))
            x = Quadratic(p: factor * x.p, q: factor * x.q, r: factor * x.r)
            y = .combined(second, -1, x.smoothed(epsilon))
            y = Quadratic(p: factor * y.p, q: factor * y.q, r: factor * y.r)
        }
        // The marginal a exp(−x/λ).
        let marginal = Quadratic.combined(first, -epsilon / strength, x)
        let mean = marginal.q / marginal.p, variance = 1 / marginal.p

        let rows = nodes.map { [$0] }
        let solution = try UnbalancedTransport(
            source: masses(first), target: masses(second),
            cost: DistanceCost(.squaredEuclidean, from: rows, to: rows, periods: [0]), epsilon: epsilon,
            sourceStrength: strength, targetStrength: strength
        ).solve(TransportLimits(), pool: Self.pool)
        #expect(solution.stop == .converged)
        // Masses of nodes have a factor width, sums over nodes lack it: x/ε and y/ε change by the constant κ = f (2 log width − κ).
        let constant = 2 * log(width) * factor / (1 + factor)
        let expected = marginal.mass * exp(-epsilon / strength * constant)
        let own = nodes.indices.reduce(0.0) { $0 + solution.sourceMarginal[$1] }
        let found = zip(nodes, solution.sourceMarginal).reduce(0) { $0 + $1.0 * $1.1 } / own
        let spread = zip(nodes, solution.sourceMarginal).reduce(0) { $0 + pow($1.0 - found, 2) * $1.1 } / own
        #expect(abs(found - mean) < 1e-9 && abs(spread - variance) < 1e-9)
        #expect(abs(solution.mass - own) < 1e-11 && abs(own / expected - 1) < 1e-9)
    }

    @Test func oneSideMayBeKept() throws {
        let cost = MatrixCost(sources: 6, targets: 4, seed: 2)
        let source = [1, 2, 0, 1, 1, 1.0], target = [1, 0, 1, 1.0]
        let solution = try UnbalancedTransport(
            source: source, target: target, cost: cost, epsilon: 0.05, sourceStrength: nil, targetStrength: 0.5
        ).solve(TransportLimits(), pool: Self.pool)
        #expect(solution.stop == .converged && abs(solution.mass - 6) < 1e-11)
        #expect(zip(solution.sourceMarginal, source).allSatisfy { abs($0 - $1) < 1e-11 })
        #expect(solution.targetMarginal[1] == 0)
    }

    /// From far too small to far too large a regularisation: numbers, and the same bits for any number of threads.
    @Test(arguments: [1e-6, 1e-4, 1e-2, 1, 10]) func everyEpsilonGivesNumbers(_ epsilon: Double) throws {
        let (n, m) = (40, 30)
        let problem = try UnbalancedTransport(
            source: (0..<n).map { Double($0 % 4) }, target: (0..<m).map { Double($0 % 3 + 1) },
            cost: MatrixCost(sources: n, targets: m, seed: 8), epsilon: epsilon, sourceStrength: 0.3,
            targetStrength: nil)
        let one = problem.solve(TransportLimits(), pool: WorkerPool(threads: 1))
        let three = problem.solve(TransportLimits(), pool: WorkerPool(threads: 3))
        #expect(one.mass.isFinite && one.dual.isFinite && one.error.isFinite)
        #expect(one.stop.isSuccess, "\(epsilon): \(one.stop), \(one.error) after \(one.newtonSteps)")
        #expect(one.sourcePotentials == three.sourcePotentials && one.targetPotentials == three.targetPotentials)
    }

    @Test func inputErrors() {
        let cost = MatrixCost(sources: 1, targets: 1, [1])
        func make(_ a: Double, _ b: Double, _ strength: Double?) throws(TransportError) {
            _ = try UnbalancedTransport(
                source: [a], target: [b], cost: cost, epsilon: 1, sourceStrength: strength, targetStrength: strength)
        }
        #expect(throws: TransportError.strength(-1)) { try make(1, 1, -1) }
        #expect(throws: TransportError.mass(.target, index: 0, value: -2)) { try make(1, -2, 1) }
        #expect(throws: TransportError.empty(.source)) { try make(0, 1, 1) }
        #expect(throws: TransportError.unequalTotals(source: 1, target: 2)) { try make(1, 2, nil) }
    }
}
