import LinearSystems
import Parallelism
import Randomness
import Testing

/// The fast network is the plain one, and its gradient is the derivative of the loss.
@Suite struct ConjugateDirectionNetworkTests {
    private static func normals(_ count: Int, _ name: String, scale: Double = 1) -> [Double] {
        var stream = RandomStream(seed: 7, name: name)
        return (0..<count).map { _ in scale * stream.normal() }
    }

    @Test func parametersArePublishedCounts() {
        #expect(ConjugateDirectionArchitecture.published64.parameterCount == 97_457)
        #expect(ConjugateDirectionArchitecture.published128.parameterCount == 152_881)
        #expect(ConjugateDirectionArchitecture.published64.operationsPerUnknown.rounded() == 121_856 + 32 + 864 - 896)
    }

    /// A network with biases that matter, so that nothing passes because they are zero.
    private static func network(_ architecture: ConjugateDirectionArchitecture) -> ConjugateDirectionNetwork {
        let start = ConjugateDirectionNetwork(architecture, seed: 3)
        let noise = normals(architecture.parameterCount, "noise", scale: 0.02)
        return ConjugateDirectionNetwork(
            architecture, parameters: zip(start.parameters, noise).map { $0 + Float($1) })
    }

    @Test(
        arguments: [(6, 4, 10), (10, 6, 4), (18, 2, 2)], [ConjugateDirectionArchitecture.published64, .published128])
    func networkIsThePlainOne(_ cells: (Int, Int, Int), _ architecture: ConjugateDirectionArchitecture) {
        let network = Self.network(architecture)
        let volume = ConvolutionVolume(cells.0, cells.1, cells.2)
        let r = Self.normals(volume.cellCount, "residual", scale: 0.3)
        let plain = PlainNetwork(architecture: architecture, x: cells.0, y: cells.1, z: cells.2)
            .direction(r.map { Double(Float($0)) }, network.parameters.map(Double.init))
        for keeping in [false, true] {
            let evaluator = NetworkEvaluator(
                architecture, on: volume, keepingValues: keeping, pool: WorkerPool(threads: 2))
            evaluator.load(network)
            volume.forEachRow { place, cell in
                for i in 0..<volume.x { evaluator.input.baseAddress[place + i] = Float(r[cell + i]) }
            }
            evaluator.evaluate()
            let scale = plain.map(\.magnitude).max() ?? 0
            volume.forEachRow { place, cell in
                for i in 0..<volume.x {
                    #expect(abs(Double(evaluator.output.baseAddress[place + i]) - plain[cell + i]) < 2e-6 * scale)
                }
            }
        }
    }

    @Test(arguments: [ConjugateDirectionArchitecture(before: 4, coarse: 2, after: 2), .published64])
    func gradientIsTheDerivative(_ architecture: ConjugateDirectionArchitecture) {
        let (x, y, z) = (6, 4, 6)
        let network = Self.network(architecture)
        let volume = ConvolutionVolume(x, y, z)
        let r = Self.normals(volume.cellCount, "residual", scale: 0.3).map { Double(Float($0)) }
        let gradient = NetworkGradient(architecture, on: volume, pool: WorkerPool(threads: 2))
        gradient.load(network)
        volume.forEachRow { place, cell in
            for i in 0..<x { gradient.evaluator.input.baseAddress[place + i] = Float(r[cell + i]) }
        }
        gradient.evaluate()
        let loss = DirectionLoss(on: volume)
        let value = loss.evaluate(
            residual: gradient.evaluator.input.baseAddress, direction: gradient.evaluator.output.baseAddress,
            gradient: gradient.outputGradient.baseAddress)
        gradient.sweep()
        var result = [Float](repeating: 0, count: architecture.parameterCount)
        gradient.finish(scale: 1, into: &result)

        let plain = PlainNetwork(architecture: architecture, x: x, y: y, z: z)
        let parameters = network.parameters.map(Double.init)
        func plainLoss(_ parameters: [Double]) -> Double { plain.loss(r, direction: plain.direction(r, parameters)) }
        #expect(abs(value - plainLoss(parameters)) < 1e-5 * value)
        // Along a random direction in each layer by itself, so that one wrong layer cannot hide among the others. The step is short: a
        // rectifier that switches within it is no error of the derivative.
        var layers = [0..<27 * 16, 27 * 16..<28 * 16]
        for case .convolution(let offset, _) in architecture.steps {
            layers += [offset..<offset + 27 * 256, offset + 27 * 256..<offset + 27 * 256 + 16]
        }
        layers += [
            architecture.lastOffset..<architecture.lastOffset + 16, architecture.lastOffset + 16..<parameters.count,
        ]
        for layer in layers {
            let along = Self.normals(layer.count, "direction \(layer.lowerBound)")
            func moved(_ step: Double) -> Double {
                var parameters = parameters
                for (place, move) in zip(layer, along) { parameters[place] += step * move }
                return plainLoss(parameters)
            }
            let expected = (moved(1e-6) - moved(-1e-6)) / 2e-6
            let found = zip(layer, along).reduce(0) { $0 + Double(result[$1.0]) * $1.1 }
            let size = layer.reduce(0) { $0 + Double(result[$1] * result[$1]) }.squareRoot()
            #expect(abs(found - expected) < 2e-4 * size + 1e-7, "layer at \(layer.lowerBound)")
        }
    }

