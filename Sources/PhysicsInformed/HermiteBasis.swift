import Expressions

/// Polynomials across one axis that carry values and slopes at its two ends, and the cutoff that vanishes there.
///
/// `s` runs from 0 to 1 over `length`. At an end of order 0 nothing is prescribed, at order 1 the value, at order 2
/// value and slope.
struct HermiteBasis {
    /// Functions for value and slope at the lower end.
    var lower: [Expression] = []
    /// Functions for value and slope at the upper end.
    var upper: [Expression] = []
    /// Vanishes at each end to the end's order; its maximum is one.
    var cutoff: Expression

    init(s: Expression, length: Double, lower lowerOrder: Int, upper upperOrder: Int) {
        let one: Expression = 1
        let scale = Expression(length)
        let r = one - s
        switch (lowerOrder, upperOrder) {
        case (1, 0): lower = [one]
        case (2, 0): lower = [one, s * scale]
        case (0, 1): upper = [one]
        case (0, 2): upper = [one, -(r * scale)]
        case (1, 1):
            lower = [r]
            upper = [s]
        case (2, 1):
            lower = [one - s * s, s * r * scale]
            upper = [s * s]
        case (1, 2):
            lower = [r * r]
            upper = [one - r * r, -(s * r * scale)]
        case (2, 2):
            lower = [r * r * (one + 2 * s), s * r * r * scale]
            upper = [s * s * (3 - 2 * s), -(s * s * r * scale)]
        default: break
        }
        // sᵐ(1 − s)ⁿ is largest at s = m/(m + n).
        let m = Double(lowerOrder), n = Double(upperOrder)
        let peak = Self.power(m / max(1, m + n), lowerOrder) * Self.power(n / max(1, m + n), upperOrder)
        let zeros = Array(repeating: s, count: lowerOrder) + Array(repeating: r, count: upperOrder)
        cutoff = zeros.reduce(Expression(1 / peak)) { $0 * $1 }
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1) { product, _ in product * base }
    }
}
