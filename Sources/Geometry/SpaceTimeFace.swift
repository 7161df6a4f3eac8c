/// A face of a domain of space and time: a face of the region at all times, or the region at the first or last time.
public struct SpaceTimeFace: SampledSet {
    /// Which of the three it is.
    public enum Kind: Sendable, Hashable {
        /// A face of the region, at all times.
        case wall(RegionFace)
        /// The region at the first time.
        case start
        /// The region at the last time.
        case end
    }

    /// The face's place in ``SpaceTime/faces``.
    public let index: Int
    /// What it is.
    public let kind: Kind
    private let region: Region
    private let locus: any SampledSet
    private let bounds: Box

    init(index: Int, kind: Kind, region: Region, time: ClosedRange<Double>?) {
        self.index = index
        self.kind = kind
        self.region = region
        let base: any SampledSet = if case .wall(let face) = kind { face } else { region }
        var bounds = region.bounds
        if let time {
            bounds = Box(lower: bounds.lower + [time.lowerBound], upper: bounds.upper + [time.upperBound])
            locus = OverTime(
                base, from: kind == .end ? time.upperBound : time.lowerBound,
                to: kind == .start ? time.lowerBound : time.upperBound)
        } else {
            locus = base
        }
        self.bounds = bounds
    }

    /// The number of coordinates of a point.
    public var dimensions: Int { locus.dimensions }
    /// The number of unit-cube coordinates that determine a point.
    public var sampleDimensions: Int { locus.sampleDimensions }
    /// Length, area or volume, times the length of time for a wall.
    public var measure: Double { locus.measure }
    /// Whether all points of the map belong.
    public var acceptsAll: Bool { locus.acceptsAll }

    /// The face of the region, if it is one at all times.
    public var wall: RegionFace? { if case .wall(let face) = kind { face } else { nil } }

    /// Whether this is the region at the first or last time.
    public var isTimeEnd: Bool { wall == nil }

    /// The side of the bounding box of space and time that the face lies on, if it is flat and lies on one.
    ///
    /// Ends of time always do. The region's other points are inside of that side, but need not reach all of it.
    public var boxFace: BoxFace? {
        switch kind {
        case .wall(let face):
            guard let own = face.boxFace else { return nil }
            let side = BoxFace(of: bounds, axis: own.axis, isUpper: own.isUpper)
            return side.position == own.position ? side : nil
        case .start, .end: return BoxFace(of: bounds, axis: region.dimensions, isUpper: kind == .end)
        }
    }

    /// Maps the unit cube to points, uniformly before some are rejected.
    public func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        locus.map(unit, to: points, count: count)
    }

    /// Which points of the map belong to the face.
    public func accept(_ points: UnsafePointer<Double>, count: Int, to flags: UnsafeMutablePointer<Bool>) {
        locus.accept(points, count: count, to: flags)
    }

    /// The unit vectors that point out of the domain, [point][dimensions]: without a time component on walls, −1 or 1
    /// along the time at its ends.
    public func outwardNormals(
        at points: UnsafePointer<Double>, count: Int, to normals: UnsafeMutablePointer<Double>
    ) {
        guard case .wall(let face) = kind else {
            normals.update(repeating: 0, count: count * dimensions)
            for point in 0..<count { normals[(point + 1) * dimensions - 1] = kind == .end ? 1 : -1 }
            return
        }
        guard let product = locus as? OverTime else {
            return face.outwardNormals(at: points, count: count, to: normals)
        }
        let width = region.dimensions
        product.withSpace(of: points, count: count) { places in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, count * width)) { memory in
                guard let own = memory.baseAddress else { return }
                face.outwardNormals(at: places, count: count, to: own)
                for point in 0..<count {
                    for axis in 0..<width { normals[point * dimensions + axis] = own[point * width + axis] }
                    normals[point * dimensions + width] = 0
                }
            }
        }
    }

    /// The normal at one point.
    public func outwardNormal(at point: [Double]) -> [Double] {
        var normal = [Double](repeating: 0, count: dimensions)
        outwardNormals(at: point, count: 1, to: &normal)
        return normal
    }
}

extension SpaceTimeFace: Hashable {
    /// Faces of one domain are told apart by their place.
    public static func == (left: SpaceTimeFace, right: SpaceTimeFace) -> Bool {
        left.index == right.index && left.kind == right.kind
    }

    /// Feeds the place.
    public func hash(into hasher: inout Hasher) { hasher.combine(index) }
}
