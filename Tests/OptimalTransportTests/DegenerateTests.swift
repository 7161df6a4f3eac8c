import Foundation
import OptimalTransport
import Parallelism
import Testing

/// Costs with many optimal plans: the plan all but falls apart into groups, and Newton's equations are far off for them.
@Suite struct DegenerateTests {
    /// Bumps (x, y, width, height) on 28 × 28 pixels with a background of one per cent.
    static func image(_ bumps: [[Double]]) -> [Double] {
        let line = (0..<28).map { Double($0) / 27 }
        let values = line.flatMap { y in
            line.map { x in
                bumps.reduce(0.0) { $0 + $1[3] * exp(-0.5 * (pow(x - $1[0], 2) + pow(y - $1[1], 2)) / ($1[2] * $1[2])) }
            }
        }
        let total = values.reduce(0, +)
        return values.map { 0.99 * $0 / total + 0.01 / 784 }
    }

    /// The images of the benchmark: 40 to 60 steps without groups.
    @Test(arguments: [DistanceCost.Kind.manhattan, .euclidean, .squaredEuclidean])
    func imagesTakeFewSteps(_ kind: DistanceCost.Kind) throws {
        let line = (0..<28).map { Double($0) / 27 }
        let points = line.flatMap { y in line.map { x in [x, y] } }
        let cost = DistanceCost(kind, from: points, to: points, periods: [0, 0])
        let problem = try TransportProblem(
            source: Self.image([[0.3, 0.3, 0.08, 1], [0.6, 0.35, 0.1, 0.7], [0.4, 0.7, 0.06, 0.9]]),
            target: Self.image([[0.7, 0.6, 0.1, 1], [0.35, 0.55, 0.07, 0.8], [0.6, 0.25, 0.05, 0.6]]), cost: cost,
            epsilon: 1)
        let own = try problem.regularised(by: problem.largestCost / 1_200)
        let solution = SafeSinkhornNewton().solve(own, TransportLimits(), pool: WorkerPool(threads: 2))
        let certificate = solution.certificate
        #expect(solution.stop == .converged && certificate.marginals.l1 <= 1e-12)
        #expect(certificate.newtonSteps <= (kind == .squaredEuclidean ? 8 : 15), "\(certificate.newtonSteps)")
        #expect(abs(certificate.primal - certificate.dual) < 1e-11)
        // The same bits for one thread.
        let again = SafeSinkhornNewton().solve(own, TransportLimits(), pool: WorkerPool(threads: 1))
        #expect(again.sourcePotentials == solution.sourcePotentials)
        #expect(again.targetPotentials == solution.targetPotentials)
    }

    /// Two towns that exchange almost nothing at first: what has to move between them decides their potentials.
    @Test(arguments: [20.0, 60, 200]) func townsFarApart(_ distance: Double) throws {
        let points = [0, 1, 2, distance, distance + 1, distance + 2].map { [$0] }
        let source = [0.3, 0.1, 0.1, 0.2, 0.2, 0.1]
        let target = [0.1, 0.2, 0.2 + 1e-6, 0.3 - 1e-6, 0.1, 0.1]
        let cost = DistanceCost(.euclidean, from: points, to: points, periods: [0])
        let solution = InvariantTests.solve(
            try TransportProblem(source: source, target: target, cost: cost, epsilon: 0.3))
        #expect(
            solution.stop.isSuccess && solution.certificate.newtonSteps <= 20, "\(solution.certificate.newtonSteps)")
        #expect(abs(solution.certificate.primal - solution.certificate.dual) < 1e-9)
    }
}
