import Expressions
import Foundation
import LinearAlgebra
import Randomness
import Testing

/// Splines through data on grids, and their place in expressions.
@Suite struct TabulatedFunctionTests {
    /// A grid with uneven steps.
    private static func points(_ count: Int, from lower: Double = 0, to upper: Double = 1) -> [Double] {
        (0..<count).map { index in
            let s = Double(index) / Double(count - 1)
            return lower + (upper - lower) * (s + 0.1 * s * (1 - s))
        }
    }

    private static func table(
        _ axes: [[Double]], _ interpolation: TabulatedFunction.Interpolation = .cubic, _ f: ([Double]) -> Double
    ) -> TabulatedFunction {
        var grid: [[Double]] = [[]]
        for axis in axes { grid = grid.flatMap { start in axis.map { start + [$0] } } }
        return TabulatedFunction(name: "kappa", axes: axes, values: grid.map(f), interpolation: interpolation)
    }

    private static func random(_ dimensions: Int, _ stream: inout RandomStream) -> [Double] {
        (0..<dimensions).map { _ in stream.uniform() }
    }

    @Test(
        arguments: [[2], [3], [4], [5], [40], [3, 7], [2, 4], [6, 5, 4]], TabulatedFunction.Interpolation.allCases)
    func theDataAreMet(_ counts: [Int], _ interpolation: TabulatedFunction.Interpolation) {
        var stream = RandomStream(seed: 1, name: "data")
        let axes = counts.map { Self.points($0, from: -1, to: 2) }
        let values = (0..<counts.reduce(1, *)).map { _ in stream.normal() }
        let table = TabulatedFunction(name: "f", axes: axes, values: values, interpolation: interpolation)
        var place = [Int](repeating: 0, count: counts.count)
        for value in values {
            #expect(abs(table.value(at: place.indices.map { axes[$0][place[$0]] }) - value) < 1e-12)
            for axis in place.indices.reversed() {
                place[axis] += 1
                if place[axis] < counts[axis] { break }
                place[axis] = 0
            }
        }
    }

    /// A spline of degree three is exact for cubic polynomials along each axis, with all their derivatives.
    @Test func cubicPolynomialsAreReproduced() {
        var stream = RandomStream(seed: 2, name: "polynomial")
        let table = Self.table([Self.points(7), Self.points(4), Self.points(9)]) { p in
            (p[0] * p[0] * p[0] - p[0]) * (2 - p[1] * p[1]) * (p[2] * p[2] * p[2] + 1)
        }
        for _ in 0..<200 {
            let p = Self.random(3, &stream)
            let (x, y, z) = (p[0], p[1], p[2])
            let exact: [([Int], Double)] = [
                ([0, 0, 0], (x * x * x - x) * (2 - y * y) * (z * z * z + 1)),
                ([1, 0, 0], (3 * x * x - 1) * (2 - y * y) * (z * z * z + 1)),
                ([0, 2, 1], (x * x * x - x) * -2 * 3 * z * z), ([3, 1, 2], 6 * -2 * y * 6 * z), ([4, 0, 0], 0),
            ]
            for (orders, value) in exact { #expect(abs(table.value(at: p, orders: orders) - value) < 1e-9) }
        }
    }

    /// Values converge with the fourth power of the step at least, first and second derivatives with third and second.
    @Test func ratesOfConvergence() {
        func error(_ count: Int, _ order: Int) -> Double {
            let table = Self.table([Self.points(count), Self.points(count)]) { 1 + sin(3 * $0[0]) * exp($0[1]) }
            var stream = RandomStream(seed: 3, name: "rates")
            return (0..<2_000).map { _ in
                let p = Self.random(2, &stream)
                let f = [sin(3 * p[0]), 3 * cos(3 * p[0]), -9 * sin(3 * p[0])][order] * exp(p[1])
                return abs(table.value(at: p, orders: [order, 0]) - (order == 0 ? 1 + f : f))
            }.max() ?? 0
        }
        for (order, rate) in [(0, 4.0), (1, 3.0), (2, 2.0)] {
            let found = log2(error(40, order) / error(80, order))
            // At least: towards the ends of the grid a step is still a large one.
            #expect(found > rate - 0.2, "order \(order): rate \(found)")
        }
        #expect(error(40, 0) < 1e-5)
    }

    @Test(arguments: TabulatedFunction.Interpolation.allCases)
    func derivativesAreThoseOfTheInterpolant(_ interpolation: TabulatedFunction.Interpolation) {
        var stream = RandomStream(seed: 4, name: "differences")
        let axes = [Self.points(6), Self.points(5)]
        let table = TabulatedFunction(
            name: "f", axes: axes, values: (0..<30).map { _ in stream.normal() }, interpolation: interpolation)
        let h = 1e-5
        for _ in 0..<300 {
            let p = Self.random(2, &stream)
            // Not across a kink.
            guard axes.indices.allSatisfy({ axis in axes[axis].allSatisfy { abs($0 - p[axis]) > 2 * h } }) else {
                continue
            }
            for axis in 0..<2 {
                for orders in [[0, 0], [1, 0], [0, 1], [1, 1], [2, 0]] {
                    var raised = orders
                    raised[axis] += 1
                    let ends = [h, -h].map { shift in
                        var moved = p
                        moved[axis] += shift
                        return table.value(at: moved, orders: orders)
                    }
                    let exact = table.value(at: p, orders: raised)
                    #expect(abs(exact - (ends[0] - ends[1]) / (2 * h)) < 1e-4 * max(1, abs(exact)))
                }
            }
        }
    }

    @Test func cubicSplinesAreTwiceContinuouslyDifferentiable() {
        var stream = RandomStream(seed: 5, name: "smooth")
        let axis = Self.points(9)
        let table = TabulatedFunction(name: "f", axes: [axis], values: (0..<9).map { _ in stream.normal() })
        for knot in axis[1..<8] {
            for order in 0...2 {
                let (below, above) = (
                    table.value(at: [knot - 1e-9], orders: [order]), table.value(at: [knot + 1e-9], orders: [order])
                )
                #expect(abs(below - above) < 1e-5)
            }
        }
        // No knot at the second point and the last but one.
        for place in [axis[1], axis[7]] {
            #expect(
                abs(table.value(at: [place - 1e-9], orders: [3]) - table.value(at: [place + 1e-9], orders: [3])) < 1e-6)
        }
    }

