/// Where a problem lives: a region of space, and an interval of time unless the problem is steady.
///
/// Points hold the coordinates of the region and then the time. Across a periodic coordinate there are no faces: a point
/// at one end is the point at the other.
public struct SpaceTime: Sendable {
    /// The region of space.
    public let region: Region
    /// When the problem begins and ends; nil for a steady one.
    public let time: ClosedRange<Double>?
    /// The coordinates of the region, by index, along which everything repeats with the side of ``box`` as the period.
    public let periodicAxes: Set<Int>
    /// The smallest known box that holds the region, over all coordinates.
    public let box: Box
    /// The faces of the region, each over all times, then the region at the first and at the last time.
    public let faces: [SpaceTimeFace]

    /// A region, perhaps over time.
    ///
    /// The region must be untrimmed across a periodic axis, and time must not be empty or infinite.
    public init(_ region: Region, time: ClosedRange<Double>? = nil, periodicAxes: Set<Int> = []) {
        precondition(time.map { $0.lowerBound < $0.upperBound } ?? true, "time needs a length")
        precondition(periodicAxes.allSatisfy { 0..<region.dimensions ~= $0 }, "there is no such coordinate")
        self.region = region
        self.time = time
        self.periodicAxes = periodicAxes
        let bounds = region.bounds
        box =
            time.map { Box(lower: bounds.lower + [$0.lowerBound], upper: bounds.upper + [$0.upperBound]) } ?? bounds
        var kinds = region.faces.filter { face in
            face.boxFace.map { !periodicAxes.contains($0.axis) } ?? true
        }.map { SpaceTimeFace.Kind.wall($0) }
        if time != nil { kinds += [.start, .end] }
        faces = kinds.enumerated().map { index, kind in
            SpaceTimeFace(index: index, kind: kind, region: region, time: time)
        }
    }

    /// A steady box, whose coordinates may be anything: time too.
    public init(_ box: Box) {
        self.init(Region(box))
    }

    /// The number of coordinates of a point, time included.
    public var dimensions: Int { region.dimensions + (time == nil ? 0 : 1) }

    /// The index of the time.
    public var timeAxis: Int? { time == nil ? nil : region.dimensions }

    /// Everything inside.
    public var interior: any SampledSet {
        guard let time else { return region }
        return OverTime(region, from: time.lowerBound, to: time.upperBound)
    }

    /// The points of a place.
    public func set(of place: SpaceTimePlace) -> any SampledSet {
        switch place {
        case .interior: return interior
        case .face(let face): return face
        case .point(let point):
            let single = SinglePoint(point: point)
            guard let time, point.count == region.dimensions else { return single }
            return OverTime(single, from: time.lowerBound, to: time.upperBound)
        }
    }

    /// Whether a point lies in the region or on its boundary, at one of its times.
    public func contains(_ point: [Double]) -> Bool {
        precondition(point.count == dimensions, "the point has another dimension")
        guard let time else { return region.contains(point) }
        return time.contains(point[point.count - 1]) && region.contains(Array(point.dropLast()))
    }

    /// Which points lie in the region, whatever their time; `columns[c]` holds coordinate `c` of all points.
    ///
    /// Points on the boundary belong, also those that rounding has moved out by a billionth of the box's size.
    public func regionContains(columns: [[Double]]) -> [Bool] {
        let width = region.dimensions
        let count = columns.first?.count ?? 0
        var points = [Double](repeating: 0, count: max(1, count * width))
        for axis in 0..<width {
            for index in 0..<count { points[index * width + axis] = columns[axis][index] }
        }
        var distances = [Double](repeating: 0, count: max(1, count))
        region.signedDistances(&points, count: count, to: &distances)
        let slack = 1e-9 * (region.bounds.sides.max() ?? 1)
        return (0..<count).map { distances[$0] <= slack }
    }
}

/// A part of space and time that equations can hold on.
public enum SpaceTimePlace: Sendable, Hashable {
    /// Everything inside.
    case interior
    /// A face.
    case face(SpaceTimeFace)
    /// A single point: of space, at all times, or, with a coordinate more, of space and time.
    case point([Double])

    /// The face, if it is one.
    public var face: SpaceTimeFace? { if case .face(let face) = self { face } else { nil } }
}
