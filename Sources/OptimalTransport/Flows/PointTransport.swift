import CKernels
import LinearAlgebra
import Parallelism

/// Moves sets of points by optimal transport towards a density, so that they follow it with as little movement as possible.
///
/// Samplers that adapt use it: points that have state keep it, none are drawn anew, and no two end in the same place.
public enum PointTransport {
    /// Moves points on a line to the quantiles (i − ½)/n of a density, in their order: the plan of least cost for any convex cost.
    ///
    /// - Parameters:
    ///   - edges: the ends of cells, increasing, one more than cells.
    ///   - masses: masses of cells, spread evenly over each; their total does not matter.
    ///   - damping: how far to go, 1 for all the way.
    /// - Throws: ``TransportError`` when masses are negative, not finite or all zero.
    public static func moved(
        _ points: [Double], towards masses: [Double], edges: [Double], damping: Double = 1
    ) throws(TransportError) -> [Double] {
        precondition(edges.count == masses.count + 1, "the ends of each cell")
        precondition(zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 }, "edges increase")
        let total = try GridProblem.total(masses, .target)
        let order = points.indices.sorted { (points[$0], $0) < (points[$1], $1) }
        var result = points
        var cell = 0, before = 0.0
        for (rank, index) in order.enumerated() {
            let goal = total * (Double(rank) + 0.5) / Double(points.count)
            while cell < masses.count - 1, before + masses[cell] < goal || masses[cell] == 0 {
                before += masses[cell]
                cell += 1
            }
            let fraction = masses[cell] > 0 ? min(max((goal - before) / masses[cell], 0), 1) : 1
            let place = edges[cell] + fraction * (edges[cell + 1] - edges[cell])
            result[index] = (1 - damping) * points[index] + damping * place
        }
        return result
    }

    /// Where points went.
    public struct Move: Sendable {
        /// The new places, in the order of the old.
        public var points: [[Double]]
        /// What was measured of the plan.
        public var certificate: TransportCertificate
        /// Why the solver ended.
        public var stop: TransportStop
    }

    /// Moves points of equal weight to the means of where an entropic plan of squared distances sends them.
    ///
    /// - Parameters:
    ///   - candidates: places that carry the density.
    ///   - masses: their masses; the total does not matter.
    ///   - periods: the period of each coordinate, 0 where it has none.
    ///   - regularisation: ε relative to the mean cost. Means are drawn together by about ε^½: small values follow the density
    ///     more closely.
    ///   - damping: how far to go, 1 for all the way.
    /// - Throws: ``TransportError`` when masses are negative, not finite or all zero.
    public static func moved(
        _ points: [[Double]], towards masses: [Double], at candidates: [[Double]], periods: [Double],
        regularisation: Double = 0.01, damping: Double = 1, pool: WorkerPool
    ) throws(TransportError) -> Move {
        let total = try GridProblem.total(masses, .target)
        guard !points.isEmpty else { throw .empty(.source) }
        let target = masses.map { $0 / total }
        let source = [Double](repeating: 1 / Double(points.count), count: points.count)
        let cost = DistanceCost(.squaredEuclidean, from: points, to: candidates, periods: periods)
        let mean = meanCost(cost, target)
        // All points and candidates in one place: nothing to move.
        let problem = try TransportProblem(
            source: source, target: target, cost: cost, epsilon: mean > 0 ? regularisation * mean : 1)
        var limits = TransportLimits()
        limits.tolerance = 1e-8
        let solution = SafeSinkhornNewton().solve(problem, limits, pool: pool)
        return Move(
            points: barycentres(points, candidates, periods, cost, problem.epsilon, solution, damping),
            certificate: solution.certificate, stop: solution.stop)
    }

    private static func meanCost(_ cost: DistanceCost, _ target: [Double]) -> Double {
        let room = AlignedBuffer<Double>(count: cost.targets)
        var sum = 0.0
        for row in 0..<cost.sources { sum += Double.dot(cost.targets, cost.row(row, room: room.baseAddress), target) }
        return sum / Double(cost.sources)
    }

    /// x + t (Σ_j P_ij (y_j − x) / r_i), differences the shorter way round.
    private static func barycentres(
        _ points: [[Double]], _ candidates: [[Double]], _ periods: [Double], _ cost: DistanceCost, _ epsilon: Double,
        _ solution: TransportSolution, _ damping: Double
    ) -> [[Double]] {
        let count = candidates.count
        let (room, entries) = (AlignedBuffer<Double>(count: count), AlignedBuffer<Double>(count: count))
        var result = points
        for row in points.indices {
            let own = cost.row(row, room: room.baseAddress)
            let sum = ansatz_transport_row_f64(
                count, 1 / epsilon, solution.sourcePotentials[row], solution.targetPotentials, own,
                entries.baseAddress)
            guard sum > 0 else { continue }
            for (axis, period) in periods.enumerated() {
                var moment = 0.0
                for column in 0..<count where entries.baseAddress[column] > 0 {
                    var difference = candidates[column][axis] - points[row][axis]
                    if period > 0 { difference -= period * (difference / period).rounded() }
                    moment += entries.baseAddress[column] * difference
                }
                result[row][axis] += damping * moment / sum
            }
        }
        return result
    }
}
