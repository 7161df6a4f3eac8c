import CKernels
import Glibc
import LinearAlgebra
import Networks
import Randomness

/// What a flow is trained for, and how.
extension FlowDensity {
    /// The density that the flow is to have over that of candidates, given f/q there; a factor does not matter.
    func targets(_ gains: [Double], _ mixture: [Double]) -> [Double] {
        switch objective {
        case .crossEntropy: gains
        case .worst: ascended(gains, mixture)
        }
    }

    /// (p + f − λ)₊/q, p and f having mean 1 over the domain as candidates see it, and λ giving the result that mean.
    ///
    /// Diffused by e^(2βΔ) this is a step of projected ascent of ∫ f p − β ∫ |∇p|² among densities, whose gradient flow is
    /// ∂p/∂t = 2β Δp + f − λ: a unit of time of growth and then of diffusion. With a = 2β|k|² it rests at the modes
    /// f/(eᵃ − 1), in place of f/a, so that structures narrower than √β are smoothed more than by the maximiser.
    ///
    /// Gradients of the objective by the flow's parameters have terms that push p down at candidates, and mass then flees to
    /// where there are none; a target that is not negative has no such terms.
    private func ascended(_ gains: [Double], _ mixture: [Double]) -> [Double] {
        func scaled(_ ratios: [Double]) -> [Double] {
            let mean = ratios.reduce(0, +) / Double(ratios.count)
            return mean > 0 ? ratios.map { $0 / mean } : ratios
        }
        let share = settings.uniformShare
        let present = scaled(mixture.map { share < 1 ? max(0, $0 - share) / $0 : 1 })
        let sums = zip(present, scaled(gains)).map { $0 + $1 }
        func mean(_ level: Double) -> Double {
            zip(sums, mixture).reduce(0) { $0 + max(0, $1.0 - level / $1.1) } / Double(sums.count)
        }
        var (low, high) = (0.0, zip(sums, mixture).reduce(0) { max($0, $1.0 * $1.1) })
        for _ in 0..<60 {
            let middle = 0.5 * (low + high)
            if mean(middle) > 1 { low = middle } else { high = middle }
        }
        return zip(sums, mixture).map { max(0, $0 - low / $1) }
    }

    /// Steps down the cross-entropy −Σ w log p, over candidates drawn by their weights and then diffused.
    func train(
        _ candidates: [Double], _ weights: [Double], in domain: CubeDomain, from stream: inout RandomStream
    ) {
        let draw = WeightedDraw(weights)
        let factors = [Double](repeating: -1 / Double(settings.batch), count: settings.batch)
        for _ in 0..<settings.steps {
            var batch = rows((0..<settings.batch).map { _ in draw.number(from: &stream) }, of: candidates)
            if case .worst(let beta) = objective { diffuse(&batch, 2 * beta, in: domain, from: &stream) }
            var gradient = [Double](repeating: 0, count: flow.layout.count)
            evaluator.addGradient(at: batch, parameters: values, weights: factors, into: &gradient)
            descend(gradient)
        }
    }

    /// Moves points as e^(τΔ) does, by normal distances of variance 2τ along each axis, reflected at the walls of the cube;
    /// those that would leave the domain stay.
    private func diffuse(
        _ points: inout [Double], _ time: Double, in domain: CubeDomain, from stream: inout RandomStream
    ) {
        let d = flow.dimensions, deviation = (2 * time).squareRoot(), periods = domain.periods
        let moved = points.indices.map { index in
            let end = points[index] + deviation * stream.normal()
            if periods[index % d] > 0 { return end - end.rounded(.down) }
            let folded = abs(end.truncatingRemainder(dividingBy: 2))
            return min(folded, 2 - folded)
        }
        for (point, belongs) in domain.contains(moved).enumerated() where belongs {
            for index in point * d..<(point + 1) * d { points[index] = moved[index] }
        }
    }

    /// A step of Adam.
    private func descend(_ gradient: [Double]) {
        // Where a sum overflows there is nothing to follow.
        guard Double.isFinite(gradient.count, gradient) else { return }
        steps += 1
        let (beta1, beta2) = (0.9, 0.99)
        var constants = ansatz_adam_constants(
            rate: settings.rate, beta1: beta1, beta2: beta2, epsilon: 1e-12,
            first_correction: 1 / (1 - pow(beta1, Double(steps))),
            second_correction: 1 / (1 - pow(beta2, Double(steps))), coupled_decay: 0, shrinkage: 1)
        ansatz_optimizer_adam_f64(
            gradient.count, &constants, gradient, parameters.baseAddress, first.baseAddress, second.baseAddress)
    }
}
