/// What is differentiated along: a coordinate, or a component of a family by an index variable.
enum Direction: Hashable {
    case flat(Int)
    case member(Node.Family, Node)
}

extension Node {
    /// The exact derivative.
    ///
    /// Where a function has no derivative, on a set of measure zero, one-sided conventions hold: |a|′ is sign(a) a′, so 0
    /// at 0; `sign`, `step` and `floor` have derivative 0; `min`, `max` and `if` take the branch whose value is taken,
    /// the first where both are equal.
    func derivative(along direction: Direction, time: Int? = nil) -> Node {
        guard case .member(let family, let index) = direction else { return plainDerivative(direction, time) }
        // An index that is bound further out could be captured by a binder within; give it an identifier of its own.
        let captured = index.freeIndices.filter { $0 < 1 << 40 }
        guard !captured.isEmpty else { return plainDerivative(direction, time) }
        var body = self
        var place = index
        var renamed: [(from: Int, to: Int, lower: Int, upper: Int)] = []
        for node in index.postorder() {
            guard case .index(let old, let lower, let upper) = node.kind, old < 1 << 40 else { continue }
            let fresh = Node.freshIndex()
            let variable = Node(.index(fresh, lower: lower, upper: upper))
            body = body.replacing(index: old, by: variable)
            place = place.replacing(index: old, by: variable)
            renamed.append((old, fresh, lower, upper))
        }
        var result = body.plainDerivative(.member(family, place), time)
        for entry in renamed {
            result = result.replacing(
                index: entry.to, by: Node(.index(entry.from, lower: entry.lower, upper: entry.upper)))
        }
        return result
    }

    private func plainDerivative(_ direction: Direction, _ time: Int?) -> Node {
        let needed: Features = [.coordinate, .field, .trace, .integral]
        guard !features.isDisjoint(with: needed) else { return .zero }
        var results: [ObjectIdentifier: Node] = [:]
        for node in postorder() {
            results[ObjectIdentifier(node)] =
                node.features.isDisjoint(with: needed)
                ? .zero
                : node.derivative(direction, time, node.children.map { results[ObjectIdentifier($0)] ?? .zero })
        }
        return results[ObjectIdentifier(self)] ?? .zero
    }

    /// The derivative from those of the operands.
    private func derivative(_ direction: Direction, _ time: Int?, _ inner: [Node]) -> Node {
        switch kind {
        case .constant, .parameter, .index, .sample, .normal, .normalMember, .comparison, .not, .and, .or, .datum:
            return .zero
        case .coordinate(let flat): return Node.delta(.flat(flat), direction)
        case .member(let first, let count):
            return Node.delta(.member(Family(first: first, count: count), children[0]), direction)
        case .field(let field): return Node.differentiated(field, children, direction)
        case .tabulated(let table): return .sum(table.gradient(at: children, inner))
        case .sum: return .sum(inner)
        case .product: return Node.productDerivative(children[...], inner[...]).derivative
        case .quotient:
            let (a, b) = (children[0], children[1])
            if inner[1].isLiteral(0) { return .quotient(inner[0], b) }
            return .quotient(
                .difference(.product([inner[0], b]), .product([a, inner[1]])), .power(b, 2))
        case .power: return powerDerivative(inner)
        case .call(let function): return callDerivative(function, inner)
        case .choice: return .choice(children[0], inner[1], inner[2])
        case .reduction(let isProduct, let index, let lower, let upper):
            guard isProduct else {
                return .reduction(isProduct: false, index: index, from: lower, to: upper, inner[0])
            }
            if inner[0].isLiteral(0) { return .zero }
            // Σᵢ f′ᵢ Πⱼ (j = i ? 1 : fⱼ), which needs no division by factors that may vanish.
            let outer = Node.freshIndex()
            let other = Node.freshIndex()
            let i = Node(.index(outer, lower: lower, upper: upper))
            let j = Node(.index(other, lower: lower, upper: upper))
            let others = Node.reduction(
                isProduct: true, index: other, from: lower, to: upper,
                .choice(.comparison(.equal, j, i), .one, children[0].replacing(index: index, by: j)))
            return .reduction(
                isProduct: false, index: outer, from: lower, to: upper,
                .product([inner[0].replacing(index: index, by: i), others]))
        case .mean(let sample, let count): return .mean(sample, count: count, inner[0])
        case .integral(let isAverage, let region):
            guard case .flat(let flat) = direction, flat == time else { return .zero }
            return .integral(isAverage: isAverage, over: region, inner[0])
        case .element:
            return inner.dropFirst().allSatisfy { $0.isLiteral(0) }
                ? .zero : .element(children[0], of: Array(inner.dropFirst()))
        case .named: return inner[0]
        }
    }

