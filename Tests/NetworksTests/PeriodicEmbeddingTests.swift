import Networks
import Randomness
import Testing

@Suite("Periodic coordinates")
struct PeriodicEmbeddingTests {
    /// The first coordinate repeats, and the last one with another period.
    private func embedding(_ plan: PlanCase) -> PeriodicEmbedding {
        var periods = [Double?](repeating: nil, count: plan.coordinates)
        periods[0] = 2.5
        periods[plan.coordinates - 1] = 4
        return PeriodicEmbedding(periods: periods, harmonics: 2)
    }

    @Test("every channel equals the derivative", arguments: PlanCase.all)
    func values(_ plan: PlanCase) throws {
        let fixture = try EngineFixture<Double>(plan, .tanh, hidden: [5, 4], embedding: embedding(plan))
        let values = fixture.forward()
        for (channel, derivative) in fixture.plan.channels.channels.enumerated() {
            for (p, point) in fixture.points.enumerated() {
                let exact = fixture.reference.derivative(derivative, at: point)
                for output in exact.indices { #expect(agree(values[p][output][channel], exact[output], 1e-11)) }
            }
        }
    }

    @Test("rows of the Jacobian are derivatives along parameters, and sum to the gradient", arguments: PlanCase.all)
    func jacobian(_ plan: PlanCase) throws {
        var stream = RandomStream(seed: 5, name: "directions")
        let fixture = try EngineFixture<Double>(plan, .sine, hidden: [4, 3], count: 2, embedding: embedding(plan))
        _ = fixture.forward()
        let gradient = fixture.gradient()
        let rows = fixture.jacobian()
        for (p, row) in rows.enumerated() {
            let direction = row.map { _ in stream.normal() }
            let exact = fixture.referenceSlope(point: p, direction: direction)
            #expect(agree(zip(row, direction).map(*).reduce(0, +), exact, 1e-10))
        }
        let scale = rows.joined().reduce(1) { max($0, abs($1)) }
        for index in gradient.indices {
            #expect(abs(gradient[index] - rows[0][index] - rows[1][index]) < 1e-12 * scale)
        }
    }

    @Test("values and derivatives repeat after a period", arguments: PlanCase.all)
    func repetition(_ plan: PlanCase) throws {
        let embedding = embedding(plan)
        let fixture = try EngineFixture<Double>(plan, .gelu, hidden: [6], count: 5, embedding: embedding)
        let values = fixture.forward()
        let shifted = fixture.points.map { point in
            point.enumerated().map { $0.element + (embedding.periods[$0.offset] ?? 0) }
        }
        for (p, point) in shifted.enumerated() {
            for (axis, x) in point.enumerated() { fixture.workspace.points[axis * fixture.plan.tilePoints + p] = x }
        }
        fixture.workspace.forward(count: shifted.count)
        for p in shifted.indices {
            for channel in fixture.plan.channels.channels.indices {
                for output in 0..<fixture.network.outputs {
                    let value = fixture.workspace.value(output: output, channel: channel)[p]
                    #expect(agree(value, values[p][output][channel], 1e-11))
                }
            }
        }
    }
}
