import Glibc

/// What cylinders and cones are: a straight line in the plane of radius and height, turned about the axis, between a flat
/// base and a flat lid.
struct Frustum: Hashable {
    let frame: Frame
    /// The radius at the base, above zero.
    let bottom: Double
    /// The radius at the lid; zero for a pointed cone.
    let top: Double
    let height: Double

    init(
        _ shape: String, base: [Double], axis: [Double], bottom: Double, top: Double, height: Double
    ) throws(GeometryError) {
        try GeometryError.check(base, "base", of: shape, count: 3)
        try GeometryError.check(direction: axis, "axis", of: shape, count: 3)
        try GeometryError.check(positive: bottom, "radius", of: shape)
        try GeometryError.check(positive: height, "height", of: shape)
        guard top >= 0, top.isFinite else {
            throw .degenerate(
                shape: shape, parameter: "top", problem: "is \(GeometryError.text(top))",
                hint: "write the radius at the upper end, or leave it out for a point")
        }
        frame = Frame(origin: base, axis: axis)
        self.bottom = bottom
        self.top = top
        self.height = height
    }

    var bounds: Box? {
        let low = frame.origin, high = frame.origin + height * frame.axis
        let lowReach = frame.reach(bottom), highReach = frame.reach(top)
        return .ifPossible(
            lower: Array(pointwiseMin(low - lowReach, high - highReach)),
            upper: Array(pointwiseMax(low + lowReach, high + highReach)))
    }

    /// ⅓ π h (R² + R r + r²).
    var measure: Double { .pi / 3 * height * (bottom * bottom + bottom * top + top * top) }

    /// The length of the slanting line.
    var slant: Double { (height * height + (bottom - top) * (bottom - top)).squareRoot() }

    var faces: [FrustumFace] {
        [FrustumFace(frustum: self, kind: .base)] + (top > 0 ? [FrustumFace(frustum: self, kind: .lid)] : [])
            + [FrustumFace(frustum: self, kind: .rim)]
    }

    /// The distance in the plane of radius and height from base, side and lid.
    func signedDistances(
        _ points: UnsafePointer<Double>, count: Int, to distances: UnsafeMutablePointer<Double>
    ) {
        let side = (x: top - bottom, y: height)
        let baseInverse = 1 / (bottom * bottom), sideInverse = 1 / (side.x * side.x + side.y * side.y)
        let lidInverse = top > 0 ? 1 / (top * top) : 0
        let slope = (top - bottom) / height
        for row in 0..<count {
            let (radius, level) = frame.profile(points + 3 * row)
            let square = min(
                squaredDistance(radius, level, (0, 0), (bottom, 0), baseInverse),
                squaredDistance(radius, level, (bottom, 0), side, sideInverse),
                squaredDistance(radius, level, (0, height), (top, 0), lidInverse))
            let isInside = level >= 0 && level <= height && radius <= bottom + slope * level
            distances[row] = isInside ? -square.squareRoot() : square.squareRoot()
        }
    }

    /// The fraction of the height below which a share of the volume lies: with the cube root A of R³ + u (r³ − R³), it is
    /// u (R² + R r + r²) / (A² + A R + R²), which holds for equal radii too.
    func level(ofVolume share: Double) -> Double {
        let cubed = bottom * bottom * bottom
        let root = cbrt(cubed + share * (top * top * top - cubed))
        return share * (bottom * bottom + bottom * top + top * top)
            / (root * root + root * bottom + bottom * bottom)
    }

    /// The same for the slanting surface, with the square root A of R² + u (r² − R²): u (R + r) / (A + R).
    func level(ofArea share: Double) -> Double {
        let root = (bottom * bottom + share * (top * top - bottom * bottom)).squareRoot()
        return share * (bottom + top) / (root + bottom)
    }
}

/// The inside of a frustum, drawn uniformly: height, angle, and radius.
struct FrustumSet: SampledSet {
    let frustum: Frustum

    var dimensions: Int { 3 }
    var sampleDimensions: Int { 3 }
    var measure: Double { frustum.measure }

    func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        for row in 0..<count {
            let level = frustum.level(ofVolume: unit[3 * row])
            let radius = frustum.bottom + level * (frustum.top - frustum.bottom)
            (points + 3 * row).store(
                frustum.frame.point(
                    radius * unit[3 * row + 2].squareRoot(), 2 * .pi * unit[3 * row + 1], level * frustum.height))
        }
    }
}

/// A face of a cylinder or cone.
public struct FrustumFace: ShapeFace {
    enum Kind: String {
        case base, lid, rim
    }

    let frustum: Frustum
    let kind: Kind

    /// The number of coordinates of a point.
    public var dimensions: Int { 3 }

    /// Two.
    public var sampleDimensions: Int { 2 }

    /// The area: π R² of base and lid, π (R + r) times the slanting height for the rim.
    public var measure: Double {
        switch kind {
        case .base: .pi * frustum.bottom * frustum.bottom
        case .lid: .pi * frustum.top * frustum.top
        case .rim: .pi * (frustum.bottom + frustum.top) * frustum.slant
        }
    }

    /// "base", "lid" or "rim".
    public func names(coordinates: [String]) -> [String] { [kind.rawValue] }

    /// Radius or height, then the angle.
    public func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        let frame = frustum.frame
        for row in 0..<count {
            let share = unit[2 * row], angle = 2 * .pi * unit[2 * row + 1]
            let point: SIMD3<Double>
            switch kind {
            case .base: point = frame.point(frustum.bottom * share.squareRoot(), angle, 0)
            case .lid: point = frame.point(frustum.top * share.squareRoot(), angle, frustum.height)
            case .rim:
                let level = frustum.level(ofArea: share)
                let radius = frustum.bottom + level * (frustum.top - frustum.bottom)
                point = frame.point(radius, angle, level * frustum.height)
            }
            (points + 3 * row).store(point)
        }
    }

    /// Along the axis for base and lid, across the slanting line for the rim.
    public func outwardNormals(
        at points: UnsafePointer<Double>, count: Int, to normals: UnsafeMutablePointer<Double>
    ) {
        let frame = frustum.frame
        let across = frustum.height / frustum.slant, along = (frustum.bottom - frustum.top) / frustum.slant
        for row in 0..<count {
            switch kind {
            case .base: (normals + 3 * row).store(-frame.axis)
            case .lid: (normals + 3 * row).store(frame.axis)
            case .rim: (normals + 3 * row).store(across * frame.radial(points + 3 * row) + along * frame.axis)
            }
        }
    }

    /// The nearest point of the line in the plane of radius and height.
    public func closestPoint(to point: [Double]) -> [Double] {
        let (radius, level) = frustum.frame.profile(point)
        let radial = frustum.frame.radial(point)
        let near: (radius: Double, level: Double)
        switch kind {
        case .base: near = (min(radius, frustum.bottom), 0)
        case .lid: near = (min(radius, frustum.top), frustum.height)
        case .rim:
            let line = (x: frustum.top - frustum.bottom, y: frustum.height)
            let along = ((radius - frustum.bottom) * line.x + level * line.y) / (line.x * line.x + line.y * line.y)
            let place = min(1, max(0, along))
            near = (frustum.bottom + place * line.x, place * line.y)
        }
        return Array(frustum.frame.origin + near.radius * radial + near.level * frustum.frame.axis)
    }
}
