import Glibc
import LinearAlgebra
import Networks
import Optimizers
import Parallelism
import Randomness

/// A density of points that a flow holds, mixed with a share of the uniform law, and trained a few steps at each redraw.
///
/// Candidates come from the mixture q, so that the squared residual has importance weights r²/q. Where these stand on too few
/// candidates, the largest are cut: p can then grow beyond q by a bounded factor only, and a residual that fills a millionth of
/// the cube is approached in rounds, from one set of candidates to the next.
final class FlowDensity: CollocationDensity {
    /// What the flow is trained for.
    enum Objective {
        /// The density r²: least −∫ r² log p.
        case crossEntropy
        /// The greatest ∫ r² p − β ∫ |∇p|².
        case worst(beta: Double)
    }

    let flow: SplineFlow
    let evaluator: FlowEvaluator
    let settings: FlowSettings
    let objective: Objective
    private let added: Int?
    private let limit: Int
    let parameters: AlignedBuffer<Double>
    let first: AlignedBuffer<Double>
    let second: AlignedBuffer<Double>
    var steps = 0
    /// The rounds of this redraw so far.
    private var round = 0

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

    /// The parameters of the flow.
    var values: [Double] { Array(parameters.elements) }

    /// Points of the mixture.
    func candidates(
        _ count: Int, in domain: CubeDomain, from stream: inout RandomStream
    ) throws(SamplingError) -> [Double] {
        try domain.points(count) { mixturePoints($0, from: &stream) }
    }

    /// Points of the mixture in the cube.
    private func mixturePoints(_ count: Int, from stream: inout RandomStream) -> [Double] {
        let d = flow.dimensions
        var points = (0..<count * d).map { _ in stream.uniform() }
        let moved = (0..<count).filter { _ in stream.uniform() >= settings.uniformShare }
        let images = evaluator.points(from: rows(moved, of: points), parameters: values).points
        for (place, point) in moved.enumerated() {
            for axis in 0..<d { points[point * d + axis] = images[place * d + axis] }
        }
        return points
    }

    /// The density of the mixture.
    private func mixtureDensities(at points: [Double]) -> [Double] {
        evaluator.logDensities(at: points, parameters: values).map {
            // Below the largest number, whatever a flow with very many couplings has learned.
            settings.uniformShare + (1 - settings.uniformShare) * exp(min($0, 600))
        }
    }

    func respond(
        to candidates: [Double], squares: [Double], present: [Double], wanted: Int, in domain: CubeDomain,
        from stream: inout RandomStream
    ) throws(SamplingError) -> DensityResponse {
        let mixture = mixtureDensities(at: candidates)
        let (weights, balance) = SampleBalance.cut(targets(zip(squares, mixture).map { $0 / $1 }, mixture))
        train(candidates, weights, in: domain, from: &stream)
        round += 1
        if balance.cutShare > 0, round < settings.rounds {
            return DensityResponse(asksAgain: true, points: [], balance: balance)
        }
        round = 0
        let room = limit - present.count / flow.dimensions
        let count = added.map { max(0, min($0, room)) } ?? wanted
        return DensityResponse(
            points: try self.candidates(count, in: domain, from: &stream), isAddition: added != nil, balance: balance)
    }

    func logDensities(at points: [Double]) -> [Double]? {
        mixtureDensities(at: points).map { log($0) }
    }

    func visitState<S>(_ visitor: StateVisitor<S>) {
        visitor.doubles("flow", parameters)
        visitor.doubles("first moment", first)
        visitor.doubles("second moment", second)
        visitor.counter("steps", &steps)
    }

    /// Some of the points.
    func rows(_ indices: [Int], of points: [Double]) -> [Double] {
        var rows: [Double] = []
        rows.reserveCapacity(indices.count * flow.dimensions)
        for index in indices { rows += points[index * flow.dimensions..<(index + 1) * flow.dimensions] }
        return rows
    }
}
