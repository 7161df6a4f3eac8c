import CKernels
import LinearAlgebra
import Parallelism

/// A number that a field can be divided by eigenvalues in.
package protocol BoxNumber: Scalar {
    /// u ← factor u/(λᵢ + rest) along a row, 0 where the sum is at most `least`.
    static func divide(
        _ n: Int, _ lambda: UnsafePointer<Double>, _ rest: Double, _ least: Double, _ factor: Double,
        _ u: UnsafeMutablePointer<Self>)
}

extension Double: BoxNumber {
    package static func divide(
        _ n: Int, _ lambda: UnsafePointer<Double>, _ rest: Double, _ least: Double, _ factor: Double,
        _ u: UnsafeMutablePointer<Double>
    ) { ansatz_box_divide_f64(n, lambda, rest, least, factor, u) }
}

extension Float: BoxNumber {
    package static func divide(
        _ n: Int, _ lambda: UnsafePointer<Double>, _ rest: Double, _ least: Double, _ factor: Double,
        _ u: UnsafeMutablePointer<Float>
    ) { ansatz_box_divide_f32(n, lambda, rest, least, factor, u) }
}

/// Solves −Δu = f on a box in a fixed number of operations, by the eigenvectors of each axis (Lynch, Rice and Thomas 1964).
///
/// −Δ is a sum over axes, so that u = (Bx ⊗ By ⊗ Bz) Λ⁻¹ (Fx ⊗ Fy ⊗ Fz) f with F = VᵀH^½ and B = H^(−½)V of each axis, and Λ the sums of
/// eigenvalues: 12 n operations per unknown in products of matrices, for any ends and any widths. Where all ends are
/// without flux, the part of f in the constants (weighted by volume) is left out.
package final class FastDiagonalisation<Number: BoxNumber> {
    /// Where a field lies: cell (i, j, k) is at i + row · j + plane · k from its first.
    package struct Layout {
        package var row: Int
        package var plane: Int

        package init(row: Int, plane: Int) {
            self.row = row
            self.plane = plane
        }
    }

    private struct Axis {
        let count: Int
        let values: AlignedBuffer<Double>
        let forward: AlignedBuffer<Number>
        let backward: AlignedBuffer<Number>
    }

    private let x: Axis
    private let y: Axis
    private let z: Axis
    private let factor: Double
    private let pool: WorkerPool
    /// The field between the passes, without gaps.
    private let field: AlignedBuffer<Number>
    private let rooms: [AlignedBuffer<Number>]
    /// Slabs of planes, and of rows for the products along z.
    private let slabs: Int
    private let bands: Int

    /// Finds the eigenvectors.
    ///
    /// - Parameter factor: what the solution is multiplied by.
    package init(_ axes: (x: BoxAxis, y: BoxAxis, z: BoxAxis), factor: Double = 1, pool: WorkerPool) {
        func prepare(_ axis: BoxAxis) -> Axis {
            let n = axis.cells
            let pairs = axis.eigenpairs()
            let values = AlignedBuffer<Double>(count: n)
            let matrices = (AlignedBuffer<Number>(count: n * n), AlignedBuffer<Number>(count: n * n))
            for i in 0..<n {
                values.baseAddress[i] = pairs.values[i]
                for j in 0..<n {
                    let entry = pairs.vectors[i * n + j]
                    let root = axis.widths[j].squareRoot()
                    // Column-major: F[i, j] and B[j, i].
                    matrices.0.baseAddress[i + n * j] = Number(entry * root)
                    matrices.1.baseAddress[j + n * i] = Number(entry / root)
                }
            }
            return Axis(count: n, values: values, forward: matrices.0, backward: matrices.1)
        }
        (x, y, z) = (prepare(axes.x), prepare(axes.y), prepare(axes.z))
        self.factor = factor
        self.pool = pool
        field = AlignedBuffer(count: x.count * y.count * z.count)
        slabs = min(z.count, 32)
        bands = min(y.count, 64)
        let planes = (z.count + slabs - 1) / slabs
        let slabRoom = x.count * y.count * (y.count == 1 ? planes : 1)
        let bandRoom = x.count * ((y.count + bands - 1) / bands) * z.count
        let room = max(slabRoom, bandRoom)
        rooms = (0..<max(slabs, bands)).map { _ in AlignedBuffer(count: room) }
    }

    /// u ← A⁻¹ f; the two may be the same field.
    package func solve(
        _ f: UnsafePointer<Number>, _ from: Layout, into u: UnsafeMutablePointer<Number>, _ to: Layout
    ) {
        forEachSlab { [self] planes, room in forward(f, from, planes, room) }
        forEachBand { [self] rows, room in divide(rows, room) }
        forEachSlab { [self] planes, room in backward(u, to, planes, room) }
    }

    private func forEachSlab(_ body: @escaping (Range<Int>, UnsafeMutablePointer<Number>) -> Void) {
        let (slabs, count, rooms) = (slabs, z.count, rooms)
        pool.forEach(slabs) { body(count * $0 / slabs..<count * ($0 + 1) / slabs, rooms[$0].baseAddress) }
    }

    private func forEachBand(_ body: @escaping (Range<Int>, UnsafeMutablePointer<Number>) -> Void) {
        let (bands, count, rooms) = (bands, y.count, rooms)
        pool.forEach(bands) { body(count * $0 / bands..<count * ($0 + 1) / bands, rooms[$0].baseAddress) }
    }

    /// Along x and y.
    private func forward(
        _ f: UnsafePointer<Number>, _ from: Layout, _ planes: Range<Int>, _ room: UnsafeMutablePointer<Number>
    ) {
        let (nx, ny) = (x.count, y.count)
        let target = field.baseAddress + planes.lowerBound * nx * ny
        if ny == 1 {
            Number.product(
                rows: nx, columns: planes.count, inner: nx, alpha: 1, x.forward.baseAddress, leading: nx,
                transposed: false, f + planes.lowerBound * from.plane, leading: from.plane, transposed: false, beta: 0,
                target, leading: nx)
            // A single row is its own eigenvector, but not of unit factor.
            Number.scale(nx * planes.count, y.forward.baseAddress[0], target)
            return
        }
        for plane in planes {
            Number.product(
                rows: nx, columns: ny, inner: nx, alpha: 1, x.forward.baseAddress, leading: nx, transposed: false,
                f + plane * from.plane, leading: from.row, transposed: false, beta: 0, room, leading: nx)
            Number.product(
                rows: nx, columns: ny, inner: ny, alpha: 1, room, leading: nx, transposed: false,
                y.forward.baseAddress, leading: ny, transposed: true, beta: 0,
                field.baseAddress + plane * nx * ny, leading: nx)
        }
    }

    /// Along z, divided, and back along z.
    private func divide(_ rows: Range<Int>, _ room: UnsafeMutablePointer<Number>) {
        let (nx, ny, nz, width) = (x.count, y.count, z.count, x.count * rows.count)
        let start = field.baseAddress + rows.lowerBound * nx
        Number.product(
            rows: width, columns: nz, inner: nz, alpha: 1, start, leading: nx * ny, transposed: false,
            z.forward.baseAddress, leading: nz, transposed: true, beta: 0, room, leading: width)
        for k in 0..<nz {
            for row in rows {
                // Only the exact zeros of axes without held ends add up to nothing.
                let rest = y.values.baseAddress[row] + z.values.baseAddress[k]
                Number.divide(
                    nx, x.values.baseAddress, rest, 0, factor, room + k * width + (row - rows.lowerBound) * nx)
            }
        }
        Number.product(
            rows: width, columns: nz, inner: nz, alpha: 1, room, leading: width, transposed: false,
            z.backward.baseAddress, leading: nz, transposed: true, beta: 0, start, leading: nx * ny)
    }

    /// Back along y and x.
    private func backward(
        _ u: UnsafeMutablePointer<Number>, _ to: Layout, _ planes: Range<Int>, _ room: UnsafeMutablePointer<Number>
    ) {
        let (nx, ny) = (x.count, y.count)
        if ny == 1 {
            let source = field.baseAddress + planes.lowerBound * nx
            Number.scale(nx * planes.count, y.backward.baseAddress[0], source)
            Number.product(
                rows: nx, columns: planes.count, inner: nx, alpha: 1, x.backward.baseAddress, leading: nx,
                transposed: false, source, leading: nx, transposed: false, beta: 0,
                u + planes.lowerBound * to.plane, leading: to.plane)
            return
        }
        for plane in planes {
            Number.product(
                rows: nx, columns: ny, inner: ny, alpha: 1, field.baseAddress + plane * nx * ny, leading: nx,
                transposed: false, y.backward.baseAddress, leading: ny, transposed: true, beta: 0, room, leading: nx)
            Number.product(
                rows: nx, columns: ny, inner: nx, alpha: 1, x.backward.baseAddress, leading: nx, transposed: false,
                room, leading: nx, transposed: false, beta: 0, u + plane * to.plane, leading: to.row)
        }
    }
}
