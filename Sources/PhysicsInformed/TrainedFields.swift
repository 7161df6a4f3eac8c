import Expressions
import LinearAlgebra
import Networks
import Parallelism

/// The fields of a trained network: evaluates expressions over the unknowns anywhere, in double precision.
public struct TrainedFields: Sendable {
    /// The network; its outputs are the unknowns, or N in g + φ·N.
    public var network: Network
    /// Conditions built into the ansatz.
    public var exactConditions: ExactConditions
    /// Unknown parameters, which expressions may read too.
    public var unknownParameters: [SearchedParameter]
    /// The network's parameters, then the search variables of the unknown ones.
    public var parameters: [Double]

    /// Joins the parts.
    public init(
        network: Network, exactConditions: ExactConditions, unknownParameters: [SearchedParameter] = [],
        parameters: [Double]
    ) {
        self.network = network
        self.exactConditions = exactConditions
        self.unknownParameters = unknownParameters
        self.parameters = parameters
    }

    /// Values of scalar expressions at points, `[expression][point]`; `points[c]` holds coordinate `c` of all points, and
    /// `normals`, if there are any, component `c` of the normal.
    ///
    /// - Throws: `ExpressionErrors` when an expression cannot be evaluated pointwise.
    public func evaluate(
        _ expressions: [Expression], at points: [[Double]], normals: [[Double]]? = nil
    ) throws -> [[Double]] {
        let program = try FieldProgram(
            expressions, network: network, exactConditions: exactConditions, unknownParameters: unknownParameters,
            at: points, normals: normals)
        return program.evaluate(parameters)
    }
}

/// Expressions over the unknowns, compiled for a fixed set of points and evaluated for changing parameters.
public final class FieldProgram {
    private let program: PointProgram<Double>
    private let workspace: PointWorkspace<Double>
    private let points: PointSet<Double>
    private let outputCount: Int
    private let unknownParameters: ParameterTile<Double>
    private let parameterCount: Int

    /// Compiles `expressions` for `points`, where `points[c]` holds coordinate `c` of all points; likewise `normals`.
    ///
    /// - Throws: `ExpressionErrors` when an expression cannot be evaluated pointwise.
    public init(
        _ expressions: [Expression], network: Network, exactConditions: ExactConditions,
        unknownParameters: [SearchedParameter] = [], at coordinates: [[Double]], normals: [[Double]]? = nil
    ) throws {
        program = try PointProgram(
            expressions, network: network, exact: exactConditions, coordinateCount: coordinates.count)
        guard program.normalInputs.isEmpty || normals != nil else {
            throw ExpressionErrors("the normal is known on faces only")
        }
        self.unknownParameters = ParameterTile(unknownParameters, offset: network.layout.count)
        parameterCount = network.layout.count + unknownParameters.count
        workspace = PointWorkspace(program, parameters: self.unknownParameters)
        let points = PointSet<Double>(
            coordinateCount: coordinates.count, count: coordinates.first?.count ?? 0,
            hasNormals: !program.normalInputs.isEmpty, coefficientCount: program.coefficients.count)
        for (axis, values) in coordinates.enumerated() {
            precondition(values.count == points.count, "every coordinate needs a value for each point")
            values.withUnsafeBufferPointer { buffer in
                guard let source = buffer.baseAddress else { return }
                points.coordinate(axis).update(from: source, count: values.count)
            }
        }
        if let normals, points.normals != nil {
            for (axis, values) in normals.enumerated() {
                precondition(values.count == points.count, "every point needs a normal")
                values.withUnsafeBufferPointer { buffer in
                    guard let source = buffer.baseAddress else { return }
                    points.normal(axis).update(from: source, count: values.count)
                }
            }
        }
        if !program.coefficients.isEmpty { try CoefficientEvaluator(program.coefficients).evaluate(at: points) }
        self.points = points
        outputCount = expressions.count
    }

    /// Values at the points, `[expression][point]`.
    public func evaluate(_ parameters: [Double]) -> [[Double]] {
        precondition(parameters.count == parameterCount, "a number for every parameter")
        parameters.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            program.prepare(start)
            unknownParameters.prepare(start)
        }
        var values = [[Double]](repeating: [], count: outputCount)
        for index in values.indices { values[index].reserveCapacity(points.count) }
        let tile = program.tilePoints
        for start in stride(from: 0, to: points.count, by: tile) {
            let count = min(tile, points.count - start)
            workspace.forward(points, start: start, count: count)
            for index in values.indices {
                values[index].append(contentsOf: UnsafeBufferPointer(start: workspace.output(index), count: count))
            }
        }
        return values
    }
}
