/// The inside of a closed chain of straight edges in the plane; it need not be convex.
///
/// Edges are counted from one in the order of the corners: `edge[1]` runs from the first corner to the second, the last
/// one from the last corner back to the first. Both ways around are allowed.
public struct Polygon: Shape {
    /// The corners, in the order given.
    public let corners: [SIMD2<Double>]
    /// Whether the corners run counterclockwise.
    let isCounterclockwise: Bool
    private let edges: [Edge]
    private let triangles: TriangleSet
    private let crossings: CrossingTable

    struct Edge: Hashable {
        var x: Double
        var y: Double
        var dx: Double
        var dy: Double
        /// One over the squared length.
        var inverse: Double
        /// dx / dy, for crossings; not used for a level edge.
        var slope: Double
    }

    /// The polygon with these corners, [x, y] each, at least three.
    ///
    /// - Throws: ``GeometryError`` for fewer corners, a corner that repeats the one before it, and edges that cross or
    ///   touch, with their numbers.
    public init(_ points: [[Double]]) throws(GeometryError) {
        for point in points { try GeometryError.check(point, "points", of: "a polygon", count: 2) }
        guard points.count >= 3 else {
            throw .degenerate(
                shape: "a polygon", parameter: "points", problem: "are only \(points.count)",
                hint: "write at least three corners [x, y]")
        }
        let corners = points.map { SIMD2($0[0], $0[1]) }
        for (index, corner) in corners.enumerated() where corner == corners[(index + 1) % corners.count] {
            let next = (index + 1) % corners.count
            throw .degenerate(
                shape: "a polygon", parameter: "points",
                problem: "repeat a corner: number \(next + 1) is the same as number \(index + 1)",
                hint: next == 0
                    ? "leave out the last corner: the polygon closes by itself" : "write each corner once")
        }
        if let (first, second) = PolygonChecks.intersection(corners) {
            throw .selfIntersecting(first: first + 1, second: second + 1)
        }
        let area = PolygonChecks.signedArea(corners)
        guard area != 0, area.isFinite else {
            throw .degenerate(
                shape: "a polygon", parameter: "points", problem: "enclose no area",
                hint: "write corners that do not lie on one line")
        }
        self.corners = corners
        isCounterclockwise = area > 0
        edges = corners.indices.map { index in
            let start = corners[index], step = corners[(index + 1) % corners.count] - start
            return Edge(
                x: start.x, y: start.y, dx: step.x, dy: step.y, inverse: 1 / (step.x * step.x + step.y * step.y),
                slope: step.x / step.y)
        }
        crossings = CrossingTable(corners)
        triangles = TriangleSet(
            corners: corners, triangles: Triangulation.triangles(area > 0 ? corners : corners.reversed()))
    }

    /// The number of coordinates: two.
    public var dimensions: Int { 2 }

    /// The rectangle around the corners.
    public var bounds: Box? {
        .ifPossible(
            lower: [corners.map(\.x).min() ?? 0, corners.map(\.y).min() ?? 0],
            upper: [corners.map(\.x).max() ?? 0, corners.map(\.y).max() ?? 0])
    }

    /// The area.
    public var measure: Double { abs(PolygonChecks.signedArea(corners)) }

    /// The edges.
    public var faces: [Segment] {
        edges.enumerated().map { index, edge in
            let end = corners[(index + 1) % corners.count]
            let factor = (isCounterclockwise ? 1 : -1) * edge.inverse.squareRoot()
            return Segment(
                from: (edge.x, edge.y), to: (end.x, end.y), normal: [factor * edge.dy, -factor * edge.dx],
                name: "edge[\(index + 1)]")
        }
    }

    /// Triangles in proportion to their area.
    public var interior: (any SampledSet)? { triangles }

