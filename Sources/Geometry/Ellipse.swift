import Glibc

/// The ellipse of the plane with given semi-axes along the coordinates; turn it for others.
public struct Ellipse: Shape {
    /// The center.
    public let center: [Double]
    /// The semi-axes along x and y.
    public let radii: [Double]
    private let arc: EllipseArc

    /// An ellipse about a finite center; both semi-axes must be above zero.
    public init(center: [Double], radii: [Double]) throws(GeometryError) {
        try GeometryError.check(center, "center", of: "an ellipse", count: 2)
        try GeometryError.check(radii, "radii", of: "an ellipse", count: 2)
        for radius in radii { try GeometryError.check(positive: radius, "radii", of: "an ellipse") }
        guard max(radii[0], radii[1]) <= 1e6 * min(radii[0], radii[1]) else {
            throw .degenerate(
                shape: "an ellipse", parameter: "radii", problem: "differ by a factor above 10⁶",
                hint: "so thin an ellipse is a line; write semi-axes of similar size")
        }
        self.center = center
        self.radii = radii
        arc = EllipseArc(radii[0], radii[1])
    }

    /// The number of coordinates: two.
    public var dimensions: Int { 2 }

    /// The rectangle around it.
    public var bounds: Box? {
        .ifPossible(lower: zip(center, radii).map(-), upper: zip(center, radii).map(+))
    }

    /// π a b.
    public var measure: Double { .pi * radii[0] * radii[1] }

    /// The curve, named "rim".
    public var faces: [EllipseFace] { [EllipseFace(center: center, radii: radii, arc: arc)] }

    /// A stretched disk.
    public var interior: (any SampledSet)? { EllipseSet(center: center, radii: radii) }

    /// The distance from the nearest point of the curve; see ``EllipseFoot``.
    public func signedDistances(
        _ points: UnsafePointer<Double>, count: Int, to distances: UnsafeMutablePointer<Double>
    ) {
        let foot = EllipseFoot(radii[0], radii[1])
        for row in 0..<count {
            let x = points[2 * row] - center[0], y = points[2 * row + 1] - center[1]
            let nearest = foot.nearest(abs(x), abs(y))
            let dx = abs(x) - nearest.x, dy = abs(y) - nearest.y
            let length = (dx * dx + dy * dy).squareRoot()
            distances[row] = isInside(x, y) ? -length : length
        }
    }

    /// From the equation of the ellipse wherever that bounds the distance away from zero.
    public func sides(
        _ points: UnsafePointer<Double>, count: Int, tolerance: Double, to sides: UnsafeMutablePointer<Int8>
    ) {
        let a = 1 / radii[0], b = 1 / radii[1], least = min(radii[0], radii[1])
        let x0 = center[0], y0 = center[1]
        for row in 0..<count {
            let x = a * (points[2 * row] - x0), y = b * (points[2 * row + 1] - y0)
            // The ellipse contains a disk of the least radius, so the distance is at least this.
            let bound = ((x * x + y * y).squareRoot() - 1) * least
            if abs(bound) > tolerance {
                sides[row] = bound < 0 ? -1 : 1
            } else if tolerance == 0 {
                sides[row] = 0
            } else {
                var distance = 0.0
                signedDistances(points + 2 * row, count: 1, to: &distance)
                sides[row] = distance < -tolerance ? -1 : distance > tolerance ? 1 : 0
            }
        }
    }

    private func isInside(_ x: Double, _ y: Double) -> Bool {
        let u = x / radii[0], v = y / radii[1]
        return u * u + v * v <= 1
    }
}

/// The inside of an ellipse, drawn uniformly.
private struct EllipseSet: SampledSet {
    let center: [Double]
    let radii: [Double]

    var dimensions: Int { 2 }
    var sampleDimensions: Int { 2 }
    var measure: Double { .pi * radii[0] * radii[1] }

    func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        let x = center[0], y = center[1], a = radii[0], b = radii[1]
        for row in 0..<count {
            let root = unit[2 * row].squareRoot(), angle = 2 * .pi * unit[2 * row + 1]
            points[2 * row] = x + a * root * cos(angle)
            points[2 * row + 1] = y + b * root * sin(angle)
        }
    }
}

/// The curve around an ellipse; points are drawn by arc length.
public struct EllipseFace: ShapeFace {
    private let center: [Double]
    private let radii: [Double]
    private let arc: EllipseArc

    fileprivate init(center: [Double], radii: [Double], arc: EllipseArc) {
        self.center = center
        self.radii = radii
        self.arc = arc
    }

    /// The number of coordinates of a point.
    public var dimensions: Int { 2 }

