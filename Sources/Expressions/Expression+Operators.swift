/// Arithmetic for building expressions in Swift.
///
/// A scalar zero is the zero of any kind in sums and differences; otherwise operands of `+` and `-` are of one kind, and at
/// least one factor, and every divisor, is a scalar.
extension Expression {
    private func combined(_ other: Expression, _ operation: (Node, Node) -> Node) -> Expression {
        let names = names.joined(other.names)
        var (left, right) = (self, other)
        if left.shape != right.shape {
            if right.isZero { right = left.map { _ in .zero } }
            if left.isZero { left = right.map { _ in .zero } }
        }
        precondition(left.shape == right.shape, "cannot combine \(shape) and \(other.shape)")
        if case .family(let i, let a) = left.storage, case .family(let j, let b) = right.storage,
            case .vector(let count) = left.shape
        {
            let variable = Node(.index(i, lower: 1, upper: count))
            let body = operation(a, b.replacing(index: j, by: variable))
            return Expression(shape: left.shape, storage: .family(index: i, body: body), names: names)
        }
        return Expression(shape: left.shape, storage: .list(zip(left.nodes, right.nodes).map(operation)), names: names)
    }

    private func named(_ names: Names) -> Expression { Expression(shape: shape, storage: storage, names: names) }

    private var isZero: Bool {
        guard shape == .scalar else { return false }
        return node.isLiteral(0)
    }

    /// The sum.
    public static func + (left: Expression, right: Expression) -> Expression {
        left.combined(right) { .sum([$0, $1]) }
    }
    /// The difference.
    public static func - (left: Expression, right: Expression) -> Expression { left.combined(right, Node.difference) }
    /// The opposite.
    public static prefix func - (operand: Expression) -> Expression { operand.map(Node.negated) }

    /// The product, of which one factor is a scalar.
    public static func * (left: Expression, right: Expression) -> Expression {
        precondition(left.shape == .scalar || right.shape == .scalar, "one factor must be a scalar")
        let names = left.names.joined(right.names)
        if left.shape == .scalar {
            let factor = left.node
            return right.named(names).map { .product([factor, $0]) }
        }
        let factor = right.node
        return left.named(names).map { .product([$0, factor]) }
    }

    /// The quotient by a scalar.
    public static func / (left: Expression, right: Expression) -> Expression {
        let divisor = right.node
        return left.named(left.names.joined(right.names)).map { .quotient($0, divisor) }
    }

    /// The power of a scalar.
    public func power(_ exponent: Expression) -> Expression {
        Expression(.power(node, exponent.node), names: names.joined(exponent.names))
    }

    /// An elementary function of one argument, by its name in the language, such as `sin`; nil if there is none.
    public func applying(_ function: String) -> Expression? {
        guard let function = Function(rawValue: function), function.argumentCount == 1 else { return nil }
        return Expression(.call(function, node), names: names)
    }

    /// The square root of a scalar.
    public func squareRoot() -> Expression { Expression(.call(.sqrt, node), names: names) }
}
