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
    /// Windows of time with a network each; nil for one network at all times.
    public var windows: TimeWindows?
    /// The network's parameters, then the search variables of the unknown ones; of all windows, one behind another.
    public var parameters: [Double]

    /// Joins the parts.
    public init(
        network: Network, exactConditions: ExactConditions, unknownParameters: [SearchedParameter] = [],
        windows: TimeWindows? = nil, parameters: [Double]
    ) {
        self.network = network
        self.exactConditions = exactConditions
        self.unknownParameters = unknownParameters
        self.windows = windows
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
            windows: windows, at: points, normals: normals)
        return program.evaluate(parameters)
    }
}

/// Expressions over the unknowns, compiled for a fixed set of points and evaluated for changing parameters.
public final class FieldProgram {
    /// Points that one network serves.
    private struct Part {
        var program: SingleFieldProgram
        /// The places of its parameters in the whole vector.
        var parameters: Range<Int>
        /// The places of its points among all.
        var places: [Int]
    }

    private let parts: [Part]
    private let pointCount: Int
    private let outputCount: Int
    private let parameterCount: Int

    /// Compiles `expressions` for `points`, where `points[c]` holds coordinate `c` of all points; likewise `normals`.
    ///
    /// With windows of time, each point is served by the network of its window.
    ///
    /// - Throws: `ExpressionErrors` when an expression cannot be evaluated pointwise.
    public init(
        _ expressions: [Expression], network: Network, exactConditions: ExactConditions,
        unknownParameters: [SearchedParameter] = [], windows: TimeWindows? = nil, at coordinates: [[Double]],
        normals: [[Double]]? = nil
    ) throws {
        let pointCount = coordinates.first?.count ?? 0
        self.pointCount = pointCount
        outputCount = expressions.count
        let single = network.layout.count + unknownParameters.count
        parameterCount = single * (windows?.count ?? 1)
        guard let windows else {
            let program = try SingleFieldProgram(
                expressions, network: network, exactConditions: exactConditions, unknownParameters: unknownParameters,
                at: coordinates, normals: normals)
            parts = [Part(program: program, parameters: 0..<single, places: [])]
            return
        }
        var places = [[Int]](repeating: [], count: windows.count)
        for (place, time) in coordinates[windows.timeAxis].enumerated() {
            places[windows.index(of: time)].append(place)
        }
        // At least one part, so that slips show without any point too.
        let used = places.indices.filter { !places[$0].isEmpty || ($0 == 0 && pointCount == 0) }
        parts = try used.map { window in
            let chosen = places[window]
            let program = try SingleFieldProgram(
                expressions, network: windows.network(network, in: window), exactConditions: exactConditions,
                unknownParameters: unknownParameters, at: coordinates.map { column in chosen.map { column[$0] } },
                normals: normals.map { $0.map { column in chosen.map { column[$0] } } })
            return Part(program: program, parameters: window * single..<(window + 1) * single, places: chosen)
        }
    }

    /// Values at the points, `[expression][point]`.
    public func evaluate(_ parameters: [Double]) -> [[Double]] {
        precondition(parameters.count == parameterCount, "a number for every parameter")
        if parts.count == 1, parts[0].places.isEmpty {
            return parts[0].program.evaluate(Array(parameters[parts[0].parameters]))
        }
        var values = [[Double]](repeating: [Double](repeating: 0, count: pointCount), count: outputCount)
        for part in parts {
            let found = part.program.evaluate(Array(parameters[part.parameters]))
            for index in values.indices {
                for (place, value) in zip(part.places, found[index]) { values[index][place] = value }
            }
        }
        return values
    }
}

/// Expressions over the unknowns of one network, compiled for a fixed set of points.
private final class SingleFieldProgram {
    private let program: PointProgram<Double>
    private let workspace: PointWorkspace<Double>
    private let points: PointSet<Double>
    private let outputCount: Int
    private let unknownParameters: ParameterTile<Double>
    private let parameterCount: Int

    /// Compiles `expressions` for `points`, where `points[c]` holds coordinate `c` of all points; likewise `normals`.
    ///
    /// - Throws: `ExpressionErrors` when an expression cannot be evaluated pointwise.
    init(
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
    func evaluate(_ parameters: [Double]) -> [[Double]] {
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