    /// One: the arc length.
    public var sampleDimensions: Int { 1 }

    /// The length of the curve.
    public var measure: Double { 4 * arc.quarter }

    /// "rim".
    public func names(coordinates: [String]) -> [String] { ["rim"] }

    /// Quarter after quarter, counterclockwise from the end of the first semi-axis.
    public func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        for row in 0..<count {
            let place = 4 * unit[row]
            let quarter = min(3, Int(place)), fraction = place - Double(quarter)
            // Odd quarters run from the second axis to the first.
            let angle = arc.angle(at: quarter % 2 == 0 ? fraction : 1 - fraction)
            let x = radii[0] * cos(angle), y = radii[1] * sin(angle)
            points[2 * row] = center[0] + (quarter == 1 || quarter == 2 ? -x : x)
            points[2 * row + 1] = center[1] + (quarter >= 2 ? -y : y)
        }
    }

    /// The gradient of x²/a² + y²/b², normalised.
    public func outwardNormals(
        at points: UnsafePointer<Double>, count: Int, to normals: UnsafeMutablePointer<Double>
    ) {
        let a = radii[0], b = radii[1]
        for row in 0..<count {
            // Multiplied by a b, which keeps the numbers of the size of the radii.
            let x = (points[2 * row] - center[0]) * (b / a), y = (points[2 * row + 1] - center[1]) * (a / b)
            let length = (x * x + y * y).squareRoot()
            normals[2 * row] = length > 0 ? x / length : 1
            normals[2 * row + 1] = length > 0 ? y / length : 0
        }
    }

    /// The foot of the shortest normal through the point.
    public func closestPoint(to point: [Double]) -> [Double] {
        let x = point[0] - center[0], y = point[1] - center[1]
        let nearest = EllipseFoot(radii[0], radii[1]).nearest(abs(x), abs(y))
        return [
            center[0] + (x < 0 ? -nearest.x : nearest.x), center[1] + (y < 0 ? -nearest.y : nearest.y),
        ]
    }
}

/// Finds the point of an ellipse next to a given one.
///
/// The nearest point to (x, y) with x, y ≥ 0 is (a² x / (t + a²), b² y / (t + b²)) for the largest root t of
/// S(t) = (a x / (t + a²))² + (b y / (t + b²))² = 1: D. Eberly, "Distance from a point to an ellipse" (2013). The root is
/// sought by Newton's method for 1/√S(t) = 1, whose left side is nearly a line, within a bracket that shrinks.
struct EllipseFoot {
    private let a: Double
    private let b: Double

    /// The finder for semi-axes along x and y.
    init(_ a: Double, _ b: Double) {
        self.a = a
        self.b = b
    }

    /// The nearest point in the first quadrant to a point there.
    func nearest(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
        if a >= b { return ordered(x, y, a, b) }
        let swapped = ordered(y, x, b, a)
        return (swapped.y, swapped.x)
    }

    /// With a ≥ b; lengths are in units of b.
    private func ordered(_ x: Double, _ y: Double, _ a: Double, _ b: Double) -> (x: Double, y: Double) {
        guard y > 0 else {
            // On the long axis, between the centers of curvature, the nearest points lie to both sides.
            let focal = (a - b) * (a + b)
            guard a * x < focal else { return (a, 0) }
            let cosine = a * x / focal
            return (a * cosine, b * max(0, 1 - cosine * cosine).squareRoot())
        }
        guard x > 0 else { return (0, b) }
        let ratio = a / b, r2 = ratio * ratio
        let p = ratio * (x / b), q = y / b
        // With s = t / b² + 1: S = (p / (s + r² − 1))² + (q / s)².
        var lower = q, upper = (p * p + q * q).squareRoot()
        let shift = (ratio - 1) * (ratio + 1)
        var s = lower
        for _ in 0..<64 {
            let u = p / (s + shift), v = q / s
            let sum = u * u + v * v
            if sum > 1 { lower = s } else { upper = s }
            let slope = u * u / (s + shift) + v * v / s
            // Newton for S^(−1/2) = 1, where S' = −2 slope.
            var next = s + sum * (sum.squareRoot() - 1) / slope
            if !(next > lower && next < upper) { next = 0.5 * (lower + upper) }
            if abs(next - s) <= 1e-16 * s { break }
            s = next
        }
        var nearX = r2 * (x / b) / (s + shift), nearY = q / s
        // Back onto the curve, along the ray from the center: the rest is rounding.
        let size = (nearX * nearX / r2 + nearY * nearY).squareRoot()
        nearX /= size
        nearY /= size
        return (b * nearX, b * nearY)
    }
}
