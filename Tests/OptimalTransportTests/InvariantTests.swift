import Foundation
import OptimalTransport
import Parallelism
import Randomness
import Testing

/// What holds for every problem.
@Suite struct InvariantTests {
    /// Random points and masses in the unit square, n ≠ m, some masses zero.
    static func cloud(_ n: Int, _ m: Int, epsilon: Double, factor: Double = 1, shift: Double = 0) throws
        -> (problem: TransportProblem, cost: DistanceCost, sources: [[Double]], targets: [[Double]])
    {
        var stream = RandomStream(seed: 3, name: "transport/tests")
        func points(_ count: Int) -> [[Double]] { (0..<count).map { _ in [stream.uniform(), stream.uniform()] } }
        func masses(_ count: Int) -> [Double] {
            let values = (0..<count).map { $0 % 7 == 3 ? 0 : stream.uniform() + 0.1 }
            return values.map { [total = values.reduce(0, +)] in $0 / total }
        }
        let (p, q, a, b) = (points(n), points(m), masses(n), masses(m))
        let scaled = (p.map { $0.map { factor * $0 } }, q.map { $0.map { factor * $0 + shift } })
        let cost = DistanceCost(.squaredEuclidean, from: scaled.0, to: scaled.1, periods: [0, 0])
        return (
            try TransportProblem(source: a, target: b, cost: cost, epsilon: epsilon), cost, scaled.0, scaled.1
        )
    }

    static func solve(_ problem: TransportProblem, threads: Int = 1) -> TransportSolution {
        SafeSinkhornNewton().solve(problem, TransportLimits(), pool: WorkerPool(threads: threads))
    }

