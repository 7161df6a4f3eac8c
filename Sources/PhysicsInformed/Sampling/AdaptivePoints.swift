import LinearAlgebra
import Networks
import Optimizers
import Randomness

/// The candidates of a group of equations, from which its points are chosen at each redraw.
///
/// Candidates and choices of redraw k come from streams of their own, so that the number of redraws is all the state
/// besides the points themselves.
final class AdaptivePoints<S: Scalar> {
    let rule: any AdaptiveSampling
    let candidates: PointSet<S>
    /// q of each candidate.
    let magnitudes: AlignedBuffer<Double>
    private let term: ResidualTerm
    private let problem: CollocationProblem
    private let scheme: PointScheme
    private let seed: UInt64
    private var redraws = 0

    init(
        _ rule: any AdaptiveSampling, for term: ResidualTerm, of problem: CollocationProblem, scheme: PointScheme,
        seed: UInt64, coefficientCount: Int
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
    }

    /// The most points of the group.
    var capacity: Int { rule.capacity(for: term.pointsPerFace) }

    /// Draws the candidates of the next redraw.
    func drawCandidates(timeShare: Double) throws(SamplingError) {
        redraws += 1
        let sampler = PointSampler(
            term.location, in: problem.domain, pointsPerPiece: candidates.count, scheme: scheme, seed: seed,
            name: "\(term.name)/candidates \(redraws)")
        try sampler.fill(candidates, timeShare: timeShare)
    }

    /// Chooses points, once the magnitudes are known, and their factors.
    ///
    /// Candidates where the residual is not finite are chosen before all others, so that training meets them and says so.
    func choose(_ points: PointSet<S>, corrections: AlignedBuffer<S>?) {
        var values = Array(magnitudes.elements)
        if values.contains(where: { !$0.isFinite }) { values = values.map { $0.isFinite ? 0 : 1 } }
        // Where the residual vanishes everywhere, no candidate is better than another.
        if !values.contains(where: { $0 > 0 }) { values = values.map { _ in 1 } }
        var stream = RandomStream(seed: seed, name: "choice/\(term.name)", index: UInt64(redraws))
        let choice = rule.choose(values, points: term.pointsPerFace, present: points.count, from: &stream)
        let start = choice.isAddition ? points.count : 0
        points.store(choice.indices, of: candidates, from: start)
        if let corrections, let factors = choice.factors {
            for (place, factor) in factors.enumerated() { corrections.elements[start + place] = S(factor) }
        }
    }

    /// Shows the points, how many there are, and their factors.
    func visitState(_ visitor: StateVisitor<S>, _ points: PointSet<S>, corrections: AlignedBuffer<S>?) {
        visitor.counter("redraws", &redraws)
        visitor.counter("count", &points.count)
        visitor.array("coordinates", points.coordinates)
        if let corrections { visitor.array("factors", corrections) }
    }
}
