/// The derivative operators.
extension Resolver {
    func tooHigh(_ syntax: Syntax) -> Value? {
        complain("derivatives are taken up to order \(Limits.derivativeOrder)", at: syntax.range)
    }

    /// Differentiates every component along some directions in turn.
    func differentiate(_ value: Value, _ directions: [Direction], _ syntax: Syntax) -> Value? {
        guard value.shape != .truth else { return complain("cannot differentiate a truth value", at: syntax.range) }
        var value = value
        for direction in directions {
            guard isAffordable(value, syntax) else { return nil }
            value = map(value) { $0.derivative(along: direction, time: names.time) }
        }
        return value
    }

    private func isAffordable(_ value: Value, _ syntax: Syntax, times: Int = 1) -> Bool {
        var size = 0
        switch value.storage {
        case .list(let nodes): for node in nodes { size += node.postorder().count }
        case .family(_, let body): size = body.postorder().count
        }
        guard size.multipliedReportingOverflow(by: times).partialValue <= Limits.differentiatedNodes, times < 1 << 32
        else {
            complain(
                "the derivative grows too large", at: syntax.range,
                hint: "at most \(Limits.differentiatedNodes) operations are differentiated at once")
            return false
        }
        return true
    }

    private func derivative(_ node: Node, _ direction: Direction) -> Node {
        node.derivative(along: direction, time: names.time)
    }

    func gradient(_ value: Value, _ syntax: Syntax) -> Value? {
        guard hasSpace(syntax),
            isAffordable(
                value, syntax, times: names.space.count > 64 && names.onlyFamily != nil ? 1 : names.space.count)
        else { return nil }
        switch value.shape {
        case .scalar:
            if let family = names.onlyFamily {
                let index = Node.freshIndex()
                let variable = Node(.index(index, lower: 1, upper: family.count))
                return Value(
                    .vector(family.count),
                    .family(index: index, body: derivative(value.node, .member(family, variable))))
            }
            return Value(vector: names.space.map { derivative(value.node, .flat($0)) })
        case .vector(let count):
            let space = names.space
            guard count * space.count <= Limits.components else {
                return complain("the Jacobian has too many entries", at: syntax.range)
            }
            let rows = nodes(value)
            return Value(
                .matrix(count, space.count), .list(rows.flatMap { row in space.map { derivative(row, .flat($0)) } }))
        default: return complain("the gradient of \(value.shape) is not defined", at: syntax.range)
        }
    }

    func divergence(_ value: Value, _ syntax: Syntax) -> Value? {
        guard hasSpace(syntax), isAffordable(value, syntax) else { return nil }
        let space = names.space
        switch value.shape {
        case .vector(let count) where count == space.count:
            if let family = names.onlyFamily, case .family(let index, let body) = value.storage {
                let variable = Node(.index(index, lower: 1, upper: count))
                return Value(
                    .reduction(
                        isProduct: false, index: index, from: 1, to: count, derivative(body, .member(family, variable)))
                )
            }
            return Value(.sum(zip(nodes(value), space).map { derivative($0, .flat($1)) }))
        case .matrix(let rows, let columns) where columns == space.count:
            let nodes = nodes(value)
            return Value(
                vector: (0..<rows).map { row in
                    .sum((0..<columns).map { derivative(nodes[row * columns + $0], .flat(space[$0])) })
                })
        default:
            return complain(
                "the divergence needs a vector with \(counted(space.count, "component")), one for each space coordinate",
                at: syntax.range, hint: "the argument is \(value.shape)")
        }
    }

    func curl(_ value: Value, _ syntax: Syntax) -> Value? {
        let space = names.space
        func d(_ node: Node, _ axis: Int) -> Node { derivative(node, .flat(space[axis])) }
        let nodes = value.shape.componentCount <= 3 ? nodes(value) : []
        switch (value.shape, space.count) {
        case (.vector(2), 2): return Value(.difference(d(nodes[1], 0), d(nodes[0], 1)))
        case (.scalar, 2): return Value(vector: [d(nodes[0], 1), .negated(d(nodes[0], 0))])
        case (.vector(3), 3):
            return Value(vector: [
                .difference(d(nodes[2], 1), d(nodes[1], 2)), .difference(d(nodes[0], 2), d(nodes[2], 0)),
                .difference(d(nodes[1], 0), d(nodes[0], 1)),
            ])
        default:
            return complain(
                "the curl needs a vector with as many components as there are space coordinates, two or three",
                at: syntax.range,
                hint:
                    "the argument is \(value.shape); there \(space.count == 1 ? "is 1 space coordinate" : "are \(space.count) space coordinates")"
            )
        }
    }

    func laplacian(_ value: Value, _ syntax: Syntax) -> Value? {
        guard hasSpace(syntax), isAffordable(value, syntax) else { return nil }
        guard value.shape != .truth else { return complain("cannot differentiate a truth value", at: syntax.range) }
        let space = names.space
        var isAffordable = true
        let result = map(value) { node in laplacian(node, space, syntax, &isAffordable) }
        return isAffordable ? result : nil
    }

