import Parallelism

extension GridDomain {
    /// The axes of the box around the cells, whatever is in them.
    var axes: [BoxAxis] {
        func axis(_ cells: Int, _ width: Double, _ walls: (low: Wall, high: Wall)) -> BoxAxis {
            BoxAxis(cells: cells, width: width, low: BoxAxis.End(walls.low), high: BoxAxis.End(walls.high))
        }
        let plane = [axis(cells.x, spacing.x, walls.x), axis(cells.y, spacing.y, walls.y)]
        return dimensions == 2 ? plane : plane + [axis(cells.z, spacing.z, walls.z)]
    }

    /// Whether all cells hold unknowns, with coefficient 1: a direct solver of boxes then solves it.
    public var isEmptyBox: Bool { coefficients == nil && kinds.allSatisfy { $0 == Kind.fluid.rawValue } }
}

extension BoxSolver {
    /// A direct solver of −∇·∇u = f on a domain; nil where there is something in the box.
    ///
    /// - Parameter method: nil takes the faster one that can solve it.
    public convenience init?(_ domain: GridDomain, method: Method? = nil, pool: WorkerPool) {
        guard domain.isEmptyBox else { return nil }
        self.init(domain.axes, method: method, pool: pool)
    }
}
