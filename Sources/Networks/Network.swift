import Randomness

/// The architecture of a neural network: coordinates in, unknowns out, a list of layers between.
///
/// A network holds no parameters; they are one flat vector that `layout` describes. A `NetworkPlan` evaluates it
/// together with derivatives with respect to the coordinates.
public struct Network: Sendable, Equatable {
    /// A step of the network, fed by the step before it.
    public enum Layer: Sendable, Equatable {
        /// σ(W h + b); without an activation the affine map W h + b alone.
        case dense(Dense)
        /// Functions of the coordinates that repeat along some of them; only as the first layer.
        case periodic(PeriodicEmbedding)
        /// Cosines and sines of random combinations; only of the coordinates or of an embedding.
        case fourier(FourierFeatures)
        /// Two dense layers U and V of the input, kept for the gates behind; hands on its input.
        case encoders(Dense)
        /// (1 − Z)⊙U + Z⊙V with Z = σ(W h + b) and the encoders' U and V, which have as many features.
        case gated(Dense)
        /// A residual block with two gates and a trained share, with so many features inside; hands on as many features
        /// as it gets. See `ResidualPlan`.
        case residual(Dense)

        /// A plain dense layer.
        public static func dense(outputs: Int, activation: Activation?) -> Layer {
            .dense(Dense(outputs: outputs, activation: activation))
        }

        /// The number of features that the layer hands on.
        public func outputs(from inputs: Int) -> Int {
            switch self {
            case .dense(let dense), .gated(let dense): dense.outputs
            case .periodic(let embedding): embedding.features.count
            case .fourier(let features): features.outputs
            case .encoders, .residual: inputs
            }
        }

        /// Whether the features behind the layer are those before it, untouched.
        var handsOnInput: Bool {
            if case .encoders = self { true } else { false }
        }
    }

    /// The affine map x̂ = (x − center)/halfWidth of each coordinate that precedes the first layer.
    public struct InputScaling: Sendable, Equatable {
        /// The coordinates that are mapped to zero.
        public var center: [Double]
        /// The distances from the center that are mapped to one; not zero.
        public var halfWidth: [Double]

        /// A scaling by given centers and half widths.
        public init(center: [Double], halfWidth: [Double]) {
            precondition(center.count == halfWidth.count, "one center and one half width per coordinate")
            precondition(halfWidth.allSatisfy { $0 != 0 && $0.isFinite }, "half widths are finite and not zero")
            self.center = center
            self.halfWidth = halfWidth
        }

        /// The scaling that maps the box [lower, upper] to [−1, 1] in each coordinate.
        public init(lower: [Double], upper: [Double]) {
            self.init(
                center: zip(lower, upper).map { ($0 + $1) / 2 }, halfWidth: zip(lower, upper).map { ($1 - $0) / 2 })
        }

        /// The scaling that changes nothing.
        public static func identity(_ coordinates: Int) -> InputScaling {
            InputScaling(
                center: [Double](repeating: 0, count: coordinates),
                halfWidth: [Double](repeating: 1, count: coordinates))
        }
    }

    /// The number of coordinates.
    public let inputs: Int

    /// The layers, in the order in which they are applied.
    public let layers: [Layer]

    /// The scaling of the coordinates; derivatives are always with respect to the coordinates themselves.
    public var inputScaling: InputScaling {
        didSet { precondition(inputScaling.center.count == inputs, "one center and half width per coordinate") }
    }

    /// The factor of each output behind the last layer, positive: what leaves the layers is of order one.
    public var outputScaling: [Double] {
        didSet {
            precondition(outputScaling.count == outputs, "one factor for each output")
            precondition(outputScaling.allSatisfy { $0 > 0 && $0.isFinite }, "factors are positive")
        }
    }

    /// The number of unknowns.
    public let outputs: Int

    /// A network of given layers.
    public init(inputs: Int, layers: [Layer], inputScaling: InputScaling? = nil) {
        precondition(inputs > 0 && !layers.isEmpty, "a network has inputs and layers")
        self.inputs = inputs
        self.layers = layers
        self.inputScaling = inputScaling ?? .identity(inputs)
        outputs = Self.checkedOutputs(of: layers, inputs: inputs)
        outputScaling = [Double](repeating: 1, count: outputs)
        precondition(self.inputScaling.center.count == inputs, "one center and half width per coordinate")
    }

    /// The number of features behind the last layer, after making sure that every layer can stand where it does.
    private static func checkedOutputs(of layers: [Layer], inputs: Int) -> Int {
        var width = inputs
        var encoded: Int?
        var hasChannels = false
        for (index, layer) in layers.enumerated() {
            switch layer {
            case .dense: break
            case .periodic(let embedding):
                precondition(index == 0 && embedding.periods.count == inputs, "an embedding takes the coordinates")
            case .fourier:
                let isBehindEmbedding = if index == 1, case .periodic = layers[0] { true } else { false }
                precondition(index == 0 || isBehindEmbedding, "Fourier features take coordinates or an embedding")
            case .encoders(let dense): encoded = dense.outputs
            case .gated(let dense):
                precondition(dense.outputs == encoded, "a gate has as many features as the encoders before it")
            case .residual(let dense):
                precondition(dense.outputs == encoded, "a block has as many features as the encoders before it")
                precondition(hasChannels, "a block takes features, not the coordinates themselves")
            }
            width = layer.outputs(from: width)
            precondition(width > 0, "a layer has at least one output")
            if !layer.handsOnInput { hasChannels = true }
        }
        precondition(!(layers.last?.handsOnInput ?? true), "the last layer makes the outputs")
        return width
    }

    /// A multilayer perceptron: hidden layers of given widths with one activation, then an affine layer; before them an
    /// embedding if there is one.
    public static func multilayerPerceptron(
        inputs: Int, hidden: [Int], outputs: Int, activation: Activation, embedding: PeriodicEmbedding? = nil
    ) -> Network {
        Network(
            inputs: inputs,
            layers: (embedding.map { [.periodic($0)] } ?? [])
                + hidden.map { .dense(outputs: $0, activation: activation) }
                + [.dense(outputs: outputs, activation: nil)])
    }
}
