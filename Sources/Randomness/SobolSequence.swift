/// Points of Sobol's sequence: evenly spread over the unit cube, better than random ones for means of smooth functions.
///
/// Any 2ᵐ points that begin at a multiple of 2ᵐ fill every dyadic interval of one coordinate equally, and boxes of several
/// as the direction numbers allow. The mean of a smooth function over n points of a scrambled sequence has an error near
/// O(n^−1.5), against O(n^−0.5) for random ones. Use powers of two.
///
/// Coordinates are multiples of 2⁻⁵³ in [0, 1). Points come in the Gray-code order of I. A. Antonov and V. M. Saleev
/// (1979); the direction numbers are those of ``SobolDirections``. Without scrambling the first point is the origin.
///
/// Scrambling multiplies the binary digits of each coordinate by a random lower triangular matrix with unit diagonal and
/// adds a random digital shift (J. Matoušek, "On the L2-discrepancy for anchored boxes", J. Complexity 14, 1998). The
/// points then are uniformly distributed one by one, and as evenly spread together as before. From the stream come, for
/// each dimension in order, 53 words whose low bits fill the columns of the matrix from the leading digit on, and one word
/// whose upper 53 bits are the shift.
public struct SobolSequence: Sendable, Equatable {
    /// The largest number of coordinates of a point.
    public static var maximumDimensions: Int { SobolDirections.dimensions }

    /// The number of coordinates of a point.
    public let dimensions: Int

    /// The number of the next point, from 0; setting it moves to any place at once.
    public var index: UInt64 {
        get { nextIndex }
        set {
            precondition(newValue < 1 << 53, "a Sobol' sequence of 53 digits has 2^53 points")
            nextIndex = newValue
            state = Self.state(at: newValue, shift: shift, directions: directions)
        }
    }

    private let scrambling: RandomStream?
    /// Digits as integers below 2⁵³: one direction per dimension and digit of the index, [dimension][digit].
    private let directions: [UInt64]
    private let shift: [UInt64]
    private var state: [UInt64]
    private var nextIndex: UInt64 = 0

    /// A sequence of points with 1...``maximumDimensions`` coordinates, scrambled if a stream is given.
    public init(dimensions: Int, scrambledBy stream: RandomStream? = nil) {
        precondition((1...Self.maximumDimensions).contains(dimensions), "no direction numbers for this dimension")
        self.dimensions = dimensions
        scrambling = stream
        var directions = SobolDirections.directions(dimensions: dimensions)
        var shift = [UInt64](repeating: 0, count: dimensions)
        if var stream {
            for dimension in 0..<dimensions {
                let matrix = (0..<digits).map { place in
                    let diagonal: UInt64 = 1 << (digits - 1 - place)
                    return diagonal | stream.next() & (diagonal - 1)
                }
                for digit in dimension * digits..<(dimension + 1) * digits {
                    directions[digit] = product(matrix, directions[digit])
                }
                shift[dimension] = stream.next() >> (64 - digits)
            }
        }
        self.directions = directions
        self.shift = shift
        state = shift
    }

    /// Writes the next `count` points, row-major: [point][dimension].
    public mutating func fill(_ points: UnsafeMutableBufferPointer<Double>, count: Int) {
        precondition(points.count >= count * dimensions, "no room for the points")
        precondition(nextIndex + UInt64(count) <= 1 << 53, "a Sobol' sequence of 53 digits has 2^53 points")
        for point in 0..<count {
            let changing = (~nextIndex).trailingZeroBitCount
            for dimension in 0..<dimensions {
                points[point * dimensions + dimension] = Double(state[dimension]) * 0x1p-53
                if changing < digits { state[dimension] ^= directions[dimension * digits + changing] }
            }
            nextIndex += 1
        }
    }

    /// The digits of point `index` are the shift plus the directions at the ones of the index's Gray code.
    private static func state(at index: UInt64, shift: [UInt64], directions: [UInt64]) -> [UInt64] {
        let code = index ^ (index >> 1)
        return shift.indices.map { dimension in
            var digitsOfPoint = shift[dimension]
            for place in 0..<digits where code >> place & 1 == 1 {
                digitsOfPoint ^= directions[dimension * digits + place]
            }
            return digitsOfPoint
        }
    }
}

extension SobolSequence: Codable {
    private enum CodingKeys: CodingKey {
        case dimensions, scrambling, index
    }

    /// Restores a sequence at the place where it was stored.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let dimensions = try container.decode(Int.self, forKey: .dimensions)
        let index = try container.decode(UInt64.self, forKey: .index)
        guard (1...Self.maximumDimensions).contains(dimensions), index < 1 << 53 else {
            throw DecodingError.dataCorruptedError(
                forKey: .dimensions, in: container, debugDescription: "No Sobol' sequence has this dimension and place."
            )
        }
        self.init(
            dimensions: dimensions, scrambledBy: try container.decodeIfPresent(RandomStream.self, forKey: .scrambling))
        self.index = index
    }

    /// Stores dimension, scrambling and place; the rest follows from these.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(dimensions, forKey: .dimensions)
        try container.encodeIfPresent(scrambling, forKey: .scrambling)
        try container.encode(index, forKey: .index)
    }
}

private let digits = SobolDirections.digits

/// The product over the field of two elements of a matrix, given by its columns from the leading digit on, and digits.
private func product(_ columns: [UInt64], _ vector: UInt64) -> UInt64 {
    var sum: UInt64 = 0
    for place in 0..<digits where vector >> (digits - 1 - place) & 1 == 1 {
        sum ^= columns[place]
    }
    return sum
}
