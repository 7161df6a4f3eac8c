/// What a tape reads at every point.
public enum TapeInput: Hashable, Sendable {
    /// A coordinate, by flat index.
    case coordinate(Int)
    /// A derivative of an unknown at the point.
    case field(FieldDerivative)
    /// A derivative of an unknown at the point with some coordinates held, as in `u(t = 0)`.
    case trace(FieldDerivative, Trace)
    /// A component of the outward unit normal, by coordinate.
    case normal(Int)
    /// An unknown parameter.
    case parameter(Int)
    /// A function known on a grid, or a derivative of it.
    case table(TableReading)
    /// A number given at each point, by its place among those of the point.
    case datum(Int)
}

/// A straight-line program that computes expressions at blocks of points, with an exact reverse sweep.
///
/// Common subexpressions are computed once, constants are folded in double precision, sums over indices are unrolled, and
/// sums of second derivatives over a family of coordinates are read as one Laplacian.
public struct Tape: Sendable {
    /// What is read, each once.
    public let inputs: [TapeInput]
    /// The number of outputs, in the order given.
    public var outputCount: Int { outputs.count }
    /// The number of operations carried out per point.
    public var instructionCount: Int { program.count }

    let program: [TapeInstruction]
    /// The values of the constant registers, which follow the inputs.
    let constants: [Double]
    /// The register of each output: of an instruction, and of no other output.
    let outputs: [Int]

    /// Compiles scalar or truth-valued expressions.
    ///
    /// - Throws: when an expression holds a mean or an integral, or grows beyond the limit when its sums are unrolled.
    public init(_ expressions: [Expression]) throws(ExpressionErrors) {
        var compiler = TapeCompiler()
        let registers = try compiler.compile(expressions.flatMap(\.nodes))
        self = compiler.finish(registers)
    }

    init(inputs: [TapeInput], program: [TapeInstruction], constants: [Double], outputs: [Int]) {
        self.inputs = inputs
        self.program = program
        self.constants = constants
        self.outputs = outputs
    }
}
