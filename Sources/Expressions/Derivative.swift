/// A sum of partial derivatives that is applied to a scalar field and carried as one quantity.
///
/// Coordinates are named by their flat indices: components in order of declaration, families expanded.
public enum Derivative: Hashable, Sendable, Comparable {
    /// The derivative along these coordinates, sorted: `[]` is the value, `[0, 0]` is ∂²/∂x₀².
    case partial([Int])
    /// The sum of the second derivatives along these coordinates, sorted and distinct.
    case laplacian([Int])

    /// The field itself.
    public static let value = Derivative.partial([])

    /// The number of differentiations.
    public var order: Int {
        switch self {
        case .partial(let coordinates): coordinates.count
        case .laplacian: 2
        }
    }

    /// Lower orders first; within an order partial derivatives come before sums, then by coordinates.
    public static func < (left: Derivative, right: Derivative) -> Bool {
        if left.order != right.order { return left.order < right.order }
        switch (left, right) {
        case (.partial(let a), .partial(let b)), (.laplacian(let a), .laplacian(let b)):
            return a.lexicographicallyPrecedes(b)
        case (.partial, .laplacian): return true
        case (.laplacian, .partial): return false
        }
    }
}

/// A derivative of one unknown field.
public struct FieldDerivative: Hashable, Sendable, Comparable {
    /// The number of the unknown, in order of declaration.
    public var unknown: Int
    /// The derivative taken of it.
    public var derivative: Derivative

    /// Creates the derivative of an unknown.
    public init(unknown: Int, derivative: Derivative) {
        self.unknown = unknown
        self.derivative = derivative
    }

    /// By unknown, then by derivative.
    public static func < (left: FieldDerivative, right: FieldDerivative) -> Bool {
        (left.unknown, left.derivative) < (right.unknown, right.derivative)
    }
}

/// The values at which coordinates are held while a field is read elsewhere, as in `u(t = 0)`.
public struct Trace: Hashable, Sendable {
    /// One held coordinate.
    public struct Entry: Hashable, Sendable {
        /// The flat index of the coordinate.
        public var coordinate: Int
        /// The value it is held at.
        public var value: Double

        /// Creates an entry.
        public init(coordinate: Int, value: Double) {
            self.coordinate = coordinate
            self.value = value
        }
    }

    /// The held coordinates, sorted by index, each once.
    public let entries: [Entry]

    /// Creates a trace; a coordinate given twice keeps its first value.
    public init(_ entries: [Entry]) {
        var seen = Set<Int>()
        self.entries = entries.filter { seen.insert($0.coordinate).inserted }.sorted { $0.coordinate < $1.coordinate }
    }

    /// The trace that holds nothing: the field where it stands.
    public static let none = Trace([])

    /// The value at which a coordinate is held, if it is.
    public func value(of coordinate: Int) -> Double? {
        entries.first { $0.coordinate == coordinate }?.value
    }
}
