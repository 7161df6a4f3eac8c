import CFFTW
import CKernels
import Glibc
import LinearAlgebra
import Parallelism
import Synchronization

/// Solves −Δu = f on a box of equal cells by sine and cosine transforms (FFTW).
///
/// The eigenvectors of an axis are those of a transform for both ends without flux (DCT-II), zeros one cell outside (DST-I), zeros on the faces
/// (DST-II), and no flux at one end with a zero on the face at the other (DCT-IV, DST-IV); other mixtures have none. The work per unknown grows with
/// log n, but depends on the prime factors of n, or of n + 1 for DST-I.
final class TransformSolver: @unchecked Sendable {
    private struct Axis {
        let count: Int
        let values: [Double]
        let forward: fftw_r2r_kind
        let backward: fftw_r2r_kind
        /// What a transform there and back multiplies by.
        let factor: Double
    }

    private let x: Axis
    private let y: Axis
    private let z: Axis
    private let factor: Double
    private let pool: WorkerPool
    /// Transforms of a plane, and of the lines along z above a row of it.
    private let planes: (forward: UInt, backward: UInt)
    private let lines: (forward: UInt, backward: UInt)?

    /// Whether every axis has a transform.
    static func canSolve(_ axes: (x: BoxAxis, y: BoxAxis, z: BoxAxis)) -> Bool {
        [axes.x, axes.y, axes.z].allSatisfy { $0.cells == 1 || prepare($0) != nil }
    }

    /// Makes the plans; nil where an axis has no transform.
    init?(_ axes: (x: BoxAxis, y: BoxAxis, z: BoxAxis), pool: WorkerPool) {
        guard let x = Self.prepare(axes.x), let y = Self.prepare(axes.y), let z = Self.prepare(axes.z) else {
            return nil
        }
        (self.x, self.y, self.z) = (x, y, z)
        self.pool = pool
        factor = 1 / (x.factor * y.factor * z.factor)
        let room = AlignedBuffer<Double>(count: x.count * y.count * z.count)
        let address = UInt(bitPattern: room.baseAddress)
        let (nx, ny, nz) = (Int32(x.count), Int32(y.count), Int32(z.count))
        let flags = UInt32(FFTW_ESTIMATE) | UInt32(FFTW_UNALIGNED)
        let kinds = [x.forward, x.backward, y.forward, y.backward, z.forward, z.backward].map(\.rawValue)
        // Addresses as numbers: pointers may not pass through the lock.
        let plans = LibraryLock.planningOfTransforms.withLock { _ -> [UInt] in
            let room = UnsafeMutablePointer<Double>(bitPattern: address)
            func plane(_ x: UInt32, _ y: UInt32) -> UInt {
                UInt(bitPattern: fftw_plan_r2r_2d(ny, nx, room, room, fftw_r2r_kind(y), fftw_r2r_kind(x), flags))
            }
            func line(_ kind: UInt32) -> UInt {
                var (length, kind) = (nz, fftw_r2r_kind(kind))
                return UInt(
                    bitPattern: fftw_plan_many_r2r(
                        1, &length, nx, room, nil, nx * ny, 1, room, nil, nx * ny, 1, &kind, flags))
            }
            return [plane(kinds[0], kinds[2]), plane(kinds[1], kinds[3])]
                + (nz > 1 ? [line(kinds[4]), line(kinds[5])] : [])
        }
        precondition(plans.allSatisfy { $0 != 0 }, "FFTW makes plans of every size")
        planes = (plans[0], plans[1])
        lines = plans.count > 2 ? (plans[2], plans[3]) : nil
    }

    deinit {
        let plans = [planes.forward, planes.backward] + (lines.map { [$0.forward, $0.backward] } ?? [])
        LibraryLock.planningOfTransforms.withLock { _ in
            for plan in plans { fftw_destroy_plan(fftw_plan(bitPattern: plan)) }
        }
    }

    private static func prepare(_ axis: BoxAxis) -> Axis? {
        guard axis.isUniform else { return nil }
        let n = axis.cells
        let (kinds, shift, count, factor): ((fftw_r2r_kind, fftw_r2r_kind), Double, Int, Double)
        switch (axis.low, axis.high) {
        case (.neumann, .neumann): (kinds, shift, count, factor) = ((FFTW_REDFT10, FFTW_REDFT01), 0, n, 2)
        case (.dirichlet, .dirichlet): (kinds, shift, count, factor) = ((FFTW_RODFT00, FFTW_RODFT00), 1, n + 1, 2)
        case (.dirichletFace, .dirichletFace): (kinds, shift, count, factor) = ((FFTW_RODFT10, FFTW_RODFT01), 1, n, 2)
        case (.neumann, .dirichletFace): (kinds, shift, count, factor) = ((FFTW_REDFT11, FFTW_REDFT11), 0.5, n, 2)
        case (.dirichletFace, .neumann): (kinds, shift, count, factor) = ((FFTW_RODFT11, FFTW_RODFT11), 0.5, n, 2)
        default: return nil
        }
        let values = (0..<n).map { mode in
            let root = 2 * sin(.pi * (Double(mode) + shift) / Double(2 * count)) / axis.widths[0]
            return root * root
        }
        return Axis(
            count: n, values: values, forward: kinds.0, backward: kinds.1, factor: factor * Double(count))
    }

    /// u ← A⁻¹ u, without gaps.
    func solve(_ u: UnsafeMutablePointer<Double>) {
        let (nx, ny, nz) = (x.count, y.count, z.count)
        let (planes, lines, factor) = (planes, lines, factor)
        let (x, y, z) = (x.values, y.values, z.values)
        pool.forEach(nz) { k in
            let plane = u + k * nx * ny
            fftw_execute_r2r(fftw_plan(bitPattern: planes.forward), plane, plane)
        }
        pool.forEach(ny) { j in
            let row = u + j * nx
            if let lines { fftw_execute_r2r(fftw_plan(bitPattern: lines.forward), row, row) }
            for k in 0..<nz { ansatz_box_divide_f64(nx, x, y[j] + z[k], 0, factor, row + k * nx * ny) }
            if let lines { fftw_execute_r2r(fftw_plan(bitPattern: lines.backward), row, row) }
        }
        pool.forEach(nz) { k in
            let plane = u + k * nx * ny
            fftw_execute_r2r(fftw_plan(bitPattern: planes.backward), plane, plane)
        }
    }
}
