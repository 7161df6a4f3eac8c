import CKernels
import Parallelism

/// Division by the diagonal, on a grid.
public final class GridJacobi: Preconditioner {
    /// The name in problem files.
    public static let name = "jacobi"
    /// One line for listings.
    public static let summary = "division by the diagonal"

    private let matrix: GridOperator
    private let pool: WorkerPool

    /// The preconditioner of an operator.
    public init(_ matrix: GridOperator, pool: WorkerPool) {
        self.matrix = matrix
        self.pool = pool
    }

    /// z ← D⁻¹ r; rᵀz.
    public func apply(_ residual: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) -> Double {
        let shape = matrix.shape
        let level = matrix.level
        let sums = UnsafeMutableBufferPointer<Double>.allocate(capacity: shape.cells.z)
        defer { sums.deallocate() }
        nonisolated(unsafe) let (planes, r, z) = (sums, residual, result)
        level.planes(pool) { _, first, last in
            for k in first..<last {
                var sum = 0.0
                for j in 0..<shape.cells.y {
                    let start = shape.row * j + shape.plane * k
                    for place in start..<start + shape.cells.x {
                        let diagonal = level.diagonal(at: place)
                        guard diagonal > 0 else { continue }
                        let value = r[shape.origin + place] / Float(diagonal)
                        z[shape.origin + place] = value
                        sum += Double(value) * Double(r[shape.origin + place])
                    }
                }
                planes[k] = sum
            }
        }
        return planes.reduce(0, +)
    }
}
