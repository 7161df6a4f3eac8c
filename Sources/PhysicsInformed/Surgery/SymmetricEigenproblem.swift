/// Eigenvalues and eigenvectors of a small symmetric matrix by Jacobi's rotations; nothing is allocated after `init`.
struct SymmetricEigenproblem {
    /// The eigenvalues, in no order.
    private(set) var values: [Double]

    private let count: Int
    private var matrix: [Double]
    private var vectors: [Double]

    /// Room for matrices of `count` rows.
    init(_ count: Int) {
        self.count = count
        values = [Double](repeating: 0, count: count)
        matrix = [Double](repeating: 0, count: count * count)
        vectors = matrix
    }

    /// Entry i of the normalised eigenvector that belongs to `values[k]`.
    func vector(_ k: Int, _ i: Int) -> Double { vectors[i * count + k] }

    /// Solves for a matrix given row by row.
    mutating func solve(_ rows: [Double]) {
        for index in matrix.indices {
            matrix[index] = rows[index]
            vectors[index] = index / count == index % count ? 1 : 0
        }
        // Converges quadratically; fifty sweeps are never needed.
        for _ in 0..<50 {
            var off = 0.0, diagonal = 0.0
            for p in 0..<count {
                diagonal = max(diagonal, abs(matrix[p * count + p]))
                for q in p + 1..<max(p + 1, count) { off = max(off, abs(matrix[p * count + q])) }
            }
            guard off > 1e-17 * diagonal else { break }
            for p in 0..<count {
                for q in p + 1..<max(p + 1, count) where matrix[p * count + q] != 0 { rotate(p, q) }
            }
        }
        for k in 0..<count { values[k] = matrix[k * count + k] }
    }

    /// Makes entry (p, q) zero.
    private mutating func rotate(_ p: Int, _ q: Int) {
        let ratio = (matrix[q * count + q] - matrix[p * count + p]) / (2 * matrix[p * count + q])
        let tangent = (ratio < 0 ? -1 : 1) / (abs(ratio) + (1 + ratio * ratio).squareRoot())
        let cosine = 1 / (1 + tangent * tangent).squareRoot()
        let sine = tangent * cosine
        for k in 0..<count {
            let (a, b) = (matrix[k * count + p], matrix[k * count + q])
            matrix[k * count + p] = cosine * a - sine * b
            matrix[k * count + q] = sine * a + cosine * b
        }
        for k in 0..<count {
            let (a, b) = (matrix[p * count + k], matrix[q * count + k])
            matrix[p * count + k] = cosine * a - sine * b
            matrix[q * count + k] = sine * a + cosine * b
            let (u, v) = (vectors[k * count + p], vectors[k * count + q])
            vectors[k * count + p] = cosine * u - sine * v
            vectors[k * count + q] = sine * u + cosine * v
        }
    }
}
