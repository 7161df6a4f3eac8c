import Expressions
import LinearAlgebra
import Networks
import Parallelism

/// Products of the Hessians of the loss terms with vectors, exact up to rounding.
///
/// With parameters θ + sv, s is one more coordinate of the network. A term L = (1/N) Σ|r|² has dL/ds = (2/N) Σ r·∂ₛr,
/// whose gradient by θ at s = 0, from one reverse sweep, is Hv. Unknown parameters of the problem are held.
package final class HessianProducts<S: Scalar> {
    /// The number of parameters of the network, and so of the vectors.
    package let count: Int
    private let terms: [DirectedTerm<S>]
    private let unknownParameters: ParameterTile<S>
    private let pool: WorkerPool

    /// Products for the terms of `loss`, on the points that it has now.
    ///
    /// - Throws: `CurvatureError` when network or terms do not allow it, `ExpressionErrors`.
    package init(_ problem: CollocationProblem, network: Network, loss: LossFunction<S>) throws {
        if let obstacle = CurvatureError(problem, network) { throw obstacle }
        pool = loss.pool
        count = network.layout.count
        unknownParameters = ParameterTile(problem.unknownParameters, offset: count)
        let parameterCount = loss.parameterCount
        var terms: [DirectedTerm<S>] = []
        for (index, term) in problem.terms.enumerated() {
            guard let group = loss.groups.first(where: { $0.terms.contains { $0.index == index } }) else {
                preconditionFailure("every term is in a group")
            }
            terms.append(
                try DirectedTerm(
                    term, of: problem, network: network, points: group.points, parameters: unknownParameters,
                    gradientCount: parameterCount))
        }
        self.terms = terms
    }

    /// Takes the parameters θ of the following products: those of the network, then unknown ones.
    package func prepare(_ parameters: UnsafePointer<S>) {
        unknownParameters.prepare(parameters)
        for term in terms { term.program.prepare(parameters) }
    }

    /// result ← H v for the unweighted term of this number.
    package func multiply(_ term: Int, _ v: UnsafePointer<S>, into result: UnsafeMutablePointer<S>) {
        let term = terms[term]
        term.program.prepare(direction: v)
        pool.forEach(term.laneCount) { term.run($0) }
        term.sum(into: result, count: count)
    }
}

/// Why there are no Hessian products.
public enum CurvatureError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The network has layers other than dense ones and a periodic embedding.
    case network
    /// The residual of this term contains an integral.
    case integral(term: String)
    /// The residual of this term has derivatives of the highest order that networks are evaluated with.
    case order(term: String)

    /// The first obstacle that a problem and a network put up.
    package init?(_ problem: CollocationProblem, _ network: Network) {
        guard network.allowsDirections else {
            self = .network
            return
        }
        for term in problem.terms {
            if !term.integrals.isEmpty || term.isGlobal {
                self = .integral(term: term.name)
                return
            }
            if term.components.contains(where: { $0.differentialOrder >= ChannelPlan.maximumOrder }) {
                self = .order(term: term.name)
                return
            }
        }
        return nil
    }

    /// One sentence.
    public var description: String {
        switch self {
        case .network:
            "products with the Hessian are available for networks of kind 'mlp' without Fourier features, factors of the "
                + "weights and frequencies"
        case .integral(let term):
            "products with the Hessian are not available for '\(term)', which contains an integral"
        case .order(let term):
            "products with the Hessian are not available for '\(term)': its derivatives have order "
                + "\(ChannelPlan.maximumOrder), and \(ChannelPlan.maximumOrder - 1) is the highest order for them"
        }
    }
}

/// One loss term with its derivative along a direction of the parameters.
private final class DirectedTerm<S: Scalar> {
    let program: PointProgram<S>
    let laneCount: Int
    private let points: PointSet<S>
    private let workspaces: [PointWorkspace<S>]
    private let residualCount: Int
    private let gradients: [AlignedBuffer<S>]
    private let tileStarts: [Int]

    init(
        _ term: ResidualTerm, of problem: CollocationProblem, network: Network, points source: PointSet<S>,
        parameters: ParameterTile<S>, gradientCount: Int
    ) throws {
        let dimensions = problem.domain.dimensions
        residualCount = term.components.count
        // The direction is the coordinate after the last.
        let slopes = term.components.map { $0.derivative(along: dimensions).simplified() }
        program = try PointProgram(
            term.components + slopes, network: network, exact: problem.exactConditions, coordinateCount: dimensions,
            parameterCount: problem.unknownParameters.count, isDirected: true)
        points = PointSet(copying: source, coefficientCount: program.coefficients.count)
        if !program.coefficients.isEmpty { try CoefficientEvaluator(program.coefficients).evaluate(at: points) }
        tileStarts = Array(stride(from: 0, to: points.count, by: program.tilePoints))
        laneCount = max(1, min(LossFunction<S>.maximumLanes, tileStarts.count))
        let program = program
        workspaces = (0..<laneCount).map { _ in PointWorkspace(program, parameters: parameters) }
        gradients = (0..<laneCount).map { _ in AlignedBuffer(count: gradientCount) }
    }

    /// The tiles of one lane.
    func run(_ lane: Int) {
        let workspace = workspaces[lane]
        let target = gradients[lane]
        target.elements.update(repeating: 0)
        let factor = S(2 / Double(points.count))
        for index in stride(from: lane, to: tileStarts.count, by: laneCount) {
            let start = tileStarts[index]
            let count = min(program.tilePoints, points.count - start)
            workspace.forward(points, start: start, count: count)
            for k in 0..<residualCount {
                seed(workspace, k, from: residualCount + k, factor, count)
                seed(workspace, residualCount + k, from: k, factor, count)
            }
            workspace.reverse(points, start: start, count: count, into: target.baseAddress)
        }
    }

    private func seed(_ workspace: PointWorkspace<S>, _ k: Int, from other: Int, _ factor: S, _ count: Int) {
        let adjoint = workspace.outputAdjoint(k)
        adjoint.update(from: workspace.output(other), count: count)
        S.scale(count, factor, adjoint)
    }

    /// The lanes' gradients, summed in order.
    func sum(into result: UnsafeMutablePointer<S>, count: Int) {
        result.update(from: gradients[0].baseAddress, count: count)
        for lane in 1..<max(1, laneCount) { S.add(count, gradients[lane].baseAddress, result) }
    }
}
