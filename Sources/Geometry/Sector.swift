import Glibc

/// The part of a disk, or of a ring, between two directions in the plane.
///
/// It runs counterclockwise from one angle to the other, in radians from the positive x axis. Its faces are "arc", "start"
/// and "end", and "inner" if it was cut out of a ring.
public struct Sector: Shape {
    /// The center of the arc.
    public let center: [Double]
    /// The radius of the arc.
    public let radius: Double
    /// The radius of the inner arc; zero without one.
    public let inner: Double
    /// The angle where the arc begins.
    public let from: Double
    /// The angle where it ends.
    public let to: Double
    /// The bisecting direction and half the opening.
    private let middle: (x: Double, y: Double)
    private let half: Double
    /// The directions of the two straight sides.
    private let first: (x: Double, y: Double)
    private let last: (x: Double, y: Double)

    /// A sector with radii 0 ≤ inner < radius and angles from < to < from + 2π.
    public init(
        center: [Double], radius: Double, from: Double, to: Double, inner: Double = 0
    ) throws(GeometryError) {
        try GeometryError.check(center, "center", of: "a sector", count: 2)
        try GeometryError.check(positive: radius, "radius", of: "a sector")
        guard inner >= 0, inner < radius else {
            throw .degenerate(
                shape: "a sector", parameter: "inner", problem: "is \(GeometryError.text(inner))",
                hint: "write a radius from 0 to below \(GeometryError.text(radius)), or leave it out")
        }
        try GeometryError.check([from], "from", of: "a sector")
        try GeometryError.check([to], "to", of: "a sector")
        guard to > from else {
            throw .degenerate(
                shape: "a sector", parameter: "to",
                problem: "is \(GeometryError.text(to)), not above from = \(GeometryError.text(from))",
                hint: "angles run counterclockwise, in radians; add 2*pi to the end if need be")
        }
        guard to - from < 2 * .pi * (1 - 1e-12) else {
            throw .degenerate(
                shape: "a sector", parameter: "to", problem: "is a whole turn or more after from",
                hint: "write a disk or an annulus, or angles less than 2*pi apart")
        }
        self.center = center
        self.radius = radius
        self.inner = inner
        self.from = from
        self.to = to
        half = 0.5 * (to - from)
        middle = (cos(from + half), sin(from + half))
        first = (cos(from), sin(from))
        last = (cos(to), sin(to))
    }

    /// The number of coordinates: two.
    public var dimensions: Int { 2 }

    /// The rectangle around the corners and the outermost points of the arc.
    public var bounds: Box? {
        var xs: [Double] = [], ys: [Double] = []
        for direction in [first, last] {
            for length in [inner, radius] {
                xs.append(length * direction.x)
                ys.append(length * direction.y)
            }
        }
        for direction: (x: Double, y: Double) in [(1, 0), (0, 1), (-1, 0), (0, -1)]
        where isBetween(direction.x, direction.y) {
            xs.append(radius * direction.x)
            ys.append(radius * direction.y)
        }
        return .ifPossible(
            lower: [center[0] + (xs.min() ?? 0), center[1] + (ys.min() ?? 0)],
            upper: [center[0] + (xs.max() ?? 0), center[1] + (ys.max() ?? 0)])
    }

    /// ½ (to − from) (radius² − inner²).
    public var measure: Double { half * (radius - inner) * (radius + inner) }

    /// The arc, the two sides and the inner arc.
    public var faces: [SectorFace] {
        var faces: [SectorFace] = [
            .arc(arc(radius, name: "arc", isOuter: true)),
            .side(side(first, normal: [first.y, -first.x], name: "start")),
            .side(side(last, normal: [-last.y, last.x], name: "end")),
        ]
        if inner > 0 { faces.append(.arc(arc(inner, name: "inner", isOuter: false))) }
        return faces
    }

    private func arc(_ radius: Double, name: String, isOuter: Bool) -> Arc {
        Arc(center: center, radius: radius, from: from, to: to, name: name, isOuter: isOuter)
    }

    private func side(_ direction: (x: Double, y: Double), normal: [Double], name: String) -> Segment {
        Segment(
            from: (center[0] + inner * direction.x, center[1] + inner * direction.y),
            to: (center[0] + radius * direction.x, center[1] + radius * direction.y), normal: normal, name: name)
    }

    /// Arcs in proportion to the area within them.
    public var interior: (any SampledSet)? { SectorSet(sector: self) }

    /// The distance from the nearest of arcs and sides.
    public func signedDistances(
        _ points: UnsafePointer<Double>, count: Int, to distances: UnsafeMutablePointer<Double>
    ) {
        let length = radius - inner
        let inverse = 1 / (length * length)
        let starts = [first, last].map { (x: inner * $0.x, y: inner * $0.y) }
        let directions = [first, last].map { (x: length * $0.x, y: length * $0.y) }
        for row in 0..<count {
            let x = points[2 * row] - center[0], y = points[2 * row + 1] - center[1]
            let isBetween = isBetween(x, y)
            let reach = (x * x + y * y).squareRoot()
            var square = min(
                squaredDistance(x, y, starts[0], directions[0], inverse),
                squaredDistance(x, y, starts[1], directions[1], inverse))
            if isBetween {
                // Elsewhere the ends of the arcs are nearest, which belong to the sides.
                square = min(square, (reach - radius) * (reach - radius))
                if inner > 0 { square = min(square, (reach - inner) * (reach - inner)) }
            }
            let isInside = isBetween && inner <= reach && reach <= radius
            distances[row] = isInside ? -square.squareRoot() : square.squareRoot()
        }
    }

