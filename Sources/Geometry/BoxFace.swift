/// The face of a box on which one coordinate has its least or its greatest value.
public struct BoxFace: SampledSet, Hashable {
    /// The box that the face belongs to.
    public let box: Box
    /// Twice the axis, plus one for the upper face: one word, so that faces of many dimensions take little room.
    private let place: Int

    init(of box: Box, axis: Int, isUpper: Bool) {
        self.box = box
        place = 2 * axis + (isUpper ? 1 : 0)
    }

    /// The coordinate that is constant on the face.
    public var axis: Int { place / 2 }

    /// Whether that coordinate has its greatest value.
    public var isUpper: Bool { place % 2 == 1 }

    /// The value of the constant coordinate.
    public var position: Double { isUpper ? box.upper[axis] : box.lower[axis] }

    /// The number of coordinates of a point.
    public var dimensions: Int { box.dimensions }

    /// The number of unit-cube coordinates that determine a point: one less than ``dimensions``.
    public var sampleDimensions: Int { box.dimensions - 1 }

    /// The product of the sides along the face; one for an end of an interval.
    public var measure: Double {
        box.sides.enumerated().reduce(1) { $1.offset == axis ? $0 : $0 * $1.element }
    }

    /// −1 or 1 along ``axis``, zero along the others.
    public var outwardNormal: [Double] {
        (0..<dimensions).map { $0 == axis ? (isUpper ? 1 : -1) : 0 }
    }

    /// Whether the point lies on the face, exactly.
    public func contains(_ point: [Double]) -> Bool {
        box.contains(point) && point[axis] == position
    }

    /// `left`/`right`, `bottom`/`top`, `back`/`front` for the first three axes, then `x.min`/`x.max` for any.
    public func names(coordinates: [String]) -> [String] {
        precondition(coordinates.count == dimensions, "a box needs a name for each coordinate")
        let spoken = [("left", "right"), ("bottom", "top"), ("back", "front")]
        let first = axis < spoken.count ? [isUpper ? spoken[axis].1 : spoken[axis].0] : []
        return first + ["\(coordinates[axis]).\(isUpper ? "max" : "min")"]
    }

    /// The unit coordinates go to the coordinates along the face in order; the constant one is inserted.
    public func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        let axis = axis, position = position
        for point in 0..<count {
            let source = unit + point * sampleDimensions
            let target = points + point * dimensions
            for other in 0..<dimensions where other != axis {
                target[other] = box.coordinate(other, at: source[other < axis ? other : other - 1])
            }
            target[axis] = position
        }
    }
}
