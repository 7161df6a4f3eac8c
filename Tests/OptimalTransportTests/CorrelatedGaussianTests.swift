import Foundation
import OptimalTransport
import Parallelism
import Testing

/// A symmetric matrix [[a, b], [b, c]].
private struct Symmetric {
    var a, b, c: Double
    var trace: Double { a + c }
    var determinant: Double { a * c - b * b }

    /// The positive root: (M + √det · 1)/(tr + 2√det)^½.
    var root: Symmetric {
        let delta = determinant.squareRoot(), scale = (trace + 2 * delta).squareRoot()
        return Symmetric(a: (a + delta) / scale, b: b / scale, c: (c + delta) / scale)
    }

    /// L M L
    func conjugated(by l: Symmetric) -> Symmetric {
        let (p, q, r, s) = (l.a * a + l.b * b, l.a * b + l.b * c, l.b * a + l.c * b, l.b * b + l.c * c)
        return Symmetric(a: p * l.a + q * l.b, b: p * l.b + q * l.c, c: r * l.b + s * l.c)
    }

    func plus(_ scale: Double) -> Symmetric { Symmetric(a: a + scale, b: b, c: c + scale) }

    func times(_ factor: Double) -> Symmetric { Symmetric(a: factor * a, b: factor * b, c: factor * c) }

    /// −½ xᵀ M⁻¹ x
    func exponent(_ x: Double, _ y: Double) -> Double {
        -0.5 * (c * x * x - 2 * b * x * y + a * y * y) / determinant
    }
}

/// Transport between normal distributions with correlations, on a grid of the plane and without a matrix.
@Suite struct CorrelatedGaussianTests {
    private static let first = Symmetric(a: 0.5, b: 0.15, c: 0.3)
    private static let second = Symmetric(a: 0.25, b: -0.1, c: 0.4)
    private static let shift = (x: 0.4, y: -0.3)

    private static func masses(_ axis: GridAxis, _ matrix: Symmetric, _ mean: (x: Double, y: Double)) -> [Double] {
        var values: [Double] = []
        for x in axis.sources {
            for y in axis.sources { values.append(exp(matrix.exponent(x - mean.x, y - mean.y))) }
        }
        let total = values.reduce(0, +)
        return values.map { $0 / total }
    }

    /// E = |m₁ − m₂|² + tr A + tr B − tr D + 2s²(1 − log 2s²) + s² log det(D + s²), D = (4 A^½ B A^½ + s⁴)^½, ε = 2s².
    private static func entropic(_ a: Symmetric, _ b: Symmetric, _ square: Double, _ epsilon: Double) -> Double {
        let s = epsilon / 2
        let d = b.conjugated(by: a.root).times(4).plus(s * s).root
        return square + a.trace + b.trace - d.trace + 2 * s * (1 - log(2 * s)) + s * log(d.plus(s).determinant)
    }

    @Test func closedFormsInThePlane() throws {
        let axis = GridAxis(nodes: (0..<64).map { -5 + 10 * Double($0) / 63 })
        let cost = GridCost([axis, axis])
        let a = Self.masses(axis, Self.first, (0, 0)), b = Self.masses(axis, Self.second, Self.shift)
        let epsilon = 0.3, pool = WorkerPool(threads: 2)
        func value(_ source: [Double], _ target: [Double]) throws -> Double {
            let problem = try GridProblem(source: source, target: target, cost: cost, epsilon: epsilon)
            let solution = GridSinkhornNewton().solve(problem, TransportLimits(), pool: pool)
            #expect(solution.stop.isSuccess)
            return solution.certificate.relativeEntropyCost
        }
        let square = Self.shift.x * Self.shift.x + Self.shift.y * Self.shift.y
        let between = try value(a, b)
        #expect(abs(between - Self.entropic(Self.first, Self.second, square, epsilon)) < 1e-6)
        // W₂² = |m₁ − m₂|² + tr A + tr B − 2 tr (A^½ B A^½)^½, which the divergence approaches with ε².
        let divergence = try between - 0.5 * value(a, a) - 0.5 * value(b, b)
        let exact =
            square + Self.first.trace + Self.second.trace - 2 * Self.second.conjugated(by: Self.first.root).root.trace
        #expect(abs(divergence - exact) < 0.1 * epsilon * epsilon)
    }
}
