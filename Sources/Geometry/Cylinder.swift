/// A circular cylinder in space, from a base along an axis. Its faces are "base", "lid" and "rim".
public struct Cylinder: Shape {
    private let frustum: Frustum

    /// A cylinder whose base has the given center; the axis points from it into the cylinder, and its length does not
    /// matter. Radius and height must be above zero.
    public init(base: [Double], axis: [Double], radius: Double, height: Double) throws(GeometryError) {
        frustum = try Frustum("a cylinder", base: base, axis: axis, bottom: radius, top: radius, height: height)
    }

    /// The number of coordinates: three.
    public var dimensions: Int { 3 }

    /// The box around both ends.
    public var bounds: Box? { frustum.bounds }

    /// π radius² height.
    public var measure: Double { frustum.measure }

    /// Base, lid, rim.
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
