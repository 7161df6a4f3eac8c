import LinearAlgebra
import Parallelism

/// Solves −Δu = f on a box without obstacles directly: the exact solution but for rounding, in a fixed number of operations.
///
/// A u is the sum over axes of H⁻¹ T u with the matrices of ``BoxAxis``, in two or three dimensions. Where no end of any axis is held
/// (all without flux), solutions differ by a constant, and exist only where f has no mean: the volume-weighted mean of f is
/// left out, ``leftOut(_:)`` says how much that is, and u gets mean zero.
public final class BoxSolver {
    /// How.
    public enum Method: String, Sendable, CaseIterable {
        /// Products with the eigenvectors of each axis: any ends, any widths.
        case diagonalisation = "fast-diagonalisation"
        /// Sine and cosine transforms: equal cells, and ends of ``TransformSolver``.
        case transforms
    }

    /// The axes, x first.
    public let axes: [BoxAxis]
    /// The method in use.
    public let method: Method
    /// Whether solutions differ by a constant.
    public var isSingular: Bool { axes.allSatisfy(\.isSingular) }
    /// Cells in all.
    public var cellCount: Int { axes.reduce(1) { $0 * $1.cells } }

    private let diagonalisation: FastDiagonalisation<Double>?
    private let transforms: TransformSolver?
    private let layout: (row: Int, plane: Int)

    /// Above this many cells along an axis, transforms are faster than products where both can be used.
    private static let longAxis = 512

    /// Sets a solver up.
    ///
    /// - Parameter method: nil takes the faster one that can solve it.
    /// - Returns: nil where the ends or widths have no transform and `method` asks for one.
    /// - Precondition: two or three axes.
    public init?(_ axes: [BoxAxis], method: Method? = nil, pool: WorkerPool) {
        precondition(axes.count == 2 || axes.count == 3, "a box has two or three axes")
        self.axes = axes
        // Two dimensions are the planes of three for y, so that work can be split along it.
        let single = BoxAxis(cells: 1, width: 1, low: .neumann, high: .neumann)
        let three = axes.count == 3 ? (x: axes[0], y: axes[1], z: axes[2]) : (x: axes[0], y: single, z: axes[1])
        layout = (three.x.cells, three.x.cells * three.y.cells)
        let isLong = axes.contains { $0.cells > Self.longAxis }
        let wanted = method ?? (isLong && TransformSolver.canSolve(three) ? .transforms : .diagonalisation)
        self.method = wanted
        switch wanted {
        case .transforms:
            guard let solver = TransformSolver(three, pool: pool) else { return nil }
            (transforms, diagonalisation) = (solver, nil)
        case .diagonalisation:
            (transforms, diagonalisation) = (nil, FastDiagonalisation(three, pool: pool))
        }
    }

    /// u with −Δu = f, x running fastest.
    ///
    /// - Precondition: a number for each cell.
    public func solve(_ f: [Double]) -> [Double] {
        precondition(f.count == cellCount, "a number for each cell")
        var u = f
        u.withUnsafeMutableBufferPointer { buffer in
            guard let u = buffer.baseAddress else { return }
            solve(u)
        }
        return u
    }

    /// The same in place.
    package func solve(_ u: UnsafeMutablePointer<Double>) {
        if let transforms { return transforms.solve(u) }
        let layout = FastDiagonalisation<Double>.Layout(row: layout.row, plane: layout.plane)
        diagonalisation?.solve(u, layout, into: u, layout)
    }

    /// The mean of f over the box where solutions differ by a constant, which is not solved for; 0 otherwise.
    public func leftOut(_ f: [Double]) -> Double {
        guard isSingular else { return 0 }
        var (sum, volume) = (0.0, 0.0)
        for cell in f.indices {
            var (weight, rest) = (1.0, cell)
            for axis in axes {
                weight *= axis.widths[rest % axis.cells]
                rest /= axis.cells
            }
            sum += weight * f[cell]
            volume += weight
        }
        return sum / volume
    }

    /// −Δu, x running fastest: what ``solve(_:)`` inverts.
    public func apply(_ u: [Double]) -> [Double] {
        precondition(u.count == cellCount, "a number for each cell")
        var result = [Double](repeating: 0, count: u.count)
        var stride = 1
        for axis in axes {
            let couplings = (0..<axis.cells).map(axis.couplings)
            for cell in u.indices {
                let i = cell / stride % axis.cells
                let (before, behind) = couplings[i]
                let left = i > 0 ? u[cell - stride] : 0
                let right = i + 1 < axis.cells ? u[cell + stride] : 0
                result[cell] += (before * (u[cell] - left) + behind * (u[cell] - right)) / axis.widths[i]
            }
            stride *= axis.cells
        }
        return result
    }
}
