import Glibc

/// A piece of a monotone rational-quadratic spline (J. A. Gregory, R. Delbourgo, IMA J. Numer. Anal. 2, 1982).
///
/// With ξ = (x − x₀)/w, s = h/w and t = ξ(1 − ξ) it is y = y₀ + h (s ξ² + d₀ t)/(s + (d₀ + d₁ − 2s) t): from (x₀, y₀) to
/// (x₀ + w, y₀ + h), with the slopes d₀ and d₁ at the ends.
struct SplinePiece {
    var x: Double, y: Double
    var width: Double, height: Double
    var leftSlope: Double, rightSlope: Double

    /// The value at a place of the piece and the logarithm of the slope there.
    @inline(__always)
    func value(at place: Double) -> (value: Double, logSlope: Double) {
        let u = min(max((place - x) / width, 0), 1)
        let s = height / width, t = u * (1 - u)
        let below = s + (leftSlope + rightSlope - 2 * s) * t
        return (y + height * (s * u * u + leftSlope * t) / below, logSlope(u, s, t, below))
    }

    /// The place of a value, from the quadratic equation in the form that does not cancel, and the logarithm of the slope there.
    @inline(__always)
    func place(of value: Double) -> (place: Double, logSlope: Double) {
        let s = height / width, excess = leftSlope + rightSlope - 2 * s
        let rise = min(max(value - y, 0), height)
        let a = height * (s - leftSlope) + rise * excess
        let b = height * leftSlope - rise * excess
        let c = -s * rise
        let root = max(0, b * b - 4 * a * c).squareRoot()
        let below = -b - root
        let u = below == 0 ? 0 : min(max(2 * c / below, 0), 1)
        let t = u * (1 - u)
        return (x + u * width, logSlope(u, s, t, s + excess * t))
    }

    @inline(__always)
    private func logSlope(_ u: Double, _ s: Double, _ t: Double, _ below: Double) -> Double {
        let above = rightSlope * u * u + 2 * s * t + leftSlope * (1 - u) * (1 - u)
        return log(s * s * above / (below * below))
    }

    /// The derivatives of a · value + b · log slope by all numbers of the piece and by the place.
    ///
    /// Those by width and height hold x₀ and y₀ fixed.
    struct Adjoint {
        var place: Double, x: Double, y: Double
        var width: Double, height: Double
        var leftSlope: Double, rightSlope: Double
    }

    /// The derivatives of a · value + b · log slope at a place of the piece.
    @inline(__always)
    func adjoint(at place: Double, value a: Double, logSlope b: Double) -> Adjoint {
        let u = min(max((place - x) / width, 0), 1)
        let s = height / width, t = u * (1 - u)
        let excess = leftSlope + rightSlope - 2 * s
        let n = s * u * u + leftSlope * t, below = s + excess * t
        let above = rightSlope * u * u + 2 * s * t + leftSlope * (1 - u) * (1 - u)
        let turn = 1 - 2 * u
        // By ξ, s and the slopes, h standing by itself in front of the quotient.
        let byU =
            a * height * ((2 * s * u + leftSlope * turn) * below - n * excess * turn) / (below * below)
            + b * ((2 * rightSlope * u + 2 * s * turn - 2 * leftSlope * (1 - u)) / above - 2 * excess * turn / below)
        let byS =
            a * height * (u * u * below - n * (1 - 2 * t)) / (below * below)
            + b * (2 / s + 2 * t / above - 2 * (1 - 2 * t) / below)
        let left = a * height * t * (below - n) / (below * below) + b * ((1 - u) * (1 - u) / above - 2 * t / below)
        let right = -a * height * t * n / (below * below) + b * (u * u / above - 2 * t / below)
        return Adjoint(
            place: byU / width, x: -byU / width, y: a, width: -(byS * s + byU * u) / width,
            height: a * n / below + byS / width, leftSlope: left, rightSlope: right)
    }
}
