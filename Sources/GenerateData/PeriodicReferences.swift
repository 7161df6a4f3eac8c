import Foundation
import Results

extension PeriodicProblem {
    /// Allen–Cahn: u_t = 10⁻⁴ u_xx + 5u − 5u³ on [−1, 1] with u = x² cos πx at t = 0.
    ///
    /// The periodic continuation of the initial values has a kink at ±1, where their slope jumps by 4. Sampling them
    /// would fold a tail of coefficients 0.2/k² onto the others; they are known exactly,
    ///
    ///     cₖ = (I(k + 1) + I(k − 1))/4,   I(0) = 2/3,   I(m) = ∫ x² cos(mπx) dx = 4 (−1)ᵐ/(mπ)².
    static var allenCahn: PeriodicProblem {
        PeriodicProblem(
            start: -1, period: 2, end: 1, intervals: 100, places: 512,
            linear: { Complex(5 - 1e-4 * $0 * $0) }, outer: { _ in Complex(1) }, nonlinear: { -5 * $0 * $0 * $0 },
            initial: { $0 * $0 * cos(.pi * $0) },
            initialCoefficient: { k in
                func integral(_ m: Int) -> Double {
                    let frequency = Double(m) * .pi
                    return m == 0 ? 2.0 / 3 : (m % 2 == 0 ? 4 : -4) / (frequency * frequency)
                }
                return (integral(k + 1) + integral(k - 1)) / 4
            },
            fine: Resolution(modes: 8192, steps: 80), coarse: Resolution(modes: 4096, steps: 40))
    }

    /// Korteweg–de Vries: u_t + u u_x + 0.022² u_xxx = 0 on [−1, 1] with u = cos πx at t = 0.
    static var kortewegDeVries: PeriodicProblem {
        PeriodicProblem(
            start: -1, period: 2, end: 1, intervals: 200, places: 512,
            linear: { Complex(0, 0.022 * 0.022 * $0 * $0 * $0) }, outer: { Complex(0, $0) },
            nonlinear: { -$0 * $0 / 2 }, initial: { cos(.pi * $0) },
            fine: Resolution(modes: 1536, steps: 200), coarse: Resolution(modes: 1024, steps: 100))
    }

    /// Kuramoto–Sivashinsky: u_t + α u u_x + β u_xx + γ u_xxxx = 0 on [0, 2π] with α = 100/16, β = 100/16², γ = 100/16⁴ and
    /// u = cos x (1 + sin x) at t = 0.
    static var kuramotoSivashinsky: PeriodicProblem {
        PeriodicProblem(
            start: 0, period: 2 * .pi, end: 0.5, intervals: 200, places: 256,
            linear: { k in Complex(100.0 / 256 * k * k - 100.0 / 65_536 * k * k * k * k) }, outer: { Complex(0, $0) },
            nonlinear: { -100.0 / 16 * $0 * $0 / 2 }, initial: { cos($0) * (1 + sin($0)) },
            fine: Resolution(modes: 1024, steps: 200), coarse: Resolution(modes: 512, steps: 100))
    }
}
