/// The points behind a plane: n · (x − p) ≤ 0 for a point p of the plane and the outward normal n. It reaches to
/// infinity, so a region needs it intersected with, or subtracted from, something bounded.
public struct HalfSpace: Shape {
    /// A point of the plane.
    public let point: [Double]
    /// The unit vector that points out of the half-space.
    public let normal: [Double]

    /// The half-space on one side of a point; the normal points to the other side and may have any length but zero.
    public init(point: [Double], normal: [Double]) throws(GeometryError) {
        try GeometryError.check(point, "point", of: "a half-space")
        try GeometryError.check(direction: normal, "normal", of: "a half-space", count: point.count)
        self.point = point
        self.normal = Frame.unit(normal)
    }

    /// The number of coordinates.
    public var dimensions: Int { point.count }

    /// It has none.
    public var bounds: Box? { nil }

    /// It is infinite.
    public var measure: Double { .infinity }

    /// It cannot be drawn from.
    public var interior: (any SampledSet)? { nil }

    /// The plane.
    public var faces: [PlaneFace] { [PlaneFace(point: point, normal: normal, window: nil)] }

    /// Bounded on one side if the normal lies along an axis.
    public var extent: Extent {
        var extent = Extent(unboundedIn: dimensions)
        let along = normal.indices.filter { normal[$0] != 0 }
        guard along.count == 1 else { return extent }
        if normal[along[0]] > 0 {
            extent.upper[along[0]] = point[along[0]]
        } else {
            extent.lower[along[0]] = point[along[0]]
        }
        return extent
    }

    /// n · (x − p).
    public func signedDistances(
        _ points: UnsafePointer<Double>, count: Int, to distances: UnsafeMutablePointer<Double>
    ) {
        let dimensions = dimensions
        point.withUnsafeBufferPointer { origin in
            normal.withUnsafeBufferPointer { normal in
                for row in 0..<count {
                    var sum = 0.0
                    for axis in 0..<dimensions {
                        sum += normal[axis] * (points[row * dimensions + axis] - origin[axis])
                    }
                    distances[row] = sum
                }
            }
        }
    }

    /// A half-space remains one.
    public func transformed(by similarity: Similarity) -> any Shape {
        var turned = normal
        similarity.turn(normal, to: &turned, count: 1)
        return (try? HalfSpace(point: similarity.apply(point), normal: turned))
            ?? Transformed(self, by: similarity)
    }
}

/// The plane that bounds a half-space; points are drawn from what a box cuts out of it.
public struct PlaneFace: ShapeFace {
    /// A point of the plane.
    public let point: [Double]
    /// The unit normal.
    public let normal: [Double]
    /// The part to draw from: a parallelotope in the plane.
    private let window: Window?

    private struct Window: Hashable {
        var center: [Double]
        /// Orthonormal vectors in the plane, row-major.
        var directions: [Double]
        /// How far the window reaches along each of them.
        var halves: [Double]
    }

    fileprivate init(point: [Double], normal: [Double], window: Box?) {
        self.point = point
        self.normal = normal
        self.window = window.map { box in
            let dimensions = point.count
            let directions = Frame.complement(of: normal)
            let halves = (0..<dimensions - 1).map { row in
                (0..<dimensions).reduce(0) { $0 + 0.5 * box.sides[$1] * abs(directions[row * dimensions + $1]) }
            }
            return Window(center: Self.foot(of: box.center, point, normal), directions: directions, halves: halves)
        }
    }

    /// The number of coordinates of a point.
    public var dimensions: Int { point.count }

    /// One less than there are coordinates.
    public var sampleDimensions: Int { dimensions - 1 }

    /// That of the window; infinite without one.
    public var measure: Double { window.map { $0.halves.reduce(1) { $0 * 2 * $1 } } ?? .infinity }

    /// "plane".
    public func names(coordinates: [String]) -> [String] { ["plane"] }

    /// Onto the window.
    public func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        guard let window else { preconditionFailure("a whole plane has no uniform distribution: clip it to a box") }
        let dimensions = dimensions, samples = sampleDimensions
        for row in 0..<count {
            let target = points + row * dimensions
            for axis in 0..<dimensions {
                var value = window.center[axis]
                for place in 0..<samples {
                    let along = (2 * unit[row * samples + place] - 1) * window.halves[place]
                    value += along * window.directions[place * dimensions + axis]
                }
                target[axis] = value
            }
        }
    }

    /// The same everywhere.
    public func outwardNormals(
        at points: UnsafePointer<Double>, count: Int, to normals: UnsafeMutablePointer<Double>
    ) {
        for row in 0..<count {
            for axis in 0..<dimensions { normals[row * dimensions + axis] = normal[axis] }
        }
    }

    /// The foot of the perpendicular.
    public func closestPoint(to point: [Double]) -> [Double] { Self.foot(of: point, self.point, normal) }

    /// The plane with a window around what lies in the box.
    public func clipped(to bounds: Box) -> any ShapeFace { PlaneFace(point: point, normal: normal, window: bounds) }

    private static func foot(of place: [Double], _ point: [Double], _ normal: [Double]) -> [Double] {
        let height = zip(normal, zip(place, point)).reduce(0) { $0 + $1.0 * ($1.1.0 - $1.1.1) }
        return zip(place, normal).map { $0 - height * $1 }
    }
}
