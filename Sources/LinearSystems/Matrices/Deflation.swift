import LinearAlgebra
import Parallelism

/// A subspace W of a matrix, ready for use: A W, and a factor of Wᵀ A W.
///
/// With Q = W (Wᵀ A W)⁻¹ Wᵀ a preconditioned residual z = B r becomes (I − Q A) z + Q r, which is A-orthogonal to W where r is orthogonal to it (the
/// method A-DEF2 of Tang, Nabben, Vuik and Erlangga 2009).
final class Deflation {
    private let subspace: Subspace
    private let image: Subspace
    private let matrix: SparseMatrix
    /// The lower factor of Wᵀ A W, row by row; a vector that depends on others has a row of zeros.
    private let factor: [Double]

    /// Pivots below this share of the diagonal belong to vectors that depend on others, or lie in the null space.
    private static let leastPivot = 1e-12

    init(_ subspace: Subspace, of matrix: SparseMatrix, _ pool: WorkerPool) {
        precondition(subspace.rows == matrix.rows, "a vector has a number for each row")
        self.subspace = subspace
        self.matrix = matrix
        image = Self.image(subspace, matrix)
        let count = subspace.count
        // Wᵀ A W, from the rows of W and of A W.
        var small = [Double](repeating: 0, count: count * count)
        for row in 0..<subspace.rows {
            for one in subspace.starts[row]..<subspace.starts[row + 1] {
                let base = Int(subspace.vectors[one]) * count
                for other in image.starts[row]..<image.starts[row + 1] {
                    small[base + Int(image.vectors[other])] += subspace.values[one] * image.values[other]
                }
            }
        }
        factor = Self.choleskyFactor(small, count)
    }

    /// x ← x + Q r
    func correct(_ x: UnsafeMutablePointer<Double>, by r: UnsafePointer<Double>, _ pool: WorkerPool) {
        add(solved(coefficients(subspace, r, pool)), to: x, pool)
    }

    /// z ← (I − Q A) z + Q r
    func correctDirection(_ z: UnsafeMutablePointer<Double>, by r: UnsafePointer<Double>, _ pool: WorkerPool) {
        let (inside, before) = (coefficients(subspace, r, pool), coefficients(image, z, pool))
        add(solved(zip(inside, before).map { $0 - $1 }), to: z, pool)
    }

    /// Vᵀ v, each block of rows by itself and blocks in order.
    private func coefficients(_ vectors: Subspace, _ v: UnsafePointer<Double>, _ pool: WorkerPool) -> [Double] {
        let count = vectors.count
        let blocks = matrix.blocks
        let parts = AlignedBuffer<Double>(count: count * (blocks.count - 1))
        pool.forEach(blocks.count - 1) { block in
            let part = parts.baseAddress + block * count
            for row in blocks[block]..<blocks[block + 1] {
                for place in vectors.starts[row]..<vectors.starts[row + 1] {
                    part[Int(vectors.vectors[place])] += vectors.values[place] * v[row]
                }
            }
        }
        var result = [Double](repeating: 0, count: count)
        for block in 0..<blocks.count - 1 {
            for vector in 0..<count { result[vector] += parts.baseAddress[block * count + vector] }
        }
        return result
    }

    private func add(_ coefficients: [Double], to v: UnsafeMutablePointer<Double>, _ pool: WorkerPool) {
        let subspace = subspace
        matrix.forEachBlock(pool) { first, end in
            for row in first..<end {
                for place in subspace.starts[row]..<subspace.starts[row + 1] {
                    v[row] += subspace.values[place] * coefficients[Int(subspace.vectors[place])]
                }
            }
        }
    }

    /// (Wᵀ A W)⁻¹ c, where vectors that depend on others get 0.
    private func solved(_ right: [Double]) -> [Double] {
        let count = right.count
        var y = right
        for row in 0..<count {
            let pivot = factor[row * count + row]
            guard pivot > 0 else {
                y[row] = 0
                continue
            }
            for column in 0..<row { y[row] -= factor[row * count + column] * y[column] }
            y[row] /= pivot
        }
        for row in (0..<count).reversed() {
            let pivot = factor[row * count + row]
            guard pivot > 0 else { continue }
            y[row] /= pivot
            for column in 0..<row { y[column] -= factor[row * count + column] * y[row] }
        }
        return y
    }

    private static func choleskyFactor(_ matrix: [Double], _ count: Int) -> [Double] {
        var factor = [Double](repeating: 0, count: count * count)
        for row in 0..<count {
            for column in 0...row {
                var sum = 0.5 * (matrix[row * count + column] + matrix[column * count + row])
                for inner in 0..<column { sum -= factor[row * count + inner] * factor[column * count + inner] }
                if column < row {
                    let pivot = factor[column * count + column]
                    factor[row * count + column] = pivot > 0 ? sum / pivot : 0
                } else if sum > leastPivot * matrix[row * count + row] {
                    factor[row * count + row] = sum.squareRoot()
                } else {
                    for inner in 0..<row { factor[row * count + inner] = 0 }
                }
            }
        }
        return factor
    }

    /// A W by rows.
    private static func image(_ subspace: Subspace, _ matrix: SparseMatrix) -> Subspace {
        var sums = [Double](repeating: 0, count: subspace.count)
        var isTouched = [Bool](repeating: false, count: subspace.count)
        var (starts, vectors, values) = ([0], [Int32](), [Double]())
        for row in 0..<matrix.rows {
            var touched: [Int32] = []
            for entry in matrix.range(of: row) {
                let column = Int(matrix.columns.baseAddress[entry])
                for place in subspace.starts[column]..<subspace.starts[column + 1] {
                    let vector = subspace.vectors[place]
                    if !isTouched[Int(vector)] {
                        isTouched[Int(vector)] = true
                        touched.append(vector)
                    }
                    sums[Int(vector)] += matrix.values.baseAddress[entry] * subspace.values[place]
                }
            }
            for vector in touched.sorted() {
                if sums[Int(vector)] != 0 {
                    vectors.append(vector)
                    values.append(sums[Int(vector)])
                }
                sums[Int(vector)] = 0
                isTouched[Int(vector)] = false
            }
            starts.append(vectors.count)
        }
        return Subspace(
            count: subspace.count, rows: matrix.rows, starts: starts, vectors: vectors, values: values)
    }
}

extension Subspace {
    fileprivate init(count: Int, rows: Int, starts: [Int], vectors: [Int32], values: [Double]) {
        self.count = count
        self.rows = rows
        self.starts = starts
        self.vectors = vectors
        self.values = values
    }
}
