import Foundation

/// Stokes flow in a corner one side of which slides with unit speed: the leading term of the flow under the end of a lid
/// (G. I. Taylor 1960), in coordinates X along the lid and Y along the wall.
///
/// With the angle θ from the lid,
///
///     ψ = b Y + θ (c X + d Y),   (b, c, d) = (−π², 4, 2π)/(π² − 4),
///
/// has ψ = 0 on both sides, ∂ψ/∂Y = −1 on the lid and ∂ψ/∂X = 0 on the wall. Its vorticity and its pressure divided by the
/// viscosity are real and imaginary part of an analytic function and grow as 1/r.
struct CornerFlow {
    /// The streamfunction and its derivatives along X and Y.
    var psi, psiX, psiY: Double
    /// ω = −∇²ψ and its derivatives.
    var vorticity, vorticityX, vorticityY: Double
    /// The harmonic function m with ω_X = m_Y, ω_Y = −m_X.
    var conjugate: Double

    /// The flow at a place; only ψ has a value in the corner itself.
    init(_ x: Double, _ y: Double) {
        let scale = 1 / (Double.pi * Double.pi - 4)
        let (b, c, d) = (-Double.pi * Double.pi * scale, 4 * scale, 2 * Double.pi * scale)
        let angle = atan2(y, x)
        let square = x * x + y * y
        let linear = c * x + d * y
        psi = b * y + angle * linear
        psiX = angle * c - y / square * linear
        psiY = b + angle * d + x / square * linear
        // ω + i m = −2 (d − i c)/Z with Z = X + i Y.
        let place = Complex(x, y)
        let function = Complex(-2 * d, 2 * c) / place
        let slope = Complex(2 * d, -2 * c) / (place * place)
        vorticity = function.real
        conjugate = function.imaginary
        vorticityX = slope.real
        vorticityY = -slope.imaginary
    }
}

/// The sum of the flows in both upper corners of the unit square, in its own coordinates: what no grid resolves.
struct SingularFlow {
    var psi, u, v: Double
    var vorticity, vorticityX, vorticityY: Double
    /// The part of the pressure that belongs to the vorticity, divided by the viscosity: P_x = −ω_y, P_y = ω_x.
    var pressure: Double

    init(_ x: Double, _ y: Double) {
        let left = CornerFlow(x, 1 - y)
        let right = CornerFlow(1 - x, 1 - y)
        psi = left.psi + right.psi
        u = -left.psiY - right.psiY
        v = -left.psiX + right.psiX
        vorticity = left.vorticity + right.vorticity
        vorticityX = left.vorticityX - right.vorticityX
        vorticityY = -left.vorticityY - right.vorticityY
        pressure = -left.conjugate + right.conjugate
    }
}
