import Geometry
import Glibc
import LinearAlgebra
import OptimalTransport
import Randomness

/// When points of the equations and residuals are looked at.
public struct SamplingSettings: Sendable, Equatable {
    /// Steps between two looks at points.
    public var every: Int
    /// Uniform points that training never sees, at which the residual is evaluated.
    public var points: Int

    /// Joins the two.
    public init(every: Int, points: Int = 2_000) {
        precondition(every > 0 && points > 1, "there is at least one step between two looks, and there are points")
        self.every = every
        self.points = points
    }
}

/// How the squared residual of the equations, q² = Σ w |r|², is spread over uniform points that training never sees.
public struct SamplingReport: Sendable, Equatable {
    /// W₁ between q²/∫q² and the uniform law, in sides of the domain's box: over cells of a grid in up to two dimensions, sliced
    /// beyond; NaN where the residual is not finite or vanishes.
    public var wasserstein: Double
    /// The mean of q².
    public var mean: Double
    /// The variance of q².
    public var variance: Double
}

/// The points of the equations at one moment of training, and the residual elsewhere.
public struct SamplingSnapshot: Sendable, Equatable {
    /// Steps of all stages so far.
    public var step: Int
    /// Points of the equations, [point][coordinate], at most ``largestCount`` of them.
    public var points: [[Double]]
    /// Uniform points that training never sees, [point][coordinate].
    public var probes: [[Double]]
    /// q there.
    public var residuals: [Double]
    /// The density of points there, relative to the uniform one; empty without a density.
    public var densities: [Double]

    /// The most points that are kept.
    public static let largestCount = 5_000
}

/// Looks at points and residuals; nothing in training depends on it.
final class SamplingMonitor<S: Scalar> {
    private let settings: SamplingSettings
    private let loss: LossFunction<S>
    private let domain: CubeDomain
    /// Points of the domain, [point][coordinate], and of the cube.
    private let probes: [Double]
    private let places: [Double]
    private let groups: [(group: LossGroup<S>, points: PointSet<S>)]
    private let magnitudes: AlignedBuffer<Double>
    private let directions: [[Double]]
    private var lastStep = -1

    private static var cellsPerAxis: Int { 12 }
    private static var directionCount: Int { 24 }

    init(_ settings: SamplingSettings, problem: CollocationProblem, loss: LossFunction<S>, seed: UInt64) throws {
        self.settings = settings
        self.loss = loss
        domain = CubeDomain(problem.domain, timeShare: 1)
        var stream = RandomStream(seed: seed, name: "sampling/probes")
        let dimensions = problem.domain.dimensions
        places = try domain.points(settings.points) { count in
            (0..<count * dimensions).map { _ in stream.uniform() }
        }
        let probes = domain.places(of: places)
        self.probes = probes
        groups = loss.groups.filter(\.hasEquations).map { group in
            let points = PointSet<S>(
                coordinateCount: dimensions, count: settings.points, hasNormals: false,
                coefficientCount: group.program.coefficients.count)
            points.store(probes, from: 0, normals: nil)
            group.prepare(points)
            return (group, points)
        }
        magnitudes = AlignedBuffer(count: settings.points)
        var turn = RandomStream(seed: seed, name: "sampling/directions")
        directions = (0..<(dimensions > 2 ? Self.directionCount : 0)).map { _ in
            let direction = (0..<dimensions).map { _ in turn.normal() }
            let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return direction.map { $0 / length }
        }
    }

    /// q² at the probes.
    private func squares(_ parameters: UnsafePointer<S>) -> [Double] {
        loss.prepare(parameters)
        var sums = [Double](repeating: 0, count: settings.points)
        for (group, points) in groups {
            loss.evaluateMagnitudes(group, points, to: magnitudes.baseAddress)
            for index in sums.indices { sums[index] += magnitudes.baseAddress[index] * magnitudes.baseAddress[index] }
        }
        return sums
    }

    /// How the residual is spread at the parameters.
    func report(_ parameters: UnsafePointer<S>) -> SamplingReport {
        let squares = squares(parameters), count = Double(settings.points)
        let mean = squares.reduce(0, +) / count
        let variance = squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        guard mean > 0, variance.isFinite else {
            return SamplingReport(wasserstein: .nan, mean: mean, variance: variance)
        }
        return SamplingReport(
            wasserstein: wasserstein(squares.map { $0 / (mean * count) }), mean: mean, variance: variance)
    }

    /// W₁ between masses at the probes and equal ones.
    private func wasserstein(_ masses: [Double]) -> Double {
        let dimensions = domain.dimensions
        switch dimensions {
        case 1: return UniformDistance.onLine(places, masses)
        case 2: return UniformDistance.inCells(places, masses, perAxis: Self.cellsPerAxis)
        default:
            let sum = directions.reduce(0) { sum, direction in
                let projections = masses.indices.map { index in
                    direction.indices.reduce(0) { $0 + direction[$1] * places[index * dimensions + $1] }
                }
                return sum + UniformDistance.onLine(projections, masses)
            }
            return sum / Double(directions.count)
        }
    }

    /// Whether a look is due before the step of this number.
    func isDue(at step: Int) -> Bool { step % settings.every == 0 }

    /// What is seen at the parameters; nil if this step was looked at before.
    func snapshot(at step: Int, _ parameters: UnsafePointer<S>) -> SamplingSnapshot? {
        guard step != lastStep, let group = groups.first?.group else { return nil }
        lastStep = step
        let count = min(group.points.count, SamplingSnapshot.largestCount)
        let columns = group.points.coordinates(0, count)
        let dimensions = domain.dimensions
        return SamplingSnapshot(
            step: step, points: (0..<count).map { point in columns.map { $0[point] } },
            probes: (0..<settings.points).map { Array(probes[$0 * dimensions..<($0 + 1) * dimensions]) },
            residuals: squares(parameters).map { $0.squareRoot() },
            densities: group.adaptive?.density?.logDensities(at: places)?.map { exp($0) } ?? [])
    }
}

extension LossFunction {
    /// How well the density of the first equations' points resolved the residual at the last redraw; nil without one.
    var sampleBalance: SampleBalance? {
        for group in groups {
            if let adaptive = group.adaptive, adaptive.density != nil { return adaptive.balance }
        }
        return nil
    }
}

extension Trainer {
    /// Hands over points and residuals if a look at them is due, or `isLast`.
    func observeSampling(_ observer: any TrainingObserver, at parameters: AlignedBuffer<S>, isLast: Bool = false)
        throws
    {
        guard let samplingMonitor, isLast || samplingMonitor.isDue(at: position.step),
            let snapshot = samplingMonitor.snapshot(at: position.step, parameters.baseAddress)
        else { return }
        try observer.observed(snapshot)
    }
}
