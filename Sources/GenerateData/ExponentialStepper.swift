import Foundation

/// Steps of fourth order for v′ = L v + N(v) with a diagonal L, which is integrated exactly: the exponential time
/// differencing of S. M. Cox and P. C. Matthews (J. Comput. Phys. 176 (2002) 430–455), ETDRK4.
///
/// With z = h L, the coefficients are
///
///     Q = h (e^{z/2} − 1)/z,                      f₁ = h (−4 − z + eᶻ (4 − 3z + z²))/z³,
///     f₂ = h (2 + z + eᶻ (z − 2))/z³,             f₃ = h (−4 − 3z − z² + eᶻ (4 − z))/z³.
///
/// Near z = 0 all digits cancel; they are means over a circle about z instead (A.-K. Kassam and L. N. Trefethen, SIAM J. Sci.
/// Comput. 26 (2005) 1214–1233).
struct ExponentialStepper {
    private let whole: [Complex]
    private let half: [Complex]
    private let quadrature: [Complex]
    private let first: [Complex]
    private let middle: [Complex]
    private let last: [Complex]

    /// Prepares steps of one length for the diagonal of L.
    init(linear: [Complex], step: Double) {
        let points = 64
        let circle = (0..<points).map { Complex.exp(Complex(0, 2 * .pi * (Double($0) + 0.5) / Double(points))) }
        func mean(_ z: Complex, _ function: (Complex) -> Complex) -> Complex {
            step / Double(points) * circle.reduce(Complex(0)) { $0 + function(z + $1) }
        }
        let scaled = linear.map { step * $0 }
        whole = scaled.map { Complex.exp($0) }
        half = scaled.map { Complex.exp(0.5 * $0) }
        quadrature = scaled.map { mean($0) { (Complex.exp(0.5 * $0) - Complex(1)) / $0 } }
        first = scaled.map {
            mean($0) { z in
                (Complex(-4) - z + Complex.exp(z) * (Complex(4) - 3 * z + z * z)) / (z * z * z)
            }
        }
        middle = scaled.map {
            mean($0) { z in (Complex(2) + z + Complex.exp(z) * (z - Complex(2))) / (z * z * z) }
        }
        last = scaled.map {
            mean($0) { z in
                (Complex(-4) - 3 * z - z * z + Complex.exp(z) * (Complex(4) - z)) / (z * z * z)
            }
        }
    }

    /// One step; `nonlinear` gives N(v).
    func advance(_ v: inout [Complex], _ nonlinear: ([Complex]) -> [Complex]) {
        let count = v.count
        let start = nonlinear(v)
        var a = v
        for k in 0..<count { a[k] = half[k] * v[k] + quadrature[k] * start[k] }
        let second = nonlinear(a)
        var b = v
        for k in 0..<count { b[k] = half[k] * v[k] + quadrature[k] * second[k] }
        let third = nonlinear(b)
        for k in 0..<count { b[k] = half[k] * a[k] + quadrature[k] * (2 * third[k] - start[k]) }
        let fourth = nonlinear(b)
        for k in 0..<count {
            let inner = 2 * (middle[k] * (second[k] + third[k]))
            v[k] = whole[k] * v[k] + first[k] * start[k] + inner + last[k] * fourth[k]
        }
    }
}
