import CKernels
import Glibc
import LinearAlgebra
import Parallelism

/// The steps of training: gradient of a batch, and Adam's update in place.
final class TrainingWorker {
    private let gradient: NetworkGradient
    private let loss: DirectionLoss
    private let volume: ConvolutionVolume
    private let mean: AlignedBuffer<Float>
    private let first: AlignedBuffer<Float>
    private let second: AlignedBuffer<Float>

    init(_ training: ConjugateDirectionTraining, pool: WorkerPool) {
        volume = ConvolutionVolume(training.edge, training.edge, training.edge)
        gradient = NetworkGradient(training.architecture, on: volume, pool: pool)
        loss = DirectionLoss(on: volume)
        mean = AlignedBuffer(count: training.architecture.parameterCount)
        first = AlignedBuffer(count: training.architecture.parameterCount)
        second = AlignedBuffer(count: training.architecture.parameterCount)
    }

    func load(_ network: ConjugateDirectionNetwork) { gradient.load(network) }

    /// The network with the parameters as they are.
    func network() -> ConjugateDirectionNetwork {
        ConjugateDirectionNetwork(
            gradient.evaluator.architecture, parameters: Array(gradient.evaluator.parameters.elements))
    }

    private func take(_ sample: Int, of samples: AlignedBuffer<Float>) {
        let (input, source) = (gradient.evaluator.input.baseAddress, samples.baseAddress + sample * volume.cellCount)
        volume.forEachRow { place, cell in (input + place).update(from: source + cell, count: volume.x) }
    }

    /// The mean loss of the first samples.
    func meanLoss(_ samples: AlignedBuffer<Float>, _ count: Int) -> Double {
        var sum = 0.0
        let evaluator = gradient.evaluator
        for sample in 0..<count {
            take(sample, of: samples)
            evaluator.evaluate()
            sum += loss.evaluate(
                residual: evaluator.input.baseAddress, direction: evaluator.output.baseAddress, gradient: nil)
        }
        return sum / Double(max(1, count))
    }

    /// One step of Adam; the mean loss before it.
    func step(_ chosen: ArraySlice<Int>, of samples: AlignedBuffer<Float>, number: Int, rate: Double) -> Double {
        let evaluator = gradient.evaluator
        gradient.begin()
        var sum = 0.0
        for sample in chosen {
            take(sample, of: samples)
            gradient.evaluate()
            sum += loss.evaluate(
                residual: evaluator.input.baseAddress, direction: evaluator.output.baseAddress,
                gradient: gradient.outputGradient.baseAddress)
            gradient.sweep()
        }
        gradient.finish(scale: 1 / Float(chosen.count), into: mean.baseAddress)
        let time = Double(number + 1)
        var constants = ansatz_adam_constants(
            rate: rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, first_correction: 1 / (1 - pow(0.9, time)),
            second_correction: 1 / (1 - pow(0.999, time)), coupled_decay: 0, shrinkage: 1)
        ansatz_optimizer_adam_f32(
            mean.count, &constants, mean.baseAddress, evaluator.parameters.baseAddress, first.baseAddress,
            second.baseAddress)
        return sum / Double(chosen.count)
    }
}
