import LinearAlgebra

/// Anderson's acceleration of an iteration y ← G(y): of the last steps, the combination whose change G(y) − y is smallest.
///
/// Source: Anderson, J. ACM 1965; Walker, Ni, SIAM J. Numer. Anal. 2011.
final class FixedPointAcceleration {
    private let count: Int
    private let depth: Int
    private var stored = 0
    private var next = 0
    private let changesY: [AlignedBuffer<Double>]
    private let changesF: [AlignedBuffer<Double>]
    private let lastY, lastF, scaled: AlignedBuffer<Double>
    private var hasLast = false

    init(count: Int, depth: Int = 6) {
        (self.count, self.depth) = (count, depth)
        changesY = (0..<depth).map { _ in AlignedBuffer(count: count) }
        changesF = (0..<depth).map { _ in AlignedBuffer(count: count) }
        (lastY, lastF, scaled) = (AlignedBuffer(count: count), AlignedBuffer(count: count), AlignedBuffer(count: count))
    }

    /// Forgets what came before.
    func restart() {
        (stored, next) = (0, 0)
        hasLast = false
    }

    /// Replaces y by the next iterate.
    ///
    /// - Parameters:
    ///   - image: G(y)
    ///   - weights: the weight of each component in sums of squares, not negative.
    func advance(
        _ y: UnsafeMutablePointer<Double>, image: UnsafePointer<Double>, weights: UnsafePointer<Double>
    ) {
        let f = scaled.baseAddress, oldY = lastY.baseAddress, oldF = lastF.baseAddress
        for index in 0..<count { f[index] = image[index] - y[index] }
        if hasLast {
            let (dy, df) = (changesY[next].baseAddress, changesF[next].baseAddress)
            for index in 0..<count {
                dy[index] = y[index] - oldY[index]
                df[index] = f[index] - oldF[index]
            }
            next = (next + 1) % depth
            stored = min(stored + 1, depth)
        }
        oldY.update(from: y, count: count)
        oldF.update(from: f, count: count)
        hasLast = true
        y.update(from: image, count: count)
        for (index, factor) in coefficients(weights).enumerated() {
            Double.addScaled(count, -factor, changesY[index].baseAddress, y)
            Double.addScaled(count, -factor, changesF[index].baseAddress, y)
        }
    }

    /// The least-squares coefficients of the last change in the stored ones, from slightly regularised normal equations.
    private func coefficients(_ weights: UnsafePointer<Double>) -> [Double] {
        guard stored > 0 else { return [] }
        let room = scaled.baseAddress
        var gram = [[Double]](repeating: [Double](repeating: 0, count: stored), count: stored)
        var right = [Double](repeating: 0, count: stored)
        for row in 0..<stored {
            let own = changesF[row].baseAddress
            for index in 0..<count { room[index] = weights[index] * own[index] }
            for column in 0...row {
                gram[row][column] = Double.dot(count, room, changesF[column].baseAddress)
                gram[column][row] = gram[row][column]
            }
            right[row] = Double.dot(count, room, lastF.baseAddress)
        }
        let trace = gram.indices.reduce(0) { $0 + gram[$1][$1] }
        guard trace > 0, trace.isFinite, right.allSatisfy(\.isFinite) else { return [] }
        for row in 0..<stored { gram[row][row] += 1e-12 * trace }
        // Gaussian elimination without pivoting: the matrix is positive definite.
        for pivot in 0..<stored {
            guard gram[pivot][pivot] > 0 else { return [] }
            for row in (pivot + 1)..<max(stored, pivot + 1) {
                let factor = gram[row][pivot] / gram[pivot][pivot]
                for column in pivot..<stored { gram[row][column] -= factor * gram[pivot][column] }
                right[row] -= factor * right[pivot]
            }
        }
        for row in (0..<stored).reversed() {
            for column in (row + 1)..<max(stored, row + 1) { right[row] -= gram[row][column] * right[column] }
            right[row] /= gram[row][row]
        }
        return right
    }
}