    @Test func aPlanHasItsMarginals() throws {
        let (problem, _, _, _) = try Self.cloud(40, 63, epsilon: 0.01)
        let solution = Self.solve(problem)
        #expect(solution.stop == .converged)
        let plan = solution.entries(of: problem, dropping: 1e-13, pool: WorkerPool(threads: 1))
        #expect(plan.values.allSatisfy { $0 > 0 } && plan.droppedMass < 1e-12)
        var rows = [Double](repeating: 0, count: 40), columns = [Double](repeating: 0, count: 63)
        for (row, (column, value)) in zip(plan.rows, zip(plan.columns, plan.values)) {
            rows[row] += value
            columns[column] += value
        }
        for (sum, mass) in zip(rows + columns, problem.source + problem.target) { #expect(abs(sum - mass) < 1e-12) }
        // Without mass there is nothing, neither NaN nor a plan.
        #expect(solution.sourcePotentials[3] == -.infinity && rows[3] == 0)
        #expect(abs(solution.certificate.primal - solution.certificate.dual) < 1e-12)
        #expect(solution.certificate.gap >= -1e-13)
    }

    @Test func theGaugeIsThatOfTheManual() throws {
        let (problem, _, _, _) = try Self.cloud(30, 20, epsilon: 0.05)
        let solution = Self.solve(problem)
        func mean(_ masses: [Double], _ values: [Double]) -> Double {
            zip(masses, values).reduce(0) { $1.0 > 0 ? $0 + $1.0 * $1.1 : $0 }
        }
        let left = mean(problem.source, solution.sourcePotentials)
        #expect(abs(left - mean(problem.target, solution.targetPotentials)) < 1e-14)
    }

    /// C → kC with ε → kε leaves the plan as it is.
    @Test func scalingCostAndEpsilonChangesNothing() throws {
        let one = try Self.cloud(40, 40, epsilon: 0.01), four = try Self.cloud(40, 40, epsilon: 0.04, factor: 2)
        let (first, second) = (Self.solve(one.problem), Self.solve(four.problem))
        #expect(abs(4 * first.certificate.transportCost - second.certificate.transportCost) < 1e-12)
        #expect(abs(first.certificate.negativeEntropy - second.certificate.negativeEntropy) < 1e-10)
    }

    /// W₂² grows by |t|² + 2⟨t, difference of means⟩, and the plan stays.
    @Test func translation() throws {
        let here = try Self.cloud(40, 50, epsilon: 0.02), there = try Self.cloud(40, 50, epsilon: 0.02, shift: 0.7)
        func mean(_ masses: [Double], _ points: [[Double]], _ axis: Int) -> Double {
            zip(masses, points).reduce(0) { $0 + $1.0 * $1.1[axis] }
        }
        let expected = (0..<2).reduce(0.0) { sum, axis in
            let difference =
                mean(here.problem.target, here.targets, axis) - mean(here.problem.source, here.sources, axis)
            return sum + 0.7 * 0.7 + 2 * 0.7 * difference
        }
        let (first, second) = (Self.solve(here.problem).certificate, Self.solve(there.problem).certificate)
        #expect(abs(second.transportCost - first.transportCost - expected) < 1e-12)
        #expect(abs(second.relativeEntropyCost - first.relativeEntropyCost - expected) < 1e-12)
    }

    @Test func exchangingTheSidesChangesNothing() throws {
        let (problem, _, p, q) = try Self.cloud(25, 37, epsilon: 0.01)
        let turned = try TransportProblem(
            source: problem.target, target: problem.source,
            cost: DistanceCost(.squaredEuclidean, from: q, to: p, periods: [0, 0]), epsilon: 0.01)
        let (first, second) = (Self.solve(problem), Self.solve(turned))
        #expect(abs(first.certificate.relativeEntropyCost - second.certificate.relativeEntropyCost) < 1e-12)
        for (x, y) in zip(first.sourcePotentials, second.targetPotentials) where x.isFinite {
            #expect(abs(x - y) < 1e-10)
        }
    }

    @Test func equalMeasuresAreAtDistanceZero() throws {
        let (problem, cost, p, _) = try Self.cloud(30, 30, epsilon: 0.01)
        _ = cost
        let own = DistanceCost(.squaredEuclidean, from: p, to: p, periods: [0, 0])
        let same = try TransportProblem(source: problem.source, target: problem.source, cost: own, epsilon: 0.01)
        let divergence = try SinkhornDivergence(same, sourceCost: own, targetCost: own, pool: WorkerPool(threads: 1))
        #expect(divergence.value == 0)
        #expect(divergence.between.certificate.lowerBound <= 1e-13)
    }

    @Test func aScaledMassScalesTheValues() throws {
        let (problem, cost, _, _) = try Self.cloud(30, 20, epsilon: 0.01)
        let tripled = try TransportProblem(
            source: problem.source.map { 3 * $0 }, target: problem.target.map { 3 * $0 }, cost: cost, epsilon: 0.01)
        let (first, second) = (Self.solve(problem).certificate, Self.solve(tripled).certificate)
        #expect(abs(second.transportCost - 3 * first.transportCost) < 1e-12)
        #expect(abs(second.relativeEntropyCost - 3 * first.relativeEntropyCost) < 1e-11)
    }

    @Test(arguments: [1, 2, 3, 4]) func theBitsAreTheSameForAnyNumberOfThreads(_ threads: Int) throws {
        let (problem, _, _, _) = try Self.cloud(90, 70, epsilon: 0.003)
        let (one, several) = (Self.solve(problem), Self.solve(problem, threads: threads))
        #expect(one.sourcePotentials == several.sourcePotentials)
        #expect(one.targetPotentials == several.targetPotentials)
        var second = several.certificate
        second.seconds = one.certificate.seconds
        #expect(one.certificate == second)
    }

    /// On a torus a shift by the period is none.
    @Test func periodsCount() throws {
        let p = [[0.05], [0.5]], q = [[0.95], [0.45]]
        let cost = DistanceCost(.euclidean, from: p, to: q.map { [$0[0] + 3] }, periods: [1])
        let problem = try TransportProblem(source: [0.5, 0.5], target: [0.5, 0.5], cost: cost, epsilon: 1e-3)
        let solution = Self.solve(problem)
        #expect(abs(solution.certificate.transportCost - 0.075) < 1e-12)
        #expect(solution.certificate.isVertex)
    }
}
