import Expressions
import Foundation
import LinearAlgebra
import Networks
import Randomness
import Testing

@Suite("Where architectures start")
struct ArchitectureStartTests {
    private func start(_ network: Network, seed: UInt64 = 1) -> [Double] {
        var stream = RandomStream(seed: seed, name: "start")
        return network.initialParameters(&stream)
    }

    /// Values of the outputs at points of the plane.
    private func outputs(_ network: Network, _ parameters: [Double], at points: [[Double]]) throws -> [[Double]] {
        let plan = NetworkPlan<Double>(network: network, channels: try ChannelPlan([.value], coordinates: 2))
        plan.prepare(parameters: parameters)
        let workspace = plan.makeWorkspace()
        return points.map { point in
            for axis in 0..<2 { workspace.points[axis * plan.tilePoints] = point[axis] }
            workspace.forward(count: 1)
            return (0..<network.outputs).map { workspace.value(output: $0, channel: 0)[0] }
        }
    }

    private let points = [[0.1, 0.7], [-0.6, 0.3], [0.9, -0.8]]

    @Test("blocks have meaningful names, and a parameter for each place", arguments: ArchitectureCase.all)
    func layout(_ architecture: ArchitectureCase) {
        let network = architecture.architecture(coordinates: 2).network(inputs: 2)
        let layout = network.layout
        #expect(start(network).count == layout.count)
        #expect(Set(layout.blocks.map(\.name)).count == layout.blocks.count)
        for block in layout.blocks where block.rows > 1 && block.columns > 1 && !block.name.hasSuffix("frequencies") {
            #expect(block.name.hasPrefix("layer.") && block.name.hasSuffix(".weight"))
        }
    }

    @Test("names of a modified network and of a block")
    func names() {
        let modified = Architecture(
            .modified(gatesFirst: false), hidden: [3, 3], outputs: 1, activation: .sine,
            factorization: .init(), frequency: .init(start: 2, isTrained: true)
        ).network(inputs: 2).layout.blocks.map(\.name)
        #expect(
            modified.prefix(8) == [
                "layer.1.encoder.1.direction.weight", "layer.1.encoder.1.bias", "layer.1.encoder.1.scale",
                "layer.1.encoder.1.frequency", "layer.1.encoder.2.direction.weight", "layer.1.encoder.2.bias",
                "layer.1.encoder.2.scale", "layer.1.encoder.2.frequency",
            ])
        #expect(modified.suffix(3) == ["layer.4.direction.weight", "layer.4.bias", "layer.4.scale"])
        let pirate = Architecture(.pirate, hidden: [3], outputs: 1, activation: .tanh)
        #expect(
            pirate.network(inputs: 2).layout.blocks.map(\.name) == [
                "layer.2.encoder.1.weight", "layer.2.encoder.1.bias", "layer.2.encoder.2.weight",
                "layer.2.encoder.2.bias", "layer.3.gate.1.weight", "layer.3.gate.1.bias", "layer.3.gate.2.weight",
                "layer.3.gate.2.bias", "layer.3.branch.weight", "layer.3.branch.bias", "layer.3.share",
                "layer.4.weight", "layer.4.bias",
            ])
    }

    @Test("residual blocks start as the identity: the network is its last layer of the features")
    func identity() throws {
        let fourier = FourierFeatures(perScale: 4, scales: [1, 3])
        let deep = Architecture(.pirate, hidden: [6, 6, 6], outputs: 2, activation: .tanh, fourier: fourier)
            .network(inputs: 2)
        let flat = Architecture(.perceptron, hidden: [], outputs: 2, activation: .tanh, fourier: fourier)
            .network(inputs: 2)
        let parameters = start(deep)
        let last = Array(parameters.suffix(flat.layout.count))
        let one = try outputs(deep, parameters, at: points), other = try outputs(flat, last, at: points)
        for (a, b) in zip(one.joined(), other.joined()) { #expect(agree(a, b, 1e-14)) }
    }

    @Test("factored weights multiply to Glorot's, with scales around exp(mean)")
    func factors() throws {
        let plain = Network(inputs: 40, layers: [.dense(outputs: 50, activation: nil)])
        let factored = Network(
            inputs: 40,
            layers: [.dense(Dense(outputs: 50, activation: nil, factorization: .init(mean: 1, deviation: 0.1)))])
        let weights = start(plain), parameters = start(factored)
        let layout = factored.layout
        let direction = try #require(layout.block(named: "layer.1.direction.weight"))
        let scale = try #require(layout.block(named: "layer.1.scale"))
        var logarithms: [Double] = []
        for output in 0..<50 {
            let factor = parameters[scale.offset + output]
            logarithms.append(log(factor))
            for input in 0..<40 {
                let product = factor * parameters[direction.offset + output * 40 + input]
                #expect(agree(product, weights[output * 40 + input], 1e-15))
            }
        }
        let mean = logarithms.reduce(0, +) / 50
        // Five standard deviations of a mean of 50.
        #expect(abs(mean - 1) < 5 * 0.1 / 50.0.squareRoot())
        #expect(logarithms.allSatisfy { abs($0 - 1) < 0.6 })
    }

    @Test("sine networks with a frequency start within the bounds that keep the size of signals")
    func sine() throws {
        let network = Architecture(
            .perceptron, hidden: [64, 64, 64], outputs: 1, activation: .sine,
            frequency: .init(start: 30, isTrained: false)
        ).network(inputs: 2)
        let parameters = start(network)
        for (index, block) in network.layout.blocks.filter({ $0.name.hasSuffix("weight") }).enumerated() {
            let bound = index == 0 ? 1.0 / 2 : (6 / Double(block.columns)).squareRoot() / 30
            let largest = parameters[block.range].map(abs).max() ?? 0
            #expect(largest <= bound && largest > 0.9 * bound, "\(block.name)")
        }
    }

    @Test("Fourier features are bounded by one, and their squares add up to one")
    func bounds() throws {
        let fourier = FourierFeatures(perScale: 5, scales: [1, 10])
        let network = Network(
            inputs: 2, layers: [.fourier(fourier), .dense(outputs: 20, activation: nil)])
        // The identity as last layer shows the features themselves.
        var parameters = [Double](repeating: 0, count: network.layout.count)
        for index in 0..<20 { parameters[index * 20 + index] = 1 }
        for features in try outputs(network, parameters, at: points) {
            for index in 0..<10 {
                #expect(
                    agree(features[index] * features[index] + features[10 + index] * features[10 + index], 1, 1e-14))
            }
        }
    }

    @Test("frequencies have the standard deviation of their scale, and follow from their seed alone")
    func frequencies() {
        let fourier = FourierFeatures(perScale: 2_000, scales: [0.5, 8], seed: 3)
        let drawn = fourier.fixedFrequencies(inputs: 2)
        #expect(drawn == FourierFeatures(perScale: 2_000, scales: [0.5, 8], seed: 3).fixedFrequencies(inputs: 2))
        for (index, scale) in fourier.scales.enumerated() {
            let part = drawn[index * 4_000..<(index + 1) * 4_000]
            let variance = part.map { $0 * $0 }.reduce(0, +) / 4_000
            #expect(abs(variance / (scale * scale) - 1) < 5 * (2.0 / 4_000).squareRoot())
        }
    }
}
