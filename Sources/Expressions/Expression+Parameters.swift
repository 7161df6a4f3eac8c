/// Unknown parameters in expressions.
extension Expression {
    /// The indices of the unknown parameters that are read, each once and in order.
    public var unknownParameters: [Int] {
        var found = Set<Int>()
        for root in nodes where root.features.contains(.parameter) {
            for node in root.postorder() {
                if case .parameter(let index) = node.kind { found.insert(index) }
            }
        }
        return found.sorted()
    }

    /// The expression with numbers put for unknown parameters, by index; those without a number stay.
    public func substituting(parameters: [Int: Double]) -> Expression {
        map { root in
            root.rewritten(where: { $0.features.contains(.parameter) }) { node, operands in
                if case .parameter(let index) = node.kind, let value = parameters[index] { return .literal(value) }
                return node.rebuilt(operands)
            }
        }
    }
}
