/// A measure on the way from one to another: every pair of a plan moves its mass along the straight line between its points.
///
/// For an optimal plan of |p − q|² these measures are the shortest path between the two in the Wasserstein distance (McCann 1997).
public struct DisplacementInterpolation: Sendable {
    /// A mass on its way.
    private struct Mover: Sendable {
        var start: [Double]
        var shift: [Double]
        var mass: Double
    }

    private let movers: [Mover]

    /// The way of the entries of a sparse plan.
    ///
    /// - Parameters:
    ///   - sources, targets: the points that rows and columns stand for.
    ///   - periods: the length after which each axis repeats itself, 0 for one that does not; along those masses go the shorter way.
    /// - Precondition: all points have as many coordinates as there are periods.
    public init(_ plan: PlanEntries, from sources: [[Double]], to targets: [[Double]], periods: [Double]) {
        self.init(
            zip(zip(plan.rows, plan.columns), plan.values).map { ($0.0, $0.1, $1) }, from: sources, to: targets,
            periods: periods)
    }

    /// The way of a plan without regularisation.
    public init(
        _ plan: ExactTransport.Solution, from sources: [[Double]], to targets: [[Double]], periods: [Double]
    ) {
        self.init(
            plan.entries.map { ($0.source, $0.target, $0.mass) }, from: sources, to: targets, periods: periods)
    }

    private init(
        _ entries: [(source: Int, target: Int, mass: Double)], from sources: [[Double]], to targets: [[Double]],
        periods: [Double]
    ) {
        precondition(
            (sources + targets).allSatisfy { $0.count == periods.count }, "a coordinate for each axis")
        movers = entries.map { entry in
            let start = sources[entry.source]
            let shift = periods.indices.map { axis -> Double in
                let plain = targets[entry.target][axis] - start[axis], period = periods[axis]
                return period > 0 ? plain - period * (plain / period).rounded() : plain
            }
            return Mover(start: start, shift: shift, mass: entry.mass)
        }
    }

    /// The masses of all entries.
    public var masses: [Double] { movers.map(\.mass) }

    /// Where the entries are at a time between 0, at the sources, and 1, at the targets.
    public func points(at time: Double) -> [[Double]] {
        movers.map { mover in zip(mover.start, mover.shift).map { $0 + time * $1 } }
    }

    /// ∫ over the way of the squared speed: Σ mass |q − p|², which for an optimal plan of |p − q|² is its cost.
    public var energy: Double {
        movers.reduce(0) { $0 + $1.mass * $1.shift.reduce(0) { $0 + $1 * $1 } }
    }
}
