import CFFTW
import Glibc
import LinearAlgebra
import Parallelism

/// The discrete cosine transform of the second kind on a grid of cells of a cube, and its inverse: eigenfunctions of the
/// Laplacian with zero slope at the walls.
final class CosineTransform {
    /// Cells along each axis.
    let side: Int
    let dimensions: Int
    /// Numbers of cells, the last axis running fastest: transformed in place.
    let values: AlignedBuffer<Double>
    private let forward: fftw_plan
    private let backward: fftw_plan

    init(side: Int, dimensions: Int) {
        self.side = side
        self.dimensions = dimensions
        let count = (0..<dimensions).reduce(1) { product, _ in product * side }
        values = AlignedBuffer(count: count)
        let sizes = [Int32](repeating: Int32(side), count: dimensions)
        // Addresses as numbers: pointers may not pass through the lock.
        let address = UInt(bitPattern: values.baseAddress)
        let plans = LibraryLock.planningOfTransforms.withLock { _ in
            let data = UnsafeMutablePointer<Double>(bitPattern: address)
            func plan(_ kind: fftw_r2r_kind) -> UInt {
                let kinds = [fftw_r2r_kind](repeating: kind, count: sizes.count)
                return UInt(bitPattern: fftw_plan_r2r(Int32(sizes.count), sizes, data, data, kinds, FFTW_ESTIMATE))
            }
            return (plan(FFTW_REDFT10), plan(FFTW_REDFT01))
        }
        guard let forward = fftw_plan(bitPattern: plans.0), let backward = fftw_plan(bitPattern: plans.1) else {
            preconditionFailure("FFTW makes plans of every size")
        }
        (self.forward, self.backward) = (forward, backward)
    }

    deinit {
        let plans = [UInt(bitPattern: forward), UInt(bitPattern: backward)]
        LibraryLock.planningOfTransforms.withLock { _ in plans.forEach { fftw_destroy_plan(fftw_plan(bitPattern: $0)) }
        }
    }

    /// From values to coefficients.
    func transform() { fftw_execute(forward) }

    /// From coefficients to values.
    func invert() {
        fftw_execute(backward)
        var scale = 1.0
        for _ in 0..<dimensions { scale /= Double(2 * side) }
        Double.scale(values.count, scale, values.baseAddress)
    }

    /// The eigenvalues of −Δ by differences between neighbours on the unit cube, in the order of the coefficients.
    var eigenvalues: [Double] {
        let axis = (0..<side).map { wave in
            let sine = sin(0.5 * .pi * Double(wave) / Double(side))
            return 4 * sine * sine * Double(side * side)
        }
        return (0..<values.count).map { index in
            var rest = index, sum = 0.0
            for _ in 0..<dimensions {
                sum += axis[rest % side]
                rest /= side
            }
            return sum
        }
    }
}
