import Glibc
import Randomness

/// The points within a radius of a center, in any dimension: an interval, a disk, a ball.
public struct Ball: Shape {
    /// The center.
    public let center: [Double]
    /// The radius.
    public let radius: Double

    /// A ball about a finite center, with a radius above zero.
    public init(center: [Double], radius: Double) throws(GeometryError) {
        let name = center.count == 2 ? "a disk" : "a ball"
        try GeometryError.check(center, "center", of: name)
        try GeometryError.check(positive: radius, "radius", of: name)
        precondition(!center.isEmpty, "a ball needs a coordinate")
        self.center = center
        self.radius = radius
    }

    /// The number of coordinates.
    public var dimensions: Int { center.count }

    /// The cube around it.
    public var bounds: Box? { .ifPossible(lower: center.map { $0 - radius }, upper: center.map { $0 + radius }) }

    /// The volume.
    public var measure: Double { Sphere.volume(dimensions) * radius.raised(to: dimensions) }

    /// The sphere, named "rim".
    public var faces: [SphereFace] { [SphereFace(center: center, radius: radius, name: "rim", isOuter: true)] }

    /// Balls in proportion to their volume.
    public var interior: (any SampledSet)? { ShellSet(center: center, inner: 0, outer: radius) }

    /// |x − center| − radius.
    public func signedDistances(
        _ points: UnsafePointer<Double>, count: Int, to distances: UnsafeMutablePointer<Double>
    ) {
        Sphere.distances(points, from: center, count: count, to: distances)
        for row in 0..<count { distances[row] -= radius }
    }

    /// A ball remains one.
    public func transformed(by similarity: Similarity) -> any Shape {
        (try? Ball(center: similarity.apply(center), radius: similarity.scale * radius))
            ?? Transformed(self, by: similarity)
    }
}

/// What balls and shells have in common.
enum Sphere {
    /// The volume of the unit ball: V₀ = 1, V₁ = 2, V_d = 2π/d V_(d−2).
    static func volume(_ dimensions: Int) -> Double {
        switch dimensions {
        case 0: 1
        case 1: 2
        default: 2 * .pi / Double(dimensions) * volume(dimensions - 2)
        }
    }

    /// |x − center|.
    static func distances(
        _ points: UnsafePointer<Double>, from center: [Double], count: Int, to distances: UnsafeMutablePointer<Double>
    ) {
        let dimensions = center.count
        if dimensions == 2 {
            let x = center[0], y = center[1]
            for row in 0..<count {
                let dx = points[2 * row] - x, dy = points[2 * row + 1] - y
                distances[row] = (dx * dx + dy * dy).squareRoot()
            }
            return
        }
        center.withUnsafeBufferPointer { center in
            for row in 0..<count {
                var square = 0.0
                for axis in 0..<dimensions {
                    let difference = points[row * dimensions + axis] - center[axis]
                    square += difference * difference
                }
                distances[row] = square.squareRoot()
            }
        }
    }

    /// How many unit-cube coordinates a direction takes: two directions on a line take one, like angles; from four
    /// dimensions on, a direction is that of a normally distributed vector.
    static func directionSamples(_ dimensions: Int) -> Int { dimensions <= 3 ? max(1, dimensions - 1) : dimensions }

    /// A uniformly distributed unit vector.
    static func direction(
        _ unit: UnsafePointer<Double>, to vector: UnsafeMutablePointer<Double>, dimensions: Int
    ) {
        switch dimensions {
        case 1: vector[0] = unit[0] < 0.5 ? -1 : 1
        case 2:
            let angle = 2 * .pi * unit[0]
            vector[0] = cos(angle)
            vector[1] = sin(angle)
        case 3:
            let height = 1 - 2 * unit[0], angle = 2 * .pi * unit[1]
            let breadth = max(0, 1 - height * height).squareRoot()
            vector[0] = breadth * cos(angle)
            vector[1] = breadth * sin(angle)
            vector[2] = height
        default:
            var square = 0.0
            for axis in 0..<dimensions {
                let normal = normalQuantile(max(unit[axis], 0x1p-54))
                vector[axis] = normal
                square += normal * normal
            }
            guard square > 0 else {
                vector[0] = 1
                return
            }
            let factor = 1 / square.squareRoot()
            for axis in 0..<dimensions { vector[axis] *= factor }
        }
    }
}

