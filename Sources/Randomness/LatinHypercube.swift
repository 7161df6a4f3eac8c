/// Latin hypercube designs: n points of the unit cube, one in each of n equal strips of every coordinate.
///
/// Coordinate d of point i is (πd(i) + u)/n with a random permutation πd and u uniform in [0, 1) (M. D. McKay,
/// R. J. Beckman, W. J. Conover, "A comparison of three methods for selecting values of input variables", Technometrics
/// 21, 1979). From the stream come, for each dimension in order, n − 1 numbers for the permutation and n for the places in
/// the strips.
public struct LatinHypercube: Sendable {
    /// The number of coordinates of a point.
    public let dimensions: Int
    private var stream: RandomStream
    /// Points that were not handed out yet, row-major, from `next` on.
    private var design: [Double] = []
    private var next = 0

    /// Designs from a stream.
    public init(dimensions: Int, from stream: RandomStream) {
        precondition(dimensions > 0, "a design has a dimension")
        self.dimensions = dimensions
        self.stream = stream
    }

    /// The words drawn so far; setting it moves to any place at once and forgets what is left of a design.
    public var position: UInt64 {
        get { stream.position }
        set {
            stream.move(to: newValue)
            (design, next) = ([], 0)
        }
    }

    /// Begins a design of `count` points, which the next calls of ``fill(_:count:)`` hand out.
    public mutating func begin(_ count: Int) {
        precondition(count >= 0, "negative number of points")
        next = 0
        design = [Double](repeating: 0, count: count * dimensions)
        var places = [Int](repeating: 0, count: count)
        for dimension in 0..<dimensions {
            for place in places.indices { places[place] = place }
            for place in stride(from: count - 1, to: 0, by: -1) {
                places.swapAt(place, min(place, Int(stream.uniform() * Double(place + 1))))
            }
            for point in 0..<count {
                let value = (Double(places[point]) + stream.uniform()) / Double(count)
                design[point * dimensions + dimension] = min(value, 1.0.nextDown)
            }
        }
    }

    /// Writes the next `count` points, row-major: [point][dimension]; a new design begins when one is used up.
    public mutating func fill(_ points: UnsafeMutableBufferPointer<Double>, count: Int) {
        precondition(points.count >= count * dimensions, "no room for the points")
        var written = 0
        while written < count {
            if next == design.count { begin(count - written) }
            let taken = min(count - written, (design.count - next) / dimensions)
            for index in 0..<taken * dimensions { points[written * dimensions + index] = design[next + index] }
            next += taken * dimensions
            written += taken
        }
    }
}
