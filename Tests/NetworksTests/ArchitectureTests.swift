import Expressions
import LinearAlgebra
import Networks
import Randomness
import Testing

@Suite("Every architecture agrees with a plain evaluation")
struct ArchitectureTests {
    @Test("every channel equals the derivative", arguments: PlanCase.all, ArchitectureCase.all)
    func values(_ plan: PlanCase, _ architecture: ArchitectureCase) throws {
        let fixture = try EngineFixture<Double>(plan, architecture.architecture(coordinates: plan.coordinates))
        let values = fixture.forward()
        for (channel, derivative) in fixture.plan.channels.channels.enumerated() {
            for (p, point) in fixture.points.enumerated() {
                let exact = fixture.reference.derivative(derivative, at: point)
                let scale = exact.reduce(1) { max($0, abs($1)) }
                for output in exact.indices {
                    #expect(
                        agree(values[p][output][channel], exact[output], 1e-11 * scale),
                        "\(derivative): \(values[p][output][channel]) is not \(exact[output])")
                }
            }
        }
    }

    @Test("rows of the Jacobian are derivatives along parameters", arguments: PlanCase.all, ArchitectureCase.all)
    func jacobian(_ plan: PlanCase, _ architecture: ArchitectureCase) throws {
        var stream = RandomStream(seed: 5, name: "directions")
        let fixture = try EngineFixture<Double>(
            plan, architecture.architecture(coordinates: plan.coordinates), count: 2)
        _ = fixture.forward()
        for (p, row) in fixture.jacobian().enumerated() {
            #expect(row.allSatisfy { $0.isFinite }, "a number for every parameter")
            let direction = row.map { _ in stream.normal() }
            let exact = fixture.referenceSlope(point: p, direction: direction)
            let size = zip(row, direction).reduce(1) { $0 + abs($1.0 * $1.1) }
            let slope = zip(row, direction).map(*).reduce(0, +)
            #expect(abs(slope - exact) <= 1e-11 * size, "point \(p): \(slope) is not \(exact)")
        }
    }

    @Test(
        "the gradient is the sum of the rows, however often it is asked for", arguments: PlanCase.all,
        ArchitectureCase.all)
    func gradient(_ plan: PlanCase, _ architecture: ArchitectureCase) throws {
        let fixture = try EngineFixture<Double>(
            plan, architecture.architecture(coordinates: plan.coordinates), count: 13)
        _ = fixture.forward()
        let gradient = fixture.gradient()
        let rows = fixture.jacobian()
        let again = fixture.gradient()
        for index in gradient.indices {
            let sum = rows.reduce(0) { $0 + $1[index] }
            let scale = rows.reduce(0) { $0 + abs($1[index]) }
            #expect(abs(gradient[index] - sum) <= 1e-11 * max(1, scale), "parameter \(index)")
            #expect(gradient[index] == again[index], "what the first sweep left behind is seen by the second")
        }
    }

    @Test("fused kernels equal the general one", arguments: PlanCase.all, ArchitectureCase.all)
    func fusion(_ plan: PlanCase, _ architecture: ArchitectureCase) throws {
        let architecture = architecture.architecture(coordinates: plan.coordinates)
        let fused = try EngineFixture<Double>(plan, architecture, count: 16)
        let general = try EngineFixture<Double>(plan, architecture, count: 16, fuses: false)
        for (one, other) in zip(fused.forward().joined().joined(), general.forward().joined().joined()) {
            #expect(agree(one, other, 1e-12))
        }
        let exact = general.gradient()
        let scale = exact.reduce(1) { max($0, abs($1)) }
        for (one, other) in zip(fused.gradient(), exact) { #expect(abs(one - other) <= 1e-12 * scale) }
    }

    @Test("single precision is as exact as it can be", arguments: PlanCase.all, ArchitectureCase.all)
    func singlePrecision(_ plan: PlanCase, _ architecture: ArchitectureCase) throws {
        let architecture = architecture.architecture(coordinates: plan.coordinates)
        let double = try EngineFixture<Double>(plan, architecture, count: 5)
        let single = try EngineFixture<Float>(plan, architecture, count: 5)
        let values = Array(double.forward().joined().joined())
        let size = values.reduce(1) { max($0, abs($1)) }
        for (one, other) in zip(single.forward().joined().joined(), values) { #expect(abs(one - other) <= 3e-5 * size) }
        let gradient = double.gradient()
        let scale = gradient.reduce(1) { max($0, abs($1)) }
        for (one, other) in zip(single.gradient(), gradient) { #expect(abs(one - other) <= 3e-5 * scale) }
        for (row, exact) in zip(single.jacobian(), double.jacobian()) {
            for (one, other) in zip(row, exact) { #expect(abs(one - other) <= 3e-5 * scale) }
        }
    }
}
