import Glibc

/// A ring in space: all points within `thickness` of a circle. Its face is "rim".
public struct Torus: Shape {
    /// The radius of the circle in the middle of the tube.
    public let radius: Double
    /// The radius of the tube.
    public let thickness: Double
    private let frame: Frame

    /// A torus about a center, around an axis of any length but zero, with 0 < thickness < radius.
    public init(center: [Double], axis: [Double], radius: Double, thickness: Double) throws(GeometryError) {
        try GeometryError.check(center, "center", of: "a torus", count: 3)
        try GeometryError.check(direction: axis, "axis", of: "a torus", count: 3)
        try GeometryError.check(positive: radius, "radius", of: "a torus")
        try GeometryError.check(positive: thickness, "thickness", of: "a torus")
        guard thickness < radius else {
            throw .degenerate(
                shape: "a torus", parameter: "thickness",
                problem: "is \(GeometryError.text(thickness)), not below the radius \(GeometryError.text(radius))",
                hint: "radius is that of the circle in the middle of the tube, thickness that of the tube")
        }
        self.radius = radius
        self.thickness = thickness
        frame = Frame(origin: center, axis: axis)
    }

    /// The number of coordinates: three.
    public var dimensions: Int { 3 }

    /// The box around it.
    public var bounds: Box? {
        let reach = frame.reach(radius) + thickness
        return .ifPossible(lower: Array(frame.origin - reach), upper: Array(frame.origin + reach))
    }

    /// 2 π² radius thickness².
    public var measure: Double { 2 * .pi * .pi * radius * thickness * thickness }

    /// The surface.
    public var faces: [TorusFace] { [TorusFace(frame: frame, radius: radius, thickness: thickness)] }

    /// Tubes in proportion to the volume within them.
    public var interior: (any SampledSet)? { TorusSet(frame: frame, radius: radius, thickness: thickness) }

    /// √((r − radius)² + z²) − thickness for the distance r from the axis and the height z.
    public func signedDistances(
        _ points: UnsafePointer<Double>, count: Int, to distances: UnsafeMutablePointer<Double>
    ) {
        for row in 0..<count {
            let (across, height) = frame.profile(points + 3 * row)
            distances[row] = ((across - radius) * (across - radius) + height * height).squareRoot() - thickness
        }
    }

    /// The angle φ around a tube of radius a at which the share u of a ring's surface, or volume, is reached:
    /// φ + (a / R) sin φ = 2π u, Kepler's equation, by Newton's method.
    static func angle(_ share: Double, ratio: Double) -> Double {
        // Seen from the inner side, φ = π + E, it is E − e sin E = M with M in [−π, π].
        let mean = 2 * .pi * share - .pi
        // Monotone from this side: the left side is convex between 0 and π.
        var anomaly = mean < 0 ? max(-.pi, mean - ratio) : min(.pi, mean + ratio)
        if mean == 0 { return .pi }
        for _ in 0..<32 {
            let step = (anomaly - ratio * sin(anomaly) - mean) / (1 - ratio * cos(anomaly))
            anomaly -= step
            if abs(step) <= 1e-15 { break }
        }
        return .pi + anomaly
    }
}

/// The surface of a torus.
public struct TorusFace: ShapeFace {
    let frame: Frame
    let radius: Double
    let thickness: Double

    /// The number of coordinates of a point.
    public var dimensions: Int { 3 }

    /// Two.
    public var sampleDimensions: Int { 2 }

    /// 4 π² radius thickness.
    public var measure: Double { 4 * .pi * .pi * radius * thickness }

    /// "rim".
    public func names(coordinates: [String]) -> [String] { ["rim"] }

    /// Around the tube, then around the axis.
    public func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        for row in 0..<count {
            let angle = Torus.angle(unit[2 * row], ratio: thickness / radius)
            (points + 3 * row).store(
                frame.point(
                    radius + thickness * cos(angle), 2 * .pi * unit[2 * row + 1], thickness * sin(angle)))
        }
    }

    /// From the nearest point of the circle.
    public func outwardNormals(
        at points: UnsafePointer<Double>, count: Int, to normals: UnsafeMutablePointer<Double>
    ) {
        for row in 0..<count { (normals + 3 * row).store(direction(points + 3 * row)) }
    }

    /// The point of the tube in the direction from the nearest point of the circle.
    public func closestPoint(to point: [Double]) -> [Double] {
        let direction = direction(point)
        return Array(frame.origin + radius * frame.radial(point) + thickness * direction)
    }

    /// The unit vector from the nearest point of the circle to a point.
    private func direction(_ point: UnsafePointer<Double>) -> SIMD3<Double> {
        let (across, height) = frame.profile(point)
        let step = across - radius
        let length = (step * step + height * height).squareRoot()
        guard length > 0 else { return frame.axis }
        return (step / length) * frame.radial(point) + (height / length) * frame.axis
    }
}

/// The inside of a torus, drawn uniformly: the radius within the tube, the angle around it, the angle around the axis.
private struct TorusSet: SampledSet {
    let frame: Frame
    let radius: Double
    let thickness: Double

    var dimensions: Int { 3 }
    var sampleDimensions: Int { 3 }
    var measure: Double { 2 * .pi * .pi * radius * thickness * thickness }

    func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        for row in 0..<count {
            let reach = thickness * unit[3 * row].squareRoot()
            let angle = Torus.angle(unit[3 * row + 1], ratio: reach / radius)
            (points + 3 * row).store(
                frame.point(radius + reach * cos(angle), 2 * .pi * unit[3 * row + 2], reach * sin(angle)))
        }
    }
}
