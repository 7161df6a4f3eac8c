import Networks
import Randomness
import Testing

@Suite("Scaled inputs and outputs")
struct OutputScalingTests {
    /// u = U N, in all channels, and so do the gradient and the rows of the Jacobian.
    @Test(arguments: PlanCase.all)
    func everythingIsMultiplied(_ plan: PlanCase) throws {
        let factors = [1e5, 0.25]
        let plain = try EngineFixture<Double>(plan, .tanh, hidden: [5, 4], count: 3)
        let scaled = try EngineFixture<Double>(plan, .tanh, hidden: [5, 4], count: 3, outputScaling: factors)
        for (one, other) in zip(plain.forward(), scaled.forward()) {
            for output in 0..<2 {
                for (a, b) in zip(one[output], other[output]) { #expect(agree(b, factors[output] * a, 1e-14)) }
            }
        }
        let rows = scaled.jacobian(), gradient = scaled.gradient()
        var stream = RandomStream(seed: 8, name: "directions")
        for (p, row) in rows.enumerated() {
            let direction = row.map { _ in stream.normal() }
            let slope = zip(row, direction).map(*).reduce(0, +)
            #expect(agree(slope, scaled.referenceSlope(point: p, direction: direction), 1e-10))
        }
        let scale = rows.joined().reduce(1) { max($0, abs($1)) }
        for index in gradient.indices {
            #expect(abs(gradient[index] - rows.reduce(0) { $0 + $1[index] }) <= 1e-12 * scale)
        }
    }
}
