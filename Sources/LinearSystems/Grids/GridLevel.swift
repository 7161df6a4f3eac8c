import CKernels
import Foundation
import LinearAlgebra
import Parallelism

/// An operator on a box of cells with what a multigrid cycle needs of it: one level of a hierarchy.
///
/// Copies share their memory, which does not change after set-up.
struct GridLevel: @unchecked Sendable {
    let shape: GridShape
    /// Kinds with the ring around the box, which stands for the walls.
    let kinds: AlignedBuffer<UInt8>
    /// Ties to given values; nil where diagonals are counts.
    let excess: AlignedBuffer<Float>?
    /// The level as the kernels see it.
    private(set) var kernel: ansatz_cells_level
    /// What the pointers of the kernel point to.
    private var owners: [AnyObject] = []

    /// Levels of so many cells are worth the wake-up of a second thread.
    private static let worthSplitting = 32 * 32 * 32 + 1

    /// A level whose diagonal counts neighbours, all coefficients being 1.
    init(counting kinds: AlignedBuffer<UInt8>, _ shape: GridShape, pool: WorkerPool) {
        self.shape = shape
        self.kinds = kinds
        excess = nil
        kernel = Self.kernel(shape)
        let count = AlignedBuffer<UInt8>(count: shape.count)
        kernel.count = UnsafePointer(count.baseAddress + shape.origin)
        owners = [count]
        let origin = shape.origin
        planes(pool) { level, first, last in
            ansatz_cells_count(level, kinds.baseAddress + origin, count.baseAddress + origin, first, last)
        }
    }

    /// A level with faces of its own; `fill` writes faces and excess. The smoother's weights are `factor` over the diagonal.
    init(
        _ shape: GridShape, kinds: AlignedBuffer<UInt8>, weight factor: Float = 1, pool: WorkerPool,
        fill: (ansatz_cells_coarse) -> Void
    ) {
        self.shape = shape
        self.kinds = kinds
        kernel = Self.kernel(shape)
        let buffers = (0..<6).map { _ in AlignedBuffer<Float>(count: shape.count) }
        owners = buffers
        excess = buffers[3]
        let at = buffers.map { $0.baseAddress + shape.origin }
        kernel.x = UnsafePointer(at[0])
        kernel.y = UnsafePointer(at[1])
        kernel.z = UnsafePointer(at[2])
        kernel.diagonal = UnsafePointer(at[4])
        kernel.weight = UnsafePointer(at[5])
        let parts = ansatz_cells_coarse(
            kind: kinds.baseAddress + shape.origin, x: at[0], y: at[1], z: at[2], excess: at[3], diagonal: at[4],
            weight: at[5])
        fill(parts)
        planes(pool) { level, first, last in
            withUnsafePointer(to: parts) { ansatz_cells_coarse_diagonal(level, $0, factor, first, last) }
        }
    }

    private static func kernel(_ shape: GridShape) -> ansatz_cells_level {
        var level = ansatz_cells_level()
        (level.nx, level.ny, level.nz) = (shape.cells.x, shape.cells.y, shape.cells.z)
        (level.row, level.plane) = (shape.row, shape.plane)
        return level
    }

    /// Weighs the smoother by the count of a cell, where diagonals are counts: in bytes, rounded down.
    mutating func weigh(by weights: [Double], pool: WorkerPool) {
        guard kernel.count != nil else { return }
        let bytes = AlignedBuffer<UInt8>(count: shape.count)
        owners.append(bytes)
        let unit = (weights.max() ?? 1) / 240
        let codes = weights.map { UInt8(($0 / unit + 1e-9).rounded(.down)) }
        kernel.weight8 = UnsafePointer(bytes.baseAddress + shape.origin)
        kernel.unit = Float(unit)
        let origin = shape.origin
        planes(pool) { level, first, last in
            ansatz_cells_weigh(level, codes, bytes.baseAddress + origin, first, last)
        }
    }

