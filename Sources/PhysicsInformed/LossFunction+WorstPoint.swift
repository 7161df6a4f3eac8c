extension LossFunction {
    /// The point with the largest residual, or the first one whose residual is not finite, at the given parameters.
    public func worstPoint(_ parameters: UnsafePointer<S>) -> WorstPoint {
        prepare(parameters)
        var worst = WorstPoint(term: termNames.first ?? "", point: [], residual: 0)
        for tile in tiles {
            let group = groups[tile.group]
            let workspace = group.workspaces[0]
            workspace.forward(group.points, start: tile.start, count: tile.count)
            for term in group.terms {
                for output in term.outputs {
                    let residual = workspace.output(output)
                    for point in 0..<tile.count {
                        let magnitude = Double(abs(residual[point]))
                        guard !(magnitude <= worst.residual) else { continue }
                        worst = WorstPoint(
                            term: termNames[term.index],
                            point: (0..<group.points.coordinateCount).map {
                                Double(group.points.coordinate($0)[tile.start + point])
                            },
                            residual: magnitude)
                        if !magnitude.isFinite { return worst }
                    }
                }
            }
        }
        return worst
    }
}

/// Where a residual is largest, or not finite.
public struct WorstPoint: Sendable, Equatable {
    /// The loss term.
    public var term: String
    /// The coordinates, in flat order.
    public var point: [Double]
    /// The residual's magnitude there.
    public var residual: Double
}
