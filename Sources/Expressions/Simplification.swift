extension Expression {
    /// The expression with like terms and factors collected and names of definitions dissolved.
    ///
    /// Values that are finite stay the same up to rounding.
    public func simplified() -> Expression { map { $0.simplified() } }
}

extension Node {
    func simplified() -> Node {
        rewritten { node, operands in
            let rebuilt = node.rebuilt(operands)
            switch rebuilt.kind {
            case .named: return rebuilt.children[0]
            case .sum: return Node.collected(terms: rebuilt.children)
            case .product: return Node.collected(factors: rebuilt.children)
            case .quotient: return Node.cancelled(rebuilt)
            case .power: return Node.merged(rebuilt)
            default: return rebuilt
            }
        }
    }

    /// Adds the coefficients of equal terms, each at the place of its first.
    private static func collected(terms: [Node]) -> Node {
        var order: [Node] = []
        var coefficients: [Node: Double] = [:]
        for term in terms {
            var coefficient = 1.0
            var rest = term
            if case .product = term.kind, let factor = term.children[0].literal {
                coefficient = factor
                rest = .product(Array(term.children.dropFirst()))
            } else if let value = term.literal {
                coefficient = value
                rest = .one
            }
            if let known = coefficients[rest] {
                coefficients[rest] = known + coefficient
            } else {
                order.append(rest)
                coefficients[rest] = coefficient
            }
        }
        return .sum(order.map { .product([.literal(coefficients[$0]!), $0]) })
    }

    /// Adds whole exponents of equal bases, if they have the same sign.
    private static func collected(factors: [Node]) -> Node {
        var order: [Node] = []
        var exponents: [Node: Double] = [:]
        var rest: [Node] = []
        for factor in factors {
            var base = factor
            var exponent = 1.0
            if case .power = factor.kind, let value = factor.children[1].literal, value == value.rounded(), value > 0 {
                base = factor.children[0]
                exponent = value
            } else if factor.literal != nil {
                rest.append(factor)
                continue
            }
            if let known = exponents[base] {
                exponents[base] = known + exponent
            } else {
                order.append(base)
                exponents[base] = exponent
            }
        }
        return .product(rest + order.map { .power($0, exponents[$0]!) })
    }

    /// 0/b, a/1 and a literal divisor that is a power of two.
    private static func cancelled(_ node: Node) -> Node {
        let (a, b) = (node.children[0], node.children[1])
        guard let divisor = b.literal, divisor.significand == 1, (1 / divisor).isNormal else { return node }
        return .product([.literal(1 / divisor), a])
    }

    /// (bᵐ)ⁿ for whole positive m and n.
    private static func merged(_ node: Node) -> Node {
        let (base, exponent) = (node.children[0], node.children[1])
        guard case .power = base.kind, let inner = base.children[1].literal, let outer = exponent.literal,
            inner == inner.rounded(), outer == outer.rounded(), inner > 0, outer > 0, inner * outer <= 64
        else { return node }
        return .power(base.children[0], inner * outer)
    }
}
