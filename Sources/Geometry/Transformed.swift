/// A shape moved, turned and scaled; distances scale with it, so they stay exact, and its faces keep their names.
public struct Transformed: Shape {
    /// The shape as it was.
    public let base: any Shape
    /// What was done to it.
    public let similarity: Similarity

    /// The image of a shape; the image of a transformed one takes both maps together.
    public init(_ shape: some Shape, by similarity: Similarity) {
        precondition(shape.dimensions == similarity.dimensions, "the dimensions differ")
        if let transformed = shape as? Transformed {
            base = transformed.base
            self.similarity = similarity.after(transformed.similarity)
        } else {
            base = shape
            self.similarity = similarity
        }
    }

    /// The number of coordinates.
    public var dimensions: Int { base.dimensions }

    /// A box around the image of the base's bounds.
    public var bounds: Box? {
        guard let bounds = base.bounds else { return nil }
        let center = similarity.apply(bounds.center)
        let halves = (0..<dimensions).map { row in
            similarity.scale * 0.5
                * (similarity.isUnturned
                    ? bounds.sides[row]
                    : (0..<dimensions).reduce(0) {
                        $0 + abs(similarity.rotation[row * dimensions + $1]) * bounds.sides[$1]
                    })
        }
        return .ifPossible(lower: zip(center, halves).map(-), upper: zip(center, halves).map(+))
    }

    /// The base's measure times a power of the scale.
    public var measure: Double { base.measure * similarity.scale.raised(to: dimensions) }

    /// The images of the base's faces.
    public var faces: [TransformedFace] { base.faces.map { TransformedFace($0, by: similarity) } }

    /// The image of the base's inside.
    public var interior: (any SampledSet)? {
        base.interior.map { TransformedSet(base: $0, similarity: similarity) }
    }

    /// Those of the base, scaled.
    public func signedDistances(
        _ points: UnsafePointer<Double>, count: Int, to distances: UnsafeMutablePointer<Double>
    ) {
        similarity.withOriginals(of: points, count: count) { originals, first, rows in
            base.signedDistances(originals, count: rows, to: distances + first)
        }
        for row in 0..<count { distances[row] *= similarity.scale }
    }

    /// Those of the base.
    public func sides(
        _ points: UnsafePointer<Double>, count: Int, tolerance: Double, to sides: UnsafeMutablePointer<Int8>
    ) {
        similarity.withOriginals(of: points, count: count) { originals, first, rows in
            base.sides(originals, count: rows, tolerance: tolerance / similarity.scale, to: sides + first)
        }
    }

    /// The base under both maps.
    public func transformed(by next: Similarity) -> any Shape { base.transformed(by: next.after(similarity)) }

    /// Whether base and map are equal.
    public static func == (left: Transformed, right: Transformed) -> Bool {
        left.similarity == right.similarity && left.base.isEqual(to: right.base)
    }

    /// Hashes base and map.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(similarity)
        base.hash(into: &hasher)
    }
}

/// A face of a transformed shape.
public struct TransformedFace: ShapeFace {
    private let base: any ShapeFace
    private let similarity: Similarity

    init(_ base: any ShapeFace, by similarity: Similarity) {
        self.base = base
        self.similarity = similarity
    }

    private var set: TransformedSet { TransformedSet(base: base, similarity: similarity) }

    /// The number of coordinates of a point.
    public var dimensions: Int { base.dimensions }

    /// As many as for the base.
    public var sampleDimensions: Int { base.sampleDimensions }

    /// The base's measure times a power of the scale.
    public var measure: Double { base.measure * similarity.scale.raised(to: dimensions - 1) }

    /// As for the base.
    public var acceptsAll: Bool { base.acceptsAll }

    /// The image of the base's map.
    public func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        set.map(unit, to: points, count: count)
    }

    /// What the base says.
    public func accept(_ points: UnsafePointer<Double>, count: Int, to flags: UnsafeMutablePointer<Bool>) {
        set.accept(points, count: count, to: flags)
    }

    /// The base's names.
    public func names(coordinates: [String]) -> [String] { base.names(coordinates: coordinates) }

    /// The turned normals.
    public func outwardNormals(
        at points: UnsafePointer<Double>, count: Int, to normals: UnsafeMutablePointer<Double>
    ) {
        similarity.withOriginals(of: points, count: count) { originals, first, rows in
            base.outwardNormals(at: originals, count: rows, to: normals + first * dimensions)
        }
        similarity.turn(normals, to: normals, count: count)
    }

    /// The image of the base's closest point.
    public func closestPoint(to point: [Double]) -> [Double] {
        similarity.apply(base.closestPoint(to: similarity.invert(point)))
    }

    /// The image of the base, clipped to a box around the original of the given one.
    public func clipped(to bounds: Box) -> any ShapeFace {
        let center = similarity.invert(bounds.center)
        let reach = bounds.sides.reduce(0) { $0 + $1 * $1 }.squareRoot() / similarity.scale
        guard let around = Box.ifPossible(lower: center.map { $0 - reach }, upper: center.map { $0 + reach }) else {
            return self
        }
        return TransformedFace(base.clipped(to: around), by: similarity)
    }

    /// Whether base and map are equal.
    public static func == (left: TransformedFace, right: TransformedFace) -> Bool {
        left.similarity == right.similarity && left.base.isEqual(to: right.base)
    }

    /// Hashes base and map.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(similarity)
        base.hash(into: &hasher)
    }
}

/// The image of a set that points are drawn from.
struct TransformedSet: SampledSet {
    let base: any SampledSet
    let similarity: Similarity

    var dimensions: Int { base.dimensions }
    var sampleDimensions: Int { base.sampleDimensions }
    var measure: Double { base.measure * similarity.scale.raised(to: dimensions) }
    var acceptsAll: Bool { base.acceptsAll }

    func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        let tile = Similarity.tile
        let dimensions = dimensions
        withUnsafeTemporaryAllocation(of: Double.self, capacity: tile * dimensions) { memory in
            memory.initialize(repeating: 0)
            guard let originals = memory.baseAddress else { return }
            for first in stride(from: 0, to: count, by: tile) {
                let rows = min(tile, count - first)
                base.map(unit + first * sampleDimensions, to: originals, count: rows)
                similarity.map(originals, to: points + first * dimensions, count: rows)
            }
        }
    }

    func accept(_ points: UnsafePointer<Double>, count: Int, to flags: UnsafeMutablePointer<Bool>) {
        similarity.withOriginals(of: points, count: count) { originals, first, rows in
            base.accept(originals, count: rows, to: flags + first)
        }
    }
}

extension Similarity {
    /// Points at a time.
    fileprivate static let tile = 256

    /// Calls `body` with the originals of a tile of images after the other, the first one's index and their number.
    fileprivate func withOriginals(
        of images: UnsafePointer<Double>, count: Int, _ body: (UnsafePointer<Double>, Int, Int) -> Void
    ) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.tile * dimensions) { memory in
            memory.initialize(repeating: 0)
            guard let originals = memory.baseAddress else { return }
            for first in stride(from: 0, to: count, by: Self.tile) {
                let rows = min(Self.tile, count - first)
                unmap(images + first * dimensions, to: originals, count: rows)
                body(originals, first, rows)
            }
        }
    }
}

extension Hashable {
    /// Whether the other value has the same type and is equal.
    func isEqual(to other: Any) -> Bool { other as? Self == self }
}
