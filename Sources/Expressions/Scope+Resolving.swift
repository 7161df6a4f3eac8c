extension Scope {
    /// Looks up the names of an expression and checks the kinds of its values.
    ///
    /// - Throws: all slips of the text at once.
    public func resolve(_ syntax: Syntax, in context: Context) throws(ExpressionErrors) -> Expression {
        let resolver = Resolver(self, context)
        let value = resolver.resolveWhole(syntax)
        guard let value, resolver.issues.isEmpty else { throw resolver.errors(syntax) }
        return Expression(shape: value.shape, storage: value.storage, names: names)
    }

    /// Looks up both sides of an equation, which must be of one kind; a plain 0 is the zero of any kind.
    public func resolve(
        _ equation: EquationSyntax, in context: Context
    ) throws(ExpressionErrors) -> (left: Expression, right: Expression) {
        let resolver = Resolver(self, context)
        let left = resolver.resolveWhole(equation.left)
        let right = resolver.resolveWhole(equation.right)
        guard var left, var right, resolver.issues.isEmpty else { throw resolver.errors(equation.left) }
        if right.isPlainZero { right = left.shape == .truth ? right : resolver.map(left) { _ in .zero } }
        if left.isPlainZero { left = right.shape == .truth ? left : resolver.map(right) { _ in .zero } }
        guard left.shape == right.shape, left.shape != .truth else {
            throw ExpressionErrors(
                left.shape == .truth || right.shape == .truth
                    ? "an equation cannot hold between truth values"
                    : "the sides of the equation are of different kinds", at: equation.right.range,
                hint: "\(resolver.reason(equation.left, left)); \(resolver.reason(equation.right, right))")
        }
        return (
            Expression(shape: left.shape, storage: left.storage, names: names),
            Expression(shape: right.shape, storage: right.storage, names: names)
        )
    }

    /// Looks up the names of a definition by itself, in the places of its own text.
    ///
    /// Of the arguments of a function nothing is assumed, so that only slips independent of them are found.
    public func checkDefinition(_ name: String, in context: Context = .output) throws(ExpressionErrors) {
        guard let definition = definitions[name] else { return }
        let resolver = Resolver(self, context)
        resolver.prepareDefinitions(for: definition.body)
        for argument in definition.arguments { resolver.locals[argument] = .anything }
        _ = resolver.resolve(definition.body)
        if !resolver.issues.isEmpty { throw ExpressionErrors(resolver.issues) }
    }

    /// Looks up a selector; `faces` are the names of faces, written as in texts, such as `hole.rim` or `edge[2]`.
    ///
    /// - Throws: all slips of the text at once.
    public func resolveSelector(_ syntax: Syntax, faces: [String]) throws(ExpressionErrors) -> Selector {
        let resolver = SelectorResolver(self, faces)
        let selector = resolver.resolve(syntax)
        guard let selector, resolver.expressions.issues.isEmpty else { throw resolver.expressions.errors(syntax) }
        return selector
    }
}

extension Resolver {
    func errors(_ syntax: Syntax) -> ExpressionErrors {
        issues.isEmpty ? ExpressionErrors("the expression has no value", at: syntax.range) : ExpressionErrors(issues)
    }
}

extension Value {
    var isPlainZero: Bool {
        if shape == .scalar, case .list(let nodes) = storage { return nodes[0].isLiteral(0) }
        return false
    }
}

/// Tells faces, places of coordinates and comparisons apart.
final class SelectorResolver {
    let expressions: Resolver
    private let faces: [String]

    init(_ scope: Scope, _ faces: [String]) {
        expressions = Resolver(scope, .coefficient)
        self.faces = faces
    }

    private func complain(_ message: String, at range: SourceRange, hint: String? = nil) -> Selector? {
        expressions.complain(message, at: range, hint: hint)
        return nil
    }

    func resolve(_ syntax: Syntax) -> Selector? {
        switch syntax.kind {
        case .and(let parts): return join(parts, Selector.and)
        case .or(let parts): return join(parts, Selector.or)
        case .not(let part): return resolve(part).map(Selector.not)
        case .placement(let target, let value): return place(target, value, syntax)
        case .comparison:
            guard let value = expressions.resolveWhole(syntax) else { return nil }
            return .comparison(
                Expression(shape: .truth, storage: value.storage, names: expressions.names), syntax.range)
        case .name, .element: return face(syntax)
        case .call(let callee, let arguments):
            if case .name(["point"]) = callee.kind { return point(arguments, syntax) }
            return complain(
                "a face or a comparison is needed here", at: syntax.range, hint: "compare it with something")
        default:
            return complain(
                "a face or a comparison is needed here", at: syntax.range, hint: "compare it with something")
        }
    }

    private func join(_ parts: [Syntax], _ make: ([Selector]) -> Selector) -> Selector? {
        let selectors = parts.map(resolve)
        let complete = selectors.compactMap { $0 }
        return complete.count == parts.count ? make(complete) : nil
    }

    private func face(_ syntax: Syntax) -> Selector? {
        let name = "\(syntax)"
        if faces.contains(name) { return .face(name, syntax.range) }
        switch name {
        case "boundary": return .boundary(syntax.range)
        case "interior", "region": return .interior(syntax.range)
        default: break
        }
        if expressions.scope.entities[name] != nil {
            return complain(
                "'\(name)' is not a face", at: syntax.range,
                hint: "compare it with something, for instance '\(name) = 0'")
        }
        let near = Vocabulary.nearest(to: name, among: faces + ["boundary", "interior"])
        let all = (["boundary", "interior"] + faces).prefix(20).joined(separator: ", ")
        return complain(
            "there is no face '\(name)'", at: syntax.range,
            hint: near.map { "did you mean '\($0)'?" } ?? "there are: \(all)")
    }

    private func place(_ target: Syntax, _ value: Syntax, _ syntax: Syntax) -> Selector? {
        let direction = expressions.direction(target)
        guard let node = expressions.resolveWhole(value), node.shape == .scalar else { return nil }
        guard let number = Evaluator.constant(node.node), number.isFinite else {
            return complain(
                "the value of a coordinate must be a constant", at: value.range,
                hint: "numbers and known parameters may occur in it")
        }
        guard case .flat(let coordinate)? = direction else { return nil }
        return .coordinateEquals(coordinate: coordinate, value: number, syntax.range)
    }

    private func point(_ arguments: [Syntax.Argument], _ syntax: Syntax) -> Selector? {
        let count = expressions.names.space.count
        guard arguments.count == count else {
            return complain(
                "'point' takes \(expressions.counted(count, "number")), one for each space coordinate, not \(arguments.count)",
                at: syntax.range)
        }
        var values: [Double] = []
        for argument in arguments {
            guard case .plain(let value) = argument, let node = expressions.resolveWhole(value), node.shape == .scalar
            else {
                return complain("a point is given by numbers", at: syntax.range)
            }
            guard let number = Evaluator.constant(node.node), number.isFinite else {
                return complain("the coordinate of a point must be a constant", at: value.range)
            }
            values.append(number)
        }
        return .point(values, syntax.range)
    }
}
