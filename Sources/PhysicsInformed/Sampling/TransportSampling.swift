import OptimalTransport
import Optimizers
import Parallelism
import Randomness

/// Points that are moved by entropic transport towards the density qᵏ/E[qᵏ] + c of the residual, which they then follow with the
/// least movement.
///
/// Some candidates, drawn by the density, stand for it. A move that would leave the domain is not made.
public struct TransportSampling: DensitySampling {
    /// What users read and set.
    public static let description = PointRuleDescription(
        name: "transport", summary: "points moved by optimal transport towards the residual's density",
        source: "arXiv:2305.18702",
        options: [
            .number("power", default: 1, in: .atLeast(0), help: "k in p ~ |r|^k/E|r|^k + c"),
            .number("constant", default: 1, in: .atLeast(0), help: "c in p ~ |r|^k/E|r|^k + c"),
            .integer(
                "targets", default: 1_000, in: .from(1, to: 100_000), help: "candidates that stand for the density"),
            .number(
                "epsilon", default: 3e-4, in: .from(1e-6, to: 1), help: "regularisation, relative to the mean cost"),
            .number("damping", default: 1, in: .above(0, to: 1), help: "how far to go; 1: all the way"), .pool,
        ])

    let power: Double
    let constant: Double
    let targets: Int
    let epsilon: Double
    let damping: Double
    /// Candidates at each redraw.
    public let pool: Int

    /// A rule with checked options.
    public init(_ options: OptionValues) {
        power = options.number("power")
        constant = options.number("constant")
        targets = options.integer("targets")
        epsilon = options.number("epsilon")
        damping = options.number("damping")
        pool = options.integer("pool")
    }

    func makeDensity(
        dimensions: Int, points: Int, seed: UInt64, name: String, workers: WorkerPool
    ) -> any CollocationDensity {
        MovedPoints(self, workers: workers)
    }
}

/// Points that move; all they remember is where they are.
private final class MovedPoints: CollocationDensity {
    private let rule: TransportSampling
    private let workers: WorkerPool

    init(_ rule: TransportSampling, workers: WorkerPool) {
        self.rule = rule
        self.workers = workers
    }

    func candidates(
        _ count: Int, in domain: CubeDomain, from stream: inout RandomStream
    ) throws(SamplingError) -> [Double] {
        try domain.points(count) { count in (0..<count * domain.dimensions).map { _ in stream.uniform() } }
    }

    func respond(
        to candidates: [Double], squares: [Double], present: [Double], wanted: Int, in domain: CubeDomain,
        from stream: inout RandomStream
    ) throws(SamplingError) -> DensityResponse {
        let densities = WeightedChoice.densities(
            squares.map { $0.squareRoot() }, power: rule.power, constant: rule.constant)
        let mean = densities.reduce(0, +) / Double(densities.count)
        let balance = SampleBalance.mixed(densities.map { $0 / mean })
        // Stratified draws come in order: what is drawn several times is one place of more mass.
        var places: [Int] = [], masses: [Double] = []
        for index in WeightedChoice.stratified(rule.targets, balance.weights, from: &stream) {
            if places.last == index {
                masses[masses.count - 1] += 1
            } else {
                places.append(index)
                masses.append(1)
            }
        }
        func row(_ points: [Double], _ index: Int) -> [Double] {
            Array(points[index * domain.dimensions..<(index + 1) * domain.dimensions])
        }
        let from = (0..<present.count / domain.dimensions).map { row(present, $0) }
        let move: PointTransport.Move
        do throws(TransportError) {
            move = try PointTransport.moved(
                from, towards: masses, at: places.map { row(candidates, $0) }, periods: domain.periods,
                regularisation: rule.epsilon, damping: rule.damping, pool: workers)
        } catch {
            preconditionFailure("masses that were counted are positive: \(error)")
        }
        var points: [Double] = []
        points.reserveCapacity(present.count)
        for (value, period) in move.points.flatMap({ zip($0, domain.periods) }) {
            points.append(period > 0 ? value - value.rounded(.down) : min(max(value, 0), 1))
        }
        for (index, belongs) in domain.contains(points).enumerated() where !belongs {
            for axis in 0..<domain.dimensions {
                points[index * domain.dimensions + axis] = present[index * domain.dimensions + axis]
            }
        }
        return DensityResponse(points: points, balance: balance.balance)
    }

    func logDensities(at points: [Double]) -> [Double]? { nil }

    func visitState<S>(_ visitor: StateVisitor<S>) {}
}
