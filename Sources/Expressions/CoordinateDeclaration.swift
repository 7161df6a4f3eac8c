/// A declared coordinate: a scalar such as `x`, a family such as `x[1:d]`, or the time.
public struct CoordinateDeclaration: Sendable, Hashable {
    /// The name as written in expressions.
    public var name: String
    /// The number of components of a family, or nothing for a scalar coordinate.
    public var count: Int?
    /// Whether this is the time, along which operators such as `grad` and `laplacian` do not act.
    public var isTime: Bool

    /// Creates a declaration.
    public init(name: String, count: Int? = nil, isTime: Bool = false) {
        self.name = name
        self.count = count
        self.isTime = isTime
    }
}

/// Where an expression stands, which decides what it may read.
public enum Context: Sendable, Hashable, CaseIterable {
    /// Known parameters only; a number in the end.
    case constant
    /// Coordinates and known parameters; nothing unknown.
    case coefficient
    /// An equation inside the region.
    case equation
    /// A condition on a face: the normal `n`, `dn`, `integral` and `average` are available.
    case condition
    /// An exact solution: coordinates, known parameters and `mean`.
    case reference
    /// A requested quantity: everything but the normal.
    case output
}
