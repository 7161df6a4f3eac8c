/// A bounded set with an inside, whose boundary is made of named faces: one shape, or several joined by set operations.
///
/// ```swift
/// let plate = try Region(Box(lower: [0, 0], upper: [2, 1]), name: "plate")
/// let hole = try Region(Ball(center: [0.6, 0.5], radius: 0.2), name: "hole")
/// let region = try plate.subtracting(hole)
/// region.faces.map { $0.names(coordinates: ["x", "y"])[0] }     // plate.left, …, hole.rim
/// ```
///
/// Regions are closed: a difference keeps its boundary. Points come in batches, row-major [point][dimensions].
public struct Region: SampledSet, Hashable {
    let model: RegionModel

    /// The region of one bounded shape.
    public init(_ shape: any Shape, name: String? = nil) throws(GeometryError) {
        try self.init(Construction(shape, name: name))
    }

    /// The region that a construction makes.
    ///
    /// - Throws: ``GeometryError/unbounded``, ``GeometryError/empty``, ``GeometryError/sparse`` when it fills less than
    ///   1/10,000 of what encloses it, ``GeometryError/dimensions(_:_:)`` when the shapes do not go together.
    public init(_ construction: Construction) throws(GeometryError) {
        model = try RegionModel(construction)
    }

    /// The region of a box, which is one whatever its bounds.
    public init(_ box: Box, name: String? = nil) {
        model = RegionModel(box, name: name)
    }

    /// The points of either region.
    public func union(_ other: Region) throws(GeometryError) -> Region {
        try Region(construction + other.construction)
    }

    /// The points that do not belong to the other region.
    public func subtracting(_ other: Region) throws(GeometryError) -> Region {
        try Region(construction - other.construction)
    }

    /// The points of both regions.
    public func intersection(_ other: Region) throws(GeometryError) -> Region {
        try Region(construction & other.construction)
    }

    /// How it was put together.
    public var construction: Construction { model.construction }

    /// The shapes that it was put together from.
    public var parts: [RegionPart] { model.parts }

    /// The number of coordinates.
    public var dimensions: Int { model.dimensions }

    /// A box around it; the least one for a single shape.
    public var bounds: Box { model.bounds }

    /// The region itself if it is one box along the axes.
    public var box: Box? { model.parts.count == 1 ? model.parts[0].shape as? Box : nil }

    /// The parts of the boundary; none has measure zero.
    public var faces: [RegionFace] { (0..<model.survivingCount).map { RegionFace(model, $0) } }

    /// The names of all ``faces``, as ``RegionFace/names(coordinates:)`` gives them one by one, but sooner for many.
    public func faceNames(coordinates: [String]) -> [[String]] { model.names(coordinates: coordinates) }

    /// The faces of the parts that have no share in the boundary of the whole; for messages.
    public var vanishedFaces: [RegionFace] {
        (model.survivingCount..<model.records.count).map { RegionFace(model, $0) }
    }

    /// Length, area or volume: exact for a single shape, else estimated from 2¹⁶ evenly spread points.
    public var measure: Double { model.measure }

    /// A bound for the standard error of ``measure``: that of independent points; zero for a single shape.
    public var measureError: Double { model.measureError }

    /// The number of unit-cube coordinates that determine a point of the set that encloses the region.
    public var sampleDimensions: Int { model.enclosing.sampleDimensions }

    /// True for a single shape, which has a map of its own.
    public var acceptsAll: Bool { model.isSingle }

    /// Maps onto the smallest known set that encloses the region: the shape itself if there is just one, what is
    /// subtracted from, the smaller of two that intersect, or the bounding box.
    public func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        model.enclosing.map(unit, to: points, count: count)
    }

    /// Whether each point belongs to the region.
    public func accept(_ points: UnsafePointer<Double>, count: Int, to flags: UnsafeMutablePointer<Bool>) {
        model.contains(points, count: count, to: flags)
    }

    /// Whether each point lies in the region or on its boundary.
    public func contains(_ points: UnsafePointer<Double>, count: Int, to flags: UnsafeMutablePointer<Bool>) {
        model.contains(points, count: count, to: flags)
    }

    /// Whether a point lies in the region or on its boundary.
    public func contains(_ point: [Double]) -> Bool {
        precondition(point.count == dimensions, "the point has another dimension")
        var flag = false
        model.contains(point, count: 1, to: &flag)
        return flag
    }

    /// The distance of each point from the boundary, negative inside.
    ///
    /// Exact for a single shape. For several, least and greatest distances are combined: the sign is right, the magnitude
    /// at most the distance.
    public func signedDistances(
        _ points: UnsafePointer<Double>, count: Int, to distances: UnsafeMutablePointer<Double>
    ) {
        model.signedDistances(points, count: count, to: distances)
    }

    /// The distance of one point from the boundary, negative inside; see ``signedDistances(_:count:to:)``.
    public func signedDistance(_ point: [Double]) -> Double {
        precondition(point.count == dimensions, "the point has another dimension")
        var distance = 0.0
        model.signedDistances(point, count: 1, to: &distance)
        return distance
    }

    /// Whether both were put together in the same way from equal shapes.
    public static func == (left: Region, right: Region) -> Bool {
        left.model === right.model || left.construction == right.construction
    }

    /// Hashes the construction.
    public func hash(into hasher: inout Hasher) { hasher.combine(model.hash) }
}
