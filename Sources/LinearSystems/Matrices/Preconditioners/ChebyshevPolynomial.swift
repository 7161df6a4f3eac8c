import CKernels
import LinearAlgebra
import Parallelism
import Randomness

/// B = D^−½ p(D^−½ A D^−½) D^−½ with the polynomial p that a fixed number of Chebyshev steps make, in single precision.
///
/// The steps are the best for eigenvalues of D⁻¹A between λ/ratio and λ, where λ is a bound for the largest; an odd number of steps is positive
/// definite even where the bound is too small. Only products with A are needed, which run on all threads.
public final class ChebyshevPolynomial: MatrixPreconditioner {
    /// The name in problem files.
    public static let name = "chebyshev"
    /// One line for listings.
    public static let summary = "a Chebyshev polynomial in the matrix over its diagonal"

    /// What set-up found that is worth saying.
    public let remarks: [String]
    /// The bound for the largest eigenvalue of D⁻¹A that is used.
    public let largest: Double
    private let matrix: SparseMatrix
    private let pool: WorkerPool
    private let steps: Int
    private let smallest: Double
    private let values: AlignedBuffer<Float>
    private let inverse: AlignedBuffer<Float>
    private let residual: AlignedBuffer<Float>
    private let direction: AlignedBuffer<Float>
    private let image: AlignedBuffer<Float>

    private static let powerSteps = 20

    /// Estimates the largest eigenvalue by power steps, and keeps a copy of the matrix in single precision.
    ///
    /// - Precondition: the diagonal is positive, steps ≥ 1 and ratio > 1.
    public init(_ matrix: SparseMatrix, steps: Int = 5, ratio: Double = 30, pool: WorkerPool) {
        precondition(steps >= 1 && ratio > 1, "at least one step, on an interval")
        self.matrix = matrix
        self.pool = pool
        self.steps = steps
        let rows = matrix.rows
        values = AlignedBuffer(count: matrix.entryCount)
        inverse = AlignedBuffer(count: rows)
        residual = AlignedBuffer(count: rows)
        direction = AlignedBuffer(count: rows)
        image = AlignedBuffer(count: rows)
        let unit = matrix.unit
        for place in 0..<matrix.entryCount {
            values.baseAddress[place] = Float(matrix.values.baseAddress[place] / unit)
        }
        let diagonal = matrix.scalingDiagonal
        for row in 0..<rows { inverse.baseAddress[row] = Float(unit / diagonal[row]) }
        largest = Self.largestEigenvalue(matrix, diagonal, pool)
        smallest = largest / ratio
        remarks = []
    }

    /// A bound for the largest eigenvalue of D⁻¹A: a little more than power steps find, at most the largest row sum of magnitudes.
    private static func largestEigenvalue(_ matrix: SparseMatrix, _ diagonal: [Double], _ pool: WorkerPool) -> Double {
        var bound = 0.0
        for row in 0..<matrix.rows {
            let sum = matrix.range(of: row).reduce(0) { $0 + abs(matrix.values.baseAddress[$1]) }
            bound = max(bound, sum / diagonal[row])
        }
        var stream = RandomStream(seed: 0, name: "linear-systems/largest-eigenvalue")
        var x = (0..<matrix.rows).map { _ in stream.normal() }
        var quotient = 0.0
        for _ in 0..<powerSteps {
            let y = matrix.product(x, pool: pool)
            let (energy, norm) = zip(x, y).enumerated().reduce(into: (0.0, 0.0)) { sums, entry in
                sums.0 += entry.element.0 * entry.element.1
                sums.1 += diagonal[entry.offset] * entry.element.0 * entry.element.0
            }
            quotient = max(quotient, energy / norm)
            x = zip(y, diagonal).map { $0 / $1 }
            let largest = x.reduce(0) { max($0, abs($1)) }
            guard largest > 0 else { break }
            for row in x.indices { x[row] /= largest }
        }
        return min(bound, 1.1 * quotient)
    }

    /// z ← B r; rᵀz.
    public func apply(_ r: UnsafePointer<Float>, into z: UnsafeMutablePointer<Float>) -> Double {
        let (residual, direction, image) = (residual.baseAddress, direction.baseAddress, image.baseAddress)
        let inverse = inverse.baseAddress
        let (starts, columns, values) = (matrix.starts.baseAddress, matrix.columns.baseAddress, values.baseAddress)
        let centre = (largest + smallest) / 2, half = (largest - smallest) / 2
        let sigma = centre / half
        var rho = 1 / sigma
        let first = Float(1 / centre)
        matrix.forEachBlock(pool) { from, end in
            for row in from..<end {
                residual[row] = r[row]
                direction[row] = first * inverse[row] * r[row]
                z[row] = direction[row]
            }
        }
        for _ in 1..<max(steps, 1) {
            let next = 1 / (2 * sigma - rho)
            let (keep, add) = (Float(next * rho), Float(2 * next / half))
            rho = next
            matrix.forEachBlock(pool) { from, end in
                ansatz_sparse_product_f32(Int64(from), Int64(end), starts, columns, values, direction, image)
            }
            matrix.forEachBlock(pool) { from, end in
                for row in from..<end {
                    residual[row] -= image[row]
                    direction[row] = keep * direction[row] + add * inverse[row] * residual[row]
                    z[row] += direction[row]
                }
            }
        }
        return matrix.sum(pool) { Float.dot(Int($1 - $0), r + Int($0), UnsafePointer(z) + Int($0)) }
    }
}
