import Expressions
import LinearAlgebra
import Networks
import Randomness
import Testing

/// A set of derivatives under test.
struct PlanCase: Sendable, CustomTestStringConvertible {
    var name: String
    var coordinates: Int
    var derivatives: Set<Derivative>

    var testDescription: String { name }
    var channels: ChannelPlan {
        get throws { try ChannelPlan(derivatives, coordinates: coordinates) }
    }

    static let all = [
        PlanCase(name: "u in 1-D", coordinates: 1, derivatives: [.value]),
        PlanCase(name: "u in 3-D", coordinates: 3, derivatives: [.value]),
        PlanCase(name: "∇u in 2-D", coordinates: 2, derivatives: [.partial([0]), .partial([1])]),
        PlanCase(name: "u_y alone", coordinates: 2, derivatives: [.partial([1])]),
        PlanCase(name: "u_t, u_xx", coordinates: 2, derivatives: [.partial([1]), .partial([0, 0])]),
        PlanCase(name: "Δu in 2-D", coordinates: 2, derivatives: [.laplacian([0, 1])]),
        PlanCase(name: "u_xx and Δu", coordinates: 3, derivatives: [.partial([0, 0]), .laplacian([0, 2])]),
        PlanCase(
            name: "Hessian", coordinates: 2, derivatives: [.partial([0, 0]), .partial([0, 1]), .partial([1, 1])]),
        PlanCase(name: "u_xxx", coordinates: 2, derivatives: [.partial([0, 0, 0]), .partial([1])]),
        PlanCase(name: "u_xyz", coordinates: 3, derivatives: [.partial([0, 1, 2])]),
        PlanCase(name: "u_xxxx and Δu", coordinates: 2, derivatives: [.partial([0, 0, 0, 0]), .laplacian([0, 1])]),
        PlanCase(
            name: "Δ²u", coordinates: 2,
            derivatives: [.partial([0, 0, 0, 0]), .partial([0, 0, 1, 1]), .partial([1, 1, 1, 1])]),
        PlanCase(name: "u_xyyz", coordinates: 3, derivatives: [.partial([0, 1, 1, 2])]),
    ]
}

/// A network with random parameters, points and adjoints on one workspace.
struct EngineFixture<S: Scalar> {
    let network: Network
    let parameters: [Double]
    let points: [[Double]]
    let plan: NetworkPlan<S>
    let workspace: NetworkWorkspace<S>
    private let weights: [Double]

    init(
        _ plan: PlanCase, _ activation: Activation, hidden: [Int], outputs: Int = 2, count: Int = 3,
        tilePoints: Int? = nil, fuses: Bool = true, embedding: PeriodicEmbedding? = nil,
        outputScaling: [Double]? = nil
    ) throws {
        try self.init(
            plan,
            Architecture(
                .perceptron, hidden: hidden, outputs: outputs, activation: activation, embedding: embedding),
            count: count, tilePoints: tilePoints, fuses: fuses, outputScaling: outputScaling)
    }

    init(
        _ plan: PlanCase, _ architecture: Architecture, count: Int = 3, tilePoints: Int? = nil, fuses: Bool = true,
        outputScaling: [Double]? = nil
    ) throws {
        let outputs = architecture.outputs
        var stream = RandomStream(seed: 11, name: "engine")
        var network = architecture.network(inputs: plan.coordinates)
        network.inputScaling = Network.InputScaling(
            lower: (0..<plan.coordinates).map { Double($0) - 1 },
            upper: (0..<plan.coordinates).map { 1.5 * Double($0) + 1 })
        if let outputScaling { network.outputScaling = outputScaling }
        var parameters = network.initialParameters(&stream)
        for index in parameters.indices { parameters[index] += 0.1 * stream.normal() }
        self.network = network
        self.parameters = parameters
        points = (0..<count).map { _ in (0..<plan.coordinates).map { _ in 2 * stream.uniform() - 0.5 } }
        self.plan = NetworkPlan(
            network: network, channels: try plan.channels, tilePoints: tilePoints, fusesActivations: fuses)
        weights = (0..<count * self.plan.channels.count * outputs).map { _ in stream.normal() }
        self.plan.prepare(parameters: parameters.map { S($0) })
        workspace = self.plan.makeWorkspace()
    }

    var reference: ReferenceNetwork { ReferenceNetwork(network: network, parameters: parameters) }

    /// The adjoint of one channel at one point.
    func weight(point: Int, output: Int, channel: Int) -> Double {
        weights[(point * network.outputs + output) * plan.channels.count + channel]
    }

    /// Evaluates the points and returns [point][output][channel].
    func forward() -> [[[Double]]] {
        for (p, point) in points.enumerated() {
            for (axis, x) in point.enumerated() { workspace.points[axis * plan.tilePoints + p] = S(x) }
        }
        workspace.forward(count: points.count)
        return points.indices.map { p in
            (0..<network.outputs).map { output in
                plan.channels.channels.indices.map { Double(workspace.value(output: output, channel: $0)[p]) }
            }
        }
    }

    /// Sets the adjoints to the fixture's weights.
    func setAdjoints() {
        workspace.clearAdjoints()
        for p in points.indices {
            for output in 0..<network.outputs {
                for channel in plan.channels.channels.indices {
                    workspace.adjoint(output: output, channel: channel)[p] =
                        S(weight(point: p, output: output, channel: channel))
                }
            }
        }
    }

    /// The gradient of Σ weight · channel.
    func gradient() -> [Double] {
        setAdjoints()
        var gradient = [S](repeating: 0, count: plan.parameterCount)
        workspace.reverse(count: points.count, into: &gradient)
        return gradient.map { Double($0) }
    }

    /// The rows of the Jacobian of Σ weight · channel, one for each point.
    func jacobian() -> [[Double]] {
        setAdjoints()
        let leading = plan.parameterCount + 3
        var rows = [S](repeating: .nan, count: leading * points.count)
        workspace.jacobianRows(count: points.count, into: &rows, leading: leading)
        return points.indices.map { p in rows[p * leading..<p * leading + plan.parameterCount].map { Double($0) } }
    }

    /// Σ weight · channel at one point, differentiated along a direction of the parameters, by the reference.
    func referenceSlope(point: Int, direction: [Double]) -> Double {
        var sum = 0.0
        for (channel, derivative) in plan.channels.channels.enumerated() {
            let slopes = reference.derivative(derivative, at: points[point], direction: direction)
            for (output, slope) in slopes.enumerated() {
                sum += weight(point: point, output: output, channel: channel) * slope
            }
        }
        return sum
    }
}

/// Whether two numbers agree up to a tolerance relative to the larger of the reference and one.
func agree(_ value: Double, _ reference: Double, _ tolerance: Double) -> Bool {
    abs(value - reference) <= tolerance * max(1, abs(reference))
}
