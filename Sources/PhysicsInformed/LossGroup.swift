import Expressions
import LinearAlgebra
import Networks
import Optimizers

/// Loss terms that share their points: one program evaluates the residuals of all of them in one forward sweep.
final class LossGroup<S: Scalar> {
    let terms: [GroupTerm]
    let program: PointProgram<S>
    let points: PointSet<S>
    /// Integrals that the residual reads; the group then has that one term.
    let integrals: TermIntegrals<S>?
    /// Draws the points; none where they are given, and for a term that holds everywhere at once.
    private let sampler: PointSampler?
    private(set) var workspaces: [PointWorkspace<S>] = []
    private let coefficients: CoefficientEvaluator?

    init(
        terms indices: [Int], of problem: CollocationProblem, network: Network, scheme: PointScheme, seed: UInt64
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
        points = PointSet(
            coordinateCount: dimensions, count: data?.count ?? sampler?.pointCount ?? integrals?.groupCount ?? 1,
            hasNormals: !program.normalInputs.isEmpty,
            coefficientCount: program.coefficients.count, dataCount: data?.columns.count ?? 0)
        self.integrals = integrals
        self.sampler = sampler
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

    /// Draws the points of the last draw again, after its state was restored.
    func redraw() throws(SamplingError) {
        try sampler?.refill(points)
        try integrals?.redraw(points)
        coefficients?.evaluate(at: points)
    }

    /// Shows the state of the sampler, and of the points of integrals.
    func visitState(_ visitor: StateVisitor<S>) {
        sampler?.visitState(visitor)
        integrals?.visitState(visitor)
    }

    /// Draws new points, unless they are given, and evaluates what depends on the points alone.
    func draw() throws(SamplingError) {
        try sampler?.fill(points)
        try integrals?.draw(points)
        coefficients?.evaluate(at: points)
    }
}

/// A term's place among all terms and its residual's components among the program's outputs.
struct GroupTerm {
    var index: Int
    var outputs: Range<Int>
}
