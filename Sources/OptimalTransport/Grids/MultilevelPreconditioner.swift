import CKernels
import LinearAlgebra

/// A sum of diagonal solves on ever coarser grids, for Newton matrices that act like a diffusion where fields are smooth.
///
/// A Schur complement S = D_c − Pᵀ D_r⁻¹ P is nearly diagonal for fields that vary within the width of the kernel, and a diffusion
/// with density c for smooth ones. Hat functions φ on a grid of every 2^l-th node therefore have the energies
///
///     φᵀSφ ≈ min(Σ c φ, 4^−l Σ q φ) + Σ (S1) φ,
///
/// with q the local energies of the coordinates, measured by two products an axis. B = diag(S)⁻¹ + Σ_l Π_l diag(energies)⁻¹ Π_lᵀ
/// bounds the condition number but for a factor that grows with the number of levels (Bramble, Pasciak, Xu, Math. Comp. 1990).
final class MultilevelPreconditioner {
    /// Shapes of all levels, the grid's own first.
    private let shapes: [[Int]]
    private let fields: [AlignedBuffer<Double>]
    private let inverses: [AlignedBuffer<Double>]
    private let room: (AlignedBuffer<Double>, AlignedBuffer<Double>)
    private let trial: (AlignedBuffer<Double>, AlignedBuffer<Double>, AlignedBuffer<Double>)
    private let absorptions: [AlignedBuffer<Double>]
    private let count: Int
    private static let leastNodes = 4

    /// For fields on a grid.
    init(shape: [Int]) {
        var shapes = [shape]
        while let last = shapes.last, last.contains(where: { $0 >= 2 * Self.leastNodes }) {
            shapes.append(last.map { $0 >= 2 * Self.leastNodes ? ($0 + 1) / 2 : $0 })
        }
        self.shapes = shapes
        count = shape.reduce(1, *)
        fields = shapes.map { AlignedBuffer(count: $0.reduce(1, *)) }
        inverses = shapes.map { AlignedBuffer(count: $0.reduce(1, *)) }
        absorptions = shapes.map { AlignedBuffer(count: $0.reduce(1, *)) }
        room = (AlignedBuffer(count: count), AlignedBuffer(count: count))
        trial = (AlignedBuffer(count: count), AlignedBuffer(count: count), AlignedBuffer(count: count))
    }

    /// Adapts the energies to a matrix.
    ///
    /// - Parameters:
    ///   - inverseDiagonal: its diagonal's inverse, 0 where nothing moves.
    ///   - masses: D_c
    ///   - apply: out ← Pᵀ D_r⁻¹ P z
    func adapt(
        inverseDiagonal: UnsafePointer<Double>, masses: UnsafePointer<Double>,
        _ apply: (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void
    ) {
        let (z, image, sums) = (trial.0.baseAddress, trial.1.baseAddress, trial.2.baseAddress)
        z.update(repeating: 1, count: count)
        apply(z, sums)
        inverses[0].baseAddress.update(from: inverseDiagonal, count: count)
        // Absorption under the hats, then the energies of the coordinates.
        for index in 0..<count { fields[0].baseAddress[index] = max(masses[index] - sums[index], 0) }
        restrict()
        for level in shapes.indices.dropFirst() {
            absorptions[level].baseAddress.update(from: fields[level].baseAddress, count: fields[level].count)
            inverses[level].baseAddress.update(repeating: 0, count: inverses[level].count)
        }
        let dimension = shapes[0].count
        for axis in 0..<dimension {
            // ½ Σ_k W_jk (ξ_j − ξ_k)² with W = Pᵀ D_r⁻¹ P, in units of nodes.
            let after = shapes[0][(axis + 1)...].reduce(1, *), length = shapes[0][axis]
            func coordinate(_ index: Int) -> Double { Double(index / after % length) - Double(length) / 2 }
            for index in 0..<count { z[index] = coordinate(index) }
            apply(z, image)
            let energy = fields[0].baseAddress
            for index in 0..<count { energy[index] = 0.5 * z[index] * (z[index] * sums[index] - 2 * image[index]) }
            for index in 0..<count { z[index] *= z[index] }
            apply(z, image)
            for index in 0..<count { energy[index] = max(energy[index] + 0.5 * image[index], 0) }
            restrict()
            for level in shapes.indices.dropFirst() {
                let ratio = Double(length) / Double(shapes[level][axis])
                var factor = 2 / (ratio * ratio)
                for _ in 1..<dimension { factor *= 2.0 / 3.0 }
                Double.addScaled(
                    fields[level].count, factor, fields[level].baseAddress, inverses[level].baseAddress)
            }
        }
        fields[0].baseAddress.update(from: masses, count: count)
        restrict()
        for level in shapes.indices.dropFirst() {
            let inverse = inverses[level].baseAddress
            let mass = fields[level].baseAddress, absorption = absorptions[level].baseAddress
            for index in 0..<fields[level].count {
                let energy = min(mass[index], inverse[index]) + absorption[index]
                inverse[index] = energy > 0 ? 1 / energy : 0
            }
        }
    }

    /// z ← B r
    func apply(_ r: UnsafePointer<Double>, _ z: UnsafeMutablePointer<Double>) {
        fields[0].baseAddress.update(from: r, count: count)
        restrict()
        for level in shapes.indices {
            let (field, inverse) = (fields[level].baseAddress, inverses[level].baseAddress)
            for index in 0..<fields[level].count { field[index] *= inverse[index] }
        }
        for level in shapes.indices.dropFirst().reversed() {
            prolong(
                fields[level].baseAddress, shapes[level], addingTo: fields[level - 1].baseAddress, shapes[level - 1])
        }
        let own = fields[0].baseAddress, inverse = inverses[0].baseAddress
        // What has no mass does not move.
        for index in 0..<count { z[index] = inverse[index] > 0 ? own[index] : 0 }
    }

    /// fields[l + 1] ← Πᵀ fields[l], level after level.
    private func restrict() {
        for level in shapes.indices.dropFirst() {
            var shape = shapes[level - 1]
            var source = UnsafePointer(fields[level - 1].baseAddress)
            let axes = shape.indices.filter { shapes[level][$0] != shape[$0] }
            for (number, axis) in axes.enumerated() {
                let target =
                    number == axes.count - 1
                    ? fields[level].baseAddress
                    : (source == UnsafePointer(room.0.baseAddress) ? room.1 : room.0).baseAddress
                let (before, after) = Self.around(axis, shape)
                ansatz_grid_restrict(before, shape[axis], after, source, target)
                shape[axis] = shapes[level][axis]
                source = UnsafePointer(target)
            }
        }
    }

    private func prolong(
        _ coarse: UnsafePointer<Double>, _ shape: [Int], addingTo fine: UnsafeMutablePointer<Double>, _ target: [Int]
    ) {
        var shape = shape
        var source = coarse
        let axes = shape.indices.filter { target[$0] != shape[$0] }
        for (number, axis) in axes.enumerated() {
            let isLast = number == axes.count - 1
            let next = isLast ? fine : (source == UnsafePointer(room.0.baseAddress) ? room.1 : room.0).baseAddress
            let (before, after) = Self.around(axis, shape)
            ansatz_grid_prolong(before, target[axis], after, source, isLast ? 1 : 0, next)
            shape[axis] = target[axis]
            source = UnsafePointer(next)
        }
    }

    /// The numbers of nodes along the axes before and after one.
    private static func around(_ axis: Int, _ shape: [Int]) -> (before: Int, after: Int) {
        (shape[..<axis].reduce(1, *), shape[(axis + 1)...].reduce(1, *))
    }
}
