import OptimalTransport
import Parallelism
import Testing

/// The network simplex method against known values and against the bounds of the entropic certificate.
@Suite struct ExactTests {
    @Test(arguments: [(8, 0.140599339925595), (64, 0.020057105704629), (500, 0.003160157025330)])
    func assignmentCosts(_ n: Int, _ mean: Double) throws {
        let masses = [Double](repeating: 1 / Double(n), count: n)
        let solution = try ExactTransport.solve(
            source: masses, target: masses, cost: MatrixCost(sources: n, targets: n, seed: 0))
        #expect(abs(solution.cost - mean) < 1e-14)
        #expect(solution.entries.count == n && solution.roundingBound < 1e-14)
        // Strong duality.
        let dual = (solution.sourcePotentials + solution.targetPotentials).reduce(0, +) / Double(n)
        #expect(abs(dual - solution.cost) < 1e-14)
    }

    @Test func theEntropicBoundsEncloseTheExactCost() throws {
        let (n, m) = (40, 55)
        let source = (0..<n).map { Double($0 % 7 + 1) / 157 }, total = source.reduce(0, +)
        let target = [Double](repeating: total / Double(m), count: m)
        let cost = MatrixCost(sources: n, targets: m, seed: 3)
        let exact = try ExactTransport.solve(source: source, target: target, cost: cost)
        let problem = try TransportProblem(source: source, target: target, cost: cost, epsilon: 0.002)
        let certificate = SafeSinkhornNewton().solve(problem, TransportLimits(), pool: WorkerPool(threads: 1))
            .certificate
        #expect(certificate.lowerBound <= exact.cost + exact.roundingBound)
        #expect(exact.cost <= certificate.roundedCost + exact.roundingBound)
        #expect(exact.roundingBound < 1e-12 && exact.entries.count <= n + m - 1)
        // A plan indeed.
        var rows = [Double](repeating: 0, count: n), columns = [Double](repeating: 0, count: m)
        for entry in exact.entries {
            rows[entry.source] += entry.mass
            columns[entry.target] += entry.mass
        }
        #expect(zip(rows, source).allSatisfy { abs($0 - $1) < 1e-13 })
        #expect(zip(columns, target).allSatisfy { abs($0 - $1) < 1e-13 })
        #expect(throws: ExactTransport.Failure.spread) {
            try ExactTransport.solve(
                source: [1, 1e-20], target: [1, 1e-20], cost: MatrixCost(sources: 2, targets: 2, [0, 1, 1, 0]))
        }
    }
}
