import Expressions
import LinearAlgebra

/// Evaluates expressions of coordinates and of functions known on a grid at all points of a set, in double precision.
final class CoefficientEvaluator {
    private static let block = 256
    private let tape: Tape
    private let workspace: TapeWorkspace<Double>
    private let rows: AlignedBuffer<Double>

    /// - Throws: `ExpressionErrors` when an expression cannot be evaluated pointwise.
    init(_ expressions: [Expression]) throws(ExpressionErrors) {
        tape = try Tape(expressions)
        workspace = TapeWorkspace(tape, blockSize: Self.block)
        rows = AlignedBuffer(count: max(1, tape.inputs.count * Self.block))
        for input in tape.inputs.indices { workspace.setInput(input, rows.baseAddress + input * Self.block) }
    }

    /// Fills the coefficients of `points`, row k with expression k.
    func evaluate<S: Scalar>(at points: PointSet<S>) {
        for start in stride(from: 0, to: points.count, by: Self.block) {
            let count = min(Self.block, points.count - start)
            for (input, kind) in tape.inputs.enumerated() {
                let row = rows.baseAddress + input * Self.block
                switch kind {
                case .coordinate(let axis): S.convert(count, from: points.coordinate(axis) + start, to: row)
                case .table(let reading):
                    let values = reading.values(at: points.coordinates(start, count))
                    row.update(from: values, count: count)
                case .field, .trace, .normal, .parameter, .datum:
                    preconditionFailure("coefficients read coordinates only")
                }
            }
            workspace.forward(count: count)
            for output in 0..<tape.outputCount {
                S.convert(count, from: workspace.output(output), to: points.coefficient(output) + start)
            }
        }
    }
}