    /// The Laplacian, linear combinations of fields taken apart so that each field's Laplacian stays one quantity.
    private func laplacian(_ node: Node, _ space: [Int], _ syntax: Syntax, _ isAffordable: inout Bool) -> Node {
        guard !node.features.isDisjoint(with: [.coordinate, .field]) else { return .zero }
        let terms = node.unnamed.kind == .sum ? node.unnamed.children : [node]
        var general: [Node] = []
        var results: [Node] = []
        for term in terms {
            let factors = term.unnamed.kind == .product ? term.unnamed.children : [term]
            let varying = factors.filter { !$0.features.isDisjoint(with: [.coordinate, .field, .integral]) }
            if varying.count == 1, case .field(var field) = varying[0].unnamed.kind, field.derivative == .value,
                field.families.isEmpty, field.trace == .none, space.count > 1
            {
                field.derivative = .laplacian(space)
                results.append(
                    .product(
                        factors.filter { $0.features.isDisjoint(with: [.coordinate, .field, .integral]) } + [
                            .field(field)
                        ]))
            } else {
                general.append(term)
            }
        }
        if general.isEmpty { return .sum(results) }
        let rest = Node.sum(general)
        if let family = names.onlyFamily {
            let index = Node.freshIndex()
            let direction = Direction.member(family, Node(.index(index, lower: 1, upper: family.count)))
            let second = derivative(derivative(rest, direction), direction)
            results.append(.reduction(isProduct: false, index: index, from: 1, to: family.count, second))
        } else {
            guard self.isAffordable(Value(rest), syntax, times: space.count) else {
                isAffordable = false
                return .zero
            }
            results += space.map { derivative(derivative(rest, .flat($0)), .flat($0)) }
        }
        return .sum(results)
    }

    func normalDerivative(_ value: Value, _ syntax: Syntax) -> Value? {
        guard hasNormal else {
            return complain(
                "'dn', the derivative along the outward normal, has a meaning on faces only", at: syntax.range,
                hint: "it may be used in conditions")
        }
        guard hasSpace(syntax), isAffordable(value, syntax) else { return nil }
        let names = names
        return map(value) { node in
            if let family = names.onlyFamily {
                let index = Node.freshIndex()
                let variable = Node(.index(index, lower: 1, upper: family.count))
                return .reduction(
                    isProduct: false, index: index, from: 1, to: family.count,
                    .product([
                        .normalMember(variable, count: family.count),
                        node.derivative(along: .member(family, variable), time: names.time),
                    ]))
            }
            return .sum(
                names.space.map { .product([Node(.normal($0)), node.derivative(along: .flat($0), time: names.time)]) })
        }
    }

    private func hasSpace(_ syntax: Syntax) -> Bool {
        if !names.space.isEmpty { return true }
        complain("there are no space coordinates to differentiate along", at: syntax.range)
        return false
    }

    /// `d(v, x)`, `d(v, x, 2)`, `d(v, x, y)`, `d(v, x[i])`.
    func resolveDerivative(_ arguments: [Syntax], _ syntax: Syntax) -> Value? {
        guard arguments.count >= 2 else {
            return complain(
                "'d' needs an expression and the coordinates to differentiate along", at: syntax.range,
                hint: "write 'd(u, x)', 'd(u, x, 2)' or 'd(u, x, y)'")
        }
        let value = resolve(arguments[0])
        var directions: [Direction] = []
        var isComplete = value != nil
        var position = 1
        while position < arguments.count {
            let argument = arguments[position]
            position += 1
            guard let direction = direction(argument) else {
                isComplete = false
                continue
            }
            var order = 1
            if position < arguments.count, isNumber(arguments[position]) {
                guard let given = wholeNumber(arguments[position], "the order of a derivative", in: 1...Int.max) else {
                    return nil
                }
                order = given
                position += 1
            }
            guard order + directions.count <= Limits.derivativeOrder else { return tooHigh(syntax) }
            directions += Array(repeating: direction, count: order)
        }
        guard isComplete, let value else { return nil }
        return differentiate(value, directions, syntax)
    }

    private func isNumber(_ syntax: Syntax) -> Bool {
        switch syntax.kind {
        case .number, .negation: return true
        case .name(let parts):
            if case .parameter? = scope.entities[parts.joined(separator: ".")] { return true }
            return false
        default: return false
        }
    }

    /// A coordinate, or a component of a family.
    func direction(_ syntax: Syntax) -> Direction? {
        switch syntax.kind {
        case .name(let parts) where parts.count == 1 && locals[parts[0]] == nil:
            guard case .coordinate(let place)? = scope.entities[parts[0]] else { break }
            guard scope.coordinates[place].count == nil else {
                complain(
                    "cannot differentiate along '\(parts[0])', which has \(counted(scope.coordinates[place].count!, "component"))",
                    at: syntax.range, hint: "write '\(parts[0])[1]', or use grad, div or laplacian")
                return nil
            }
            return .flat(names.starts[place])
        case .element(let base, _):
            guard case .name(let parts) = base.kind, parts.count == 1, locals[parts[0]] == nil,
                case .coordinate? = scope.entities[parts[0]]
            else { break }
            guard let value = resolve(syntax) else { return nil }
            switch value.node.kind {
            case .coordinate(let flat): return .flat(flat)
            case .member(let first, let count):
                return .member(Node.Family(first: first, count: count), value.node.children[0])
            default: break
            }
        default: break
        }
        let known = scope.coordinates.map { $0.count == nil ? $0.name : "\($0.name)[i]" }
        complain(
            "a coordinate is needed to differentiate along, not '\(shortText(syntax) ?? "this")'", at: syntax.range,
            hint: known.isEmpty ? nil : "the coordinates are \(known.joined(separator: ", "))")
        return nil
    }
}