    /// The distance from the nearest edge; a ray to the right crosses an odd number of edges from inside.
    public func signedDistances(
        _ points: UnsafePointer<Double>, count: Int, to distances: UnsafeMutablePointer<Double>
    ) {
        edges.withUnsafeBufferPointer { edges in
            for row in 0..<count {
                let x = points[2 * row], y = points[2 * row + 1]
                var least = Double.infinity
                var isInside = false
                for edge in edges {
                    least = min(least, squaredDistance(x, y, (edge.x, edge.y), (edge.dx, edge.dy), edge.inverse))
                    if (edge.y <= y) != (edge.y + edge.dy <= y) {
                        isInside = isInside != (x < edge.x + (y - edge.y) * edge.slope)
                    }
                }
                distances[row] = isInside ? -least.squareRoot() : least.squareRoot()
            }
        }
    }

    /// From the crossings of a ray where no distance is asked for.
    public func sides(
        _ points: UnsafePointer<Double>, count: Int, tolerance: Double, to sides: UnsafeMutablePointer<Int8>
    ) {
        if tolerance > 0 {
            sidesByDistance(points, count: count, tolerance: tolerance, to: sides)
        } else {
            crossings.sides(points, count: count, to: sides)
        }
    }

    /// Whether corners are equal.
    public static func == (left: Polygon, right: Polygon) -> Bool { left.corners == right.corners }

    /// Hashes the corners.
    public func hash(into hasher: inout Hasher) { hasher.combine(corners) }
}

/// What makes a chain of corners a polygon.
enum PolygonChecks {
    /// The area, negative for corners that run clockwise; taken about the first corner, to keep the digits.
    static func signedArea(_ corners: [SIMD2<Double>]) -> Double {
        var sum = 0.0
        for index in 1..<max(1, corners.count - 1) {
            sum += cross(corners[index] - corners[0], corners[index + 1] - corners[0])
        }
        return 0.5 * sum
    }

    /// The first pair of edges that share a point other than the corner between them.
    static func intersection(_ corners: [SIMD2<Double>]) -> (Int, Int)? {
        let count = corners.count
        for first in 0..<count {
            let a = corners[first], b = corners[(first + 1) % count]
            let low = pointwiseMin(a, b), high = pointwiseMax(a, b)
            for second in (first + 1)..<max(first + 1, count) {
                let c = corners[second], d = corners[(second + 1) % count]
                if second == first + 1 || (first == 0 && second == count - 1) {
                    // Neighbours share a corner; they overlap if they go back along each other.
                    let (corner, before, after) = second == first + 1 ? (b, a, d) : (a, b, c)
                    if cross(before - corner, after - corner) == 0, dot(before - corner, after - corner) > 0 {
                        return (first, second)
                    }
                    continue
                }
                if any(pointwiseMax(c, d) .< low) || any(pointwiseMin(c, d) .> high) { continue }
                if meet(a, b, c, d) { return (first, second) }
            }
        }
        return nil
    }

    private static func meet(
        _ a: SIMD2<Double>, _ b: SIMD2<Double>, _ c: SIMD2<Double>, _ d: SIMD2<Double>
    ) -> Bool {
        let first = sign(cross(b - a, c - a)), second = sign(cross(b - a, d - a))
        let third = sign(cross(d - c, a - c)), fourth = sign(cross(d - c, b - c))
        if first * second < 0, third * fourth < 0 { return true }
        return first == 0 && isBetween(c, a, b) || second == 0 && isBetween(d, a, b)
            || third == 0 && isBetween(a, c, d) || fourth == 0 && isBetween(b, c, d)
    }

    /// Whether a point of the line through two others lies between them.
    private static func isBetween(_ point: SIMD2<Double>, _ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Bool {
        all(pointwiseMin(a, b) .<= point) && all(point .<= pointwiseMax(a, b))
    }

    private static func sign(_ value: Double) -> Int { value > 0 ? 1 : value < 0 ? -1 : 0 }
    static func cross(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double { a.x * b.y - a.y * b.x }
    static func dot(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double { a.x * b.x + a.y * b.y }
}
