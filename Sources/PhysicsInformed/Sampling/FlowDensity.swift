import CKernels
import Glibc
import LinearAlgebra
import Networks
import Optimizers
import Parallelism
import Randomness

/// A density of points that a flow holds, mixed with a share of the uniform law, and trained a few steps at each redraw.
///
/// Candidates come from the mixture q, so that the squared residual has importance weights r²/q.
final class FlowDensity: CollocationDensity {
    /// What the flow is trained for.
    enum Objective {
        /// The density r²: least −∫ r² log p.
        case crossEntropy
        /// The greatest ∫ r² p − β ∫ |∇p|².
        case worst(beta: Double)
    }

    private let flow: SplineFlow
    private let evaluator: FlowEvaluator
    private let settings: FlowSettings
    private let objective: Objective
    private let added: Int?
    private let limit: Int
    private let parameters: AlignedBuffer<Double>
    private let first: AlignedBuffer<Double>
    private let second: AlignedBuffer<Double>
    private var steps = 0

    /// - Parameters:
    ///   - added: how many points are added at each redraw; nil where they are replaced.
    ///   - limit: the most points.
    init(
        _ settings: FlowSettings, dimensions: Int, objective: Objective, added: Int? = nil, limit: Int = 0,
        seed: UInt64, name: String, workers: WorkerPool
    ) {
        self.settings = settings
        self.objective = objective
        self.added = added
        self.limit = limit
        flow = SplineFlow(
            dimensions: dimensions, couplings: settings.couplings, bins: settings.bins, width: settings.width)
        evaluator = FlowEvaluator(flow, pool: workers)
        let count = flow.layout.count
        (parameters, first, second) = (
            AlignedBuffer(count: count), AlignedBuffer(count: count), AlignedBuffer(count: count)
        )
        var stream = RandomStream(seed: seed, name: "flow/\(name)")
        for (index, value) in flow.initialParameters(&stream).enumerated() { parameters.baseAddress[index] = value }
    }

    private var values: [Double] { Array(parameters.elements) }

    func candidates(
        _ count: Int, in domain: CubeDomain, from stream: inout RandomStream
    ) throws(SamplingError) -> [Double] {
        try samples(count, in: domain, from: &stream)
    }

    /// Points of the mixture.
    private func samples(
        _ count: Int, in domain: CubeDomain, from stream: inout RandomStream
    ) throws(SamplingError) -> [Double] {
        let values = values
        return try domain.points(count) { count in
            let base = (0..<count * flow.dimensions).map { _ in stream.uniform() }
            let images = evaluator.points(from: base, parameters: values).points
            var points = base
            for point in 0..<count where stream.uniform() >= settings.uniformShare {
                for axis in 0..<flow.dimensions {
                    points[point * flow.dimensions + axis] = images[point * flow.dimensions + axis]
                }
            }
            return points
        }
    }

    func respond(
        to candidates: [Double], squares: [Double], present: [Double], wanted: Int, in domain: CubeDomain,
        from stream: inout RandomStream
    ) throws(SamplingError) -> DensityResponse {
        let mixture = evaluator.logDensities(at: candidates, parameters: values).map {
            settings.uniformShare + (1 - settings.uniformShare) * exp($0)
        }
        func scaled(_ weights: [Double]) -> [Double] {
            let mean = weights.reduce(0, +) / Double(weights.count)
            return weights.map { $0 / mean }
        }
        let own = scaled(zip(squares, mixture).map { $0 / $1 }), even = scaled(mixture.map { 1 / $0 })
        let (weights, balance) = SampleBalance.mixed(own, with: even)
        for _ in 0..<settings.steps {
            var gradient = [Double](repeating: 0, count: flow.layout.count)
            switch objective {
            case .crossEntropy: crossEntropy(candidates, weights, into: &gradient, from: &stream)
            case .worst(let beta):
                worst(candidates, weights: weights, mixture: mixture, beta: beta, into: &gradient, from: &stream)
            }
            descend(gradient)
        }
        let room = limit - present.count / flow.dimensions
        let count = added.map { max(0, min($0, room)) } ?? wanted
        return DensityResponse(
            points: try samples(count, in: domain, from: &stream), isAddition: added != nil, balance: balance)
    }

