import Foundation
import OptimalTransport
import Parallelism
import Testing

/// Barycenters of normal distributions, and measures on the way from one to another.
@Suite struct BarycenterTests {
    private let pool = WorkerPool(threads: 2)

    /// Mean and variance of masses on nodes.
    private func moments(_ masses: [Double], _ nodes: [Double]) -> (mean: Double, variance: Double) {
        let mean = zip(masses, nodes).reduce(0) { $0 + $1.0 * $1.1 }
        return (mean, zip(masses, nodes).reduce(0) { $0 + $1.0 * pow($1.1 - mean, 2) })
    }

    /// Of N(m₁, s²) and N(m₂, s²) it is N(w₁m₁ + w₂m₂, s² + ε/2), and debiased N(w₁m₁ + w₂m₂, s²).
    @Test(arguments: [false, true]) func ofTranslatedNormals(_ isDebiased: Bool) throws {
        let nodes = GaussianTests.grid(241)
        let epsilon = 0.2, deviation = 0.6
        let problem = try GridBarycenter(
            measures: [-1.0, 1].map { GaussianTests.measure($0, deviation, nodes) }, weights: [3, 7],
            cost: GridCost([GridAxis(nodes: nodes)]), epsilon: epsilon, isDebiased: isDebiased)
        var limits = TransportLimits()
        limits.tolerance = 1e-11
        let solution = problem.solve(limits, pool: pool)
        #expect(solution.stop.isSuccess, "\(solution.error) after \(solution.sweeps)")
        let variance = deviation * deviation + (isDebiased ? 0 : epsilon / 2)
        let expected = GaussianTests.measure(0.4, variance.squareRoot(), nodes)
        #expect(zip(solution.masses, expected).allSatisfy { abs($0 - $1) < 1e-9 })
        #expect(problem.solve(limits, pool: WorkerPool(threads: 1)).masses == solution.masses)
    }

    /// In the plane, of different variances: debiased, near the barycenter without regularisation, N(½ (m₁ + m₂), ¼ (s₁ + s₂)²).
    @Test func inThePlane() throws {
        let axis = GridAxis(cells: 36, from: -3, to: 3)
        let other = GridAxis(cells: 32, from: -3, to: 3)
        func normal(_ x: Double, _ y: Double, _ s: Double) -> [Double] {
            let (a, b) = (
                GaussianTests.measure(x, s, axis.sources), GaussianTests.measure(y, s, other.sources)
            )
            return a.flatMap { first in b.map { first * $0 } }
        }
        let problem = try GridBarycenter(
            measures: [normal(-0.5, 0.3, 0.3), normal(0.5, -0.1, 0.5)], weights: [1, 1],
            cost: GridCost([axis, other]), epsilon: 0.05)
        var limits = TransportLimits()
        limits.tolerance = 1e-8
        let solution = problem.solve(limits, pool: pool)
        #expect(solution.stop == .converged && solution.sweeps < 500, "\(solution.sweeps), \(solution.error)")
        let first = axis.sources.indices.map { row in
            solution.masses[row * 32..<(row + 1) * 32].reduce(0, +)
        }
        let second = other.sources.indices.map { column in
            axis.sources.indices.reduce(0) { $0 + solution.masses[$1 * 32 + column] }
        }
        for (masses, nodes, mean) in [(first, axis.sources, 0.0), (second, other.sources, 0.1)] {
            let found = moments(masses, nodes)
            #expect(abs(found.mean - mean) < 1e-5)
            #expect(abs(found.variance - 0.16) < 2e-3)
        }
    }

    /// A measure alone is its own barycenter when debiased; waves that the kernel hardly passes come last.
    @Test func aloneAndBroken() throws {
        let nodes = (0..<50).map { Double($0) / 50 }
        let cost = GridCost([GridAxis(nodes: nodes)])
        let masses = nodes.map { 1 + 0.5 * cos(3 * $0) }, total = masses.reduce(0, +)
        var limits = TransportLimits()
        limits.tolerance = 1e-9
        let alone = try GridBarycenter(
            measures: [masses], weights: [1], cost: cost, epsilon: 0.002
        ).solve(limits, pool: pool)
        #expect(alone.stop == .converged, "\(alone.sweeps), \(alone.error)")
        #expect(zip(alone.masses, masses).allSatisfy { abs($0 - $1 / total) < 1e-5 })
        #expect(throws: TransportError.regularisation(0)) {
            try GridBarycenter(measures: [masses], weights: [1], cost: cost, epsilon: 0)
        }
        #expect(throws: TransportError.mass(.target, index: 0, value: -1)) {
            try GridBarycenter(measures: [masses], weights: [-1], cost: cost, epsilon: 1)
        }
    }

    /// A translated measure moves as a whole, also across the seam of a torus; its energy is W₂².
    @Test func interpolationOfATranslation() throws {
        let shift = [0.11, -0.07]
        var base: [[Double]] = [], masses: [Double] = []
        for index in 0..<40 {
            let (u, v) = (Double((index * 17) % 40), Double((index * 29) % 37))
            base.append([0.8 + u / 160, 0.9 + v / 148])
            masses.append(Double(index % 3 + 1))
        }
        let total = masses.reduce(0, +)
        let source = masses.map { $0 / total }
        func wrapped(_ place: Double, _ period: Double) -> Double {
            period > 0 ? place - place.rounded(.down) : place
        }
        for period in [0.0, 1.0] {
            let periods = [period, period]
            let points = base.map { point in [wrapped(point[0], period), wrapped(point[1], period)] }
            let moved = base.map { point in
                [wrapped(point[0] + shift[0], period), wrapped(point[1] + shift[1], period)]
            }
            let cost = DistanceCost(.squaredEuclidean, from: points, to: moved, periods: periods)
            let plan = try ExactTransport.solve(source: source, target: source, cost: cost)
            let way = DisplacementInterpolation(plan, from: points, to: moved, periods: periods)
            #expect(abs(way.energy - plan.cost) < 1e-12 && abs(way.masses.reduce(0, +) - 1) < 1e-12)
            let square = shift.reduce(0) { $0 + $1 * $1 }
            #expect(abs(way.energy - square) < 1e-12)
            let entries = plan.entries.filter { $0.mass > 1e-12 }
            #expect(entries.count == points.count)
            for (place, entry) in zip(way.points(at: 0.25), plan.entries) where entry.mass > 1e-12 {
                let start = points[entry.source]
                #expect((0..<2).allSatisfy { abs(place[$0] - start[$0] - 0.25 * shift[$0]) < 1e-12 })
            }
        }
        // The entropic plan at its ends.
        let points = base
        let cost = DistanceCost(.squaredEuclidean, from: points, to: points, periods: [0, 0])
        let problem = try TransportProblem(source: source, target: source, cost: cost, epsilon: 0.01)
        let solution = InvariantTests.solve(problem)
        let entries = solution.entries(of: problem, pool: pool)
        let way = DisplacementInterpolation(entries, from: points, to: points, periods: [0, 0])
        #expect(abs(way.energy - solution.certificate.transportCost) < 1e-8)
        for (place, column) in zip(way.points(at: 1), entries.columns) {
            #expect(zip(place, points[column]).allSatisfy { abs($0 - $1) < 1e-15 })
        }
    }
}
