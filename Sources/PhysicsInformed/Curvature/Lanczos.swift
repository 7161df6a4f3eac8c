import LinearAlgebra
import Randomness

/// The largest eigenvalue of a symmetric matrix of which only products are known, by Lanczos' method.
///
/// The basis is orthogonalised twice against all its vectors, so that rounding brings in no copies of eigenvalues; memory
/// is `steps` vectors.
package struct Lanczos {
    /// Most products.
    package var steps = 80
    /// Ends when the residual |Hx − λx| is below this part of |λ|.
    package var tolerance = 1e-3

    /// What was found.
    package struct Result: Equatable {
        /// The largest eigenvalue, from below.
        package var eigenvalue: Double
        /// |Hx − λx| for the unit vector x that belongs to it.
        package var residual: Double
        /// Products taken.
        package var products: Int
    }

    package init() {}

    /// Finds it.
    ///
    /// - Parameters:
    ///   - count: the length of the vectors, at least 1.
    ///   - stream: gives the vector to start from.
    ///   - multiply: writes H v to its second argument.
    package func largestEigenvalue<S: Scalar>(
        count: Int, stream: inout RandomStream, multiply: (UnsafePointer<S>, UnsafeMutablePointer<S>) -> Void
    ) -> Result {
        let start = (0..<count).map { _ in stream.normal() }
        let product = AlignedBuffer<S>(count: count)
        start.withUnsafeBufferPointer { S.convert(count, from: $0.baseAddress!, to: product.baseAddress) }
        var basis: [AlignedBuffer<S>] = []
        var diagonal: [Double] = []
        var below: [Double] = []
        var result = Result(eigenvalue: 0, residual: .infinity, products: 0)
        var norm = S.sumOfSquares(count, product.baseAddress).squareRoot()
        while basis.count < min(steps, count), norm > 0, norm.isFinite {
            let vector = AlignedBuffer<S>(count: count)
            vector.baseAddress.update(from: product.baseAddress, count: count)
            S.scale(count, S(1 / norm), vector.baseAddress)
            basis.append(vector)
            multiply(vector.baseAddress, product.baseAddress)
            diagonal.append(S.dot(count, vector.baseAddress, product.baseAddress))
            for _ in 0..<2 {
                for earlier in basis {
                    let share = S.dot(count, earlier.baseAddress, product.baseAddress)
                    S.addScaled(count, S(-share), earlier.baseAddress, product.baseAddress)
                }
            }
            norm = S.sumOfSquares(count, product.baseAddress).squareRoot()
            let (eigenvalue, last) = Self.largest(diagonal, below)
            result = Result(eigenvalue: eigenvalue, residual: norm * last, products: basis.count)
            // What is left of the product after an invariant space was found is rounding.
            if result.residual <= tolerance * abs(eigenvalue) { break }
            below.append(norm)
        }
        return norm.isFinite ? result : Result(eigenvalue: .nan, residual: .nan, products: basis.count)
    }

    /// The largest eigenvalue of a tridiagonal matrix by bisection, and the magnitude of its unit vector's last entry.
    static func largest(_ diagonal: [Double], _ below: [Double]) -> (eigenvalue: Double, last: Double) {
        let count = diagonal.count
        func side(_ i: Int) -> Double { (i > 0 ? abs(below[i - 1]) : 0) + (i < count - 1 ? abs(below[i]) : 0) }
        var lower = diagonal.indices.map { diagonal[$0] }.max() ?? 0
        var upper = diagonal.indices.map { diagonal[$0] + side($0) }.max() ?? 0
        /// Whether λ is above all eigenvalues: all pivots of λ − T are positive.
        func isAbove(_ value: Double) -> Bool {
            var pivot = 1.0
            for i in 0..<count {
                let square = i > 0 ? below[i - 1] * below[i - 1] : 0
                pivot = value - diagonal[i] - square / pivot
                if !(pivot > 0) { return false }
            }
            return true
        }
        for _ in 0..<200 where upper - lower > 2 * .ulpOfOne * max(abs(lower), abs(upper)) {
            let middle = 0.5 * (lower + upper)
            if isAbove(middle) { upper = middle } else { lower = middle }
        }
        // Backwards from the last entry, the direction in which the vector grows.
        var (entry, next, square) = (1.0, 0.0, 1.0)
        for i in stride(from: count - 1, to: 0, by: -1) {
            let previous = ((upper - diagonal[i]) * entry - (i < count - 1 ? below[i] * next : 0)) / below[i - 1]
            (entry, next) = (previous, entry)
            square += previous * previous
        }
        return (upper, square.isFinite ? 1 / square.squareRoot() : 0)
    }
}