    @Test func theLossIsThatOfTheLineSearchAndScaleFree() {
        let volume = ConvolutionVolume(5, 4, 3)
        let plain = PlainNetwork(architecture: .published64, x: 5, y: 4, z: 3)
        let r = Self.normals(60, "r").map { Double(Float($0)) }
        let f = Self.normals(60, "f").map { Double(Float($0)) }
        func ringed(_ values: [Double], _ scale: Float) -> [Float] {
            var result = [Float](repeating: 0, count: volume.count)
            volume.forEachRow { place, cell in for i in 0..<5 { result[place + i] = scale * Float(values[cell + i]) } }
            return result
        }
        let loss = DirectionLoss(on: volume)
        var gradient = [Float](repeating: 0, count: volume.count)
        let value = loss.evaluate(residual: ringed(r, 1), direction: ringed(f, 1), gradient: &gradient)
        #expect(abs(value - plain.loss(r, direction: f)) < 1e-12)
        #expect(abs(loss.evaluate(residual: ringed(r, 1), direction: ringed(f, 8), gradient: nil) - value) < 1e-12)
        // The exact solution leaves nothing; a direction of zeros leaves everything.
        let exact = loss.evaluate(residual: ringed(plain.laplacian(f), 1), direction: ringed(f, 1), gradient: nil)
        #expect(abs(exact) < 1e-10)
        let nothing = loss.evaluate(
            residual: ringed(r, 1), direction: [Float](repeating: 0, count: volume.count), gradient: &gradient)
        #expect(abs(nothing - r.reduce(0) { $0 + $1 * $1 }) < 1e-12 && gradient.allSatisfy { $0 == 0 })
    }
}

/// Convolutions are each other's adjoints, and training lowers the loss to the same bits every time.
@Suite struct ConjugateDirectionTrainingTests {
    @Test func trainingLearnsAndRepeats() throws {
        var training = ConjugateDirectionTraining()
        training.architecture = ConjugateDirectionArchitecture(before: 2, coarse: 2, after: 2)
        (training.edge, training.ritzVectors, training.samples, training.heldBack) = (8, 100, 60, 10)
        (training.epochs, training.rate, training.finalShare) = (4, 3e-3, 0.1)
        let first = try training.run(pool: WorkerPool(threads: 1))
        let second = try training.run(pool: WorkerPool(threads: 2))
        #expect(first.network == second.network && first.isComplete)
        #expect(first.history.map(\.heldBackLoss) == second.history.map(\.heldBackLoss))
        let (start, end) = (first.history[0].heldBackLoss, first.history.map(\.heldBackLoss).min() ?? 1)
        #expect(start > 0.5 && end < 0.3 * start)
        #expect(first.history.count == 5 && first.history[first.epoch].heldBackLoss == end)
    }

    @Test func aWatcherEndsTraining() throws {
        var training = ConjugateDirectionTraining()
        training.architecture = ConjugateDirectionArchitecture(before: 2, coarse: 2, after: 2)
        (training.edge, training.ritzVectors, training.samples, training.heldBack) = (4, 20, 40, 5)
        let outcome = try training.run(pool: WorkerPool(threads: 1)) { _, step in step < 2 }
        #expect(!outcome.isComplete && outcome.history.count == 1)
    }

    @Test func ratesFallAlongACosine() {
        var training = ConjugateDirectionTraining()
        (training.samples, training.epochs, training.rate, training.finalShare) = (100, 2, 1, 0.2)
        #expect(training.steps == 20 && training.rate(at: 0) == 1)
        #expect(abs(training.rate(at: 10) - 0.6) < 1e-15 && abs(training.rate(at: 20) - 0.2) < 1e-15)
    }
}
