/// An integral or average that occurs in an expression.
public struct IntegralExpression: Hashable, Sendable {
    /// Whether the integral is divided by the measure of the set.
    public var isAverage: Bool
    /// What it runs over: `region`, or the name of a face.
    public var place: String
    /// What is integrated, a scalar.
    public var body: Expression
}

/// Takes the integrals out of expressions, which can then be evaluated point by point.
///
/// Every distinct integral becomes an unknown parameter, numbered on from those that the problem has; equal integrals
/// become the same one.
public struct IntegralSeparator: Sendable {
    /// The integrals so far; number k is read as the unknown parameter `firstParameter + k`.
    public private(set) var integrals: [IntegralExpression] = []
    /// The number of unknown parameters of the problem.
    public let firstParameter: Int

    /// A separator for a problem with so many unknown parameters.
    public init(firstParameter: Int) {
        self.firstParameter = firstParameter
    }

    /// The scalar expression with parameters in place of integrals.
    ///
    /// - Throws: `ExpressionErrors` when an integral stands in another one, or depends on the index of a sum around it.
    public mutating func separate(_ expression: Expression) throws(ExpressionErrors) -> Expression {
        guard expression.usesIntegral else { return expression }
        var failure: ExpressionErrors?
        let node = expression.node.rewritten(where: { $0.features.contains(.integral) }) { node, operands in
            guard case .integral(let isAverage, let place) = node.kind else { return node.rebuilt(operands) }
            // Operands have been separated already: integrals inside this one are parameters by now.
            if node.children[0].features.contains(.integral) {
                failure = ExpressionErrors("an integral cannot stand inside of another one")
            } else if !node.freeIndices.isEmpty {
                failure = ExpressionErrors(
                    "an integral cannot depend on the index of a sum or on a component",
                    hint: "put the sum into the integral")
            }
            let integral = IntegralExpression(
                isAverage: isAverage, place: place, body: Expression(node.children[0], names: expression.names))
            let known = integrals.firstIndex(of: integral)
            if known == nil { integrals.append(integral) }
            return Node(.parameter(firstParameter + (known ?? integrals.count - 1)))
        }
        if let failure { throw failure }
        return Expression(node, shape: expression.shape, names: expression.names)
    }
}
