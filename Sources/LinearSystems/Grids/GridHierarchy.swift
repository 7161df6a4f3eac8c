import CKernels
import LinearAlgebra
import Parallelism

/// The levels of a multigrid cycle, the finest first, and the inverse on the coarsest.
struct GridHierarchy: Sendable {
    /// At least two levels, or one with a dense inverse.
    let levels: [GridLevel]
    let coarsest: DenseInverse

    /// A level of at most so many cells is solved directly.
    private static let fewCells = 128
    /// An axis is coarsened while its coefficients are at least this share of the largest: a smoother acts along strong ones.
    private static let strongShare = 0.4

    init(_ finest: GridOperator, _ numbers: MultigridCoefficients, pool: WorkerPool) {
        let domain = finest.domain
        var level = finest.level
        level.weigh(by: Self.weights(numbers.boundary), pool: pool)
        var levels: [GridLevel] = []
        var strengths = Self.strengths(domain)
        /// The distance from a cell's centre to where a value is given, in cells, when it is given at the neighbour's centre.
        var distance = 1.0
        let open = numbers.faces.map(Float.init)
        while level.shape.cellCount > Self.fewCells {
            let cells = level.shape.cells
            let counts = [cells.x, cells.y, cells.z]
            let halvable = (0..<3).filter { counts[$0] > 2 }
            let strongest = halvable.map { strengths[$0] }.max() ?? 0
            let axes = (0..<3).map { halvable.contains($0) && strengths[$0] >= Self.strongShare * strongest }
            guard axes.contains(true) else { break }
            for axis in 0..<3 where axes[axis] { strengths[axis] /= 4 }
            let coarse = zip(counts, axes).map { $1 ? ($0 + 1) / 2 : $0 }
            let shape = GridShape(coarse[0], coarse[1], coarse[2])
            level.halve(axes)
            let kinds = Self.coarseKinds(level, shape, domain, pool)
            // Gates cost time, and pay where coefficients jump; walls are seen by the faces of coarser levels.
            level.couple(
                to: shape, kinds: kinds, sharing: numbers.sharing, isGated: domain.coefficients != nil, pool: pool)
            let factor = distance / (distance + 0.5)
            let ties: [Float] =
                levels.isEmpty && level.excess == nil
                ? [Float(factor * numbers.ties[0]), Float(factor * numbers.ties[1]), Float(0.5 * numbers.ties[0])]
                : [Float(factor)]
            levels.append(level)
            let fine = level
            level = GridLevel(shape, kinds: kinds, pool: pool) { parts in
                Self.fillFaces(fine, shape, open, ties, parts, pool)
            }
            distance = (distance + 0.5) / 2
        }
        levels.append(level)
        self.levels = levels
        coarsest = DenseInverse(level)
    }

    /// Weights of the smoother by count: those of the boundary over the count; D⁻¹ above.
    private static func weights(_ boundary: [Double]) -> [Double] {
        [0] + (1...12).map { count in (count <= boundary.count ? boundary[count - 1] : 1) / Double(count) }
    }

    private static func strengths(_ domain: GridDomain) -> [Double] {
        let h = domain.spacing
        return domain.dimensions == 2
            ? [1 / (h.x * h.x), 0, 1 / (h.y * h.y)] : [1 / (h.x * h.x), 1 / (h.y * h.y), 1 / (h.z * h.z)]
    }

    private static func coarseKinds(
        _ level: GridLevel, _ shape: GridShape, _ domain: GridDomain, _ pool: WorkerPool
    ) -> AlignedBuffer<UInt8> {
        let kinds = AlignedBuffer<UInt8>(count: shape.count)
        let coarser = emptyKernel(shape)
        let fine = level.kinds.baseAddress + level.shape.origin
        let kernel = level.kernel
        level.split(shape.cells.z, pool) { _, first, last in
            withUnsafePointer(to: kernel) { level in
                withUnsafePointer(to: coarser) {
                    ansatz_cells_coarse_kinds(level, $0, fine, kinds.baseAddress + shape.origin, first, last)
                }
            }
        }
        GridOperator.setWalls(domain.walls, dimensions: domain.dimensions, shape, kinds.baseAddress)
        return kinds
    }

    private static func fillFaces(
        _ level: GridLevel, _ shape: GridShape, _ open: [Float], _ ties: [Float],
        _ parts: ansatz_cells_coarse, _ pool: WorkerPool
    ) {
        let coarser = emptyKernel(shape)
        let kernel = level.kernel
        let kinds = level.kinds.baseAddress + level.shape.origin
        let excess = level.excess.map { UnsafePointer($0.baseAddress + level.shape.origin) }
        level.split(shape.cells.z, pool) { _, first, last in
            withUnsafePointer(to: kernel) { level in
                withUnsafePointer(to: coarser) { coarser in
                    withUnsafePointer(to: parts) {
                        ansatz_cells_coarse_faces(level, coarser, kinds, excess, open, ties, $0, first, last)
                    }
                }
            }
        }
    }

    private static func emptyKernel(_ shape: GridShape) -> ansatz_cells_level {
        var level = ansatz_cells_level()
        (level.nx, level.ny, level.nz) = (shape.cells.x, shape.cells.y, shape.cells.z)
        (level.row, level.plane) = (shape.row, shape.plane)
        return level
    }
}
