/// A set of points of finite measure, onto which the unit cube maps with uniform density.
///
/// The map is the one way to draw points: it carries random coordinates to random points and Sobol' points to evenly
/// spread ones. Where the set is only a part of what the map reaches, ``accept(_:count:to:)`` says which points belong.
public protocol SampledSet: Sendable {
    /// The number of coordinates of a point.
    var dimensions: Int { get }

    /// The number of unit-cube coordinates that determine a point; zero if the set is a single point.
    var sampleDimensions: Int { get }

    /// Volume, area or length; one for a single point.
    var measure: Double { get }

    /// Whether every mapped point belongs to the set; true unless a conforming type says otherwise.
    var acceptsAll: Bool { get }

    /// Maps `count` points of the unit cube, [point][sampleDimensions], to points, [point][dimensions].
    ///
    /// Both arrays are row-major and do not overlap.
    func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int)

    /// Says of each of `count` mapped points, [point][dimensions], whether it belongs to the set.
    func accept(_ points: UnsafePointer<Double>, count: Int, to flags: UnsafeMutablePointer<Bool>)
}

extension SampledSet {
    /// The set is all that the map reaches.
    public var acceptsAll: Bool { true }

    /// All points belong.
    public func accept(_ points: UnsafePointer<Double>, count: Int, to flags: UnsafeMutablePointer<Bool>) {
        flags.update(repeating: true, count: count)
    }
}
