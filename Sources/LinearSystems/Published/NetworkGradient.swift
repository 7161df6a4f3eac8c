import CKernels
import LinearAlgebra
import Parallelism

/// The gradient of a sum over samples by the parameters of a network, by one sweep back through its layers per sample.
package final class NetworkGradient {
    package let evaluator: NetworkEvaluator
    /// ∂L/∂output, a plain volume, to be set before the sweep.
    package let outputGradient: AlignedBuffer<Float>

    private let positive: [AlignedBuffer<UInt16>?]
    /// ∂L/∂value of every step.
    private let adjoints: [AlignedBuffer<Float>]
    /// Adjoints behind the rectifier, of the fine and of the coarse level.
    private let masked: (fine: AlignedBuffer<Float>, coarse: AlignedBuffer<Float>)
    private let transposed: AlignedBuffer<Float>
    /// Each slab's sum, one after the other.
    private let sums: AlignedBuffer<Float>
    private let stride: Int

    package init(_ architecture: ConjugateDirectionArchitecture, on volume: ConvolutionVolume, pool: WorkerPool) {
        evaluator = NetworkEvaluator(architecture, on: volume, keepingValues: true, pool: pool)
        outputGradient = AlignedBuffer(count: volume.count)
        let steps = evaluator.steps
        let evaluator = evaluator
        positive = steps.indices.map { step in
            guard case .convolution = steps[step] else { return nil }
            return AlignedBuffer(count: evaluator.volume(of: step).cellCount)
        }
        adjoints = steps.indices.map { NetworkEvaluator.channels(of: evaluator.volume(of: $0)) }
        masked = (NetworkEvaluator.channels(of: volume), NetworkEvaluator.channels(of: volume.half))
        transposed = AlignedBuffer(count: architecture.parameterCount)
        stride = (architecture.parameterCount + 15) / 16 * 16
        sums = AlignedBuffer(count: stride * evaluator.slabs)
    }

    /// Takes the parameters over, and begins a new sum.
    package func load(_ network: ConjugateDirectionNetwork) {
        evaluator.load(network)
        begin()
    }

    /// Begins a new sum with the evaluator's parameters, which may have been changed in place.
    package func begin() {
        for case .convolution(let offset, _) in evaluator.steps {
            ansatz_convolution_transpose(evaluator.parameters.baseAddress + offset, transposed.baseAddress + offset)
        }
        sums.elements.update(repeating: 0)
    }

    /// output ← f(input), keeping what the sweep back needs.
    package func evaluate() { evaluator.evaluate(keeping: positive) }

    /// Adds (∂f/∂θ)ᵀ · outputGradient for the input that was evaluated last.
    package func sweep() {
        let (last, volume) = (evaluator.steps.count - 1, evaluator.volume)
        let offset = evaluator.architecture.lastOffset
        let (weights, sums, stride) = (evaluator.parameters.baseAddress + offset, sums, stride)
        let (value, adjoint, outputGradient) = (evaluator.values[last], adjoints[last], outputGradient)
        evaluator.forEachSlab(of: volume) { planes, slab in
            ansatz_combine_gradient(
                volume.kernel, planes.lowerBound, planes.upperBound, value.baseAddress, weights,
                outputGradient.baseAddress, adjoint.baseAddress, sums.baseAddress + slab * stride + offset)
        }
        for step in evaluator.steps.indices.reversed() { sweep(step) }
    }

    private func sweep(_ step: Int) {
        let (volume, adjoint, sums, stride) = (evaluator.volume(of: step), adjoints[step], sums, stride)
        switch evaluator.steps[step] {
        case .first:
            let input = evaluator.input
            evaluator.forEachSlab(of: volume) { planes, slab in
                let sum = sums.baseAddress + slab * stride
                ansatz_convolve_first_gradient(
                    volume.kernel, planes.lowerBound, planes.upperBound, input.baseAddress, adjoint.baseAddress, sum,
                    sum + 27 * 16)
            }
        case .convolution(let offset, _):
            sweep(convolution: step, at: offset)
        case .halve:
            // The value before the mean is also added after the coarse level.
            let (target, skipped) = (adjoints[step - 1], adjoints[doubling])
            evaluator.forEachSlab(of: volume) { planes, _ in
                ansatz_double(
                    volume.kernel, planes.lowerBound, planes.upperBound, adjoint.baseAddress, 1 / 8,
                    skipped.baseAddress,
                    target.baseAddress)
            }
        case .double:
            let (half, target) = (volume.half, adjoints[step - 1])
            evaluator.forEachSlab(of: half) { planes, _ in
                ansatz_halve(
                    half.kernel, planes.lowerBound, planes.upperBound, adjoint.baseAddress, 8, target.baseAddress)
            }
        }
    }

    private var doubling: Int {
        evaluator.steps.firstIndex { if case .double = $0 { true } else { false } } ?? 0
    }

    private func sweep(convolution step: Int, at offset: Int) {
        guard let positive = positive[step] else { return }
        let (volume, adjoint, sums, stride) = (evaluator.volume(of: step), adjoints[step], sums, stride)
        let masked = volume == evaluator.volume ? masked.fine : masked.coarse
        evaluator.forEachSlab(of: volume) { planes, slab in
            ansatz_convolution_mask(
                volume.kernel, planes.lowerBound, planes.upperBound, positive.baseAddress, adjoint.baseAddress,
                masked.baseAddress, sums.baseAddress + slab * stride + offset + 27 * 256)
        }
        // Where the next step adds the value that this one reads, its adjoint comes along.
        var added: UnsafePointer<Float>?
        if step + 1 < evaluator.steps.count, case .convolution(_, adds: true) = evaluator.steps[step + 1] {
            added = UnsafePointer(adjoints[step + 1].baseAddress)
        }
        let (value, target, transposed) = (evaluator.values[step - 1], adjoints[step - 1], transposed)
        evaluator.forEachSlab(of: volume) { planes, slab in
            ansatz_convolve(
                volume.kernel, planes.lowerBound, planes.upperBound, masked.baseAddress,
                transposed.baseAddress + offset,
                nil, added, 0, nil, target.baseAddress)
            ansatz_convolution_weight_gradient(
                volume.kernel, planes.lowerBound, planes.upperBound, value.baseAddress, masked.baseAddress,
                sums.baseAddress + slab * stride + offset)
        }
    }

    /// gradient ← scale · the sum, slab by slab.
    package func finish(scale: Float, into gradient: UnsafeMutablePointer<Float>) {
        let count = evaluator.architecture.parameterCount
        gradient.update(from: sums.baseAddress, count: count)
        for slab in 1..<max(1, evaluator.slabs) { Float.add(count, sums.baseAddress + slab * stride, gradient) }
        Float.scale(count, scale, gradient)
    }
}
