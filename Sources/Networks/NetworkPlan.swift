import LinearAlgebra

/// A network bound to a set of derivatives and a size of tiles: all that threads share.
///
/// A plan is read-only between calls of `prepare`, so any number of workspaces may run at the same time.
public final class NetworkPlan<S: Scalar>: @unchecked Sendable {
    /// The network that is evaluated.
    public let network: Network
    /// The derivatives that are computed.
    public let channels: ChannelPlan
    /// The number of points that a workspace takes at a time: a multiple of 16 that depends on shapes and precision only.
    public let tilePoints: Int
    /// The number of parameters.
    public let parameterCount: Int

    let shape: TileShape
    let table: ChainTable
    let scaling: PointScaling
    let layers: [LayerPlan<S>]
    /// Whether any output has a factor other than one.
    let scalesOutputs: Bool

    private let parameters: AlignedBuffer<S>
    private let direction: AlignedBuffer<S>

    /// A plan for a network and a set of derivatives with respect to its coordinates.
    public convenience init(network: Network, channels: ChannelPlan) {
        self.init(network: network, channels: channels, tilePoints: nil, fusesActivations: true)
    }

    /// The number of points of a tile for a number of channels, unless the plan is told another one.
    package static func tilePoints(channels: Int) -> Int { TileShape.points(channels: channels) }

    /// - Parameter isDirected: whether the last of the channels' coordinates is not one of the network but s in the
    ///   parameters θ + sv, taken at s = 0.
    package init(
        network: Network, channels: ChannelPlan, tilePoints: Int?, fusesActivations: Bool, isDirected: Bool = false
    ) {
        precondition(
            network.inputs + (isDirected ? 1 : 0) == channels.coordinates,
            "network and channels have the same coordinates")
        precondition(!isDirected || network.allowsDirections, "some layer knows no directions of its parameters")
        self.network = network
        self.channels = channels
        let elementSize = MemoryLayout<S>.size
        self.tilePoints = tilePoints ?? TileShape.points(channels: channels.count)
        shape = TileShape(points: self.tilePoints, channels: channels.count, elementSize: elementSize)
        table = ChainTable(plan: channels, tile: shape, fuses: fusesActivations)
        scaling = PointScaling(network.inputScaling)
        scalesOutputs = network.outputScaling.contains { $0 != 1 }

        let layout = network.layout
        parameterCount = layout.count
        parameters = AlignedBuffer(count: layout.count)
        direction = AlignedBuffer(count: isDirected ? layout.count : 0)
        let context = PlanContext<S>(layout: layout, parameters: parameters.baseAddress, tile: shape)
        var layers: [LayerPlan<S>] = []
        var width = network.inputs
        // What reads the coordinates themselves, which have no channels.
        var scaling: PointScaling? = self.scaling
        for (index, layer) in network.layers.enumerated() {
            let prefix = Network.prefix(ofLayer: index)
            switch layer {
            case .dense(let dense) where isDirected:
                layers.append(
                    DirectedDensePlan(
                        dense, inputs: width, prefix: prefix, context: context, scaling: scaling, channels: channels,
                        direction: direction.baseAddress))
            case .dense(let dense):
                layers.append(DensePlan(dense, inputs: width, prefix: prefix, context: context, scaling: scaling))
            case .periodic(let embedding):
                layers.append(PeriodicPlan(embedding, channels: channels, scaling: network.inputScaling))
            case .fourier(let features):
                layers.append(
                    FourierPlan(features, inputs: width, prefix: prefix, context: context, scaling: scaling))
            case .encoders(let dense):
                layers.append(EncoderPlan(dense, inputs: width, prefix: prefix, context: context, scaling: scaling))
            case .gated(let dense):
                layers.append(GatedPlan(dense, inputs: width, prefix: prefix, context: context, scaling: scaling))
            case .residual(let hidden):
                layers.append(ResidualPlan(hidden, inputs: width, prefix: prefix, context: context))
            }
            width = layer.outputs(from: width)
            if !layer.handsOnInput { scaling = nil }
        }
        self.layers = layers
    }

    /// Takes the parameters of the following evaluations; not to be called while a workspace of this plan is at work.
    public func prepare(parameters source: UnsafePointer<S>) {
        parameters.baseAddress.update(from: source, count: parameterCount)
        for layer in layers { layer.prepare(parameters: parameters.baseAddress) }
    }

    /// Takes the direction v of the following evaluations; only for directed plans, and not while a workspace is at work.
    package func prepare(direction source: UnsafePointer<S>) {
        precondition(direction.count == parameterCount, "the plan has no direction")
        direction.baseAddress.update(from: source, count: parameterCount)
        for layer in layers { layer.prepare(direction: direction.baseAddress) }
    }

    /// Memory for one thread, to be made before the work starts.
    public func makeWorkspace() -> NetworkWorkspace<S> { NetworkWorkspace(plan: self) }
}
