import Expressions
import LinearAlgebra
import Networks
import Randomness
import Testing

@Suite("The derivative engine agrees with a plain evaluation")
struct EngineTests {
    @Test("every channel equals the derivative", arguments: PlanCase.all, Activation.allCases)
    func values(_ plan: PlanCase, _ activation: Activation) throws {
        for hidden in [[5], [3, 7, 4]] {
            let fixture = try EngineFixture<Double>(plan, activation, hidden: hidden)
            let values = fixture.forward()
            for (channel, derivative) in fixture.plan.channels.channels.enumerated() {
                for (p, point) in fixture.points.enumerated() {
                    let exact = fixture.reference.derivative(derivative, at: point)
                    for output in exact.indices {
                        #expect(
                            agree(values[p][output][channel], exact[output], 1e-12),
                            "\(derivative) with \(hidden): \(values[p][output][channel]) is not \(exact[output])")
                    }
                }
            }
        }
    }

    @Test("rows of the Jacobian are derivatives along parameters", arguments: PlanCase.all, Activation.allCases)
    func jacobian(_ plan: PlanCase, _ activation: Activation) throws {
        var stream = RandomStream(seed: 5, name: "directions")
        for hidden in [[5], [3, 4]] {
            let fixture = try EngineFixture<Double>(plan, activation, hidden: hidden, count: 2)
            _ = fixture.forward()
            let rows = fixture.jacobian()
            for (p, row) in rows.enumerated() {
                let direction = row.map { _ in stream.normal() }
                let exact = fixture.referenceSlope(point: p, direction: direction)
                let slope = zip(row, direction).map(*).reduce(0, +)
                #expect(agree(slope, exact, 1e-11), "point \(p) with \(hidden): \(slope) is not \(exact)")
            }
        }
    }

    @Test("the gradient is the sum of the rows", arguments: PlanCase.all, Activation.allCases)
    func gradient(_ plan: PlanCase, _ activation: Activation) throws {
        let fixture = try EngineFixture<Double>(plan, activation, hidden: [5, 8, 3], count: 13)
        _ = fixture.forward()
        let gradient = fixture.gradient()
        let rows = fixture.jacobian()
        for index in gradient.indices {
            let sum = rows.reduce(0) { $0 + $1[index] }
            let scale = rows.reduce(0) { $0 + abs($1[index]) }
            #expect(abs(gradient[index] - sum) <= 1e-12 * max(1, scale), "parameter \(index)")
        }
    }

    @Test("fused kernels equal the general one", arguments: PlanCase.all, Activation.allCases)
    func fusion(_ plan: PlanCase, _ activation: Activation) throws {
        let fused = try EngineFixture<Double>(plan, activation, hidden: [7, 9], count: 16)
        let general = try EngineFixture<Double>(plan, activation, hidden: [7, 9], count: 16, fuses: false)
        for (one, other) in zip(fused.forward().joined().joined(), general.forward().joined().joined()) {
            #expect(agree(one, other, 1e-13))
        }
        for (one, other) in zip(fused.gradient(), general.gradient()) { #expect(agree(one, other, 1e-12)) }
    }

    @Test("single precision is as exact as it can be", arguments: PlanCase.all, Activation.allCases)
    func singlePrecision(_ plan: PlanCase, _ activation: Activation) throws {
        let double = try EngineFixture<Double>(plan, activation, hidden: [9, 6], count: 5)
        let single = try EngineFixture<Float>(plan, activation, hidden: [9, 6], count: 5)
        let values = Array(double.forward().joined().joined())
        for (one, other) in zip(single.forward().joined().joined(), values) { #expect(agree(one, other, 3e-5)) }
        let gradient = double.gradient()
        let scale = gradient.reduce(1) { max($0, abs($1)) }
        for (one, other) in zip(single.gradient(), gradient) { #expect(abs(one - other) <= 1e-5 * scale) }
        for (row, exact) in zip(single.jacobian(), double.jacobian()) {
            for (one, other) in zip(row, exact) { #expect(abs(one - other) <= 1e-5 * scale) }
        }
    }

    @Test("a point's result does not depend on its tile", arguments: [1, 2, 15, 16, 17, 31, 32])
    func remainders(_ count: Int) throws {
        let plan = PlanCase.all[4]
        let whole = try EngineFixture<Double>(plan, .tanh, hidden: [11, 6], count: 32, tilePoints: 32)
        let part = try EngineFixture<Double>(plan, .tanh, hidden: [11, 6], count: 32, tilePoints: 32)
        let exact = whole.forward()
        _ = part.forward()
        part.setAdjoints()
        // What a full tile left behind in the padding, and points that are not numbers there, must not be seen.
        for axis in 0..<2 {
            for p in count..<32 { part.workspace.points[axis * 32 + p] = .nan }
        }
        part.workspace.forward(count: count)
        for output in 0..<2 {
            for channel in part.plan.channels.channels.indices {
                for p in 0..<count {
                    #expect(part.workspace.value(output: output, channel: channel)[p] == exact[p][output][channel])
                }
            }
        }
        var gradient = [Double](repeating: 0, count: part.plan.parameterCount)
        part.workspace.reverse(count: count, into: &gradient)
        let rows = whole.jacobian()
        for index in gradient.indices {
            let sum = rows[..<count].reduce(0) { $0 + $1[index] }
            #expect(agree(gradient[index], sum, 1e-12))
        }
    }

    @Test("layers too wide for one block of columns", arguments: [[150, 161], [300, 9], [9, 300]])
    func wideLayers(_ hidden: [Int]) throws {
        let fixture = try EngineFixture<Double>(PlanCase.all[4], .tanh, hidden: hidden, outputs: 1, count: 1)
        let values = fixture.forward()
        for (channel, derivative) in fixture.plan.channels.channels.enumerated() {
            let exact = fixture.reference.derivative(derivative, at: fixture.points[0])[0]
            #expect(agree(values[0][0][channel], exact, 1e-11))
        }
        var stream = RandomStream(seed: 6, name: "directions")
        let gradient = fixture.gradient()
        let direction = gradient.map { _ in stream.normal() }
        let exact = fixture.referenceSlope(point: 0, direction: direction)
        #expect(agree(zip(gradient, direction).map(*).reduce(0, +), exact, 1e-10))
    }

    @Test("the reverse sweep adds to the gradient and may be repeated")
    func accumulation() throws {
        let fixture = try EngineFixture<Double>(PlanCase.all[5], .silu, hidden: [6, 5], count: 9)
        _ = fixture.forward()
        let once = fixture.gradient()
        var twice = once
        fixture.setAdjoints()
        fixture.workspace.reverse(count: 9, into: &twice)
        for (one, two) in zip(once, twice) { #expect(agree(two, 2 * one, 1e-13)) }
    }

    @Test("a network may end in an activation, and begin with many coordinates")
    func shapes() throws {
        let network = Network(
            inputs: 10, layers: [.dense(outputs: 7, activation: .tanh), .dense(outputs: 3, activation: .sine)])
        let channels = try ChannelPlan([.laplacian(Array(0..<10))], coordinates: 10)
        #expect(channels.count == 12)
        var stream = RandomStream(seed: 3, name: "shapes")
        let parameters = network.initialParameters(&stream)
        let direction = parameters.map { _ in stream.normal() }
        let plan = NetworkPlan<Double>(network: network, channels: channels)
        plan.prepare(parameters: parameters)
        let workspace = plan.makeWorkspace()
        let point = (0..<10).map { _ in stream.uniform() }
        for axis in 0..<10 { workspace.points[axis * plan.tilePoints] = point[axis] }
        workspace.forward(count: 1)
        let reference = ReferenceNetwork(network: network, parameters: parameters)
        workspace.clearAdjoints()
        var slope = 0.0
        for (channel, derivative) in channels.channels.enumerated() {
            let exact = reference.derivative(derivative, at: point)
            let slopes = reference.derivative(derivative, at: point, direction: direction)
            for output in 0..<3 {
                #expect(agree(workspace.value(output: output, channel: channel)[0], exact[output], 1e-12))
                workspace.adjoint(output: output, channel: channel)[0] = Double(output + channel)
                slope += Double(output + channel) * slopes[output]
            }
        }
        var gradient = [Double](repeating: 0, count: plan.parameterCount)
        workspace.reverse(count: 1, into: &gradient)
        #expect(agree(zip(gradient, direction).map(*).reduce(0, +), slope, 1e-12))
    }
}
