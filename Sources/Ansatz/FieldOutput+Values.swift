import Expressions
import PhysicsInformed
import ProblemFiles

extension FieldSampler {
    /// The numbers of `[output.values]`.
    ///
    /// Traces such as `u(t = 0, x = 0)` hold the coordinates that they name; all others are those of the domain's centre.
    /// Integrals are sums over 2¹⁶ evenly spread points, at the time of the centre unless they hold it.
    /// Throws when an expression reads something that has no value there, such as a normal.
    func values(_ solution: Solution) throws -> [NamedValue] {
        let center = problem.domain.box.center
        return try problem.output.values.map { quantity in
            let expression = try integrated(quantity.expression, center, solution.fields)
            try checkPlaces(expression, center)
            let value = try solution.fields.evaluate([expression], at: center.map { [$0] })[0][0]
            return NamedValue(quantity.name, value)
        }
    }

    /// The expression with numbers in place of its integrals.
    private func integrated(
        _ expression: Expression, _ center: [Double], _ fields: any FieldEvaluator
    ) throws -> Expression {
        guard expression.usesIntegral else { return expression }
        let (components, integrals) = try problem.separatingIntegrals(of: expression)
        let domain = problem.domain.spaceTime
        var values: [Int: Double] = [:]
        for (number, integral) in integrals.enumerated() {
            let quadrature = try Quadrature(
                over: integral.location, in: domain, isAverage: integral.isAverage,
                time: domain.timeAxis.map { center[$0] })
            let normals = integral.body.usesNormal ? quadrature.normals : nil
            let body = try fields.evaluate([integral.body], at: quadrature.points, normals: normals)[0]
            values[problem.unknownParameters.count + number] = quadrature.integral(of: body)
        }
        return components[0].substituting(parameters: values)
    }

    /// Throws when a field is read outside of the region.
    private func checkPlaces(_ expression: Expression, _ center: [Double]) throws {
        for input in try Tape([expression]).inputs {
            var point = center
            switch input {
            case .field: break
            case .trace(_, let trace): for entry in trace.entries { point[entry.coordinate] = entry.value }
            case .coordinate, .normal, .parameter, .table, .datum: continue
            }
            guard problem.domain.spaceTime.regionContains(columns: point.map { [$0] })[0] else {
                throw ExpressionErrors(
                    "it reads a field outside of the region; hold every coordinate: u(x = 0, y = 1)")
            }
        }
    }
}
