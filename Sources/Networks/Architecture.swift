/// A family of networks by its few numbers, from which the list of layers follows.
public struct Architecture: Sendable, Equatable {
    /// How hidden layers are joined.
    public enum Kind: Sendable, Equatable {
        /// A chain of dense layers.
        case perceptron
        /// The first hidden layer is dense, all others choose between two encoders of the input; with `gatesFirst` the
        /// first one does, too.
        case modified(gatesFirst: Bool)
        /// Residual blocks with two gates each.
        case pirate
    }

    /// How hidden layers are joined.
    public var kind: Kind
    /// The widths of the hidden layers or blocks; all the same unless the kind is a perceptron.
    public var hidden: [Int]
    /// The number of unknowns.
    public var outputs: Int
    /// The function between layers.
    public var activation: Activation
    /// What makes coordinates periodic, if any are.
    public var embedding: PeriodicEmbedding?
    /// Random features behind the embedding.
    public var fourier: FourierFeatures?
    /// How all weights are factored.
    public var factorization: Dense.Factorization?
    /// The factor in front of the argument of each hidden layer.
    public var frequency: Dense.Frequency?

    /// An architecture; what is not given is not there.
    public init(
        _ kind: Kind, hidden: [Int], outputs: Int, activation: Activation, embedding: PeriodicEmbedding? = nil,
        fourier: FourierFeatures? = nil, factorization: Dense.Factorization? = nil,
        frequency: Dense.Frequency? = nil
    ) {
        self.kind = kind
        self.hidden = hidden
        self.outputs = outputs
        self.activation = activation
        self.embedding = embedding
        self.fourier = fourier
        self.factorization = factorization
        self.frequency = frequency
    }

    /// The network of so many coordinates.
    ///
    /// Sine layers with a frequency above one start as in `Dense.Start.sine`, all others with Glorot's weights.
    public func network(inputs: Int) -> Network {
        let sineFrequency = frequency.flatMap { activation == .sine && $0.start > 1 ? $0.start : nil }
        func dense(_ width: Int, isFirst: Bool) -> Dense {
            let start: Dense.Start = sineFrequency.map { isFirst ? .sineFirst : .sine($0) } ?? .glorot
            return Dense(
                outputs: width, activation: activation, factorization: factorization, frequency: frequency, start: start
            )
        }

        var layers: [Network.Layer] = []
        if let embedding { layers.append(.periodic(embedding)) }
        if let fourier { layers.append(.fourier(fourier)) }
        switch kind {
        case .perceptron: break
        case .modified, .pirate:
            precondition(!hidden.isEmpty && Set(hidden).count == 1, "gated layers have the same width")
            if kind == .pirate, layers.isEmpty {
                // Blocks take features with derivatives: the coordinates themselves.
                layers.append(.periodic(PeriodicEmbedding(periods: [Double?](repeating: nil, count: inputs))))
            }
            layers.append(.encoders(dense(hidden[0], isFirst: true)))
        }
        for (index, width) in hidden.enumerated() {
            let layer = dense(width, isFirst: index == 0)
            switch kind {
            case .perceptron: layers.append(.dense(layer))
            case .modified(let gatesFirst): layers.append(index > 0 || gatesFirst ? .gated(layer) : .dense(layer))
            case .pirate: layers.append(.residual(layer))
            }
        }
        layers.append(
            .dense(
                Dense(
                    outputs: outputs, activation: nil, factorization: factorization,
                    start: sineFrequency.map { .sine($0) } ?? .glorot)))
        return Network(inputs: inputs, layers: layers)
    }
}
