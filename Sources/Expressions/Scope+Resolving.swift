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
