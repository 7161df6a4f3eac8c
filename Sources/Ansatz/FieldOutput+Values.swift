import Expressions
import ProblemFiles

extension FieldSampler {
    /// The numbers of `[output.values]`.
    ///
    /// Traces such as `u(t = 0, x = 0)` hold the coordinates that they name; all others are those of the domain's centre.
    /// Throws when an expression reads something that has no value there, such as a normal.
    func values(_ solution: Solution) throws -> [NamedValue] {
        let center = problem.domain.box.center
        return try problem.output.values.map { quantity in
            try checkPlaces(quantity.expression, center)
            let value = try solution.fields.evaluate([quantity.expression], at: center.map { [$0] })[0][0]
            return NamedValue(quantity.name, value)
        }
    }

    /// Throws when a field is read outside of the region.
    private func checkPlaces(_ expression: Expression, _ center: [Double]) throws {
        for input in try Tape([expression]).inputs {
            var point = center
            switch input {
            case .field: break
            case .trace(_, let trace): for entry in trace.entries { point[entry.coordinate] = entry.value }
            case .coordinate, .normal, .parameter: continue
            }
            guard problem.domain.spaceTime.regionContains(columns: point.map { [$0] })[0] else {
                throw ExpressionErrors(
                    "it reads a field outside of the region; hold every coordinate: u(x = 0, y = 1)")
            }
        }
    }
}
