import Dispatch
import Expressions
import LinearAlgebra
import Networks
import Randomness
import Testing

@Suite("Networks and their parameters")
struct NetworkTests {
    let network = Network.multilayerPerceptron(inputs: 3, hidden: [40, 50], outputs: 2, activation: .tanh)

    @Test("blocks follow one another without gaps")
    func layout() {
        let layout = network.layout
        #expect(
            layout.blocks.map(\.name) == [
                "layer.1.weight", "layer.1.bias", "layer.2.weight", "layer.2.bias", "layer.3.weight", "layer.3.bias",
            ])
        var end = 0
        for block in layout.blocks {
            #expect(block.range.lowerBound == end)
            end = block.range.upperBound
        }
        #expect(end == layout.count)
        #expect(layout.count == 40 * 3 + 40 + 50 * 40 + 50 + 2 * 50 + 2)
        #expect(layout.block(named: "layer.2.weight").map { [$0.rows, $0.columns] } == [50, 40])
    }

    @Test("weights start with Glorot's variance, biases at zero, the same for the same stream")
    func initialParameters() {
        var stream = RandomStream(seed: 1, name: "network"), same = RandomStream(seed: 1, name: "network")
        let parameters = network.initialParameters(&stream)
        #expect(parameters == network.initialParameters(&same))
        #expect(parameters.count == network.layout.count)
        for block in network.layout.blocks {
            let values = parameters[block.range]
            if block.name.hasSuffix("bias") {
                #expect(values.allSatisfy { $0 == 0 })
            } else if block.count > 1000 {
                let variance = values.map { $0 * $0 }.reduce(0, +) / Double(block.count)
                let expected = 2 / Double(block.rows + block.columns)
                // Five standard deviations of the variance of so many normal numbers.
                #expect(abs(variance / expected - 1) < 5 * (2 / Double(block.count)).squareRoot())
            }
        }
    }

    @Test("scaling maps a box to the unit box")
    func scaling() {
        let scaling = Network.InputScaling(lower: [0, -3], upper: [4, 5])
        #expect(scaling.center == [2, 1])
        #expect(scaling.halfWidth == [2, 4])
    }

    @Test("tiles have a size that depends on shapes only, and results do not depend on who computes them")
    func concurrency() throws {
        let channels = try ChannelPlan([.partial([1]), .partial([0, 0])], coordinates: 2)
        let network = Network.multilayerPerceptron(inputs: 2, hidden: [20, 33], outputs: 1, activation: .gelu)
        var stream = RandomStream(seed: 4, name: "concurrency")
        let parameters = network.initialParameters(&stream)
        let plan = NetworkPlan<Double>(network: network, channels: channels)
        #expect(plan.tilePoints % 16 == 0)
        #expect(plan.tilePoints == NetworkPlan<Double>(network: network, channels: channels).tilePoints)
        plan.prepare(parameters: parameters)
        let tiles = 8
        let points = (0..<tiles * 2 * plan.tilePoints).map { _ in stream.uniform() }

        let together = AlignedBuffer<Double>(count: tiles * plan.parameterCount)
        let apart = AlignedBuffer<Double>(count: tiles * plan.parameterCount)
        let run: @Sendable (NetworkWorkspace<Double>, Int, UnsafeMutablePointer<Double>) -> Void = {
            workspace, tile, gradient in
            let size = 2 * plan.tilePoints
            for index in 0..<size { workspace.points[index] = points[tile * size + index] }
            workspace.forward(count: plan.tilePoints)
            workspace.clearAdjoints()
            for channel in 0..<channels.count {
                for p in 0..<plan.tilePoints {
                    workspace.adjoint(output: 0, channel: channel)[p] = workspace.value(output: 0, channel: channel)[p]
                }
            }
            workspace.reverse(count: plan.tilePoints, into: gradient + tile * plan.parameterCount)
        }
        let single = plan.makeWorkspace()
        for tile in 0..<tiles { run(single, tile, together.baseAddress) }
        DispatchQueue.concurrentPerform(iterations: tiles) { tile in
            run(plan.makeWorkspace(), tile, apart.baseAddress)
        }
        for index in 0..<together.count {
            #expect(together.baseAddress[index].bitPattern == apart.baseAddress[index].bitPattern)
        }
    }
}