    /// The derivative of one coordinate along another: 0, 1 or a Kronecker symbol.
    private static func delta(_ coordinate: Direction, _ direction: Direction) -> Node {
        switch (coordinate, direction) {
        case (.flat(let a), .flat(let b)): return a == b ? .one : .zero
        case (.member(let family, let index), .flat(let flat)), (.flat(let flat), .member(let family, let index)):
            guard flat >= family.first, flat < family.first + family.count else { return .zero }
            return .kronecker(index, .literal(Double(flat - family.first + 1)))
        case (.member(let a, let i), .member(let b, let j)):
            return a == b ? .kronecker(i, j) : .zero
        }
    }

    /// One more derivative of a field.
    private static func differentiated(_ field: Field, _ indices: [Node], _ direction: Direction) -> Node {
        if case .laplacian(let coordinates) = field.derivative {
            return .sum(
                coordinates.map { coordinate in
                    var term = field
                    term.derivative = .partial([coordinate, coordinate])
                    return differentiated(term, indices, direction)
                })
        }
        guard case .partial(let coordinates) = field.derivative else { return .zero }
        var field = field
        switch direction {
        case .flat(let flat):
            if field.trace.value(of: flat) != nil { return .zero }
            field.derivative = .partial((coordinates + [flat]).sorted())
            return .field(field, along: indices)
        case .member(let family, let index):
            let held = field.trace.entries.filter {
                $0.coordinate >= family.first && $0.coordinate < family.first + family.count
            }
            if held.count == family.count { return .zero }
            field.families.append(family)
            let result = Node.field(field, along: indices + [index])
            return held.reduce(result) { result, entry in
                .choice(
                    .comparison(.equal, index, .literal(Double(entry.coordinate - family.first + 1))), .zero, result)
            }
        }
    }

    /// Leibniz' rule by halves, so that n factors give a graph of about n log n nodes.
    private static func productDerivative(
        _ factors: ArraySlice<Node>, _ inner: ArraySlice<Node>
    ) -> (value: Node, derivative: Node) {
        if factors.count == 1 { return (factors[factors.startIndex], inner[inner.startIndex]) }
        if inner.allSatisfy({ $0.isLiteral(0) }) { return (.product(Array(factors)), .zero) }
        let middle = factors.startIndex + factors.count / 2
        let left = productDerivative(factors[..<middle], inner[..<middle])
        let right = productDerivative(factors[middle...], inner[middle...])
        return (
            .product([left.value, right.value]),
            .sum([.product([left.derivative, right.value]), .product([left.value, right.derivative])])
        )
    }

    private func powerDerivative(_ inner: [Node]) -> Node {
        let (base, exponent) = (children[0], children[1])
        let lowered = Node.product([exponent, .power(base, .sum([exponent, .literal(-1)])), inner[0]])
        if inner[1].isLiteral(0) { return lowered }
        let grown = Node.product([self, .call(.log, base), inner[1]])
        return inner[0].isLiteral(0) ? grown : .sum([lowered, grown])
    }

    private func callDerivative(_ function: Function, _ inner: [Node]) -> Node {
        let a = children[0]
        let da = inner[0]
        func times(_ factor: Node) -> Node { .product([factor, da]) }
        switch function {
        case .sqrt: return .quotient(da, .product([.literal(2), self]))
        case .exp: return times(self)
        case .log: return .quotient(da, a)
        case .log10: return .quotient(da, .product([.call(.log, .literal(10)), a]))
        case .sin: return times(.call(.cos, a))
        case .cos: return .product([.literal(-1), .call(.sin, a), da])
        case .tan: return times(.sum([.one, .power(self, 2)]))
        case .asin: return .quotient(da, .call(.sqrt, .difference(.one, .power(a, 2))))
        case .acos: return .quotient(.negated(da), .call(.sqrt, .difference(.one, .power(a, 2))))
        case .atan: return .quotient(da, .sum([.one, .power(a, 2)]))
        case .atan2:
            let b = children[1]
            return .quotient(
                .difference(.product([b, da]), .product([a, inner[1]])), .sum([.power(a, 2), .power(b, 2)]))
        case .sinh: return times(.call(.cosh, a))
        case .cosh: return times(.call(.sinh, a))
        case .tanh: return times(.difference(.one, .power(self, 2)))
        case .erf:
            return .product([
                .quotient(.literal(2), .call(.sqrt, Node(.constant(.pi, name: "pi")))),
                .call(.exp, .negated(.power(a, 2))), da,
            ])
        case .abs: return times(.call(.sign, a))
        case .sign, .floor, .step: return .zero
        case .min: return .choice(.comparison(.lessOrEqual, a, children[1]), da, inner[1])
        case .max: return .choice(.comparison(.greaterOrEqual, a, children[1]), da, inner[1])
        case .mod:
            if inner[1].isLiteral(0) { return da }
            return .difference(da, .product([.call(.floor, .quotient(a, children[1])), inner[1]]))
        }
    }
}
