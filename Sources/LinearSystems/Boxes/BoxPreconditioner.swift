import CKernels
import LinearAlgebra
import Parallelism

/// The direct solver of a box as a preconditioner for obstacles without flux in it: z = M A_box⁻¹ M r with M the mask of unknowns.
///
/// Its inverse is the Schur complement of the box's operator on the unknowns, which is spectrally equivalent to the operator with
/// obstacles at any resolution. It is symmetric and positive definite on the unknowns (semidefinite where the box without obstacles is singular).
/// Cells where the solution is given inside the box would spoil that (the condition grows like 1/h), and are not accepted.
public final class BoxPreconditioner: Preconditioner {
    /// The name in problem files and reports.
    public static let name = "box"
    /// One line for listings.
    public static let summary = "direct solver of the box, for obstacles without flux and constant coefficients"

    private let shape: GridShape
    private let unknown: AlignedBuffer<UInt8>
    private let solver: FastDiagonalisation<Float>
    private let layout: FastDiagonalisation<Float>.Layout
    private let pool: WorkerPool
    private let sums: AlignedBuffer<Double>

    /// Sets it up; nil for a matrix with given values inside the box, or with coefficients, for which it is not made.
    public convenience init?(_ matrix: GridOperator, pool: WorkerPool) {
        let domain = matrix.domain
        guard domain.coefficients == nil, !domain.kinds.contains(GridDomain.Kind.dirichlet.rawValue) else { return nil }
        let axes = domain.axes
        // Two dimensions are the planes of three for y, as in the layout of vectors.
        let single = BoxAxis(cells: 1, width: 1, low: .neumann, high: .neumann)
        let three = axes.count == 2 ? (x: axes[0], y: single, z: axes[1]) : (x: axes[0], y: axes[1], z: axes[2])
        self.init(
            matrix.shape, axes: three, isUnknown: domain.kinds.map { $0 == GridDomain.Kind.fluid.rawValue },
            factor: 1 / matrix.scale, pool: pool)
    }

    /// Sets it up.
    ///
    /// - Parameter axes: those of the box, x, y and z as in `shape`.
    /// - Parameter isUnknown: for each cell, x fastest.
    package init(
        _ shape: GridShape, axes: (x: BoxAxis, y: BoxAxis, z: BoxAxis), isUnknown: [Bool], factor: Double = 1,
        pool: WorkerPool
    ) {
        precondition(isUnknown.count == shape.cellCount, "a mask has an entry for each cell")
        self.shape = shape
        self.pool = pool
        solver = FastDiagonalisation(axes, factor: factor, pool: pool)
        layout = .init(row: shape.row, plane: shape.plane)
        unknown = AlignedBuffer(count: shape.count)
        sums = AlignedBuffer(count: shape.cells.z)
        let (nx, ny, nz) = shape.cells
        for k in 0..<nz {
            for j in 0..<ny {
                for i in 0..<nx where isUnknown[i + nx * (j + ny * k)] {
                    unknown.baseAddress[shape.place(i, j, k)] = 1
                }
            }
        }
    }

    /// z ← B r; rᵀz.
    public func apply(_ residual: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) -> Double {
        let (shape, sums, unknown) = (shape, sums, unknown)
        // The residual is zero outside the unknowns already.
        solver.solve(residual + shape.origin, layout, into: result + shape.origin, layout)
        pool.forEach(shape.cells.z) { k in
            var sum = 0.0
            for j in 0..<shape.cells.y {
                let place = shape.place(0, j, k)
                sum += ansatz_box_mask(shape.cells.x, unknown.baseAddress + place, residual + place, result + place)
            }
            sums.baseAddress[k] = sum
        }
        return sums.elements.reduce(0, +)
    }
}
