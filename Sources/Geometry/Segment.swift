/// A straight piece of a boundary in the plane.
public struct Segment: ShapeFace {
    /// Where it begins.
    public let start: [Double]
    /// Where it ends.
    public let end: [Double]
    /// The unit vector out of the shape.
    public let normal: [Double]
    let name: String

    init(from start: (x: Double, y: Double), to end: (x: Double, y: Double), normal: [Double], name: String) {
        self.start = [start.x, start.y]
        self.end = [end.x, end.y]
        self.normal = normal
        self.name = name
    }

    /// The number of coordinates of a point.
    public var dimensions: Int { 2 }

    /// One.
    public var sampleDimensions: Int { 1 }

    /// The length.
    public var measure: Double { distance(start, end) }

    /// `edge[3]` of a polygon, `start` or `end` of a sector.
    public func names(coordinates: [String]) -> [String] { [name] }

    /// From start to end.
    public func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        let x = start[0], y = start[1], dx = end[0] - x, dy = end[1] - y
        for row in 0..<count {
            points[2 * row] = x + unit[row] * dx
            points[2 * row + 1] = y + unit[row] * dy
        }
    }

    /// The same everywhere.
    public func outwardNormals(
        at points: UnsafePointer<Double>, count: Int, to normals: UnsafeMutablePointer<Double>
    ) {
        let x = normal[0], y = normal[1]
        for row in 0..<count {
            normals[2 * row] = x
            normals[2 * row + 1] = y
        }
    }

    /// The foot of the perpendicular, or an end.
    public func closestPoint(to point: [Double]) -> [Double] {
        let dx = end[0] - start[0], dy = end[1] - start[1]
        let along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / (dx * dx + dy * dy)
        if along <= 0 { return start }
        if along >= 1 { return end }
        return [start[0] + along * dx, start[1] + along * dy]
    }
}

/// The squared distance of a point from a segment, given by its start, direction and one over its squared length.
@inline(__always)
func squaredDistance(
    _ x: Double, _ y: Double, _ start: (x: Double, y: Double), _ direction: (x: Double, y: Double), _ inverse: Double
) -> Double {
    let px = x - start.x, py = y - start.y
    let along = min(1, max(0, (px * direction.x + py * direction.y) * inverse))
    let dx = px - along * direction.x, dy = py - along * direction.y
    return dx * dx + dy * dy
}
