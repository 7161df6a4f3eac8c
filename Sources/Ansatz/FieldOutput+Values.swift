import Expressions
import ProblemFiles

extension FieldSampler {
    /// The numbers of `[output.values]`.
    ///
    /// Traces such as `u(t = 0, x = 0)` hold the coordinates that they name; all others are those of the domain's centre.
    /// Throws when an expression reads something that has no value there: a normal, an integral, an unknown parameter.
    func values(_ solution: Solution) throws -> [NamedValue] {
        try problem.output.values.map { quantity in
            NamedValue(quantity.name, try value(of: quantity.expression, solution.fields))
        }
    }

    private func value(of expression: Expression, _ fields: any FieldEvaluator) throws -> Double {
        let tape = try Tape([expression])
        let center = problem.domain.box.center
        func field(_ field: FieldDerivative, at point: [Double]) throws -> Double {
            guard problem.domain.spaceTime.regionContains(columns: point.map { [$0] })[0] else {
                throw ExpressionErrors(
                    "it reads a field outside of the region; hold every coordinate: u(x = 0, y = 1)")
            }
            return try fields.evaluate([.field(field.unknown, field.derivative)], at: point.map { [$0] })[0][0]
        }
        let inputs = try tape.inputs.map { input -> Double in
            switch input {
            case .coordinate(let coordinate): return center[coordinate]
            case .field(let derivative): return try field(derivative, at: center)
            case .trace(let derivative, let trace):
                var point = center
                for entry in trace.entries { point[entry.coordinate] = entry.value }
                return try field(derivative, at: point)
            case .normal: throw ExpressionErrors("the normal is known on faces only")
            case .parameter: throw ExpressionErrors("unknown parameters have no value here")
            }
        }
        let workspace = TapeWorkspace<Double>(tape, blockSize: 1)
        return inputs.withUnsafeBufferPointer { buffer in
            if let start = buffer.baseAddress {
                for index in inputs.indices { workspace.setInput(index, start + index) }
            }
            workspace.forward(count: 1)
            return withExtendedLifetime(workspace) { workspace.output(0)[0] }
        }
    }
}
