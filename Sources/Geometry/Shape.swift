/// A solid with a boundary of named faces: a box, a ball, a half-space.
///
/// Shapes are what regions are made of. Points come in batches, row-major [point][dimensions].
public protocol Shape: Sendable, Hashable {
    /// What the boundary is made of.
    associatedtype Face: ShapeFace

    /// The number of coordinates.
    var dimensions: Int { get }

    /// The least box around it; nil if it reaches to infinity.
    var bounds: Box? { get }

    /// Length, area or volume; infinite for an unbounded shape.
    var measure: Double { get }

    /// The parts of the boundary in a fixed order; they overlap at most in edges.
    var faces: [Face] { get }

    /// The inside as a set that points can be drawn from without rejecting any; nil if it reaches to infinity.
    var interior: (any SampledSet)? { get }

    /// The distance of each point from the boundary, exact, negative inside.
    func signedDistances(_ points: UnsafePointer<Double>, count: Int, to distances: UnsafeMutablePointer<Double>)

    /// The side of the boundary on which each point lies: −1 inside, 1 outside, 0 at most `tolerance` away from it.
    ///
    /// Cheaper than the distance where a shape knows a cheaper way.
    func sides(
        _ points: UnsafePointer<Double>, count: Int, tolerance: Double, to sides: UnsafeMutablePointer<Int8>)

    /// The same shape moved, turned and scaled.
    func transformed(by similarity: Similarity) -> any Shape

    /// Where it lies at most; infinite where it reaches to infinity.
    var extent: Extent { get }
}

extension Shape {
    /// From the signed distances.
    public func sides(
        _ points: UnsafePointer<Double>, count: Int, tolerance: Double, to sides: UnsafeMutablePointer<Int8>
    ) {
        sidesByDistance(points, count: count, tolerance: tolerance, to: sides)
    }

    /// The sides from the signed distances.
    func sidesByDistance(
        _ points: UnsafePointer<Double>, count: Int, tolerance: Double, to sides: UnsafeMutablePointer<Int8>
    ) {
        let tile = 256
        withUnsafeTemporaryAllocation(of: Double.self, capacity: tile) { distances in
            distances.initialize(repeating: 0)
            guard let start = distances.baseAddress else { return }
            for first in stride(from: 0, to: count, by: tile) {
                let rows = min(tile, count - first)
                signedDistances(points + first * dimensions, count: rows, to: start)
                for row in 0..<rows {
                    sides[first + row] = start[row] < -tolerance ? -1 : start[row] > tolerance ? 1 : 0
                }
            }
        }
    }

    /// A wrapper around the shape.
    public func transformed(by similarity: Similarity) -> any Shape { Transformed(self, by: similarity) }

    /// That of the bounds.
    public var extent: Extent {
        bounds.map { Extent(lower: $0.lower, upper: $0.upper) } ?? Extent(unboundedIn: dimensions)
    }

    /// Refuses a shape whose coordinates rounding would leave no digits of.
    ///
    /// - Throws: ``GeometryError/unresolved``.
    package func checkDigits() throws(GeometryError) {
        let largest = 1e100, finest = 1e-10
        guard let bounds else {
            let faces: [any ShapeFace] = faces
            let feet = faces.flatMap { $0.closestPoint(to: Array(repeating: 0, count: dimensions)) }
            guard measure == .infinity, feet.allSatisfy({ abs($0) <= largest }) else { throw .unresolved }
            return
        }
        let magnitude = zip(bounds.lower, bounds.upper).reduce(0) { max($0, abs($1.0), abs($1.1)) }
        guard magnitude <= largest, bounds.sides.allSatisfy({ $0 >= finest * magnitude }) else { throw .unresolved }
    }

    /// The distance of one point from the boundary, negative inside.
    public func signedDistance(_ point: [Double]) -> Double {
        precondition(point.count == dimensions, "the point has another dimension")
        var distance = 0.0
        signedDistances(point, count: 1, to: &distance)
        return distance
    }

    /// The same shape elsewhere: x + offset for its points x.
    public func moved(by offset: [Double]) throws(GeometryError) -> any Shape {
        transformed(by: try Similarity(moving: offset, dimensions: dimensions))
    }

    /// The same shape, `factor` times as large in every direction, seen from a point that stays; the origin by default.
    public func scaled(by factor: Double, about point: [Double]? = nil) throws(GeometryError) -> any Shape {
        transformed(by: try Similarity(scaling: factor, about: point, dimensions: dimensions))
    }

    /// The same shape of the plane turned counterclockwise by an angle in radians; about the origin by default.
    public func rotated(by angle: Double, about point: [Double]? = nil) throws(GeometryError) -> any Shape {
        transformed(by: try Similarity(rotating: angle, about: point, dimensions: dimensions))
    }

    /// The same shape of space turned about an axis by an angle in radians, counterclockwise seen from the axis' tip.
    public func rotated(
        by angle: Double, axis: [Double], about point: [Double]? = nil
    ) throws(GeometryError) -> any Shape {
        transformed(by: try Similarity(rotating: angle, axis: axis, about: point, dimensions: dimensions))
    }
}

/// A part of a shape's boundary.
public protocol ShapeFace: SampledSet, Hashable {
    /// The names by which the face is called, the most telling one first, given those of the coordinates.
    func names(coordinates: [String]) -> [String]

    /// The unit vectors that point out of the shape at points of the face, [point][dimensions].
    func outwardNormals(at points: UnsafePointer<Double>, count: Int, to normals: UnsafeMutablePointer<Double>)

    /// The point of the face that lies next to the given one; any of them where there are several.
    func closestPoint(to point: [Double]) -> [Double]

    /// The part of the face that lies in a box, or the whole face; for faces that reach to infinity, something finite.
    func clipped(to bounds: Box) -> any ShapeFace
}

extension ShapeFace {
    /// The whole face.
    public func clipped(to bounds: Box) -> any ShapeFace { self }

    /// The unit vector that points out of the shape at a point of the face.
    public func outwardNormal(at point: [Double]) -> [Double] {
        precondition(point.count == dimensions, "the point has another dimension")
        var normal = [Double](repeating: 0, count: dimensions)
        outwardNormals(at: point, count: 1, to: &normal)
        return normal
    }
}

/// A product of intervals that may be infinite or empty: where a shape can have points.
public struct Extent: Sendable, Hashable {
    /// The least value of each coordinate, or −∞.
    public var lower: [Double]
    /// The greatest value of each coordinate, or ∞.
    public var upper: [Double]

    /// Joins the bounds.
    public init(lower: [Double], upper: [Double]) {
        self.lower = lower
        self.upper = upper
    }

    /// All of space.
    public init(unboundedIn dimensions: Int) {
        lower = Array(repeating: -.infinity, count: dimensions)
        upper = Array(repeating: .infinity, count: dimensions)
    }

    /// The least extent around both.
    func union(_ other: Extent) -> Extent {
        Extent(lower: zip(lower, other.lower).map(min), upper: zip(upper, other.upper).map(max))
    }

    /// What both have in common.
    func intersection(_ other: Extent) -> Extent {
        Extent(lower: zip(lower, other.lower).map(max), upper: zip(upper, other.upper).map(min))
    }
}
