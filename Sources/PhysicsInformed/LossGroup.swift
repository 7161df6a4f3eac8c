import Expressions
import LinearAlgebra
import Networks
import Optimizers
import Parallelism

/// Loss terms that share their points: one program evaluates the residuals of all of them in one forward sweep.
final class LossGroup<S: Scalar> {
    let terms: [GroupTerm]
    let program: PointProgram<S>
    let points: PointSet<S>
    /// Integrals that the residual reads; the group then has that one term.
    let integrals: TermIntegrals<S>?
    /// The factors of the points; nil where each is 1.
    let factors: PointFactors<S>?
    /// Chooses the points by the residual; nil where they are drawn.
    let adaptive: AdaptivePoints<S>?
    /// Whether the terms are equations: they hold everywhere inside.
    let hasEquations: Bool
    /// Draws the points; none where they are given, and for a term that holds everywhere at once.
    private let sampler: PointSampler?
    private(set) var workspaces: [PointWorkspace<S>] = []
    private let coefficients: CoefficientEvaluator?

    init(
        terms indices: [Int], of problem: CollocationProblem, network: Network, scheme: PointScheme, seed: UInt64,
        workers: WorkerPool, points settings: PointSettings = PointSettings()
    ) throws {
        var terms: [GroupTerm] = []
        var components: [Expression] = []
        for index in indices {
            let start = components.count
            components += problem.terms[index].components
            terms.append(GroupTerm(index: index, outputs: start..<components.count))
        }
        self.terms = terms
        let dimensions = problem.domain.dimensions
        program = try PointProgram(
            components, network: network, exact: problem.exactConditions, coordinateCount: dimensions,
            parameterCount: problem.unknownParameters.count)
        let first = problem.terms[indices[0]]
        let integrals: TermIntegrals<S>? =
            first.integrals.isEmpty && !first.isGlobal
            ? nil : try TermIntegrals(first, of: problem, network: network, scheme: scheme, seed: seed)
        let data = first.data
        let sampler =
            first.isGlobal || data != nil
            ? nil
            : PointSampler(
                first.location, in: problem.domain, pointsPerPiece: first.pointsPerFace, scheme: scheme, seed: seed,
                name: first.name)
        hasEquations = first.isEquation
        let coefficientCount = program.coefficients.count
        adaptive =
            first.isEquation
            ? settings.adaptive.map {
                AdaptivePoints(
                    $0, for: first, of: problem, scheme: scheme, seed: seed, coefficientCount: coefficientCount,
                    workers: workers)
            } : nil
        points = PointSet(
            coordinateCount: dimensions, count: data?.count ?? sampler?.pointCount ?? integrals?.groupCount ?? 1,
            capacity: adaptive?.capacity, hasNormals: !program.normalInputs.isEmpty,
            coefficientCount: coefficientCount, dataCount: data?.columns.count ?? 0)
        self.integrals = integrals
        self.sampler = sampler
        let capacity = points.capacity
        let rules: [(any PointWeightRule<S>)?] = indices.map { index in
            let isWeighted = settings.weightedTerms?.contains(problem.terms[index].name) ?? true
            return isWeighted ? settings.weighting?.makeRule(count: capacity) : nil
        }
        let isCausal = settings.causality != nil && first.isEquation
        let correctsDensity = adaptive?.rule.correctsDensity ?? false
        factors =
            isCausal || correctsDensity || rules.contains { $0 != nil }
            ? PointFactors(rules: rules, capacity: capacity, hasCorrections: correctsDensity) : nil
        if let data { points.store(data) }
        if let integrals { points.integrals = IntegralRows(integrals: integrals.count, count: points.count) }
        if first.isGlobal {
            // The place does not matter.
            for (axis, value) in problem.domain.box.center.enumerated() {
                points.coordinate(axis).update(repeating: S(value), count: points.count)
            }
        }
        coefficients =
            program.coefficients.isEmpty ? nil : try CoefficientEvaluator(program.coefficients)
    }

    func makeWorkspaces(_ lanes: Int, _ parameters: ParameterTile<S>) {
        integrals?.makeWorkspaces(lanes, parameters)
        workspaces = (0..<lanes).map { _ in PointWorkspace(program, parameters: parameters) }
    }

    /// Draws the points of the last draw again, after its state was restored; chosen points are in place.
    func redraw(timeShare: Double) throws(SamplingError) {
        if adaptive == nil { try sampler?.refill(points, timeShare: timeShare) }
        try integrals?.redraw(points)
        coefficients?.evaluate(at: points)
    }

    /// Shows the state of the sampler, of chosen points, of weights, and of the points of integrals.
    func visitState(_ visitor: StateVisitor<S>, names: [String]) {
        sampler?.visitState(visitor)
        adaptive?.visitState(visitor, points, corrections: factors?.corrections)
        factors?.visitState(visitor, names: terms.map { names[$0.index] })
        integrals?.visitState(visitor)
    }

    /// Draws new points, unless they are given, and evaluates what depends on the points alone.
    func draw(timeShare: Double) throws(SamplingError) {
        try sampler?.fill(points, timeShare: timeShare)
        try integrals?.draw(points)
        coefficients?.evaluate(at: points)
    }

    /// Draws candidates for an adaptive choice.
    func drawCandidates(_ adaptive: AdaptivePoints<S>, timeShare: Double) throws(SamplingError) {
        try adaptive.drawCandidates(timeShare: timeShare)
        coefficients?.evaluate(at: adaptive.candidates)
    }

    /// Chooses among the candidates, whose magnitudes are known.
    ///
    /// - Returns: false where other candidates are to be drawn first.
    func choose(_ adaptive: AdaptivePoints<S>, timeShare: Double) throws(SamplingError) -> Bool {
        guard try adaptive.choose(points, corrections: factors?.corrections, timeShare: timeShare) else { return false }
        coefficients?.evaluate(at: points)
        return true
    }

    /// Evaluates what depends on the points alone at other points.
    func prepare(_ points: PointSet<S>) { coefficients?.evaluate(at: points) }
}

/// A term's place among all terms and its residual's components among the program's outputs.
struct GroupTerm {
    var index: Int
    var outputs: Range<Int>
}
