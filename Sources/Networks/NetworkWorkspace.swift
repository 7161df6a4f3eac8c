import LinearAlgebra

/// The memory in which one thread evaluates a plan, a tile of points at a time; nothing is allocated after it is made.
///
/// The order of calls is: fill `points`, `forward`, read `value`, `clearAdjoints`, fill `adjoint`, then `reverse` or
/// `jacobianRows`, both of which may follow the same `forward` any number of times.
public final class NetworkWorkspace<S: Scalar> {
    /// The plan that this workspace evaluates.
    public let plan: NetworkPlan<S>

    /// Coordinates of the points, [coordinate][tilePoints]; the caller fills the first `count` points of each.
    public let points: UnsafeMutablePointer<S>

    private let tile: TileMemory<S>
    private let scaled: UnsafeMutablePointer<S>
    private let layers: [LayerState<S>]
    private let outputValues: UnsafeMutablePointer<S>
    private let outputAdjoints: UnsafeMutablePointer<S>

    init(plan: NetworkPlan<S>) {
        self.plan = plan
        let shape = plan.shape
        let inputs = plan.network.inputs
        tile = TileMemory(
            shape: shape, table: plan.table, widest: max(inputs, plan.layers.map(\.widest).max() ?? 0))
        points = tile.allocate(inputs * shape.points)
        scaled = tile.allocate(inputs * shape.points)
        var signal = TileSignal<S>(features: inputs, values: scaled, adjoints: nil)
        var layers: [LayerState<S>] = []
        var turn = 0
        for (index, layer) in plan.layers.enumerated() {
            // The caller reads and writes the last adjoints, so they keep to themselves.
            let adjoints =
                index == plan.layers.count - 1
                ? tile.allocate(layer.outputs * shape.leading) : tile.adjoints(ofLayer: turn)
            let state = layer.makeState(tile, input: signal, adjoints: adjoints)
            layers.append(state)
            // Layers without adjoints, and those that hand on their input, leave the buffer to the next.
            if state.output.adjoints == adjoints { turn += 1 }
            signal = state.output
        }
        self.layers = layers
        outputValues = signal.values
        outputAdjoints = signal.adjoints!
    }

    /// Evaluates all channels at the first `count` points, 0 < count ≤ tilePoints.
    @specialized(where S == Double)
    @specialized(where S == Float)
    public func forward(count: Int) {
        precondition(count > 0 && count <= plan.tilePoints, "a tile holds at least one point and at most tilePoints")
        Kernels<S>.scalePoints(
            coordinates: plan.network.inputs, points: plan.tilePoints, count: count, center: plan.scaling.center,
            inverseHalfWidth: plan.scaling.inverseHalfWidth, points, scaled)
        for layer in layers { layer.forward() }
        if plan.scalesOutputs { scaleOutputs(outputValues) }
    }

    /// A channel of an output, contiguous over points; valid after `forward`.
    public func value(output: Int, channel: Int) -> UnsafeMutablePointer<S> {
        outputValues + (output * plan.shape.leading + channel * plan.shape.points)
    }

    /// The adjoint of a channel of an output, contiguous over points, for the caller to fill.
    ///
    /// It is undefined after `reverse` and `jacobianRows`: call `clearAdjoints` and fill again.
    public func adjoint(output: Int, channel: Int) -> UnsafeMutablePointer<S> {
        outputAdjoints + (output * plan.shape.leading + channel * plan.shape.points)
    }

    /// Sets the adjoints of all channels of all outputs to zero.
    public func clearAdjoints() {
        outputAdjoints.update(repeating: 0, count: plan.network.outputs * plan.shape.leading)
    }

    /// Adds the derivative of Σ adjoint · channel, over all points, outputs and channels, to a vector over all parameters.
    @specialized(where S == Double)
    @specialized(where S == Float)
    public func reverse(count: Int, into gradient: UnsafeMutablePointer<S>) {
        clearPadding(count: count)
        if plan.scalesOutputs { scaleOutputs(outputAdjoints) }
        for layer in layers.reversed() { layer.reverse(into: gradient) }
    }

    /// Overwrites row p < count with the derivative of Σ adjoint · channel at point p with respect to all parameters.
    ///
    /// - Parameter leading: the distance between rows, at least the number of parameters.
    @specialized(where S == Double)
    @specialized(where S == Float)
    public func jacobianRows(count: Int, into rows: UnsafeMutablePointer<S>, leading: Int) {
        precondition(leading >= plan.parameterCount, "rows overlap")
        clearPadding(count: count)
        if plan.scalesOutputs { scaleOutputs(outputAdjoints) }
        for layer in layers.reversed() { layer.jacobianRows(count: count, into: rows, leading: leading) }
    }

    @inline(__always)
    private func scaleOutputs(_ channels: UnsafeMutablePointer<S>) {
        for output in 0..<plan.network.outputs {
            S.scale(plan.shape.rows, S(plan.network.outputScaling[output]), channels + output * plan.shape.leading)
        }
    }

    /// Points that only fill the tile must not count.
    @inline(__always)
    private func clearPadding(count: Int) {
        precondition(count > 0 && count <= plan.tilePoints, "a tile holds at least one point and at most tilePoints")
        let padding = plan.tilePoints - count
        guard padding > 0 else { return }
        for output in 0..<plan.network.outputs {
            for channel in 0..<plan.channels.count {
                (adjoint(output: output, channel: channel) + count).update(repeating: 0, count: padding)
            }
        }
    }
}
