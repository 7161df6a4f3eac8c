import LinearAlgebra
import Parallelism
import Randomness

/// The Lanczos iteration with full reorthogonalisation: an orthonormal basis W and a tridiagonal matrix T = W A Wᵀ.
///
/// It starts at A g with random normal g. Every new vector is made orthogonal to all before it, a second time if the first took half of its length
/// away. Where the Krylov space is used up (a matrix with few distinct eigenvalues) the iteration goes on from a
/// random vector, with a zero in T.
package struct Lanczos {
    /// The basis, a vector per row.
    package let basis: AlignedBuffer<Double>
    /// Length of a vector.
    package let length: Int
    /// Vectors.
    package let count: Int
    /// The diagonal of T.
    package private(set) var diagonal: [Double] = []
    /// What is beside it.
    package private(set) var offDiagonal: [Double] = []
    /// How often the Krylov space was used up.
    package private(set) var restarts = 0

    private let pool: WorkerPool
    private let partial: AlignedBuffer<Double>

    /// Rows that are taken together, and pieces of a row that threads share: enough for the cache, few enough to wait for.
    private static let block = 64
    private static let pieces = 8

    /// Makes `count` vectors for the operator `apply`, which is symmetric.
    ///
    /// - Precondition: not more vectors than the space has dimensions.
    package init(
        count: Int, length: Int, seed: UInt64, pool: WorkerPool,
        apply: (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void
    ) {
        precondition(count >= 1 && count <= length, "more vectors than dimensions")
        self.count = count
        self.length = length
        self.pool = pool
        basis = AlignedBuffer(count: count * length)
        partial = AlignedBuffer(count: Self.pieces * Self.block)
        var stream = RandomStream(seed: seed, name: "linear-systems/lanczos")
        let vector = AlignedBuffer<Double>(count: length)
        let w = vector.baseAddress
        let image = AlignedBuffer<Double>(count: length)
        stream.fillNormal(image.elements)
        apply(image.baseAddress, w)
        var scale = 0.0
        for step in 0..<count {
            var norm = orthogonalise(w, against: step)
            // What rounding leaves of a vector that lies in the space already is no direction.
            if norm <= 1e-10 * scale {
                repeat {
                    stream.fillNormal(vector.elements)
                    norm = orthogonalise(w, against: step)
                } while norm < 1e-3
                restarts += 1
                offDiagonal.append(0)
            } else if step > 0 {
                offDiagonal.append(norm)
            }
            let row = basis.baseAddress + step * length
            row.update(from: w, count: length)
            Double.scale(length, 1 / norm, row)
            apply(row, w)
            diagonal.append(Double.dot(length, row, w))
            scale = max(scale, Double.sumOfSquares(length, w).squareRoot())
            Double.addScaled(length, -diagonal[step], row, w)
            if step > 0, offDiagonal[step - 1] != 0 {
                Double.addScaled(length, -offDiagonal[step - 1], row - length, w)
            }
        }
    }

    /// w ← w − Wᵀ W w with the first `rows` vectors; ‖w‖.
    private func orthogonalise(_ w: UnsafeMutablePointer<Double>, against rows: Int) -> Double {
        var before = Double.sumOfSquares(length, w).squareRoot()
        for _ in 0..<3 {
            var row = 0
            while row < rows {
                project(w, row, min(Self.block, rows - row))
                row += Self.block
            }
            let after = Double.sumOfSquares(length, w).squareRoot()
            if after > 0.5 * before || after == 0 { return after }
            before = after
        }
        return before
    }

    /// Takes the components along a block of vectors away.
    private func project(_ w: UnsafeMutablePointer<Double>, _ row: Int, _ rows: Int) {
        let (length, partial, rowsStart) = (length, partial.baseAddress, basis.baseAddress + row * length)
        let block = Self.block
        func piece(_ lane: Int) -> Range<Int> {
            length * lane / Self.pieces..<length * (lane + 1) / Self.pieces
        }
        pool.forEach(Self.pieces) { lane in
            let range = piece(lane)
            Double.matrixVector(
                rows: range.count, columns: rows, alpha: 1, rowsStart + range.lowerBound, leading: length,
                transposed: true, w + range.lowerBound, beta: 0, partial + lane * block)
        }
        for lane in 1..<Self.pieces { Double.add(rows, partial + lane * block, partial) }
        pool.forEach(Self.pieces) { lane in
            let range = piece(lane)
            Double.matrixVector(
                rows: range.count, columns: rows, alpha: -1, rowsStart + range.lowerBound, leading: length,
                transposed: false, partial, beta: 1, w + range.lowerBound)
        }
    }
}
