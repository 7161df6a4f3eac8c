import Expressions
import LinearAlgebra
import Networks
import Optimizers

/// Loss terms that share their points: one program evaluates the residuals of all of them in one forward sweep.
final class LossGroup<S: Scalar> {
    let terms: [GroupTerm]
    let program: PointProgram<S>
    let points: PointSet<S>
    private let sampler: PointSampler
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
            components, network: network, exact: problem.exactConditions, coordinateCount: dimensions)
        let first = problem.terms[indices[0]]
        sampler = PointSampler(
            first.location, in: problem.domain, pointsPerPiece: first.pointsPerFace, scheme: scheme, seed: seed,
            name: first.name)
        points = PointSet(
            coordinateCount: dimensions, count: sampler.pointCount,
            hasNormals: !program.normalInputs.isEmpty,
            coefficientCount: program.coefficients.count)
        coefficients =
            program.coefficients.isEmpty ? nil : try CoefficientEvaluator(program.coefficients)
    }

    func makeWorkspaces(_ lanes: Int, _ parameters: ParameterTile<S>) {
        workspaces = (0..<lanes).map { _ in PointWorkspace(program, parameters: parameters) }
    }

    /// Draws the points of the last draw again, after its state was restored.
    func redraw() throws(SamplingError) {
        try sampler.refill(points)
        coefficients?.evaluate(at: points)
    }

    /// Shows the state of the sampler.
    func visitState(_ visitor: StateVisitor<S>) { sampler.visitState(visitor) }

    /// Draws new points and evaluates what depends on the points alone.
    func draw() throws(SamplingError) {
        try sampler.fill(points)
        coefficients?.evaluate(at: points)
    }
}

/// A term's place among all terms and its residual's components among the program's outputs.
struct GroupTerm {
    var index: Int
    var outputs: Range<Int>
}
