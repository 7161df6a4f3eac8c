import OptimalTransport
import ProblemFiles

/// What is solved, by which method.
enum TransportTask: Sendable {
    /// Both marginals are met, costs are those of any matrix; with the smallest ε.
    case entropic(TransportProblem, any TransportSolver)
    /// The same without regularisation.
    case exact(TransportProblem)
    /// A marginal is relaxed, costs are those of any matrix.
    case relaxed(UnbalancedTransport)
    /// Measures on tensor grids with a cost that is a sum over axes, marginals met or relaxed.
    case grid(GridProblem)

    /// The name of the method.
    var methodName: String {
        switch self {
        case .entropic(_, let solver): type(of: solver).name
        case .exact: TransportCatalog.exactName
        case .relaxed: SafeSinkhornNewton.name
        case .grid: GridSinkhornNewton.name
        }
    }

    /// ε; 0 without regularisation.
    var epsilon: Double {
        switch self {
        case .entropic(let problem, _): problem.epsilon
        case .exact: 0
        case .relaxed(let problem): problem.epsilon
        case .grid(let problem): problem.epsilon
        }
    }
}

/// What a transport run found.
package struct TransportFindings: Sendable {
    /// Solutions by ε, falling.
    package var points: [RegularisationPath.Point]
    /// What the plan of the last one is read from.
    var plan: PlanSource
    /// How far the cost may be from the least one by rounding to integers, where the simplex method found it.
    var roundingBound: Double?
    /// The debiased cost, where it was asked for.
    package var divergence: Double?

    /// The solution with the smallest ε.
    package var last: RegularisationPath.Point { points[points.count - 1] }

    /// What a plan is read from.
    enum PlanSource: Sendable {
        /// Potentials and costs, row by row.
        case rows(TransportProblem)
        /// Its entries.
        case entries(PlanEntries)
        /// Potentials on a grid.
        case grid(GridProblem)
    }
}

/// Grids without a matrix: whether a problem is one for them.
enum TransportGrid {
    /// From so many pairs on the default is to work without a matrix.
    static let manyPairs = 10_000_000
    /// Up to so many pairs a plan is made when it is asked for.
    static let mostPlanPairs = 100_000_000

    /// The cost as a sum over axes, or why it is none.
    static func cost(of statement: TransportStatement) -> Result<GridCost, Refusal> {
        guard let rows = statement.from.axes, let columns = statement.to.axes, rows.count == columns.count else {
            return .failure(Refusal("source and target are not both on grids of equal dimension"))
        }
        guard case .distance(let distance, let periods) = statement.cost else {
            return .failure(Refusal("the cost is not one of the known sums over coordinates"))
        }
        let kind: GridAxis.Cost
        switch distance {
        case .squaredEuclidean: kind = .squared
        case .manhattan: kind = .absolute
        case .euclidean where rows.count == 1: kind = .absolute
        case .euclidean: return .failure(Refusal("the Euclidean distance is not a sum over coordinates"))
        }
        for (axis, period) in periods.enumerated() where period > 0 {
            for nodes in [rows[axis], columns[axis]] where nodes[nodes.count - 1] - nodes[0] >= period {
                return .failure(
                    Refusal(
                        "the nodes along \(statement.from.coordinates[axis]) span a whole period, so that the last is the "
                            + "first again"))
            }
        }
        return .success(
            GridCost(
                rows.indices.map {
                    GridAxis(sources: rows[$0], targets: columns[$0], cost: kind, period: periods[$0])
                }))
    }

    /// Why a problem is not one for grids, in words.
    struct Refusal: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }
}