    // MARK: In expressions

    private static func scope() throws -> Scope {
        var scope = Scope(
            coordinates: ["x", "y", "t"].map { CoordinateDeclaration(name: $0, count: nil, isTime: $0 == "t") })
        try scope.declare(unknown: "u")
        try scope.declare(table: table([points(8), points(6)]) { 2 + sin($0[0] + 2 * $0[1]) }, coordinates: [0, 1])
        return scope
    }

    @Test(arguments: [
        "kappa", "kappa_x", "kappa_xy", "kappa_yy", "kappa_t", "d(kappa, x, 2)", "kappa^2*x", "exp(kappa_x)/kappa",
        "kappa(x = 0.25)", "kappa_x(x = 0.25, y = 0.5)", "dot(grad(kappa), grad(kappa))", "laplacian(kappa)",
    ])
    func tapesAgreeWithPlainEvaluationAndDerivativesWithDifferences(_ text: String) throws {
        let scope = try Self.scope()
        let expression = try scope.resolve(Syntax.parse(text), in: .equation)
        var stream = RandomStream(seed: 6, name: "points")
        let points = (0..<40).map { _ in Self.random(3, &stream) }
        let columns = (0..<3).map { axis in points.map { $0[axis] } }
        let values = try Expression.values(of: [expression], at: columns)[0]
        let h = 1e-6
        for (point, value) in zip(points, values) {
            #expect(abs(expression.value(at: point)[0] - value) <= 1e-13 * max(1, abs(value)))
            for axis in 0..<3 {
                var (left, right) = (point, point)
                left[axis] -= h
                right[axis] += h
                let difference = (expression.value(at: right)[0] - expression.value(at: left)[0]) / (2 * h)
                let exact = expression.derivative(along: axis).value(at: point)[0]
                #expect(abs(exact - difference) < 1e-6 * max(1, abs(exact)), "\(text) along \(axis)")
            }
        }
        // Printed and read again it is the same.
        #expect(try scope.resolve(Syntax.parse("\(expression)"), in: .equation) == expression)
    }

    @Test func namesAreTreatedAsThoseOfDefinitions() throws {
        var scope = try Self.scope()
        #expect(
            try "\(scope.resolve(Syntax.parse("div(kappa*grad(u))"), in: .equation))"
                == "kappa_x*u_x + kappa*u_xx + kappa_y*u_y + kappa*u_yy")
        let constant = try #require(throws: ExpressionErrors.self) {
            try scope.resolve(Syntax.parse("kappa"), in: .constant)
        }
        #expect(constant.description.contains("'kappa' is a function of the coordinates and cannot be used here"))
        #expect(throws: ExpressionErrors.self) { try scope.declare(parameter: "kappa_x", value: 1) }
        #expect(throws: ExpressionErrors.self) { try scope.declare(unknown: "kappa") }
        let misspelt = try #require(throws: ExpressionErrors.self) {
            try scope.resolve(Syntax.parse("kapa*u"), in: .equation)
        }
        #expect(misspelt.description.contains("did you mean 'kappa'?"))
    }

    @Test func equalityLooksAtValues() {
        let (a, b) = (Self.table([Self.points(5)]) { $0[0] }, Self.table([Self.points(5)]) { $0[0] })
        #expect(a == b && Expression.table(a, coordinates: [0]) == Expression.table(b, coordinates: [0]))
        #expect(
            Expression.table(a, coordinates: [0])
                != Expression.table(Self.table([Self.points(5)]) { 2 * $0[0] }, coordinates: [0]))
        #expect(Expression.table(a, coordinates: [0]) != Expression.table(a, coordinates: [1]))
    }
}
