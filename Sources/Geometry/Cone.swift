/// A circular cone in space, pointed or truncated, from a base along an axis. Its faces are "base" and "rim", and "lid" if
/// it is truncated.
public struct Cone: Shape {
    private let frustum: Frustum

    /// A cone whose base has the given center; the axis points from it to the tip, and its length does not matter. Radius
    /// and height must be above zero; `top` is the radius at the upper end, zero for a point.
    public init(
        base: [Double], axis: [Double], radius: Double, height: Double, top: Double = 0
    ) throws(GeometryError) {
        frustum = try Frustum("a cone", base: base, axis: axis, bottom: radius, top: top, height: height)
    }

    /// The number of coordinates: three.
    public var dimensions: Int { 3 }

    /// The box around both ends.
    public var bounds: Box? { frustum.bounds }

    /// ⅓ π height (radius² + radius top + top²).
    public var measure: Double { frustum.measure }

    /// Base, lid if it is truncated, rim.
    public var faces: [FrustumFace] { frustum.faces }

    /// Disks in proportion to the volume below them.
    public var interior: (any SampledSet)? { FrustumSet(frustum: frustum) }

    /// The distance in the plane of radius and height.
    public func signedDistances(
        _ points: UnsafePointer<Double>, count: Int, to distances: UnsafeMutablePointer<Double>
    ) {
        frustum.signedDistances(points, count: count, to: distances)
    }
}
