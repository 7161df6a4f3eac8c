import Glibc

/// The self-scaled Broyden family of updates of an inverse Hessian H (arXiv:2405.04230).
///
/// With s = θ⁺ − θ, y = g⁺ − g, w = Hy, ρ = 1/sᵀy, h = ρ yᵀw, v = ρs − w/(yᵀw):
///
/// H⁺ = (1/τ) [H − w wᵀ/(yᵀw) + φ (yᵀw) v vᵀ] + ρ s sᵀ.
///
/// The members differ in φ, which mixes BFGS (φ = 1) with DFP (φ = 0), and in the factor 1/τ that takes back what H
/// overestimates. With b = sᵀH⁻¹s/sᵀy, a = bh − 1 ≥ 0 and φ = (1 − θ)/(1 + aθ), θ = 0 is BFGS.
public enum SelfScaledUpdate: Sendable, Equatable {
    /// BFGS: τ = 1.
    case bfgs
    /// BFGS with τ = 1/b (Oren and Luenberger).
    case orenLuenberger
    /// BFGS with τ = min(1, 1/b) (Al-Baali).
    case alBaali
    /// Self-scaled Broyden with θ of the paper's first (1), second (2) or the authors' program's third rule (3).
    case broyden(Int)

    /// Scalars of a step.
    struct Quantities {
        /// Parameters.
        var dimension: Int
        /// ρ = 1/sᵀy.
        var rho: Double
        /// b = sᵀH⁻¹s/sᵀy.
        var b: Double
        /// h = yᵀHy/sᵀy.
        var h: Double
        /// Whether H is the identity and its scale is to be set now.
        var setsScale: Bool
    }

    /// H⁺ = keep H + ss s sᵀ + sw (s wᵀ + w sᵀ) + ww w wᵀ.
    struct Coefficients: Equatable {
        var keep = 1.0
        var ss = 0.0
        var sw = 0.0
        var ww = 0.0

        /// Whether all are finite and H stays what it is in the directions that the step did not see.
        var isSound: Bool { keep > 0 && keep.isFinite && ss.isFinite && sw.isFinite && ww.isFinite }
    }

    /// The update's coefficients.
    func coefficients(_ q: Quantities) -> Coefficients {
        let (tau, phi) = scaling(q)
        let (rho, h) = (q.rho, q.h)
        // (yᵀw) v vᵀ = ρh s sᵀ − ρ (s wᵀ + w sᵀ) + ρ/h w wᵀ, and 1/(yᵀw) = ρ/h.
        return Coefficients(
            keep: 1 / tau, ss: rho + phi * rho * h / tau, sw: -phi * rho / tau, ww: (phi - 1) * rho / (h * tau))
    }

    /// τ and φ.
    private func scaling(_ q: Quantities) -> (tau: Double, phi: Double) {
        switch self {
        case .bfgs: return (q.setsScale ? q.h : 1, 1)
        case .orenLuenberger: return (q.setsScale ? q.h : 1 / q.b, 1)
        case .alBaali: return (q.setsScale ? q.h : min(1, 1 / q.b), 1)
        case .broyden(let variant): return broydenScaling(q, variant: variant)
        }
    }

    private func broydenScaling(_ q: Quantities, variant: Int) -> (tau: Double, phi: Double) {
        let (b, h) = (q.b, q.h)
        let a = b * h - 1
        // w is parallel to s: v vanishes, and θ means nothing.
        guard abs(a) > 8 * Double.ulpOfOne else { return (q.setsScale ? h : min(1, 1 / b), 1) }
        let c = (abs(a) / (1 + a)).squareRoot()
        let rhoMinus = min(1, h * (1 - c))
        let thetaMinus = (rhoMinus - 1) / a
        let theta: Double
        switch variant {
        case 1:
            let thetaPlus = q.setsScale ? 1 / rhoMinus : max(1, b * (1 + c))
            if b > 1 {
                theta = max(thetaMinus, 1 / (1 - b))
            } else if b < 1 {
                theta = min(thetaPlus, 1 / (1 - b))
            } else {
                theta = thetaMinus
            }
        case 2: theta = max(thetaMinus, min(1 / rhoMinus, (1 - b) / b))
        default: theta = thetaMinus
        }
        let sigma = 1 + a * theta
        let phi = (1 - theta) / (1 + a * theta)
        if q.setsScale { return (h / sigma, phi) }
        // In one dimension w is always parallel to s, so that the exponent is never infinite here.
        let volume = pow(abs(sigma), 1 / (1 - Double(q.dimension)))
        let share = min(1, 1 / b)
        return (theta <= 0 ? min(share * volume, sigma) : share * min(volume, 1 / theta), phi)
    }
}
