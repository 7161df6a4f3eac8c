import Foundation
import Results
import Testing

/// The tables in `data/` satisfy their equations, by differences and derivatives that do not come from their solvers.
@Suite struct ReferenceDataTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "data")

    private static func table(_ name: String) throws -> FieldFile {
        try FieldFile(contentsOf: folder.appending(path: name + "-reference.h5").path)
    }

    /// A row of values at evenly spaced places of a period, without the closing one.
    private struct Row {
        var values: [Double]
        var period: Double

        /// The derivative of an order, exact for trigonometric polynomials.
        func derivative(_ order: Int) -> [Double] {
            let count = values.count
            let turn = 2 * Double.pi / Double(count)
            let table = (0..<count).map { (cos(turn * Double($0)), sin(turn * Double($0))) }
            var result = [Double](repeating: 0, count: count)
            for k in 1..<count / 2 {
                var (real, imaginary) = (0.0, 0.0)
                for place in 0..<count {
                    let (c, s) = table[k * place % count]
                    real += values[place] * c
                    imaginary -= values[place] * s
                }
                let size = 2 / Double(count) * pow(2 * .pi * Double(k) / period, Double(order))
                for _ in 0..<order { (real, imaginary) = (-imaginary, real) }
                for place in 0..<count {
                    let (c, s) = table[k * place % count]
                    result[place] += size * (real * c - imaginary * s)
                }
            }
            return result
        }
    }

    /// An evolution equation u_t = right side with the table of its solution.
    struct Evolution: Sendable, CustomTestStringConvertible {
        var name: String
        /// From u and its derivatives of the orders 1 to 4.
        var right: @Sendable ([Double]) -> Double
        /// Rows of the table where it is tested.
        var rows: [Int]
        var testDescription: String { name }
    }

    static let evolutions = [
        Evolution(
            name: "allen-cahn", right: { u in 1e-4 * u[2] + 5 * u[0] - 5 * u[0] * u[0] * u[0] }, rows: [20, 80]),
        Evolution(name: "kdv", right: { u in -u[0] * u[1] - 0.022 * 0.022 * u[3] }, rows: [60, 180]),
        Evolution(
            name: "kuramoto-sivashinsky",
            right: { u in -100.0 / 16 * u[0] * u[1] - 100.0 / 256 * u[2] - 100.0 / 65_536 * u[4] }, rows: [10, 150]),
    ]

    @Test(arguments: evolutions) func changesAsItsEquationSays(evolution: Evolution) throws {
        let file = try Self.table(evolution.name)
        let times = try #require(file.axis("t")).values, places = try #require(file.axis("x")).values
        let values = try #require(file.variable("u")).values
        let count = places.count - 1
        func row(_ index: Int) -> [Double] { Array(values[index * places.count..<index * places.count + count]) }
        for index in evolution.rows {
            // Differences of sixth order in time.
            let weights = [-1.0, 9, -45, 0, 45, -9, 1].map { $0 / (60 * (times[1] - times[0])) }
            var rates = [Double](repeating: 0, count: count)
            for (offset, weight) in weights.enumerated() {
                for (place, value) in row(index + offset - 3).enumerated() { rates[place] += weight * value }
            }
            let here = Row(values: row(index), period: places[count] - places[0])
            let derivatives = [here.values] + (1...4).map { here.derivative($0) }
            var (residual, norm) = (0.0, 0.0)
            for place in 0..<count {
                let difference = rates[place] - evolution.right(derivatives.map { $0[place] })
                residual += difference * difference
                norm += rates[place] * rates[place]
            }
            #expect(residual.squareRoot() < 1e-5 * norm.squareRoot())
            #expect(values[index * places.count] == values[index * places.count + count])
        }
    }

    @Test func solitonsKeepMassMomentumAndEnergy() throws {
        let file = try Self.table("kdv")
        let values = try #require(file.variable("u")).values
        let count = try #require(file.axis("x")).values.count
        func invariants(_ index: Int) -> [Double] {
            let row = Row(values: Array(values[index * count..<(index + 1) * count - 1]), period: 2)
            let slopes = row.derivative(1)
            let spacing = 2 / Double(count - 1)
            return [
                row.values.reduce(0, +), row.values.reduce(0) { $0 + $1 * $1 },
                zip(row.values, slopes).reduce(0) { $0 + $1.0 * $1.0 * $1.0 / 3 - 0.022 * 0.022 * $1.1 * $1.1 },
            ].map { $0 * spacing }
        }
        // ∫ cos² πx dx = 1 and −0.022² π² ∫ sin² πx dx.
        let exact = [0, 1, -0.022 * 0.022 * Double.pi * Double.pi]
        for index in [0, 70, 200] {
            for (found, wanted) in zip(invariants(index), exact) { #expect(abs(found - wanted) < 1e-9) }
        }
    }

    @Test func cavityFlowBalancesMomentum() throws {
        let file = try Self.table("lid-driven-cavity")
        let count = try #require(file.axis("x")).values.count
        func field(_ name: String) throws -> [Double] { try #require(file.variable(name)).values }
        let psi = try field("psi"), u = try field("u"), v = try field("v"), p = try field("p")
        let speed = try field("speed")
        // Differences of fourth order; x runs fastest.
        func first(_ f: [Double], _ index: Int, _ stride: Int) -> Double {
            (f[index - 2 * stride] - f[index + 2 * stride] + 8 * (f[index + stride] - f[index - stride]))
                * Double(count) / 12
        }
        func second(_ f: [Double], _ index: Int, _ stride: Int) -> Double {
            let outer = f[index - 2 * stride] + f[index + 2 * stride]
            let inner = f[index - stride] + f[index + stride]
            return (16 * inner - outer - 30 * f[index]) * Double(count * count) / 12
        }
        var largest = 0.0
        for row in 5..<85 {
            for column in 5..<95 {
                let index = row * count + column
                func residual(_ w: [Double], _ along: Int) -> Double {
                    u[index] * first(w, index, 1) + v[index] * first(w, index, count) + first(p, index, along)
                        - (second(w, index, 1) + second(w, index, count)) / 100
                }
                largest = max(largest, abs(residual(u, 1)), abs(residual(v, count)))
                largest = max(largest, abs(first(psi, index, count) - u[index]))
                largest = max(largest, abs(first(psi, index, 1) + v[index]))
                #expect(abs(speed[index] - hypot(u[index], v[index])) < 1e-15)
            }
        }
        #expect(largest < 3e-4)
        // The middle, beside Ghia et al. 1982, who give -0.20581 and 0.05454 with a coarser method.
        let middle = [49 * count + 49, 49 * count + 50, 50 * count + 49, 50 * count + 50]
        #expect(abs(middle.reduce(0) { $0 + u[$1] / 4 } + 0.20581) < 4e-3)
        #expect(abs(middle.reduce(0) { $0 + v[$1] / 4 } - 0.05454) < 4e-3)
    }

    @Test func whatIsAcceleratedEscapesInTheEnd() throws {
        // ∫ N/τ dχ = 1 for a unit source and a unit inflow, by Simpson's rule.
        for (name, rate) in [
            ("stochastic-acceleration", { (_: Double) in 0.2 }),
            ("stochastic-acceleration-escape", { (y: Double) in exp(y / 3) }),
        ] {
            let file = try Self.table(name)
            let places = try #require(file.axis("y")).values, psi = try #require(file.variable("psi")).values
            let spacing = places[1] - places[0]
            var sum = 0.0
            for (index, y) in places.enumerated() {
                let weight = index == 0 || index == places.count - 1 ? 1.0 : index % 2 == 1 ? 4 : 2
                sum += weight * spacing / 3 * exp(psi[index] + y) * rate(y)
            }
            #expect(abs(sum - 1) < 1e-6)
        }
    }
}
