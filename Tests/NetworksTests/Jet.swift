import Foundation

/// A number with nilpotent parts: a polynomial in ε₁, …, ε_k with every ε² = 0.
///
/// Entry m holds the coefficient of the product of those ε whose bits are set in m. With one ε for each differentiation,
/// the coefficient of ε₁⋯ε_k of f is exactly the mixed derivative. Functions split off the last ε:
/// f(a + b ε) = f(a) + f′(a) b ε, with f′ again a formula in jets, so nothing here knows the chain rule of higher order.
struct Jet {
    var parts: [Double]

    init(_ value: Double, variables: Int) {
        parts = [Double](repeating: 0, count: 1 << variables)
        parts[0] = value
    }

    private init(parts: [Double]) {
        self.parts = parts
    }

    private var low: Jet { Jet(parts: Array(parts[..<(parts.count / 2)])) }
    private var high: Jet { Jet(parts: Array(parts[(parts.count / 2)...])) }

    private func lifted(_ function: (Double) -> Double, _ derivative: (Jet) -> Jet) -> Jet {
        if parts.count == 1 { return Jet(parts: [function(parts[0])]) }
        return Jet(
            parts: low.lifted(function, derivative).parts + (derivative(low) * high).parts)
    }

    static func + (left: Jet, right: Jet) -> Jet { Jet(parts: zip(left.parts, right.parts).map(+)) }
    static func - (left: Jet, right: Jet) -> Jet { Jet(parts: zip(left.parts, right.parts).map(-)) }
    static func * (left: Double, right: Jet) -> Jet { Jet(parts: right.parts.map { left * $0 }) }

    static func * (left: Jet, right: Jet) -> Jet {
        var product = [Double](repeating: 0, count: left.parts.count)
        for i in left.parts.indices where left.parts[i] != 0 {
            for j in right.parts.indices where i & j == 0 { product[i | j] += left.parts[i] * right.parts[j] }
        }
        return Jet(parts: product)
    }

    private func constant(_ value: Double) -> Jet {
        Jet(parts: [value] + [Double](repeating: 0, count: parts.count - 1))
    }

    var exponential: Jet { lifted(exp) { $0.exponential } }
    var reciprocal: Jet {
        lifted({ 1 / $0 }) {
            let inverse = $0.reciprocal
            return -1 * (inverse * inverse)
        }
    }
    var sine: Jet { lifted(sin) { $0.cosine } }
    var cosine: Jet { lifted(cos) { -1 * $0.sine } }
    var hyperbolicTangent: Jet {
        lifted(tanh) {
            let y = $0.hyperbolicTangent
            return $0.constant(1) - y * y
        }
    }
    var errorFunction: Jet { lifted(erf) { (2 / Double.pi.squareRoot()) * (-1 * ($0 * $0)).exponential } }
    var sigmoid: Jet { (constant(1) + (-1 * self).exponential).reciprocal }
    var softplus: Jet { lifted({ max($0, 0) + log1p(exp(-abs($0))) }) { $0.sigmoid } }
    var silu: Jet { self * sigmoid }
    var gelu: Jet { 0.5 * (self * (constant(1) + (0.5.squareRoot() * self).errorFunction)) }
}
