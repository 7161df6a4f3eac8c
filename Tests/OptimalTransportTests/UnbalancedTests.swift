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