    /// From angle and radius where no distance is asked for.
    public func sides(
        _ points: UnsafePointer<Double>, count: Int, tolerance: Double, to sides: UnsafeMutablePointer<Int8>
    ) {
        guard tolerance == 0 else {
            sidesByDistance(points, count: count, tolerance: tolerance, to: sides)
            return
        }
        for row in 0..<count {
            let x = points[2 * row] - center[0], y = points[2 * row + 1] - center[1]
            let square = x * x + y * y
            sides[row] = isBetween(x, y) && inner * inner <= square && square <= radius * radius ? -1 : 1
        }
    }

    /// Whether a direction lies between the sides; the center does.
    private func isBetween(_ x: Double, _ y: Double) -> Bool {
        // Left of the first side and right of the last one: both if the opening is at most half a turn, else any.
        let afterFirst = first.x * y - first.y * x >= 0, beforeLast = x * last.y - y * last.x >= 0
        return 2 * half <= .pi ? afterFirst && beforeLast && x * middle.x + y * middle.y >= 0 : afterFirst || beforeLast
    }

    /// Whether all values are equal.
    public static func == (left: Sector, right: Sector) -> Bool {
        left.center == right.center && left.radius == right.radius && left.inner == right.inner
            && left.from == right.from && left.to == right.to
    }

    /// Hashes what is stored.
    public func hash(into hasher: inout Hasher) {
        for value in center + [radius, inner, from, to] { hasher.combine(value) }
    }
}

/// A face of a sector.
public enum SectorFace: ShapeFace {
    /// A curved one.
    case arc(Arc)
    /// A straight one.
    case side(Segment)

    private var face: any ShapeFace {
        switch self {
        case .arc(let arc): arc
        case .side(let side): side
        }
    }

    /// The number of coordinates of a point.
    public var dimensions: Int { 2 }

    /// One.
    public var sampleDimensions: Int { 1 }

    /// The length.
    public var measure: Double { face.measure }

    /// "arc", "start", "end" or "inner".
    public func names(coordinates: [String]) -> [String] { face.names(coordinates: coordinates) }

    /// By length.
    public func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        face.map(unit, to: points, count: count)
    }

    /// Out of the sector.
    public func outwardNormals(
        at points: UnsafePointer<Double>, count: Int, to normals: UnsafeMutablePointer<Double>
    ) {
        face.outwardNormals(at: points, count: count, to: normals)
    }

    /// The nearest point of arc or side.
    public func closestPoint(to point: [Double]) -> [Double] { face.closestPoint(to: point) }
}

/// An arc of a circle.
public struct Arc: ShapeFace {
    let center: [Double]
    let radius: Double
    let from: Double
    let to: Double
    let name: String
    let isOuter: Bool

    /// The number of coordinates of a point.
    public var dimensions: Int { 2 }

    /// One: the angle.
    public var sampleDimensions: Int { 1 }

    /// Radius times opening.
    public var measure: Double { radius * (to - from) }

    /// "arc" or "inner".
    public func names(coordinates: [String]) -> [String] { [name] }

    /// From the first angle to the last one.
    public func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        let x = center[0], y = center[1]
        for row in 0..<count {
            let angle = from + unit[row] * (to - from)
            points[2 * row] = x + radius * cos(angle)
            points[2 * row + 1] = y + radius * sin(angle)
        }
    }

    /// Along the radius.
    public func outwardNormals(
        at points: UnsafePointer<Double>, count: Int, to normals: UnsafeMutablePointer<Double>
    ) {
        SphereFace(center: center, radius: radius, name: name, isOuter: isOuter)
            .outwardNormals(at: points, count: count, to: normals)
    }

    /// The point in the same direction, or an end.
    public func closestPoint(to point: [Double]) -> [Double] {
        let x = point[0] - center[0], y = point[1] - center[1]
        let angle = atan2(y, x)
        // The angle after `from`, within one turn.
        var turn = (angle - from).truncatingRemainder(dividingBy: 2 * .pi)
        if turn < 0 { turn += 2 * .pi }
        if turn <= to - from, x != 0 || y != 0 {
            let factor = radius / (x * x + y * y).squareRoot()
            return [center[0] + factor * x, center[1] + factor * y]
        }
        let ends = [from, to].map { [center[0] + radius * cos($0), center[1] + radius * sin($0)] }
        return distance(ends[0], point) <= distance(ends[1], point) ? ends[0] : ends[1]
    }
}

/// The inside of a sector, drawn uniformly.
private struct SectorSet: SampledSet {
    let sector: Sector

    var dimensions: Int { 2 }
    var sampleDimensions: Int { 2 }
    var measure: Double { sector.measure }

    func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        let x = sector.center[0], y = sector.center[1], radius = sector.radius
        let from = sector.from, opening = sector.to - sector.from
        let ratio = (sector.inner / radius) * (sector.inner / radius)
        for row in 0..<count {
            let reach = radius * (ratio + unit[2 * row] * (1 - ratio)).squareRoot()
            let angle = from + unit[2 * row + 1] * opening
            points[2 * row] = x + reach * cos(angle)
            points[2 * row + 1] = y + reach * sin(angle)
        }
    }
}
