import CKernels
import Glibc
import LinearAlgebra
import Networks
import Randomness

/// What a flow is trained for, and how.
extension FlowDensity {
    /// The density that the flow is to have, at candidates: a factor does not matter.
    func target(_ squares: [Double], at candidates: [Double], mixture: [Double], from stream: inout RandomStream)
        -> [Double]
    {
        switch objective {
        case .crossEntropy: squares
        case .worst(let beta): ascended(squares, beta: beta, at: candidates, mixture: mixture, from: &stream)
        }
    }

    /// (e^(2βΔ) p + f − λ)₊, f being r² over its mean: a step of projected ascent of ∫ f p − β ∫ |∇p|² among densities.
    ///
    /// The gradient flow is ∂p/∂t = 2β Δp + f − λ. A unit of time is gone at once, diffusion, with no flux through the walls,
    /// and then growth; λ makes the integral one. A gradient of the objective by the flow's parameters has terms that push p down at
    /// candidates, and mass then flees to where there are none; a target that is not negative has no such terms.
    private func ascended(
        _ squares: [Double], beta: Double, at candidates: [Double], mixture: [Double], from stream: inout RandomStream
    ) -> [Double] {
        let count = Double(squares.count)
        let mean = zip(squares, mixture).reduce(0) { $0 + $1.0 / $1.1 } / count
        let diffused = diffused((4 * beta).squareRoot(), at: candidates, from: &stream)
        let ascended = zip(diffused, squares).map { $0 + $1 / mean }
        func integral(_ level: Double) -> Double {
            zip(ascended, mixture).reduce(0) { $0 + max(0, $1.0 - level) / $1.1 } / count
        }
        // The part from p has about integral one, and that from f has integral one at these candidates.
        var (low, high) = (0.0, ascended.max() ?? 0)
        for _ in 0..<60 {
            let middle = 0.5 * (low + high)
            if integral(middle) > 1 { low = middle } else { high = middle }
        }
        return ascended.map { max(0, $0 - low) }
    }

    /// The mean of p over normal distances from points, reflected at the walls, from one distance and its opposite each.
    private func diffused(_ deviation: Double, at points: [Double], from stream: inout RandomStream) -> [Double] {
        // One end after the other.
        var ends = points + points
        for index in points.indices {
            let step = deviation * stream.normal()
            for (place, end) in [(index, points[index] + step), (points.count + index, points[index] - step)] {
                let folded = abs(end.truncatingRemainder(dividingBy: 2))
                ends[place] = min(folded, 2 - folded)
            }
        }
        let densities = evaluator.logDensities(at: ends, parameters: values).map { exp($0) }
        let count = points.count / flow.dimensions
        return (0..<count).map { 0.5 * (densities[$0] + densities[count + $0]) }
    }

    /// A round of steps down the cross-entropy −Σ w log p, over candidates drawn by their weights.
    func train(_ candidates: [Double], _ weights: [Double], from stream: inout RandomStream) {
        let draw = WeightedDraw(weights)
        let factors = [Double](repeating: -1 / Double(settings.batch), count: settings.batch)
        for _ in 0..<settings.steps {
            let batch = (0..<settings.batch).map { _ in draw.number(from: &stream) }
            var gradient = [Double](repeating: 0, count: flow.layout.count)
            evaluator.addGradient(at: rows(batch, of: candidates), parameters: values, into: &gradient) { _ in factors }
            descend(gradient)
        }
    }

    /// A step of Adam.
    private func descend(_ gradient: [Double]) {
        // A batch that meets nothing of the density says nothing.
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
