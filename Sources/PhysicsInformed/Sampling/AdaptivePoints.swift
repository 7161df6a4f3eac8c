import LinearAlgebra
import Networks
import Optimizers
import Parallelism
import Randomness

/// The candidates of a group of equations, from which its points are chosen or learned at each redraw.
///
/// Candidates and choices of each round of a redraw come from streams of their own, so that the number of rounds and what a
/// density has learned are all the state besides the points themselves.
final class AdaptivePoints<S: Scalar> {
    let rule: any AdaptiveSampling
    let candidates: PointSet<S>
    /// q of each candidate.
    let magnitudes: AlignedBuffer<Double>
    /// What learns the residual; nil where points are chosen among candidates.
    let density: (any CollocationDensity)?
    /// How well candidates resolved the residual at the last redraw; all 0 before the first and without a density.
    private(set) var balance = SampleBalance(effectiveShare: 0)
    private let term: ResidualTerm
    private let problem: CollocationProblem
    private let scheme: PointScheme
    private let seed: UInt64
    private var redraws = 0
    /// The candidates of a density in its cube, between drawing and choosing.
    private var places: [Double] = []

    init(
        _ rule: any AdaptiveSampling, for term: ResidualTerm, of problem: CollocationProblem, scheme: PointScheme,
        seed: UInt64, coefficientCount: Int, workers: WorkerPool
    ) {
        self.rule = rule
        self.term = term
        self.problem = problem
        self.scheme = scheme
        self.seed = seed
        let count = rule.candidateCount(for: term.pointsPerFace)
        candidates = PointSet(
            coordinateCount: problem.domain.dimensions, count: count, hasNormals: false,
            coefficientCount: coefficientCount)
        magnitudes = AlignedBuffer(count: count)
        density = (rule as? any DensitySampling)?.makeDensity(
            dimensions: problem.domain.dimensions, points: term.pointsPerFace, seed: seed, name: term.name,
            workers: workers)
    }

    /// The most points of the group.
    var capacity: Int { rule.capacity(for: term.pointsPerFace) }

    /// Draws the candidates of the next redraw.
    func drawCandidates(timeShare: Double) throws(SamplingError) {
        redraws += 1
        if let density {
            var stream = RandomStream(seed: seed, name: "candidates/\(term.name)", index: UInt64(redraws))
            let domain = CubeDomain(problem.domain, timeShare: timeShare)
            places = try density.candidates(candidates.capacity, in: domain, from: &stream)
            candidates.count = places.count / domain.dimensions
            candidates.store(domain.places(of: places), from: 0, normals: nil)
            return
        }
        let sampler = PointSampler(
            term.location, in: problem.domain, pointsPerPiece: candidates.count, scheme: scheme, seed: seed,
            name: "\(term.name)/candidates \(redraws)")
        try sampler.fill(candidates, timeShare: timeShare)
    }

    /// Chooses points, once the magnitudes are known, and their factors.
    ///
    /// Candidates where the residual is not finite are chosen before all others, so that training meets them and says so.
    ///
    /// - Returns: false where a density asks for new candidates first.
    func choose(
        _ points: PointSet<S>, corrections: AlignedBuffer<S>?, timeShare: Double
    ) throws(SamplingError) -> Bool {
        var values = Array(magnitudes.elements.prefix(candidates.count))
        let isFinite = values.allSatisfy(\.isFinite)
        if !isFinite { values = values.map { $0.isFinite ? 0 : 1 } }
        // Where the residual vanishes everywhere, no candidate is better than another.
        if !values.contains(where: { $0 > 0 }) { values = values.map { _ in 1 } }
        var stream = RandomStream(seed: seed, name: "choice/\(term.name)", index: UInt64(redraws))
        if let density {
            // What is not finite teaches nothing, and ends training.
            if isFinite { return try learn(density, values, points, timeShare: timeShare, from: &stream) }
            let worst = values.indices.filter { values[$0] > 0 }
            points.store((0..<points.count).map { worst[$0 % worst.count] }, of: candidates, from: 0)
            return true
        }
        guard let rule = rule as? any CandidateSampling else {
            preconditionFailure("a rule chooses points or has a density")
        }
        let choice = rule.choose(values, points: term.pointsPerFace, present: points.count, from: &stream)
        let start = choice.isAddition ? points.count : 0
        points.store(choice.indices, of: candidates, from: start)
        if let corrections, let factors = choice.factors {
            for (place, factor) in factors.enumerated() { corrections.elements[start + place] = S(factor) }
        }
        return true
    }

    private func learn(
        _ density: any CollocationDensity, _ magnitudes: [Double], _ points: PointSet<S>, timeShare: Double,
        from stream: inout RandomStream
    ) throws(SamplingError) -> Bool {
        let domain = CubeDomain(problem.domain, timeShare: timeShare)
        // Scaled first, so that no square overflows.
        let largest = magnitudes.max() ?? 1
        let columns = points.coordinates(0, points.count)
        let present = (0..<points.count).flatMap { point in columns.map { $0[point] } }
        let response = try density.respond(
            to: places, squares: magnitudes.map { ($0 / largest) * ($0 / largest) },
            present: domain.points(of: present),
            wanted: term.pointsPerFace, in: domain, from: &stream)
        balance = response.balance
        if response.asksAgain { return false }
        let start = response.isAddition ? points.count : 0
        points.count = start + response.points.count / domain.dimensions
        points.store(domain.places(of: response.points), from: start, normals: nil)
        return true
    }

    /// Shows the points, how many there are, their factors, and what a density has learned.
    func visitState(_ visitor: StateVisitor<S>, _ points: PointSet<S>, corrections: AlignedBuffer<S>?) {
        visitor.counter("redraws", &redraws)
        visitor.counter("count", &points.count)
        visitor.array("coordinates", points.coordinates)
        if let corrections { visitor.array("factors", corrections) }
        guard let density else { return }
        visitor.number("effective share", &balance.effectiveShare)
        visitor.number("uniform share", &balance.uniformShare)
        visitor.number("cut share", &balance.cutShare)
        visitor.below("density") { density.visitState(visitor) }
    }
}
