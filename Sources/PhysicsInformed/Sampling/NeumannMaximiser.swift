import LinearAlgebra

/// The worst density of points on a grid of cells of the unit cube: the maximiser of ∫ f p − β ∫ |∇p|² among densities p ≥ 0.
///
/// Where p > 0 it solves 2β Δp + f = λ with zero slope at the walls; a small β lets p vanish away from where f is large. The
/// quadratic part is inverted by cosine transforms, positivity is met by the alternating direction method of multipliers.
package final class NeumannMaximiser {
    private let transform: CosineTransform
    private let eigenvalues: [Double]
    private static let relaxation = 1.6
    private static let iterationLimit = 500

    package init(side: Int, dimensions: Int) {
        transform = CosineTransform(side: side, dimensions: dimensions)
        eigenvalues = transform.eigenvalues
    }

    /// The density of each cell, of mean 1.
    ///
    /// - Parameters:
    ///   - f: the values of cells, the last axis running fastest; its mean does not matter.
    ///   - tolerance: the part of the largest density to which both conditions of the method are met.
    package func density(_ f: [Double], beta: Double, tolerance: Double = 1e-3) -> [Double] {
        precondition(f.count == eigenvalues.count, "a value for each cell")
        let count = f.count, values = transform.values
        let source = coefficients(f)
        var p = [Double](repeating: 1, count: count), z = p, u = [Double](repeating: 0, count: count)
        // The stiffness of a bump as wide as the balance of both terms allows.
        var penalty = 2 * beta * eigenvalues[1] * Double(transform.side).squareRoot()
        let constant = coefficients(p)[0]
        for iteration in 1...Self.iterationLimit {
            for index in 0..<count { values.baseAddress[index] = z[index] - u[index] }
            transform.transform()
            for index in 1..<count {
                values.baseAddress[index] =
                    (source[index] + penalty * values.baseAddress[index])
                    / (2 * beta * eigenvalues[index] + penalty)
            }
            values.baseAddress[0] = constant
            transform.invert()
            var primal = 0.0, dual = 0.0, largest = 0.0
            for index in 0..<count {
                p[index] = values.baseAddress[index]
                let relaxed = Self.relaxation * p[index] + (1 - Self.relaxation) * z[index]
                let next = max(0, relaxed + u[index])
                u[index] += relaxed - next
                primal = max(primal, abs(p[index] - next))
                dual = max(dual, abs(next - z[index]))
                largest = max(largest, next)
                z[index] = next
            }
            if primal <= tolerance * largest, dual <= tolerance * largest { break }
            if iteration % 10 == 0, primal > 5 * dual || dual > 5 * primal {
                let factor = primal > dual ? 2.0 : 0.5
                penalty *= factor
                for index in 0..<count { u[index] /= factor }
            }
        }
        let total = z.reduce(0, +) / Double(count)
        return total > 0 ? z.map { $0 / total } : [Double](repeating: 1, count: count)
    }

    private func coefficients(_ f: [Double]) -> [Double] {
        for index in f.indices { transform.values.baseAddress[index] = f[index] }
        transform.transform()
        return Array(transform.values.elements)
    }
}
