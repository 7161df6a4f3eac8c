import CKernels
import LinearAlgebra
import Parallelism

/// The matrix A of a ``GridDomain``, without storing it: of a plain mask two bytes a cell, otherwise the coefficients of its faces.
///
/// Coefficients are kept in single precision: the system that is solved has them rounded. A is in units of ``scale``: A u = f · scale, so that a cell of a plain mask has its number of open sides on the diagonal.
public final class GridOperator: Sendable {
    /// What it was made from.
    public let domain: GridDomain
    /// How vectors lie in memory.
    public let shape: GridShape
    /// f is multiplied by this.
    public let scale: Double
    /// The number of unknowns: fluid cells.
    public let unknowns: Int
    let level: GridLevel
    /// Connected parts without given values: on each the solution is known up to a constant, and the right-hand side sums to zero.
    let untiedComponents: [GridComponent]

    /// Sets up the operator.
    public init(_ domain: GridDomain, pool: WorkerPool) {
        self.domain = domain
        shape = domain.shape
        let kinds = Self.kinds(domain)
        unknowns = domain.kinds.reduce(0) { $0 + ($1 == GridDomain.Kind.fluid.rawValue ? 1 : 0) }
        let spacing = domain.spacing
        let isIsotropic = spacing.x == spacing.y && (domain.dimensions == 2 || spacing.x == spacing.z)
        if domain.coefficients == nil, isIsotropic {
            scale = spacing.x * spacing.x
            level = GridLevel(counting: kinds, shape, pool: pool)
        } else {
            // A typical coefficient becomes 1.
            let mean = domain.coefficients.map { $0.reduce(0, +) / Double($0.count) } ?? 1
            let least = min(spacing.x, spacing.y, domain.dimensions == 3 ? spacing.z : spacing.x)
            scale = least * least / mean
            let (scale, shape) = (scale, shape)
            level = GridLevel(shape, kinds: kinds, pool: pool) { parts in
                Self.fillFaces(domain, shape, kinds, scale, parts)
            }
        }
        untiedComponents = GridComponent.untied(level)
    }

    /// Kinds in the layout of vectors, with the walls around them.
    private static func kinds(_ domain: GridDomain) -> AlignedBuffer<UInt8> {
        let shape = domain.shape
        let buffer = AlignedBuffer<UInt8>(count: shape.count)
        let at = buffer.baseAddress
        let (nx, ny, nz) = shape.cells
        domain.kinds.withUnsafeBufferPointer { kinds in
            guard let source = kinds.baseAddress else { return }
            for k in 0..<nz {
                for j in 0..<ny {
                    (at + shape.place(0, j, k)).update(from: source + nx * (j + ny * k), count: nx)
                }
            }
        }
        setWalls(domain.walls, dimensions: domain.dimensions, shape, at)
        return buffer
    }

    /// Writes the kinds of the ring around the box.
    static func setWalls(
        _ walls: GridDomain.Walls, dimensions: Int, _ shape: GridShape, _ kinds: UnsafeMutablePointer<UInt8>
    ) {
        let (nx, ny, nz) = shape.cells
        for k in 0..<nz {
            for j in 0..<ny {
                kinds[shape.place(nx, j, k)] = walls.x.high.rawValue
                kinds[shape.place(-1, j, k)] = walls.x.low.rawValue
            }
        }
        let z = dimensions == 2 ? walls.y : walls.z
        for j in 0..<ny {
            for i in 0..<nx {
                kinds[shape.place(i, j, -1)] = z.low.rawValue
                kinds[shape.place(i, j, nz)] = z.high.rawValue
            }
        }
        guard dimensions == 3 else { return }
        for k in 0..<nz {
            for i in 0..<nx {
                kinds[shape.place(i, -1, k)] = walls.y.low.rawValue
                kinds[shape.place(i, ny, k)] = walls.y.high.rawValue
            }
        }
    }
}
