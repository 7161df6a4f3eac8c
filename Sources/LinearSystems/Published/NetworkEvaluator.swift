import CKernels
import LinearAlgebra
import Parallelism

/// A network at work on a box: the values of its layers, in memory that is set aside once.
///
/// Slabs of planes are shared out over the pool, a fixed number of them, so that all sums have the same bits for any number of threads.
package final class NetworkEvaluator {
    let architecture: ConjugateDirectionArchitecture
    let volume: ConvolutionVolume
    let pool: WorkerPool
    /// The input, a plain volume.
    package let input: AlignedBuffer<Float>
    /// The output, a plain volume.
    package let output: AlignedBuffer<Float>

    let steps: [ConjugateDirectionArchitecture.Step]
    /// The number of slabs.
    let slabs: Int
    package let parameters: AlignedBuffer<Float>
    /// The value of every step; some share their memory where none is kept for a gradient.
    private(set) var values: [AlignedBuffer<Float>] = []

    /// Sets memory aside.
    ///
    /// - Precondition: even extents.
    package init(
        _ architecture: ConjugateDirectionArchitecture, on volume: ConvolutionVolume, keepingValues: Bool,
        pool: WorkerPool
    ) {
        precondition(
            volume.x.isMultiple(of: 2) && volume.y.isMultiple(of: 2) && volume.z.isMultiple(of: 2)
                && volume.cellCount > 0,
            "the network halves the box")
        self.architecture = architecture
        self.volume = volume
        self.pool = pool
        steps = architecture.steps
        slabs = min(volume.z, 8)
        input = AlignedBuffer(count: volume.count)
        output = AlignedBuffer(count: volume.count)
        parameters = AlignedBuffer(count: architecture.parameterCount)
        values = keepingValues ? steps.indices.map { Self.channels(of: self.volume(of: $0)) } : sharedValues()
    }

    /// Takes the parameters over.
    package func load(_ network: ConjugateDirectionNetwork) {
        precondition(network.architecture == architecture, "another architecture")
        network.parameters.withUnsafeBufferPointer { source in
            for place in source.indices { parameters.baseAddress[place] = source[place] }
        }
    }

    static func channels(of volume: ConvolutionVolume) -> AlignedBuffer<Float> {
        AlignedBuffer(count: volume.count * ConvolutionVolume.channels)
    }

    /// The box of a step's value.
    func volume(of step: Int) -> ConvolutionVolume {
        let halve = steps.firstIndex(of: .halve) ?? steps.count
        let double = steps.firstIndex { if case .double = $0 { true } else { false } } ?? steps.count
        return step >= halve && step < double ? volume.half : volume
    }

    /// The values that a step reads.
    private func sources(of step: Int) -> [Int] {
        switch steps[step] {
        case .first: []
        case .convolution(_, let adds): adds ? [step - 1, step - 2] : [step - 1]
        case .halve: [step - 1]
        case .double(let skip): [step - 1, skip]
        }
    }

    /// Memory for the values, each given to another value after it was read for the last time.
    private func sharedValues() -> [AlignedBuffer<Float>] {
        var lastReader = steps.indices.map { $0 + 1 }
        for step in steps.indices {
            for source in sources(of: step) { lastReader[source] = max(lastReader[source], step) }
        }
        var free: [(volume: ConvolutionVolume, buffer: AlignedBuffer<Float>)] = []
        var values: [AlignedBuffer<Float>] = []
        for step in steps.indices {
            let volume = self.volume(of: step)
            if let place = free.firstIndex(where: { $0.volume == volume }) {
                values.append(free.remove(at: place).buffer)
            } else {
                values.append(Self.channels(of: volume))
            }
            for source in 0..<step where lastReader[source] == step {
                free.append((self.volume(of: source), values[source]))
            }
        }
        return values
    }

    /// The planes of a slab.
    static func planes(of slab: Int, among slabs: Int, in volume: ConvolutionVolume) -> Range<Int> {
        volume.z * slab / slabs..<volume.z * (slab + 1) / slabs
    }

    /// Runs `body` for the planes of every slab.
    func forEachSlab(of volume: ConvolutionVolume, _ body: @escaping (_ planes: Range<Int>, _ slab: Int) -> Void) {
        let slabs = slabs
        pool.forEach(slabs) { slab in
            let planes = Self.planes(of: slab, among: slabs, in: volume)
            if !planes.isEmpty { body(planes, slab) }
        }
    }

    /// output ← f(input); `positive` has room for the signs of every rectified step, or is nil.
    package func evaluate(keeping positive: [AlignedBuffer<UInt16>?]? = nil) {
        for step in steps.indices { evaluate(step, positive?[step]) }
        let (volume, last, output) = (volume, values[steps.count - 1], output)
        let weights = parameters.baseAddress + architecture.lastOffset
        forEachSlab(of: volume) { planes, _ in
            ansatz_combine(
                volume.kernel, planes.lowerBound, planes.upperBound, last.baseAddress, weights, output.baseAddress)
        }
    }

    private func evaluate(_ step: Int, _ positive: AlignedBuffer<UInt16>?) {
        let (values, input, volume) = (values, input, self.volume(of: step))
        let (parameters, out) = (parameters, values[step].baseAddress)
        switch steps[step] {
        case .first:
            forEachSlab(of: volume) { planes, _ in
                ansatz_convolve_first(
                    volume.kernel, planes.lowerBound, planes.upperBound, input.baseAddress, parameters.baseAddress,
                    parameters.baseAddress + 27 * 16, out)
            }
        case .convolution(let offset, let adds):
            let weights = parameters.baseAddress + offset
            let added = adds ? UnsafePointer(values[step - 2].baseAddress) : nil
            forEachSlab(of: volume) { planes, _ in
                ansatz_convolve(
                    volume.kernel, planes.lowerBound, planes.upperBound, values[step - 1].baseAddress, weights,
                    weights + 27 * 256, added, 1, positive?.baseAddress, out)
            }
        case .halve:
            forEachSlab(of: volume) { planes, _ in
                ansatz_halve(
                    volume.kernel, planes.lowerBound, planes.upperBound, values[step - 1].baseAddress, 1, out)
            }
        case .double(let skip):
            let half = volume.half
            forEachSlab(of: half) { planes, _ in
                ansatz_double(
                    half.kernel, planes.lowerBound, planes.upperBound, values[step - 1].baseAddress, 1,
                    values[skip].baseAddress, out)
            }
        }
    }
}
