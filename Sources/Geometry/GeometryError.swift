/// Why a shape or a region cannot be made, or points of it cannot be drawn.
public enum GeometryError: Error, Sendable, Equatable {
    /// A shape was given a value that makes it none: the shape, the parameter at fault (named as an initializer's
    /// argument), what is wrong with it as the rest of a sentence, and what to write instead.
    case degenerate(shape: String, parameter: String, problem: String, hint: String)
    /// Two edges of a polygon cross or touch; edges count from one.
    case selfIntersecting(first: Int, second: Int)
    /// A shape is so large, so small or so far away that rounding leaves nothing of it.
    case unresolved
    /// The region reaches to infinity.
    case unbounded
    /// The region has no inside.
    case empty
    /// The parts of a region have different numbers of coordinates.
    case dimensions(Int, Int)
    /// Fewer than one mapped point in 10,000 belongs to the set.
    case sparse
}

extension GeometryError: CustomStringConvertible {
    /// What is wrong, in one clause.
    public var message: String {
        switch self {
        case .degenerate(let shape, let parameter, let problem, _): "'\(parameter)' of \(shape) \(problem)"
        case .selfIntersecting(let first, let second): "edge[\(first)] and edge[\(second)] of the polygon intersect"
        case .unresolved: "this shape is too large, too small or too far from the origin"
        case .unbounded: "the region reaches to infinity"
        case .empty: "the region has no inside"
        case .dimensions(let first, let second): "the region joins shapes of \(first) and of \(second) dimensions"
        case .sparse: "fewer than one point in 10,000 of what encloses the set belongs to it"
        }
    }

    /// What to do about it.
    public var hint: String {
        switch self {
        case .degenerate(_, _, _, let hint): hint
        case .selfIntersecting:
            "list the corners in the order in which one walks around the polygon, each once and without crossing the way"
        case .unresolved:
            "coordinates may reach 10^100, and a shape's size must be at least 10^-10 of its distance from the origin"
        case .unbounded: "intersect it with a bounded shape, for example with a box"
        case .empty: "do the shapes overlap? A difference needs some of the first shape to be left over"
        case .dimensions: "all shapes of a region need the same coordinates"
        case .sparse: "make the region's parts fit it more closely"
        }
    }

    /// Message and hint.
    public var description: String { "\(message): \(hint)" }
}

extension GeometryError {
    /// Finite numbers, as many as there are coordinates.
    static func check(
        _ values: [Double], _ parameter: String, of shape: String, count: Int? = nil
    ) throws(GeometryError) {
        if let count, values.count != count {
            throw .degenerate(
                shape: shape, parameter: parameter, problem: "has \(values.count) numbers",
                hint: "write \(count) numbers, one for each coordinate")
        }
        guard values.allSatisfy(\.isFinite) else {
            throw .degenerate(
                shape: shape, parameter: parameter, problem: "is not finite", hint: "write finite numbers")
        }
    }

    /// A finite number above zero.
    static func check(positive value: Double, _ parameter: String, of shape: String) throws(GeometryError) {
        guard value > 0, value.isFinite else {
            throw .degenerate(
                shape: shape, parameter: parameter, problem: "must be above zero, not \(text(value))",
                hint: "write a finite length")
        }
    }

    /// A vector that is not zero.
    static func check(direction: [Double], _ parameter: String, of shape: String, count: Int) throws(GeometryError) {
        try check(direction, parameter, of: shape, count: count)
        guard direction.contains(where: { $0 != 0 }) else {
            throw .degenerate(
                shape: shape, parameter: parameter, problem: "is zero",
                hint: "write a vector that points somewhere; its length does not matter")
        }
    }

    /// A number as one writes it: without a point if it is whole.
    static func text(_ value: Double) -> String {
        Int(exactly: value).map { String($0) } ?? "\(value)"
    }
}