    func logDensities(at points: [Double]) -> [Double]? {
        evaluator.logDensities(at: points, parameters: values).map {
            log(settings.uniformShare + (1 - settings.uniformShare) * exp($0))
        }
    }

    func visitState<S>(_ visitor: StateVisitor<S>) {
        visitor.doubles("flow", parameters)
        visitor.doubles("first moment", first)
        visitor.doubles("second moment", second)
        visitor.counter("steps", &steps)
    }

    // MARK: - Training

    /// −(1/n) Σ ∇ log p over candidates drawn by their weights.
    private func crossEntropy(
        _ candidates: [Double], _ weights: [Double], into gradient: inout [Double], from stream: inout RandomStream
    ) {
        let batch = WeightedChoice.withReplacement(settings.batch, weights, from: &stream)
        let factor = -1 / Double(batch.count)
        evaluator.addGradient(at: rows(batch, of: candidates), parameters: values, into: &gradient) { _ in
            [Double](repeating: factor, count: batch.count)
        }
    }

    /// The largest ratio of the density to the one that candidates were drawn from, against rare points of great weight.
    private static let largestRatio = 10.0
    /// Half the distance over which slopes are taken, in sides of the cube.
    private static let reach = 0.01

    /// The score-function estimate −(1/n) Σ (p/q)(f − f̄) ∇ log p, and the derivative of the penalty.
    private func worst(
        _ candidates: [Double], weights: [Double], mixture: [Double], beta: Double, into gradient: inout [Double],
        from stream: inout RandomStream
    ) {
        let count = candidates.count / flow.dimensions
        let batch = (0..<settings.batch).map { _ in min(count - 1, Int(stream.uniform() * Double(count))) }
        let points = rows(batch, of: candidates)
        // f of mean 1 on the cube: a weight is f/q.
        let rewards = batch.map { weights[$0] * mixture[$0] }
        evaluator.addGradient(at: points, parameters: values, into: &gradient) { logDensities in
            let ratios = batch.indices.map { min(Self.largestRatio, exp(logDensities[$0]) / mixture[batch[$0]]) }
            let total = ratios.reduce(0, +)
            let mean = total > 0 ? zip(ratios, rewards).reduce(0) { $0 + $1.0 * $1.1 } / total : 0
            let share = 1 / Double(batch.count)
            return batch.indices.map { -share * ratios[$0] * (rewards[$0] - mean) }
        }
        if beta > 0 {
            addPenalty(
                points, mixture: batch.map { mixture[$0] }, beta: beta, into: &gradient, from: &stream)
        }
    }

    /// The derivative of β ∫ |∇p|², whose slopes are differences along one random direction for each point, times d.
    private func addPenalty(
        _ points: [Double], mixture: [Double], beta: Double, into gradient: inout [Double],
        from stream: inout RandomStream
    ) {
        let d = flow.dimensions, count = mixture.count
        // One end of each difference after the other.
        var ends = points + points
        for point in mixture.indices {
            let direction = (0..<d).map { _ in stream.normal() }
            let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
            for axis in 0..<d {
                let step = Self.reach * direction[axis] / length
                ends[point * d + axis] += step
                ends[(count + point) * d + axis] -= step
            }
        }
        let scale = beta * Double(d) / Double(count)
        evaluator.addGradient(at: ends, parameters: values, into: &gradient) { logDensities in
            let densities = logDensities.map { exp($0) }
            let slopes = (0..<count).map { (densities[$0] - densities[count + $0]) / (2 * Self.reach) }
            return densities.indices.map { end in
                let point = end % count, sign = end < count ? 1.0 : -1.0
                return scale * sign * slopes[point] * densities[end] / (mixture[point] * Self.reach)
            }
        }
    }

    private func rows(_ batch: [Int], of candidates: [Double]) -> [Double] {
        var points: [Double] = []
        points.reserveCapacity(batch.count * flow.dimensions)
        for index in batch { points += candidates[index * flow.dimensions..<(index + 1) * flow.dimensions] }
        return points
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
