/// The product of closed intervals [lowerᵢ, upperᵢ], in any dimension; also an interval of time or a box of space and time.
public struct Box: SampledSet, Hashable {
    /// The least value of each coordinate.
    public let lower: [Double]
    /// The greatest value of each coordinate.
    public let upper: [Double]

    /// A box of at least one dimension; all bounds must be finite and each lower one below its upper one.
    public init(lower: [Double], upper: [Double]) {
        precondition(!lower.isEmpty && lower.count == upper.count, "a box needs two bounds for each coordinate")
        precondition(
            zip(lower, upper).allSatisfy { $0 < $1 && ($1 - $0).isFinite },
            "a box needs finite bounds, lower before upper")
        self.lower = lower
        self.upper = upper
    }

    /// The same, or nil when rounding left no box of these bounds.
    static func ifPossible(lower: [Double], upper: [Double]) -> Box? {
        guard zip(lower, upper).allSatisfy({ $0 < $1 && ($1 - $0).isFinite }) else { return nil }
        return Box(lower: lower, upper: upper)
    }

    /// The number of coordinates.
    public var dimensions: Int { lower.count }

    /// The number of unit-cube coordinates that determine a point: all.
    public var sampleDimensions: Int { dimensions }

    /// The length of each side.
    public var sides: [Double] { zip(lower, upper).map { $1 - $0 } }

    /// The midpoint.
    public var center: [Double] { zip(lower, upper).map { 0.5 * $0 + 0.5 * $1 } }

    /// The product of the sides.
    public var measure: Double { sides.reduce(1, *) }

    /// Whether lowerᵢ ≤ xᵢ ≤ upperᵢ for all i.
    public func contains(_ point: [Double]) -> Bool {
        precondition(point.count == dimensions, "the point has another dimension")
        return point.indices.allSatisfy { lower[$0] <= point[$0] && point[$0] <= upper[$0] }
    }

    /// The 2d faces: for each coordinate in order the lower, then the upper one.
    public var faces: [BoxFace] {
        (0..<dimensions).flatMap { axis in
            [BoxFace(of: self, axis: axis, isUpper: false), BoxFace(of: self, axis: axis, isUpper: true)]
        }
    }

    /// x = lower + u (upper − lower), coordinate by coordinate; may be done in place.
    public func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        for axis in 0..<dimensions {
            for place in stride(from: axis, to: count * dimensions, by: dimensions) {
                points[place] = coordinate(axis, at: unit[place])
            }
        }
    }

    /// The value of one coordinate at a fraction from [0, 1] of its side; rounding does not lead out of the box.
    func coordinate(_ axis: Int, at fraction: Double) -> Double {
        min(upper[axis], lower[axis] + fraction * (upper[axis] - lower[axis]))
    }
}
