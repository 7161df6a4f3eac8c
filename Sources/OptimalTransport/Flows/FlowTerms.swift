import Glibc

/// A potential alone: y = −2h V whatever the sums.
struct DriftTerm: MarginalBalance {
    /// −2h V
    let potentials: [Double]
    var count: Int { potentials.count }

    func balance(_ sums: UnsafePointer<Double>, epsilon: Double, _ target: UnsafeMutablePointer<Double>) {
        potentials.withUnsafeBufferPointer { potentials in
            for index in potentials.indices { target[index] = potentials[index] }
        }
    }
}

/// 2h times the energy w Σ (κ ρ^m/(m − 1) + e ρ (log ρ − 1) + V ρ) with ρ = p/w, for cells of volume w.
///
/// With q the sums for potentials of zero, log p solves
/// (1 + σe) log p + σ κ m/(m − 1) ρ^(m−1) = log q − σV + σe log w for σ = 2h/ε. A negative e down to −1/(2σ) takes back what the
/// kernel diffuses; the equation stays monotone.
struct PowerTerm: MarginalBalance {
    let exponent: Double
    let coefficient: Double
    let linear: Double
    let logVolumes: [Double]
    /// V; empty for none.
    let potential: [Double]
    /// 2h
    let doubleStep: Double
    var count: Int { logVolumes.count }

    func balance(_ sums: UnsafePointer<Double>, epsilon: Double, _ target: UnsafeMutablePointer<Double>) {
        let ratio = doubleStep / epsilon
        let slope = 1 + ratio * linear, order = exponent - 1
        let factor = slope / order
        let power = log(ratio * coefficient * exponent / order)
        for index in 0..<count {
            // With ω = (m − 1) log ρ + log(σκm/(m − 1)): factor · ω + e^ω = M.
            let volume = logVolumes[index]
            let drift = potential.isEmpty ? 0 : ratio * potential[index]
            let goal = sums[index] - volume - drift + factor * power
            let omega = Self.solve(factor, goal)
            let logDensity = (omega - power) / order
            target[index] = epsilon * (logDensity + volume - sums[index])
        }
    }

    /// The solution of f ω + e^ω = M: Newton's method from above, where the left side is convex and increasing.
    static func solve(_ factor: Double, _ goal: Double) -> Double {
        var omega = goal / factor
        if goal > 1 { omega = min(omega, log(goal)) }
        for _ in 0..<100 {
            let power = exp(omega)
            let change = (factor * omega + power - goal) / (factor + power)
            omega -= change
            if abs(change) <= 1e-15 * max(1, abs(omega)) { break }
        }
        return omega
    }
}
