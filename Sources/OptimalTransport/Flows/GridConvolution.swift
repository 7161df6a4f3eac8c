import CFFTW
import LinearAlgebra
import Parallelism
import Synchronization

/// Sums Σ_j W(x_i − x_j) p_j on a grid of equally spaced nodes, by fast Fourier transforms.
///
/// Axes without a period are padded, so that nothing comes round. The error is about 10⁻¹⁵ of max |W| Σ |p|, not relative to each
/// sum: small sums beside large ones are not known well.
final class GridConvolution: @unchecked Sendable {
    private let shape: [Int]
    private let padded: [Int]
    private let field: AlignedBuffer<Double>
    /// Real and imaginary parts by turns.
    private let modes: AlignedBuffer<Double>
    private let symbol: [Double]
    private let forward: fftw_plan
    private let backward: fftw_plan
    private let modeCount: Int
    private let total: Int

    /// Takes W by whole numbers of steps along each axis; along axes with a period, of the shorter way round.
    init(shape: [Int], isPeriodic: [Bool], kernel: ([Int]) -> Double) {
        self.shape = shape
        padded = zip(shape, isPeriodic).map { $1 ? $0 : 2 * $0 }
        total = padded.reduce(1, *)
        modeCount = total / padded[padded.count - 1] * (padded[padded.count - 1] / 2 + 1)
        let sizes = padded.map { Int32($0) }
        let field = AlignedBuffer<Double>(count: total), modes = AlignedBuffer<Double>(count: 2 * modeCount)
        (self.field, self.modes) = (field, modes)
        // Addresses as numbers: pointers may not pass through the lock.
        let (from, to) = (UInt(bitPattern: field.baseAddress), UInt(bitPattern: modes.baseAddress))
        let plans = LibraryLock.planningOfTransforms.withLock { _ in
            let real = UnsafeMutablePointer<Double>(bitPattern: from)
            let complex = UnsafeMutablePointer<fftw_complex>(bitPattern: to)
            return (
                UInt(bitPattern: fftw_plan_dft_r2c(Int32(sizes.count), sizes, real, complex, FFTW_ESTIMATE)),
                UInt(bitPattern: fftw_plan_dft_c2r(Int32(sizes.count), sizes, complex, real, FFTW_ESTIMATE))
            )
        }
        guard let forward = fftw_plan(bitPattern: plans.0), let backward = fftw_plan(bitPattern: plans.1) else {
            preconditionFailure("FFTW makes plans of every size")
        }
        (self.forward, self.backward) = (forward, backward)
        var place = [Int](repeating: 0, count: padded.count)
        for index in 0..<total {
            var rest = index
            for axis in padded.indices.reversed() {
                let position = rest % padded[axis]
                place[axis] = position <= padded[axis] / 2 ? position : position - padded[axis]
                rest /= padded[axis]
            }
            field.baseAddress[index] = kernel(place)
        }
        fftw_execute(forward)
        symbol = Array(modes.elements)
    }

    deinit {
        let plans = [UInt(bitPattern: forward), UInt(bitPattern: backward)]
        LibraryLock.planningOfTransforms.withLock { _ in plans.forEach { fftw_destroy_plan(fftw_plan(bitPattern: $0)) }
        }
    }

    /// The sums for masses at the nodes.
    func apply(_ masses: [Double]) -> [Double] {
        let field = self.field.baseAddress, values = modes.baseAddress
        field.update(repeating: 0, count: total)
        let line = shape[shape.count - 1]
        forEachLine { from, to in
            for k in 0..<line { field[to + k] = masses[from + k] }
        }
        fftw_execute(forward)
        for mode in 0..<modeCount {
            let (a, b) = (values[2 * mode], values[2 * mode + 1])
            let (c, d) = (symbol[2 * mode], symbol[2 * mode + 1])
            values[2 * mode] = (a * c - b * d) / Double(total)
            values[2 * mode + 1] = (a * d + b * c) / Double(total)
        }
        fftw_execute(backward)
        var result = [Double](repeating: 0, count: masses.count)
        forEachLine { to, from in
            for k in 0..<line { result[to + k] = field[from + k] }
        }
        return result
    }

    /// Starts of the lines along the last axis in the field and in the padded one.
    private func forEachLine(_ body: (Int, Int) -> Void) {
        let line = shape[shape.count - 1]
        for number in 0..<shape.reduce(1, *) / line {
            var rest = number, place = 0, factor = padded[padded.count - 1]
            for axis in shape.indices.dropLast().reversed() {
                place += rest % shape[axis] * factor
                rest /= shape[axis]
                factor *= padded[axis]
            }
            body(number * line, place)
        }
    }
}
