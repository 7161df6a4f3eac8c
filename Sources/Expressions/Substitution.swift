extension Node {
    /// The expression with coordinates held: coordinates become numbers, fields become traces.
    func held(_ trace: Trace) -> Node {
        var values: [Int: Double] = [:]
        for entry in trace.entries { values[entry.coordinate] = entry.value }
        return rewritten(where: { !$0.features.isDisjoint(with: [.coordinate, .field]) }) { node, operands in
            switch node.kind {
            case .coordinate(let flat): return values[flat].map { .literal($0) } ?? node
            case .member(let first, let count):
                let held = trace.entries.filter { $0.coordinate >= first && $0.coordinate < first + count }
                if held.count == count, held.allSatisfy({ $0.value == held[0].value }) {
                    return .literal(held[0].value)
                }
                return held.reduce(node) { result, entry in
                    .choice(
                        .comparison(.equal, operands[0], .literal(Double(entry.coordinate - first + 1))),
                        .literal(entry.value), result)
                }
            case .field(var field):
                // What is held further in stays held there.
                field.trace = Trace(field.trace.entries + trace.entries)
                return .field(field, along: operands)
            default: return node.rebuilt(operands)
            }
        }
    }

    /// The expression with every unknown replaced and its derivatives taken.
    func substituting(unknowns: [Node], names: Names) -> Node {
        var derivatives: [Field: Node] = [:]
        func value(_ field: Field, _ indices: [Node]) -> Node {
            guard field.unknown < unknowns.count else { return .field(field, along: indices) }
            var plain = field
            plain.families = []
            var result: Node
            if let known = derivatives[plain] {
                result = known
            } else {
                switch field.derivative {
                case .partial(let coordinates):
                    result = coordinates.reduce(unknowns[field.unknown]) {
                        $0.derivative(along: .flat($1), time: names.time)
                    }
                case .laplacian(let coordinates):
                    result = Node.laplacian(unknowns[field.unknown], coordinates, names)
                }
                derivatives[plain] = result
            }
            for (family, index) in zip(field.families, indices) {
                result = result.derivative(along: .member(family, index), time: names.time)
            }
            return field.trace == .none ? result : result.held(field.trace)
        }
        return rewritten(where: { !$0.features.isDisjoint(with: [.field]) }) { node, operands in
            if case .field(let field) = node.kind { return value(field, operands) }
            return node.rebuilt(operands)
        }
    }

    /// The sum of second derivatives, kept as a sum when the coordinates are one whole family.
    static func laplacian(_ node: Node, _ coordinates: [Int], _ names: Names) -> Node {
        if case .field(var field) = node.unnamed.kind, field.derivative == .value, field.families.isEmpty,
            field.trace == .none, coordinates.count > 1
        {
            field.derivative = .laplacian(coordinates)
            return .field(field)
        }
        for (index, declaration) in names.coordinates.enumerated() {
            guard let count = declaration.count, count == coordinates.count, names.starts[index] == coordinates[0],
                coordinates.last == coordinates[0] + count - 1
            else { continue }
            let fresh = Node.freshIndex()
            let direction = Direction.member(
                Family(first: coordinates[0], count: count), Node(.index(fresh, lower: 1, upper: count)))
            let second = node.derivative(along: direction, time: names.time).derivative(
                along: direction, time: names.time)
            return .reduction(isProduct: false, index: fresh, from: 1, to: count, second)
        }
        return .sum(
            coordinates.map {
                node.derivative(along: .flat($0), time: names.time).derivative(along: .flat($0), time: names.time)
            })
    }
}

extension Expression {
    /// The exact derivative along a coordinate, by flat index.
    ///
    /// Where a function has no derivative, one-sided conventions hold: |a| has the derivative sign(a), hence 0 at 0;
    /// `sign`, `step` and `floor` have derivative 0; `min`, `max` and `if` take the branch whose value is taken.
    public func derivative(along coordinate: Int) -> Expression {
        map { $0.derivative(along: .flat(coordinate), time: names.time) }
    }

    /// The expression with scalar expressions put for the unknowns, whose derivatives are taken exactly.
    ///
    /// Unknowns beyond the end of the list stay. With an exact solution put in, a residual vanishes.
    public func substituting(unknowns: [Expression]) -> Expression {
        let nodes = unknowns.map(\.node)
        let joined = unknowns.reduce(names) { $0.joined($1.names) }
        return Expression(shape: shape, storage: storage, names: joined).map {
            $0.substituting(unknowns: nodes, names: joined)
        }
    }

    /// The expression with the components of the outward normal replaced, in the order of the space coordinates.
    public func substituting(normals: [Expression]) -> Expression {
        let nodes = normals.map(\.node)
        return map { node in
            node.rewritten(where: { $0.features.contains(.normal) }) { node, operands in
                if case .normal(let axis) = node.kind, axis < nodes.count { return nodes[axis] }
                if case .normalMember(let count) = node.kind, count <= nodes.count {
                    return .element(operands[0], of: Array(nodes.prefix(count)))
                }
                return node.rebuilt(operands)
            }
        }
    }

    /// The expression with a coordinate replaced; fields are read with that coordinate held if it becomes a constant.
    ///
    /// - Precondition: `replacement` is a constant, or the expression reads no fields.
    public func substituting(coordinate: Int, by replacement: Expression) -> Expression {
        if let value = replacement.constantValue {
            return map { $0.held(Trace([Trace.Entry(coordinate: coordinate, value: value)])) }
        }
        let node = replacement.node
        return map { root in
            precondition(!root.features.contains(.field), "fields can be read at constants only")
            return root.rewritten(where: { $0.features.contains(.coordinate) }) { old, operands in
                switch old.kind {
                case .coordinate(coordinate): return node
                case .member(let first, let count) where coordinate >= first && coordinate < first + count:
                    return .choice(
                        .comparison(.equal, operands[0], .literal(Double(coordinate - first + 1))), node,
                        old.rebuilt(operands))
                default: return old.rebuilt(operands)
                }
            }
        }
    }
}
