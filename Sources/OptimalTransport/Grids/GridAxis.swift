/// One axis of a tensor grid: the places of the nodes on both sides, and the cost of moving along it.
public struct GridAxis: Sendable, Equatable {
    /// The cost of moving along an axis, as a function of the difference δ of the coordinates.
    public enum Cost: Sendable, Equatable {
        /// δ²
        case squared
        /// |δ|
        case absolute
        /// Any costs, source after source: n·m numbers.
        case matrix([Double])
    }

    /// Coordinates of the source's nodes.
    public let sources: [Double]
    /// Coordinates of the target's nodes.
    public let targets: [Double]
    /// The cost along the axis.
    public let cost: Cost
    /// The length after which the axis repeats itself, 0 for one that does not.
    public let period: Double

    /// Joins the parts.
    ///
    /// - Precondition: both sides have nodes, in increasing order; a matrix has a finite cost for each pair; nodes of an axis
    ///   with a period lie within one period.
    public init(sources: [Double], targets: [Double], cost: Cost = .squared, period: Double = 0) {
        precondition(!sources.isEmpty && !targets.isEmpty, "an axis has nodes")
        for nodes in [sources, targets] {
            precondition(zip(nodes, nodes.dropFirst()).allSatisfy { $0 < $1 }, "nodes increase")
            precondition(period == 0 || nodes[nodes.count - 1] - nodes[0] < period, "nodes lie within one period")
        }
        if case .matrix(let costs) = cost {
            precondition(costs.count == sources.count * targets.count, "a cost for each pair of nodes")
            precondition(costs.allSatisfy(\.isFinite), "costs are finite")
        }
        (self.sources, self.targets, self.cost, self.period) = (sources, targets, cost, period)
    }

    /// The same nodes on both sides.
    public init(nodes: [Double], cost: Cost = .squared, period: Double = 0) {
        self.init(sources: nodes, targets: nodes, cost: cost, period: period)
    }

    /// The centres of `count` equal cells between two ends, on both sides.
    ///
    /// - Parameter isPeriodic: whether the ends are one.
    public init(cells count: Int, from low: Double, to high: Double, cost: Cost = .squared, isPeriodic: Bool = false) {
        let width = (high - low) / Double(count)
        self.init(
            nodes: (0..<count).map { low + (Double($0) + 0.5) * width }, cost: cost,
            period: isPeriodic ? high - low : 0)
    }

    /// The cost between a node of the source and one of the target.
    public func cost(_ source: Int, _ target: Int) -> Double {
        let distance: Double
        switch cost {
        case .matrix(let costs): return costs[source * targets.count + target]
        case .squared, .absolute: distance = self.distance(sources[source] - targets[target])
        }
        return cost == .squared ? distance * distance : distance
    }

    func distance(_ difference: Double) -> Double {
        let distance = abs(difference)
        return period > 0 ? min(distance, period - distance) : distance
    }

    /// Half as many nodes, each in the place of two.
    var coarsened: GridAxis {
        func pairs(_ nodes: [Double]) -> [Double] {
            stride(from: 0, to: nodes.count, by: 2).map { (nodes[$0] + nodes[min($0 + 1, nodes.count - 1)]) / 2 }
        }
        let (rows, columns) = (pairs(sources), pairs(targets))
        guard case .matrix(let costs) = cost else {
            return GridAxis(sources: rows, targets: columns, cost: cost, period: period)
        }
        let width = targets.count
        let means = rows.indices.flatMap { row in
            columns.indices.map { column in
                let (i, k) = (2 * row, min(2 * row + 1, sources.count - 1))
                let (j, l) = (2 * column, min(2 * column + 1, width - 1))
                return (costs[i * width + j] + costs[i * width + l] + costs[k * width + j] + costs[k * width + l]) / 4
            }
        }
        return GridAxis(sources: rows, targets: columns, cost: .matrix(means), period: period)
    }
}
