import Expressions

extension ProblemChecker {
    /// A scalar expression in some coordinates and the parameters; nil after a complaint.
    mutating func scalar(
        _ tree: OptionTree, _ path: String, _ coordinates: [CoordinateDeclaration]
    ) -> Expression? {
        var scope = Scope(coordinates: coordinates)
        for parameter in parameters {
            do throws(ExpressionErrors) {
                try scope.declare(parameter: parameter.name, value: parameter.value)
            } catch {
                report(error, tree.origin)
                return nil
            }
        }
        guard let syntax = syntax(tree, path) else { return nil }
        do throws(ExpressionErrors) {
            let expression = try scope.resolve(syntax, in: .coefficient)
            guard expression.shape == .scalar else {
                complain(tree.origin, "'\(path)' must be a scalar, not \(expression.shape)")
                return nil
            }
            return expression
        } catch {
            report(error, tree.origin)
            return nil
        }
    }
}
