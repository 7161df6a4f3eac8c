import Foundation
import OptimalTransport
import Parallelism
import Testing

/// Transport between normal distributions on a grid against closed forms (Janati, Muzellec, Peyré, Cuturi 2020).
@Suite struct GaussianTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var m1, s1, m2, s2, epsilon, entropic, divergence, exact: Double

        init(
            _ m1: Double, _ s1: Double, _ m2: Double, _ s2: Double, _ epsilon: Double, _ entropic: Double,
            _ divergence: Double, _ exact: Double
        ) {
            (self.m1, self.s1, self.m2, self.s2) = (m1, s1, m2, s2)
            (self.epsilon, self.entropic, self.divergence, self.exact) = (epsilon, entropic, divergence, exact)
        }

        var testDescription: String { "N(\(m1), \(s1)²) to N(\(m2), \(s2)²), epsilon = \(epsilon)" }
    }

    static let table = [
        Row(0, 1, 1, 0.5, 0.2, 1.515939637021, 1.248762576162, 1.25),
        Row(0, 1, 1, 0.5, 0.02, 1.299170229638, 1.249987501276, 1.25),
        Row(0, 0.1, 0.5, 0.2, 0.01, 0.272243566799, 0.259923093305, 0.26),
    ]

    static func measure(_ mean: Double, _ deviation: Double, _ points: [Double]) -> [Double] {
        let density = points.map { exp(-0.5 * pow(($0 - mean) / deviation, 2)) }
        let total = density.reduce(0, +)
        return density.map { $0 / total }
    }

    static func grid(_ points: Int) -> [Double] {
        (0..<points).map { -6 + 12 * Double($0) / Double(points - 1) }
    }

    static func problem(_ row: Row, points: Int) throws -> TransportProblem {
        let x = grid(points)
        let rows = x.map { [$0] }
        return try TransportProblem(
            source: measure(row.m1, row.s1, x), target: measure(row.m2, row.s2, x),
            cost: DistanceCost(.squaredEuclidean, from: rows, to: rows, periods: [0]), epsilon: row.epsilon)
    }

    /// E = |m₁ − m₂|² + s₁² + s₂² − D + s²(1 − log 2s²) + s² log(D + s²), D = (4 s₁² s₂² + s⁴)^½, ε = 2s².
    @Test(arguments: table) func theClosedFormsHold(_ row: Row) throws {
        let s2 = row.epsilon / 2
        let d = (4 * row.s1 * row.s1 * row.s2 * row.s2 + s2 * s2).squareRoot()
        let cost = pow(row.m1 - row.m2, 2) + row.s1 * row.s1 + row.s2 * row.s2 - d + s2
        let value = cost - s2 + s2 * (1 - log(2 * s2)) + s2 * log(d + s2)
        #expect(abs(value - row.entropic) < 1e-11)

        let problem = try Self.problem(row, points: 601)
        let pool = WorkerPool(threads: 2)
        let divergence = try SinkhornDivergence(
            problem, sourceCost: problem.cost, targetCost: problem.cost, pool: pool)
        let certificate = divergence.between.certificate
        #expect(divergence.between.stop.isSuccess && certificate.marginals.l1 < 1e-11)
        #expect(abs(certificate.relativeEntropyCost - row.entropic) < 1e-6)
        #expect(abs(certificate.transportCost - cost) < 1e-6)
        #expect(abs(divergence.value - row.divergence) < 1e-6)
        #expect(certificate.lowerBound <= row.exact + 1e-6 && row.exact <= certificate.roundedCost + 1e-6)
    }

    /// The mean of the plan's image of x is m₂ + k (x − m₁)/s₁² with the cross-covariance k = (D − s²)/2.
    @Test func theBarycentricMapIsAffine() throws {
        let row = Self.table[0]
        let problem = try Self.problem(row, points: 301)
        let pool = WorkerPool(threads: 1)
        let solution = SafeSinkhornNewton().solve(problem, TransportLimits(), pool: pool)
        let x = Self.grid(301)
        let image = solution.barycentricMap(of: problem, targets: x.map { [$0] }, pool: pool)
        let s2 = row.epsilon / 2
        let covariance = ((4 * row.s1 * row.s1 * row.s2 * row.s2 + s2 * s2).squareRoot() - s2) / 2
        for index in x.indices where abs(x[index] - row.m1) < 2 * row.s1 {
            let expected = row.m2 + covariance / (row.s1 * row.s1) * (x[index] - row.m1)
            #expect(abs(image[index][0] - expected) < 1e-6)
        }
    }

    /// Quantile to quantile: W₂² = (m₁ − m₂)² + (s₁ − s₂)², W₁ of a shift is the shift.
    @Test func onTheLineQuantilesAreExact() throws {
        let row = Self.table[0]
        let x = Self.grid(4_001)
        let (a, b) = (Self.measure(row.m1, row.s1, x), Self.measure(row.m2, row.s2, x))
        let squared = LineTransport.cost(sources: x, source: a, targets: x, target: b, power: 2)
        #expect(abs(squared - row.exact) < 1e-5)
        let shifted = LineTransport.cost(
            sources: [3, 1, 2], source: [0.25, 0.5, 0.25], targets: [4.5, 2.5, 3.5], target: [0.25, 0.5, 0.25],
            power: 1)
        #expect(abs(shifted - 1.5) < 1e-15)
    }
}
