import Foundation

/// The elementary functions of the language.
enum Function: String, Hashable, CaseIterable, Sendable {
    case sqrt, exp, log, log10, sin, cos, tan, asin, acos, atan, atan2, sinh, cosh, tanh, erf
    case abs, sign, min, max, floor, mod, step

    /// The number of arguments; `min` and `max` take two or more in texts.
    var argumentCount: Int {
        switch self {
        case .atan2, .min, .max, .mod: 2
        default: 1
        }
    }

    /// The value at one or two numbers; `b` is not read by functions of one argument.
    ///
    /// `mod(a, b)` is a − b⌊a/b⌋, which has the sign of b; `step(0)` is ½.
    func value(_ a: Double, _ b: Double) -> Double {
        switch self {
        case .sqrt: a.squareRoot()
        case .exp: Foundation.exp(a)
        case .log: Foundation.log(a)
        case .log10: Foundation.log10(a)
        case .sin: Foundation.sin(a)
        case .cos: Foundation.cos(a)
        case .tan: Foundation.tan(a)
        case .asin: Foundation.asin(a)
        case .acos: Foundation.acos(a)
        case .atan: Foundation.atan(a)
        case .atan2: Foundation.atan2(a, b)
        case .sinh: Foundation.sinh(a)
        case .cosh: Foundation.cosh(a)
        case .tanh: Foundation.tanh(a)
        case .erf: Foundation.erf(a)
        case .abs: Swift.abs(a)
        case .sign: a > 0 ? 1 : a < 0 ? -1 : a
        case .min: a <= b ? a : b
        case .max: a >= b ? a : b
        case .floor: a.rounded(.down)
        case .mod: a - b * (a / b).rounded(.down)
        case .step: a > 0 ? 1 : a < 0 ? 0 : a == 0 ? 0.5 : a
        }
    }
}

/// a to the power b; whole exponents of moderate size by multiplication, as on the tape.
func raised(_ a: Double, to b: Double) -> Double {
    guard b == b.rounded(), abs(b) <= 64 else { return pow(a, b) }
    var result = 1.0
    var square = a
    var exponent = Int(abs(b))
    while exponent > 0 {
        if exponent & 1 == 1 { result *= square }
        square *= square
        exponent >>= 1
    }
    return b < 0 ? 1 / result : result
}

extension Double {
    /// The shortest text that reads back as the same number, without a needless `.0`.
    var shortText: String {
        let text = "\(self)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
