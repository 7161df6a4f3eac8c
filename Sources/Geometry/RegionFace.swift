/// A part of a region's boundary: what is left of a face of one of its shapes.
public struct RegionFace: SampledSet, Hashable {
    private let model: RegionModel
    /// Its place among the region's faces; those that vanished come after the others.
    public let index: Int

    init(_ model: RegionModel, _ index: Int) {
        self.model = model
        self.index = index
    }

    private var record: RegionModel.FaceRecord { model.records[index] }

    /// The region that it belongs to.
    public var region: Region { Region(model) }

    /// The shape that it belongs to.
    public var part: RegionPart { model.parts[record.part] }

    /// The whole face of that shape.
    public var shapeFace: any ShapeFace { record.face }

    /// Whether only a part of the shape's face belongs to the boundary; told from up to 2¹⁴ evenly spread points.
    public var isTrimmed: Bool { record.isTrimmed }

    /// The side of an axis-aligned box that it is, whole and with the same outward normal; nil otherwise.
    public var boxFace: BoxFace? { record.isTrimmed || record.orientation != .kept ? nil : record.face as? BoxFace }

    /// The number of coordinates of a point.
    public var dimensions: Int { model.dimensions }

    /// The number of unit-cube coordinates that determine a point of the shape's face.
    public var sampleDimensions: Int { record.face.sampleDimensions }

    /// Area or length: exact unless the face is trimmed, then estimated from up to 2¹⁴ evenly spread
    /// points, at least 2¹⁰ where a region has very many faces.
    public var measure: Double { record.measure ?? record.face.measure }

    /// True in a region of one shape.
    public var acceptsAll: Bool { model.isSingle && record.face.acceptsAll }

    /// Maps onto the whole face of the shape, by length or area.
    public func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        record.face.map(unit, to: points, count: count)
    }

    /// Whether each point of the shape's face lies on the boundary of the region.
    ///
    /// Where faces of several shapes coincide, the boundary belongs to the one that comes first.
    public func accept(_ points: UnsafePointer<Double>, count: Int, to flags: UnsafeMutablePointer<Bool>) {
        model.accept(points, count: count, on: index, to: flags)
    }

    /// The unit vectors that point out of the region: opposite to those of a shape that was subtracted.
    public func outwardNormals(
        at points: UnsafePointer<Double>, count: Int, to normals: UnsafeMutablePointer<Double>
    ) {
        model.outwardNormals(at: points, count: count, on: index, to: normals)
    }

    /// The unit vector that points out of the region at a point of the face.
    public func outwardNormal(at point: [Double]) -> [Double] {
        precondition(point.count == dimensions, "the point has another dimension")
        var normal = [Double](repeating: 0, count: dimensions)
        outwardNormals(at: point, count: 1, to: &normal)
        return normal
    }

    /// The names by which the face is called, the most telling one first.
    ///
    /// In a region of one shape they are those of its face, then the same behind the shape's name, if it has one:
    /// `rim`, `hole.rim`. In a combined region the qualified ones come first, and the bare ones count only while no other
    /// face of the region has them. A shape without a name is `part1`, `part2`, … there.
    public func names(coordinates: [String]) -> [String] { model.names(of: index, coordinates: coordinates) }

    /// Whether both are the same face of equal regions.
    public static func == (left: RegionFace, right: RegionFace) -> Bool {
        left.index == right.index && left.region == right.region
    }

    /// Hashes region and index.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(model.hash)
        hasher.combine(index)
    }
}

extension Region {
    init(_ model: RegionModel) { self.model = model }
}
