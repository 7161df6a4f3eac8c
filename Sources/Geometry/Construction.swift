/// How a region is put together from shapes by set operations.
///
/// ```swift
/// let plate = Construction(Box(lower: [0, 0], upper: [2, 1]), name: "plate")
/// let hole = Construction(try Ball(center: [0.6, 0.5], radius: 0.2), name: "hole")
/// let region = try Region(plate - hole)
/// ```
///
/// Unlike a region, it may reach to infinity and be empty.
public indirect enum Construction: Sendable, Hashable {
    /// One shape.
    case part(RegionPart)
    /// The points of either.
    case union(Construction, Construction)
    /// The points of the first that do not belong to the second.
    case difference(Construction, Construction)
    /// The points of both.
    case intersection(Construction, Construction)

    /// One shape, with a name that may precede those of its faces.
    public init(_ shape: any Shape, name: String? = nil) {
        self = .part(RegionPart(shape, name: name))
    }

    /// The union.
    public static func + (left: Construction, right: Construction) -> Construction { .union(left, right) }

    /// The difference.
    public static func - (left: Construction, right: Construction) -> Construction { .difference(left, right) }

    /// The intersection.
    public static func & (left: Construction, right: Construction) -> Construction { .intersection(left, right) }

    /// The different shapes in the order in which they appear first.
    public var parts: [RegionPart] {
        var parts: [RegionPart] = []
        func visit(_ construction: Construction) {
            switch construction {
            case .part(let part): if !parts.contains(part) { parts.append(part) }
            case .union(let left, let right), .difference(let left, let right), .intersection(let left, let right):
                visit(left)
                visit(right)
            }
        }
        visit(self)
        return parts
    }

    /// Where its points can lie at most.
    var extent: Extent {
        switch self {
        case .part(let part): part.shape.extent
        case .union(let left, let right): left.extent.union(right.extent)
        case .difference(let left, _): left.extent
        case .intersection(let left, let right): left.extent.intersection(right.extent)
        }
    }

    /// The smallest set at hand that encloses it and that points can be drawn from without rejecting any.
    var enclosing: (any SampledSet)? {
        let best: (any SampledSet)?
        switch self {
        case .part(let part): return part.shape.interior
        case .union: best = nil
        case .difference(let left, _): best = left.enclosing
        case .intersection(let left, let right):
            best = [left.enclosing, right.enclosing].compactMap(\.self).min { $0.measure < $1.measure }
        }
        guard let box = extent.box else { return best }
        guard let best, best.measure <= box.measure else { return box }
        return best
    }
}

/// A shape in a region, perhaps with a name.
public struct RegionPart: Sendable, Hashable {
    /// The shape.
    public let shape: any Shape
    /// What it is called, to tell its faces from those of other parts: `hole` in `hole.rim`.
    public let name: String?

    /// A shape and its name.
    public init(_ shape: any Shape, name: String? = nil) {
        self.shape = shape
        self.name = name
    }

    /// Whether name and shape are equal.
    public static func == (left: RegionPart, right: RegionPart) -> Bool {
        left.name == right.name && left.shape.isEqual(to: right.shape)
    }

    /// Hashes name and shape.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        shape.hash(into: &hasher)
    }
}

extension Extent {
    /// The same as a box; nil if it is infinite or without inside.
    var box: Box? {
        .ifPossible(lower: lower, upper: upper)
    }
}
