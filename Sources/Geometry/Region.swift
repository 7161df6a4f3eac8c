import Randomness

/// A set of points of finite measure, onto which the unit cube maps with uniform density.
///
/// The map is the one way to draw points: it carries random coordinates to random points and Sobol' points to evenly
/// spread ones.
public protocol SampledSet: Sendable {
    /// The number of coordinates of a point.
    var dimensions: Int { get }

    /// The number of unit-cube coordinates that determine a point; zero if the set is a single point.
    var sampleDimensions: Int { get }

    /// Volume, area or length; one for a single point.
    var measure: Double { get }

    /// Maps `count` points of the unit cube, [point][sampleDimensions], to points of the set, [point][dimensions].
    ///
    /// Both arrays are row-major and do not overlap.
    func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int)
}

/// A region with a boundary made of named faces.
public protocol Region: SampledSet {
    /// What the boundary is made of.
    associatedtype Face: BoundaryFace

    /// Whether the point lies in the region or on its boundary.
    func contains(_ point: [Double]) -> Bool

    /// The faces, which cover the boundary and overlap at most in edges.
    var faces: [Face] { get }
}

/// A part of a boundary that conditions can be put on.
public protocol BoundaryFace: SampledSet, Hashable {
    /// The names by which the face is called, the most telling one first, given those of the coordinates.
    func names(coordinates: [String]) -> [String]

    /// The unit vector that points out of the region at a point of the face.
    func outwardNormal(at point: [Double]) -> [Double]
}

extension SampledSet {
    /// Independent, uniformly distributed points, row-major.
    public func points(_ count: Int, from stream: inout RandomStream) -> [Double] {
        points(count) { stream.fillUniform($0) }
    }

    /// The next points of a sequence whose dimension is ``sampleDimensions``, row-major.
    ///
    /// A single point needs no sequence: it is repeated.
    public func points(_ count: Int, from sequence: inout SobolSequence) -> [Double] {
        precondition(sampleDimensions == 0 || sequence.dimensions == sampleDimensions, "the dimensions differ")
        return points(count) { unit in
            if !unit.isEmpty { sequence.fill(unit, count: count) }
        }
    }

    private func points(_ count: Int, fill: (UnsafeMutableBufferPointer<Double>) -> Void) -> [Double] {
        precondition(count >= 0, "negative number of points")
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, count * sampleDimensions)) { memory in
            memory.initialize(repeating: 0)
            fill(UnsafeMutableBufferPointer(rebasing: memory[..<(count * sampleDimensions)]))
            guard let unit = UnsafePointer(memory.baseAddress) else { return [] }
            return Array(unsafeUninitializedCapacity: count * dimensions) { points, initialized in
                if let start = points.baseAddress { map(unit, to: start, count: count) }
                initialized = count * dimensions
            }
        }
    }
}
