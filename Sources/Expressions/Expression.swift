/// A resolved expression: names looked up, kinds of values checked, subtrees shared.
///
/// An expression is a value at one point: a scalar, a vector, a matrix or a truth value. It prints in the input language;
/// `typeset` prints as on paper. Equality is structural and ignores the names of definitions.
public struct Expression: Sendable {
    /// The kind of value.
    public enum Shape: Hashable, Sendable {
        /// A number.
        case scalar
        /// A vector with so many components.
        case vector(Int)
        /// A matrix with so many rows and columns.
        case matrix(Int, Int)
        /// True or false.
        case truth
    }

    /// The components: listed one by one, or one formula for all components of a vector.
    enum Storage: Sendable {
        case list([Node])
        /// Component i is the body with the index variable replaced by i, counted from 1.
        case family(index: Int, body: Node)
    }

    /// The kind of value.
    public let shape: Shape
    let storage: Storage
    let names: Names

    init(shape: Shape, storage: Storage, names: Names) {
        self.shape = shape
        self.storage = storage
        self.names = names
    }

    init(_ node: Node, shape: Shape = .scalar, names: Names) {
        self.init(shape: shape, storage: .list([node]), names: names)
    }

    /// The number as an expression.
    public init(_ value: Double) {
        self.init(Node(.constant(value, name: nil)), names: .empty)
    }

    /// The coordinate with this flat index.
    public static func coordinate(_ flat: Int) -> Expression {
        Expression(Node(.coordinate(flat)), names: .empty)
    }

    /// An unknown field or a derivative of it.
    public static func field(_ unknown: Int, _ derivative: Derivative = .value) -> Expression {
        Expression(.field(Node.Field(unknown: unknown, derivative: derivative)), names: .empty)
    }

    /// The unknown parameter with this index.
    public static func unknownParameter(_ index: Int) -> Expression {
        Expression(Node(.parameter(index)), names: .empty)
    }

    /// The component of the outward unit normal along a coordinate.
    public static func normal(_ axis: Int) -> Expression {
        Expression(Node(.normal(axis)), names: .empty)
    }

    /// The vector with these scalar components.
    public static func vector(_ components: [Expression]) -> Expression {
        Expression(
            shape: .vector(components.count), storage: .list(components.map(\.node)),
            names: components.reduce(.empty) { $0.joined($1.names) })
    }

    /// The node of a scalar or truth value.
    var node: Node {
        guard case .list(let nodes) = storage, nodes.count == 1 else {
            preconditionFailure("a scalar is needed here, not \(shape.description)")
        }
        return nodes[0]
    }

    /// The components as nodes, row-major.
    var nodes: [Node] {
        switch storage {
        case .list(let nodes): return nodes
        case .family(let index, let body):
            guard case .vector(let count) = shape else { return [body] }
            return (1...max(1, count)).prefix(count).map { body.replacing(index: index, by: .literal(Double($0))) }
        }
    }

    /// The scalar components, row-major; a scalar is its own only component.
    public var components: [Expression] {
        if case .list(let nodes) = storage, nodes.count == 1, shape == .scalar || shape == .truth { return [self] }
        return nodes.map { Expression($0, names: names) }
    }

    /// Applies a map to every scalar component.
    func map(_ transform: (Node) -> Node) -> Expression {
        switch storage {
        case .list(let nodes): Expression(shape: shape, storage: .list(nodes.map(transform)), names: names)
        case .family(let index, let body):
            Expression(shape: shape, storage: .family(index: index, body: transform(body)), names: names)
        }
    }
}

extension Expression: Hashable {
    /// Equality of structure.
    public static func == (left: Expression, right: Expression) -> Bool {
        guard left.shape == right.shape else { return false }
        if case .family(let a, let x) = left.storage, case .family(let b, let y) = right.storage, a == b {
            return x == y
        }
        return left.nodes == right.nodes
    }

    /// Hashes the kind of value and, for listed components, the structure.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(shape)
        if shape == .scalar || shape == .truth { hasher.combine(node) }
    }
}

extension Expression: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// The number as an expression.
    public init(floatLiteral value: Double) { self.init(value) }
    /// The number as an expression.
    public init(integerLiteral value: Int) { self.init(Double(value)) }
}

extension Expression.Shape: CustomStringConvertible {
    /// Such as `a vector with 2 components`.
    public var description: String {
        switch self {
        case .scalar: "a scalar"
        case .vector(1): "a vector with 1 component"
        case .vector(let count): "a vector with \(count) components"
        case .matrix(let rows, let columns): "a \(rows) by \(columns) matrix"
        case .truth: "a truth value"
        }
    }

    /// The number of scalar components.
    public var componentCount: Int {
        switch self {
        case .scalar, .truth: 1
        case .vector(let count): count
        case .matrix(let rows, let columns): rows * columns
        }
    }
}

/// The names that expressions print with; they do not take part in equality.
final class Names: Sendable {
    let coordinates: [CoordinateDeclaration]
    let unknowns: [String]
    let parameters: [Int: String]
    /// The flat index of each declared coordinate's first component.
    let starts: [Int]
    let flatCount: Int

    static let empty = Names(coordinates: [], unknowns: [], parameters: [:])

    init(coordinates: [CoordinateDeclaration], unknowns: [String], parameters: [Int: String]) {
        self.coordinates = coordinates
        self.unknowns = unknowns
        self.parameters = parameters
        var starts: [Int] = []
        var next = 0
        for coordinate in coordinates {
            starts.append(next)
            next += coordinate.count ?? 1
        }
        self.starts = starts
        flatCount = next
    }

    /// The names of the richer of two expressions.
    func joined(_ other: Names) -> Names {
        if self === other { return self }
        let mine = coordinates.count + unknowns.count + parameters.count
        let theirs = other.coordinates.count + other.unknowns.count + other.parameters.count
        return mine >= theirs ? self : other
    }

    /// The declared coordinate that a flat index belongs to.
    func declaration(of flat: Int) -> Int? {
        guard flat >= 0, flat < flatCount else { return nil }
        return starts.lastIndex { $0 <= flat }
    }

    func coordinate(_ flat: Int) -> String {
        guard let index = declaration(of: flat) else { return "x\(flat)" }
        let name = coordinates[index].name
        return coordinates[index].count == nil ? name : "\(name)[\(flat - starts[index] + 1)]"
    }

    func unknown(_ index: Int) -> String { unknowns.indices.contains(index) ? unknowns[index] : "u\(index)" }
    func parameter(_ index: Int) -> String { parameters[index] ?? "parameter\(index)" }
}
