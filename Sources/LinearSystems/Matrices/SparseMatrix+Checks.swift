import LinearAlgebra
import Parallelism
import Randomness

extension SparseMatrix {
    /// Entries may differ from their mirror images by this share: files have so many digits.
    private static let symmetryTolerance = 1e-10
    /// Products that look for a direction of negative curvature.
    private static let trials = 30

    /// Looks for what conjugate gradients cannot take: numbers that are not finite, zero rows, missing symmetry, and what shows that the
    /// matrix is not positive semidefinite.
    ///
    /// The structure is checked exactly. Definiteness is checked by the diagonal, by all 2 × 2 minors and by a few steps of conjugate
    /// gradients from a random start, each of which is a test product pᵀA p; a matrix may pass and be indefinite, which the solve finds.
    ///
    /// - Throws: the first offending entry, row by row.
    public func checkIsPositive(pool: WorkerPool) throws(MatrixFault) {
        try checkRows()
        try checkSymmetry()
        try checkMinors()
        try checkCurvature(pool)
    }

    private func checkRows() throws(MatrixFault) {
        for row in 0..<rows {
            var isZero = true
            for place in range(of: row) {
                let value = values.baseAddress[place]
                guard value.isFinite else {
                    throw .notFinite(row: row, column: Int(columns.baseAddress[place]), value: value)
                }
                isZero = isZero && value == 0
            }
            if isZero { throw .zeroRow(row) }
        }
    }

    /// Rows in order meet the entries of a column below the diagonal in order, so that one place per row is enough to find mirrors.
    private func checkSymmetry() throws(MatrixFault) {
        var next = (0..<rows).map { range(of: $0).lowerBound }
        var first: MatrixFault?
        func note(_ row: Int, _ column: Int, _ value: Double, _ mirror: Double) {
            let fault = MatrixFault.unsymmetric(row: row, column: column, value: value, mirror: mirror)
            if case .unsymmetric(let earlier, let other, _, _)? = first, (earlier, other) <= (row, column) { return }
            first = fault
        }
        for row in 0..<rows {
            // What is left of the row up to the diagonal has no mirror above it.
            while next[row] < range(of: row).upperBound, columns.baseAddress[next[row]] < Int32(row) {
                let value = values.baseAddress[next[row]]
                if value != 0 { note(row, Int(columns.baseAddress[next[row]]), value, 0) }
                next[row] += 1
            }
            for place in range(of: row) where columns.baseAddress[place] > Int32(row) {
                let column = Int(columns.baseAddress[place])
                let value = values.baseAddress[place]
                let end = range(of: column).upperBound
                while next[column] < end, columns.baseAddress[next[column]] < Int32(row) {
                    let other = values.baseAddress[next[column]]
                    if other != 0 { note(column, Int(columns.baseAddress[next[column]]), other, 0) }
                    next[column] += 1
                }
                var mirror = 0.0
                if next[column] < end, columns.baseAddress[next[column]] == Int32(row) {
                    mirror = values.baseAddress[next[column]]
                    next[column] += 1
                }
                if abs(value - mirror) > Self.symmetryTolerance * max(abs(value), abs(mirror)) {
                    note(row, column, value, mirror)
                }
            }
        }
        if let first { throw first }
    }

    private func checkMinors() throws(MatrixFault) {
        let diagonal = diagonal
        for (row, value) in diagonal.enumerated() where value <= 0 { throw .diagonal(row: row, value: value) }
        for row in 0..<rows {
            for place in range(of: row) {
                let column = Int(columns.baseAddress[place])
                let value = values.baseAddress[place]
                // Roots first, so that nothing overflows.
                let largest = diagonal[row].squareRoot() * diagonal[column].squareRoot()
                if column != row, abs(value) > largest * (1 + 1e-12) {
                    throw .minor(row: row, column: column, value: value, largest: largest)
                }
            }
        }
    }

    /// Directions of conjugate gradients look where a random vector would not.
    private func checkCurvature(_ pool: WorkerPool) throws(MatrixFault) {
        var stream = RandomStream(seed: 0, name: "linear-systems/definiteness")
        let (p, q, r) = (
            AlignedBuffer<Double>(count: rows), AlignedBuffer<Double>(count: rows), AlignedBuffer<Double>(count: rows)
        )
        stream.fillNormal(r.elements)
        p.baseAddress.update(from: r.baseAddress, count: rows)
        var square = Double.dot(rows, r.baseAddress, r.baseAddress)
        let start = square
        var scale = 0.0
        for _ in 0..<Self.trials {
            let energy = multiply(p.baseAddress, into: q.baseAddress, pool: pool)
            let quotient = energy / Double.dot(rows, p.baseAddress, p.baseAddress)
            scale = max(scale, quotient)
            // A singular matrix gives rounding errors of either sign.
            if quotient < -1e-12 * max(scale, unit) { throw .curvature(quotient: quotient) }
            guard energy > 0 else { return }
            let step = square / energy
            Double.addScaled(rows, -step, q.baseAddress, r.baseAddress)
            let before = square
            square = Double.dot(rows, r.baseAddress, r.baseAddress)
            guard square > 1e-20 * start else { return }
            Double.scale(rows, square / before, p.baseAddress)
            Double.add(rows, r.baseAddress, p.baseAddress)
        }
    }
}

extension SparseMatrix {
    /// Whether no entry beside the diagonal is positive.
    public var hasNonpositiveOffDiagonal: Bool {
        for row in 0..<rows {
            for place in range(of: row)
            where columns.baseAddress[place] != Int32(row) && values.baseAddress[place] > 0 { return false }
        }
        return true
    }
}