    /// Says along which axes the next level is coarser, and how its cells share a correction.
    mutating func couple(
        to coarser: GridShape, kinds coarse: AlignedBuffer<UInt8>, sharing: Double, isGated: Bool, pool: WorkerPool
    ) {
        // By the weight of the parents that are not solid, in 64ths.
        let codes = (0...64).map { weight in
            weight == 0 ? 0 : UInt8(min(255, (100 * pow(64 / Double(weight), sharing)).rounded()))
        }
        let share = AlignedBuffer<UInt8>(count: shape.count)
        owners.append(share)
        kernel.share = UnsafePointer(share.baseAddress + shape.origin)
        if isGated { setGates(pool) }
        let (below, origin, kinds) = (Self.kernel(coarser), shape.origin, kinds)
        planes(pool) { level, first, last in
            withUnsafePointer(to: below) {
                ansatz_cells_shares(
                    level, $0, kinds.baseAddress + origin, coarse.baseAddress + coarser.origin, codes,
                    share.baseAddress + origin, first, last)
            }
        }
    }

    private mutating func setGates(_ pool: WorkerPool) {
        let gates = (0..<3).map { _ in AlignedBuffer<UInt8>(count: shape.count) }
        owners += gates
        nonisolated(unsafe) let at: [UnsafeMutablePointer<UInt8>?] = gates.map { $0.baseAddress + shape.origin }
        let (origin, kinds) = (shape.origin, kinds)
        planes(pool) { level, first, last in
            ansatz_cells_gates(level, kinds.baseAddress + origin, at, first, last)
        }
        kernel.gate = (UnsafePointer(at[0]), UnsafePointer(at[1]), UnsafePointer(at[2]))
    }

    /// Says along which axes the next level has half as many cells.
    mutating func halve(_ axes: [Bool]) {
        kernel.halved = (axes[0] ? 1 : 0, axes[1] ? 1 : 0, axes[2] ? 1 : 0)
    }

    /// Places of the unknowns, relative to cell (0, 0, 0).
    var unknownPlaces: [Int] {
        var places: [Int] = []
        for k in 0..<shape.cells.z {
            for j in 0..<shape.cells.y {
                for place in shape.row * j + shape.plane * k..<shape.row * j + shape.plane * k + shape.cells.x
                where diagonal(at: place) > 0 {
                    places.append(place)
                }
            }
        }
        return places
    }

    /// The diagonal at a place, relative to cell (0, 0, 0).
    func diagonal(at place: Int) -> Double {
        kernel.count.map { Double($0[place]) } ?? Double(kernel.diagonal[place])
    }

    /// The coefficient between a place and the next one along an axis.
    func face(at place: Int, axis: Int) -> Double {
        let step = [1, shape.row, shape.plane][axis]
        if kernel.count != nil {
            let at = kinds.baseAddress + shape.origin + place
            return at[0] == GridDomain.Kind.fluid.rawValue && at[step] == GridDomain.Kind.fluid.rawValue ? 1 : 0
        }
        return Double([kernel.x, kernel.y, kernel.z][axis].unsafelyUnwrapped[place])
    }

    // MARK: Work in parts

    /// How many parts the level is split into.
    func parts(_ pool: WorkerPool) -> Int {
        shape.cellCount < Self.worthSplitting ? 1 : min(pool.threads, shape.cells.z)
    }

    /// Runs `body` for parts of 0..<`count`, with the number of the part.
    func split(_ count: Int, _ pool: WorkerPool, _ body: @escaping (_ part: Int, _ first: Int, _ last: Int) -> Void) {
        let parts = min(parts(pool), count)
        guard parts > 1 else { return body(0, 0, count) }
        pool.forEach(parts) { part in body(part, part * count / parts, (part + 1) * count / parts) }
    }

    /// Runs `body` for parts of the planes.
    func planes(
        _ pool: WorkerPool, _ body: @escaping (UnsafePointer<ansatz_cells_level>, _ first: Int, _ last: Int) -> Void
    ) {
        let kernel = kernel
        split(shape.cells.z, pool) { _, first, last in
            withUnsafePointer(to: kernel) { body($0, first, last) }
        }
    }
}