/// A sphere as a face, seen from the inside or from the outside.
public struct SphereFace: ShapeFace {
    /// The center.
    public let center: [Double]
    /// The radius.
    public let radius: Double
    let name: String
    let isOuter: Bool

    /// The number of coordinates of a point.
    public var dimensions: Int { center.count }

    /// One less than there are coordinates in one... three dimensions, as many above; one on a line, whose sphere is two
    /// points.
    public var sampleDimensions: Int { Sphere.directionSamples(dimensions) }

    /// The area: d V_d radius^(d−1).
    public var measure: Double {
        Double(dimensions) * Sphere.volume(dimensions) * radius.raised(to: dimensions - 1)
    }

    /// "rim", "inner" or "outer".
    public func names(coordinates: [String]) -> [String] { [name] }

    /// Uniform directions.
    public func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        let dimensions = dimensions, samples = sampleDimensions
        center.withUnsafeBufferPointer { center in
            for row in 0..<count {
                let point = points + row * dimensions
                Sphere.direction(unit + row * samples, to: point, dimensions: dimensions)
                for axis in 0..<dimensions { point[axis] = center[axis] + radius * point[axis] }
            }
        }
    }

    /// The direction from the center, or towards it.
    public func outwardNormals(
        at points: UnsafePointer<Double>, count: Int, to normals: UnsafeMutablePointer<Double>
    ) {
        let dimensions = dimensions
        for row in 0..<count {
            let normal = normals + row * dimensions
            var square = 0.0
            for axis in 0..<dimensions {
                normal[axis] = points[row * dimensions + axis] - center[axis]
                square += normal[axis] * normal[axis]
            }
            guard square > 0 else {
                normal[0] = isOuter ? 1 : -1
                continue
            }
            let factor = (isOuter ? 1 : -1) / square.squareRoot()
            for axis in 0..<dimensions { normal[axis] *= factor }
        }
    }

    /// The point in the same direction from the center.
    public func closestPoint(to point: [Double]) -> [Double] {
        let length = distance(point, center)
        guard length > 0 else {
            var any = center
            any[0] += radius
            return any
        }
        return zip(center, point).map { $0 + ($1 - $0) * (radius / length) }
    }
}

/// The points between two spheres, drawn uniformly.
struct ShellSet: SampledSet {
    let center: [Double]
    let inner: Double
    let outer: Double

    var dimensions: Int { center.count }
    var sampleDimensions: Int { dimensions == 1 ? 2 : 1 + Sphere.directionSamples(dimensions) }
    var measure: Double {
        Sphere.volume(dimensions) * (outer.raised(to: dimensions) - inner.raised(to: dimensions))
    }

    /// The volume within the radius is uniform: ρ^d = r^d + u (R^d − r^d).
    func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        let dimensions = dimensions, samples = sampleDimensions
        let ratio = (inner / outer).raised(to: dimensions)
        center.withUnsafeBufferPointer { center in
            for row in 0..<count {
                let point = points + row * dimensions, source = unit + row * samples
                let volume = ratio + source[0] * (1 - ratio)
                let root =
                    switch dimensions {
                    case 1: volume
                    case 2: volume.squareRoot()
                    case 3: cbrt(volume)
                    default: pow(volume, 1 / Double(dimensions))
                    }
                let radius = min(outer, outer * root)
                Sphere.direction(source + 1, to: point, dimensions: dimensions)
                for axis in 0..<dimensions { point[axis] = center[axis] + radius * point[axis] }
            }
        }
    }
}
