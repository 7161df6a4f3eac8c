import Foundation

/// A complex number.
struct Complex: Equatable {
    var real: Double
    var imaginary: Double

    init(_ real: Double, _ imaginary: Double = 0) {
        self.real = real
        self.imaginary = imaginary
    }

    static func + (left: Complex, right: Complex) -> Complex {
        Complex(left.real + right.real, left.imaginary + right.imaginary)
    }

    static func - (left: Complex, right: Complex) -> Complex {
        Complex(left.real - right.real, left.imaginary - right.imaginary)
    }

    static func * (left: Complex, right: Complex) -> Complex {
        Complex(
            left.real * right.real - left.imaginary * right.imaginary,
            left.real * right.imaginary + left.imaginary * right.real)
    }

    static func * (factor: Double, right: Complex) -> Complex {
        Complex(factor * right.real, factor * right.imaginary)
    }

    static func / (left: Complex, right: Complex) -> Complex {
        let square = right.real * right.real + right.imaginary * right.imaginary
        return (1 / square) * (left * Complex(right.real, -right.imaginary))
    }

    /// eᶻ
    static func exp(_ exponent: Complex) -> Complex {
        Foundation.exp(exponent.real) * Complex(cos(exponent.imaginary), sin(exponent.imaginary))
    }
}
