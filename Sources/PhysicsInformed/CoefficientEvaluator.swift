import Expressions
import LinearAlgebra

/// Evaluates expressions that read coordinates alone at all points of a set, in double precision.
final class CoefficientEvaluator {
    private static let block = 256
    private let tape: Tape
    private let workspace: TapeWorkspace<Double>
    private let coordinates: AlignedBuffer<Double>
    private let inputs: [Int]

    /// - Throws: `ExpressionErrors` when an expression cannot be evaluated pointwise.
    init(_ expressions: [Expression]) throws(ExpressionErrors) {
        tape = try Tape(expressions)
        workspace = TapeWorkspace(tape, blockSize: Self.block)
        coordinates = AlignedBuffer(count: max(1, tape.inputs.count * Self.block))
        inputs = tape.inputs.map { input in
            guard case .coordinate(let axis) = input else {
                preconditionFailure("coefficients read coordinates only")
            }
            return axis
        }
        for input in inputs.indices { workspace.setInput(input, coordinates.baseAddress + input * Self.block) }
    }

    /// Fills the coefficients of `points`, row k with expression k.
    func evaluate<S: Scalar>(at points: PointSet<S>) {
        for start in stride(from: 0, to: points.count, by: Self.block) {
            let count = min(Self.block, points.count - start)
            for (input, axis) in inputs.enumerated() {
                S.convert(
                    count, from: points.coordinate(axis) + start, to: coordinates.baseAddress + input * Self.block)
            }
            workspace.forward(count: count)
            for output in 0..<tape.outputCount {
                S.convert(count, from: workspace.output(output), to: points.coefficient(output) + start)
            }
        }
    }
}
