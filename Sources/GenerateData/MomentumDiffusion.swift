import Foundation
import Results

/// The steady spectrum N(χ) of particles whose momentum χ diffuses while it grows or shrinks steadily, and which escape:
///
///     0 = −Φ′ − N/τ + S,   Φ = −D N′ + (2D/χ + χ̇) N,   D = χ^q,   χ̇ = a χ − b χ²,
///
/// with a given flux Φ through the lower end and none through the upper one.
///
/// With E = χ² exp ∫χ̇/D and N = E w the equation is self-adjoint: in y = ln χ, (D E/χ w_y)_y − χ E w/τ + χ S = 0.
struct MomentumDiffusion {
    /// q, a and b.
    var exponent: Double, gain = 0.0, loss = 0.0
    /// τ(χ)
    var escapeTime: (Double) -> Double
    /// χ S as a function of y.
    var source: (Double) -> Double = { _ in 0 }
    /// The flux through the lower end.
    var inflow = 0.0
    /// The ends of y.
    var lower: Double, upper: Double

    /// ln E = ln(χ² exp ∫χ̇/D), the integral being 0 at χ = 0.
    func logEquilibrium(_ y: Double) -> Double {
        let power = 2 - exponent
        return 2 * y + gain * Foundation.exp(power * y) / power - loss * Foundation.exp((power + 1) * y) / (power + 1)
    }

    /// ln N at evenly spaced y, both ends included, by finite volumes of which there are `refinement` between two of these
    /// places. The matrix is diagonally dominant, so that elimination keeps all digits.
    func logSpectrum(places: Int, refinement: Int) -> [Double] {
        let count = (places - 1) * refinement
        let step = (upper - lower) / Double(count)
        func place(_ index: Double) -> Double { lower + step * index }
        func weight(_ y: Double) -> Double { Foundation.exp(logEquilibrium(y)) }
        // Rate through the face above each place, and rate of escape from the volume about it.
        let exchange = (0..<count).map { index in
            let y = place(Double(index) + 0.5)
            return Foundation.exp((exponent - 1) * y) * weight(y) / step
        }
        var diagonal: [Double] = []
        var right: [Double] = []
        for index in 0...count {
            let y = place(Double(index))
            let volume = index == 0 || index == count ? step / 2 : step
            let chi = Foundation.exp(y)
            diagonal.append(
                volume * chi * weight(y) / escapeTime(chi) + (index > 0 ? exchange[index - 1] : 0)
                    + (index < count ? exchange[index] : 0))
            right.append(volume * source(y))
        }
        right[0] += inflow
        for index in 1...count {
            let factor = exchange[index - 1] / diagonal[index - 1]
            diagonal[index] -= factor * exchange[index - 1]
            right[index] += factor * right[index - 1]
        }
        var solution = [Double](repeating: 0, count: count + 1)
        solution[count] = right[count] / diagonal[count]
        for index in (0..<count).reversed() {
            solution[index] = (right[index] + exchange[index] * solution[index + 1]) / diagonal[index]
        }
        return stride(from: 0, through: count, by: refinement).map { index in
            log(solution[index]) + logEquilibrium(place(Double(index)))
        }
    }

    /// ln N in the limit of fine grids: two grids and the error of second order eliminated. With it, by how much the limit
    /// from grids half as fine differs.
    func limit(places: Int, refinement: Int) -> (values: [Double], difference: Double) {
        let tables = [1, 2, 4].map { logSpectrum(places: places, refinement: $0 * refinement) }
        func extrapolate(_ coarse: [Double], _ fine: [Double]) -> [Double] {
            zip(coarse, fine).map { ($1 * 4 - $0) / 3 }
        }
        let coarse = extrapolate(tables[0], tables[1]), fine = extrapolate(tables[1], tables[2])
        return (fine, zip(coarse, fine).reduce(0) { max($0, abs($1.0 - $1.1)) })
    }
}

extension MomentumDiffusion {
    /// Turbulence after Kolmogorov, synchrotron losses that balance acceleration at χ = 10, escape after a time of 5, and a
    /// Gaussian source about χ = 1.
    static var injected: MomentumDiffusion {
        MomentumDiffusion(
            exponent: 5.0 / 3, loss: 11.0 / 3 / pow(10, 4.0 / 3), escapeTime: { _ in 5 },
            source: { y in Foundation.exp(-y * y / (2 * 0.2 * 0.2)) / (0.2 * (2 * Double.pi).squareRoot()) },
            lower: log(0.01), upper: log(30))
    }

    /// Turbulence after Kolmogorov, escape after τ = χ^{q−2}, a unit flux through the lower end.
    static var escaping: MomentumDiffusion {
        MomentumDiffusion(
            exponent: 5.0 / 3, escapeTime: { pow($0, -1.0 / 3) }, inflow: 1, lower: log(0.1), upper: log(10))
    }

    /// ln N of `escaping` in closed form: N = χ^{2/3} (A I₄(z) + B K₄(z)), z = 3χ^{1/3}, after P. A. Becker et al.,
    /// Astrophys. J. 647 (2006) 539–551.
    static func escapingInClosedForm(_ y: Double) -> Double {
        // (2N − χN′) χ^{−2/3} for either part, which is the flux divided by D/χ χ^{2/3}.
        func parts(_ y: Double) -> (values: [Double], fluxes: [Double]) {
            let z = 3 * Foundation.exp(y / 3)
            let growing = ModifiedBessel.first(4, z), decaying = ModifiedBessel.second(4, z)
            let slopes = [
                ModifiedBessel.first(3, z) - 4 / z * growing, -ModifiedBessel.second(3, z) - 4 / z * decaying,
            ]
            return ([growing, decaying], zip([growing, decaying], slopes).map { 4.0 / 3 * $0 - z / 3 * $1 })
        }
        let lower = parts(escaping.lower).fluxes, upper = parts(escaping.upper).fluxes
        // No flux at the upper end fixes the ratio of the two, the flux at the lower end their size.
        let ratio = -upper[1] / upper[0]
        let size = 1 / (Foundation.exp(4.0 / 3 * escaping.lower) * (ratio * lower[0] + lower[1]))
        let here = parts(y).values
        return 2.0 / 3 * y + log(size * (ratio * here[0] + here[1]))
    }
}

/// Modified Bessel functions of whole order.
enum ModifiedBessel {
    /// I_n(z) = (1/π) ∫₀^π exp(z cos θ) cos nθ dθ; the trapezoidal rule converges faster than any power.
    static func first(_ order: Int, _ z: Double) -> Double {
        let count = 200
        let sum = (0..<count).reduce(0.0) { sum, index in
            let angle = 2 * .pi * Double(index) / Double(count)
            return sum + exp(z * cos(angle)) * cos(Double(order) * angle)
        }
        return sum / Double(count)
    }

    /// K_n(z) = ∫₀^∞ exp(−z cosh t) cosh nt dt, likewise.
    static func second(_ order: Int, _ z: Double) -> Double {
        let step = 0.01
        return step
            * (0..<1_000).reduce(0.0) { sum, index in
                let t = step * Double(index)
                return sum + (index == 0 ? 0.5 : 1) * exp(-z * cosh(t)) * cosh(Double(order) * t)
            }
    }
}
