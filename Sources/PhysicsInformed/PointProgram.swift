import Expressions
import LinearAlgebra
import Networks

/// Scalar expressions over the unknowns, compiled for evaluation at points: network, exact conditions, tape.
///
/// Forward: the network's channels, then `∂u = ∂g + Leibniz(φ, N)` where conditions are exact, then the tape. Fields that
/// are read with coordinates held are further evaluations of the network at the same points. Reverse runs the same way
/// back, into a gradient over the network's parameters and the search variables of unknown parameters.
final class PointProgram<S: Scalar>: Sendable {
    let tape: Tape
    /// Where the network is evaluated, the points themselves first.
    let sites: [NetworkSite<S>]
    /// The number of points that a workspace takes at a time.
    let tilePoints: Int
    let coordinateCount: Int
    let coordinateInputs: [(input: Int, coordinate: Int)]
    let normalInputs: [(input: Int, axis: Int)]
    let parameterInputs: [(input: Int, parameter: Int)]
    /// Integrals that are computed beforehand: read like parameters, numbered on from them, but point by point.
    let integralInputs: [(input: Int, integral: Int)]
    /// Inputs that are coefficients: functions known on a grid.
    let tableInputs: [(input: Int, coefficient: Int)]
    /// Inputs that are given at each point.
    let dataInputs: [(input: Int, column: Int)]
    /// What depends on the points alone: derivatives of g and φ, functions known on a grid.
    let coefficients: [Expression]

    /// Compiles `expressions`; parameters from `parameterCount` on are integrals.
    ///
    /// In a directed program, derivatives along the coordinate after the last are by s in the parameters θ + sv.
    ///
    /// - Throws: `ExpressionErrors` when an expression cannot be evaluated pointwise, `ChannelPlanError` when it asks
    ///   for derivatives of too high an order.
    init(
        _ expressions: [Expression], network: Network, exact: ExactConditions, coordinateCount: Int,
        parameterCount: Int = .max, isDirected: Bool = false
    ) throws {
        let tape = try Tape(expressions)
        var coordinates: [(Int, Int)] = []
        var normals: [(Int, Int)] = []
        var parameters: [(Int, Int)] = []
        var tables: [(input: Int, reading: TableReading)] = []
        var data: [(Int, Int)] = []
        var requests: [SiteRequest] = []
        func read(_ input: Int, _ field: FieldDerivative, _ trace: Trace) {
            let known = requests.firstIndex { $0.trace == trace }
            if known == nil { requests.append(SiteRequest(trace)) }
            requests[known ?? requests.count - 1].add(input: input, field, exact)
        }
        for (index, input) in tape.inputs.enumerated() {
            switch input {
            case .coordinate(let coordinate): coordinates.append((index, coordinate))
            case .normal(let axis): normals.append((index, axis))
            case .parameter(let parameter): parameters.append((index, parameter))
            case .table(let reading): tables.append((index, reading))
            case .datum(let column): data.append((index, column))
            case .field(let field): read(index, field, .none)
            case .trace(let field, let trace): read(index, field, trace)
            }
        }
        // The points themselves first, traces in the order in which they are read.
        requests = requests.filter { $0.trace == .none } + requests.filter { $0.trace != .none }

        let plans = try requests.map { try $0.channels(coordinateCount: coordinateCount + (isDirected ? 1 : 0)) }
        var slots = ExpressionSlots()
        let compositions = zip(requests, plans).map { $0.compositions($1, &slots) }
        // All sites work on one tile, whose size suits the one with the most channels.
        let largest = plans.map(\.count).max() ?? 1
        let tilePoints = NetworkPlan<S>.tilePoints(channels: largest)
        sites = requests.indices.map { index in
            NetworkSite(
                trace: requests[index].trace,
                network: NetworkPlan(
                    network: network, channels: plans[index], tilePoints: tilePoints, fusesActivations: true,
                    isDirected: isDirected),
                compositions: compositions[index])
        }
        tableInputs = tables.map { ($0.input, slots.index(of: $0.reading.expression)) }
        dataInputs = data
        self.tilePoints = tilePoints
        self.coefficients = slots.expressions
        self.tape = tape
        self.coordinateCount = coordinateCount
        self.coordinateInputs = coordinates
        self.normalInputs = normals
        self.parameterInputs = parameters.filter { $0.1 < parameterCount }
        self.integralInputs = parameters.filter { $0.1 >= parameterCount }.map { ($0.0, $0.1 - parameterCount) }
    }

    /// Takes the network's parameters of the following evaluations.
    func prepare(_ parameters: UnsafePointer<S>) {
        for site in sites { site.network.prepare(parameters: parameters) }
    }

    /// Takes the direction of the following evaluations of a directed program.
    func prepare(direction: UnsafePointer<S>) {
        for site in sites { site.network.prepare(direction: direction) }
    }
}
