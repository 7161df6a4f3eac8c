import Randomness

/// The architecture of a neural network: coordinates in, unknowns out, a list of layers between.
///
/// A network holds no parameters; they are one flat vector that `layout` describes. A `NetworkPlan` evaluates it
/// together with derivatives with respect to the coordinates.
public struct Network: Sendable, Equatable {
    /// A step of the network, fed by the step before it.
    public enum Layer: Sendable, Equatable {
        /// σ(W h + b); without an activation the affine map W h + b alone.
        case dense(outputs: Int, activation: Activation?)
        /// Functions of the coordinates that repeat along some of them; only as the first layer.
        case periodic(PeriodicEmbedding)

        /// The number of features that the layer hands on.
        public var outputs: Int {
            switch self {
            case .dense(let outputs, _): outputs
            case .periodic(let embedding): embedding.features.count
            }
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

    /// A network of given layers.
    public init(inputs: Int, layers: [Layer], inputScaling: InputScaling? = nil) {
        precondition(inputs > 0 && !layers.isEmpty, "a network has inputs and layers")
        precondition(layers.allSatisfy { $0.outputs > 0 }, "a layer has at least one output")
        for (index, layer) in layers.enumerated() {
            if case .periodic(let embedding) = layer {
                precondition(index == 0 && embedding.periods.count == inputs, "an embedding takes the coordinates")
            }
        }
        self.inputs = inputs
        self.layers = layers
        self.inputScaling = inputScaling ?? .identity(inputs)
        outputScaling = [Double](repeating: 1, count: layers[layers.count - 1].outputs)
        precondition(self.inputScaling.center.count == inputs, "one center and half width per coordinate")
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

    /// The number of unknowns.
    public var outputs: Int { layers[layers.count - 1].outputs }

    /// The layout of the flat parameter vector: `layer.k.weight` (outputs × inputs) and `layer.k.bias` (outputs × 1)
    /// for each dense layer k = 1, 2, ….
    public var layout: ParameterLayout {
        var layout = ParameterLayout()
        var width = inputs
        for (index, layer) in layers.enumerated() {
            switch layer {
            case .dense(let outputs, _):
                layout.append(name: "layer.\(index + 1).weight", rows: outputs, columns: width)
                layout.append(name: "layer.\(index + 1).bias", rows: outputs, columns: 1)
            case .periodic: break
            }
            width = layer.outputs
        }
        return layout
    }

    /// Parameters to start from: Glorot-normal weights, with variance 2/(inputs + outputs), and zero biases.
    ///
    /// Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010.
    public func initialParameters(_ stream: inout RandomStream) -> [Double] {
        var parameters: [Double] = []
        var width = inputs
        for layer in layers {
            switch layer {
            case .dense(let outputs, _):
                let deviation = (2 / Double(width + outputs)).squareRoot()
                for _ in 0..<outputs * width { parameters.append(deviation * stream.normal()) }
                parameters.append(contentsOf: repeatElement(0, count: outputs))
            case .periodic: break
            }
            width = layer.outputs
        }
        return parameters
    }
}
