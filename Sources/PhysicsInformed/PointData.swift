import Expressions

/// Points at which a term holds, each with numbers that its residual reads: measurements, say, and their noise.
public struct PointData: Sendable {
    /// The points, `[coordinate][point]`.
    public var points: [[Double]]
    /// The numbers, `[column][point]`; residuals read them as `Expression.datum(column)`.
    public var columns: [[Double]]

    /// Joins the two; every column has a number for each point.
    public init(points: [[Double]], columns: [[Double]] = []) {
        let count = points.first?.count ?? 0
        precondition((points + columns).allSatisfy { $0.count == count }, "a number for each point")
        self.points = points
        self.columns = columns
    }

    /// The number of points.
    public var count: Int { points.first?.count ?? 0 }
}

extension ResidualTerm {
    /// A term whose residual should vanish at given points.
    public init(name: String, components: [Expression], data: PointData, weight: Double = 1) {
        self.init(name: name, components: components, location: PointLocation([]), pointsPerFace: 0, weight: weight)
        self.data = data
    }
}
