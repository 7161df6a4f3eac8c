/// Sums and products over an index.
extension Node {
    /// Closes the body over a free index variable.
    ///
    /// Kronecker symbols `if(i == e, a, 0)` collapse the sum to one term when e certainly lies in the range.
    static func reduction(isProduct: Bool, index: Int, from lower: Int, to upper: Int, _ body: Node) -> Node {
        if upper < lower { return isProduct ? .one : .zero }
        if upper == lower { return body.replacing(index: index, by: .literal(Double(lower))) }
        let count = Double(upper - lower + 1)
        guard body.freeIndices.contains(index) else {
            return isProduct ? .power(body, count) : .product([.literal(count), body])
        }
        if !isProduct {
            let terms = body.kind == .sum ? body.children : [body]
            var collapsed: [Node] = []
            var kept: [Node] = []
            for term in terms {
                if let value = term.collapsed(index: index, from: lower, to: upper) {
                    collapsed.append(value)
                } else {
                    kept.append(term)
                }
            }
            if !collapsed.isEmpty {
                if kept.isEmpty { return .sum(collapsed) }
                let rest = reduction(isProduct: false, index: index, from: lower, to: upper, .sum(kept))
                return .sum(collapsed + [rest])
            }
        }
        let canonical = body.canonicalBinder(closing: index)
        let variable = Node(.index(canonical, lower: lower, upper: upper))
        return Node(
            .reduction(isProduct: isProduct, index: canonical, lower: lower, upper: upper),
            [body.replacing(index: index, by: variable)])
    }

    /// The Kronecker symbol of two indices.
    static func kronecker(_ left: Node, _ right: Node) -> Node {
        if left == right { return .one }
        // The variable of the innermost sum stands left, so that texts do not depend on the order of differentiation.
        return .choice(.comparison(.equal, left, right), .one, .zero)
    }

    /// The value of a sum over `index` of this term, if a factor is a Kronecker symbol in that index.
    private func collapsed(index: Int, from lower: Int, to upper: Int) -> Node? {
        let factors = kind == .product ? children : [self]
        for (place, factor) in factors.enumerated() {
            guard case .choice = factor.kind, factor.children[2].isLiteral(0),
                case .comparison(.equal) = factor.children[0].kind
            else { continue }
            let sides = factor.children[0].children
            for (variable, other) in [(sides[0], sides[1]), (sides[1], sides[0])] {
                guard case .index(index, _, _) = variable.kind, !other.freeIndices.contains(index),
                    other.certainlyLies(from: lower, to: upper)
                else { continue }
                var rest = factors
                rest[place] = factor.children[1]
                return Node.product(rest).replacing(index: index, by: other)
            }
        }
        return nil
    }

    private func certainlyLies(from lower: Int, to upper: Int) -> Bool {
        guard let range = indexRange else { return false }
        return range.lowerBound >= lower && range.upperBound <= upper
    }

    /// The values an index expression can take, if it is made of whole numbers, index variables, sums and products.
    var indexRange: ClosedRange<Int>? {
        let limit = 1 << 30
        var ranges: [ObjectIdentifier: ClosedRange<Int>] = [:]
        for node in postorder() {
            let operands = node.children.compactMap { ranges[ObjectIdentifier($0)] }
            guard operands.count == node.children.count else { return nil }
            let range: ClosedRange<Int>
            switch node.kind {
            case .constant(let value, _):
                guard abs(value) <= Double(limit), value == value.rounded() else { return nil }
                range = Int(value)...Int(value)
            case .index(_, let lower, let upper):
                // The index of an empty sum takes no value.
                guard lower <= upper else { return nil }
                range = lower...upper
            case .named: range = operands[0]
            case .sum:
                range = operands.reduce(0...0) { $0.lowerBound + $1.lowerBound...$0.upperBound + $1.upperBound }
            case .product:
                var result = 1...1
                for operand in operands {
                    let ends = [result.lowerBound, result.upperBound].flatMap { end in
                        [end * operand.lowerBound, end * operand.upperBound]
                    }
                    result = ends.min()!...ends.max()!
                    guard result.lowerBound >= -limit, result.upperBound <= limit else { return nil }
                }
                range = result
            default: return nil
            }
            guard range.lowerBound >= -limit, range.upperBound <= limit else { return nil }
            ranges[ObjectIdentifier(node)] = range
        }
        return ranges[ObjectIdentifier(self)]
    }
}
