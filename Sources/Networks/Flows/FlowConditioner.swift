import CKernels
import LinearAlgebra

/// The network of a coupling on a block of points: two tanh layers between the coordinates that stay and the outputs.
///
/// Rows are features, points run along them.
final class FlowConditioner {
    let outputs: AlignedBuffer<Double>
    let outputAdjoints: AlignedBuffer<Double>
    private let coupling: FlowCoupling
    private let sizes: [Int]
    private let block: Int
    /// Inputs and hidden values, and the derivatives by them.
    private let values: [AlignedBuffer<Double>]
    private let adjoints: [AlignedBuffer<Double>]

    init(_ coupling: FlowCoupling, width: Int, block: Int) {
        self.coupling = coupling
        self.block = block
        sizes = [coupling.kept.count, width, width, coupling.outputs]
        values = sizes.dropLast().map { AlignedBuffer(count: $0 * block) }
        adjoints = sizes.dropLast().map { AlignedBuffer(count: $0 * block) }
        outputs = AlignedBuffer(count: coupling.outputs * block)
        outputAdjoints = AlignedBuffer(count: coupling.outputs * block)
    }

    /// Evaluates the outputs at coordinates, [axis][point].
    func forward(_ coordinates: UnsafePointer<Double>, _ count: Int, _ parameters: [Double]) {
        for (place, axis) in coupling.kept.enumerated() {
            let (from, to) = (coordinates + axis * block, values[0].baseAddress + place * block)
            for point in 0..<count { to[point] = 2 * from[point] - 1 }
        }
        parameters.withUnsafeBufferPointer { parameters in
            guard let start = parameters.baseAddress else { return }
            for layer in 0..<3 {
                let target = layer < 2 ? values[layer + 1] : outputs
                let (inner, width) = (sizes[layer], sizes[layer + 1])
                for row in 0..<width {
                    (target.baseAddress + row * block).update(
                        repeating: start[coupling.biases[layer] + row], count: count)
                }
                if inner > 0 {
                    Double.product(
                        rows: count, columns: width, inner: inner, alpha: 1, values[layer].baseAddress, leading: block,
                        transposed: false, start + coupling.weights[layer], leading: inner, transposed: false, beta: 1,
                        target.baseAddress, leading: block)
                }
                guard layer < 2 else { continue }
                for row in 0..<width {
                    let place = target.baseAddress + row * block
                    ansatz_vector_tanh_f64(count, place, place)
                }
            }
        }
    }

    /// Adds derivatives by the parameters to `gradient`, and those by the coordinates that stay to `coordinates`; follows
    /// `forward`, with the derivatives by the outputs in place.
    func reverse(
        _ count: Int, _ parameters: [Double], into gradient: inout [Double],
        coordinates: UnsafeMutablePointer<Double>
    ) {
        parameters.withUnsafeBufferPointer { parameters in
            gradient.withUnsafeMutableBufferPointer { gradient in
                guard let start = parameters.baseAddress, let target = gradient.baseAddress else { return }
                for layer in (0..<3).reversed() { reverse(layer, count, start, target) }
            }
        }
        for (place, axis) in coupling.kept.enumerated() {
            let (from, to) = (adjoints[0].baseAddress + place * block, coordinates + axis * block)
            for point in 0..<count { to[point] += 2 * from[point] }
        }
    }

    private func reverse(
        _ layer: Int, _ count: Int, _ parameters: UnsafePointer<Double>, _ gradient: UnsafeMutablePointer<Double>
    ) {
        let own = layer < 2 ? adjoints[layer + 1] : outputAdjoints
        let (inner, width) = (sizes[layer], sizes[layer + 1])
        for row in 0..<width {
            let adjoint = own.baseAddress + row * block
            if layer < 2 {
                let value = values[layer + 1].baseAddress + row * block
                for point in 0..<count { adjoint[point] *= 1 - value[point] * value[point] }
            }
            var sum = 0.0
            for point in 0..<count { sum += adjoint[point] }
            gradient[coupling.biases[layer] + row] += sum
        }
        guard inner > 0 else { return }
        Double.product(
            rows: inner, columns: width, inner: count, alpha: 1, values[layer].baseAddress, leading: block,
            transposed: true, own.baseAddress, leading: block, transposed: false, beta: 1,
            gradient + coupling.weights[layer], leading: inner)
        Double.product(
            rows: count, columns: inner, inner: width, alpha: 1, own.baseAddress, leading: block, transposed: false,
            parameters + coupling.weights[layer], leading: inner, transposed: true, beta: 0,
            adjoints[layer].baseAddress, leading: block)
    }
}
