import Randomness

extension Network {
    /// The beginning of the names of a layer's blocks; layers count from one.
    static func prefix(ofLayer index: Int) -> String { "layer.\(index + 1)." }

    /// The layout of the flat parameter vector, layer by layer k = 1, 2, …:
    ///
    /// | layer | blocks |
    /// |---|---|
    /// | dense, gated | `layer.k.weight` (outputs × inputs), `layer.k.bias` (outputs × 1) |
    /// | encoders | the same with `layer.k.encoder.1.` and `layer.k.encoder.2.` |
    /// | residual | the same with `layer.k.gate.1.`, `layer.k.gate.2.` and `layer.k.branch.`, then `layer.k.share` (1 × 1) |
    /// | Fourier features that are trained | `layer.k.frequencies` (frequencies × inputs) |
    ///
    /// A factored weight is `….direction.weight` with `….scale` (outputs × 1) behind the bias; a trained factor of the
    /// argument is `….frequency` (1 × 1) behind these.
    public var layout: ParameterLayout {
        var layout = ParameterLayout()
        visitParts { part, inputs, name in
            switch part {
            case .dense(let dense): dense.append(to: &layout, prefix: name, inputs: inputs)
            case .share: layout.append(name: name + "share", rows: 1, columns: 1)
            case .frequencies(let features):
                layout.append(name: name + "frequencies", rows: features.frequencyCount, columns: inputs)
            }
        }
        return layout
    }

    /// Parameters to start from: weights as each layer says, zero biases, residual blocks that do nothing yet.
    public func initialParameters(_ stream: inout RandomStream) -> [Double] {
        var parameters: [Double] = []
        visitParts { part, inputs, _ in
            switch part {
            case .dense(let dense): parameters += dense.initialParameters(inputs: inputs, &stream)
            case .share: parameters.append(0)
            case .frequencies(let features): parameters += features.draw(inputs: inputs, &stream)
            }
        }
        return parameters
    }

    /// The number of features of all layers together, inner ones included: what a point's channels need room for.
    public var featureCount: Int {
        var count = inputs
        visitParts { part, _, _ in
            switch part {
            case .dense(let dense): count += dense.outputs
            case .share: break
            case .frequencies(let features): count += features.outputs
            }
        }
        return count + layers.reduce(0) { if case .gated(let dense) = $1 { $0 + dense.outputs } else { $0 } }
    }

    /// A piece of a layer that has parameters.
    private enum Part {
        case dense(Dense)
        case share
        case frequencies(FourierFeatures)
    }

    /// Calls `body` with each piece, its number of inputs and the beginning of its name, in the order of the parameters.
    private func visitParts(_ body: (Part, Int, String) -> Void) {
        var width = inputs
        for (index, layer) in layers.enumerated() {
            let name = Self.prefix(ofLayer: index)
            switch layer {
            case .dense(let dense), .gated(let dense): body(.dense(dense), width, name)
            case .periodic: break
            case .fourier(let features): if features.isTrained { body(.frequencies(features), width, name) }
            case .encoders(let dense):
                body(.dense(dense), width, name + EncoderPlan<Double>.names[0])
                body(.dense(dense), width, name + EncoderPlan<Double>.names[1])
            case .residual(let hidden):
                body(.dense(hidden), width, name + ResidualPlan<Double>.names[0])
                body(.dense(hidden), hidden.outputs, name + ResidualPlan<Double>.names[1])
                body(.dense(hidden.with(outputs: width)), hidden.outputs, name + ResidualPlan<Double>.names[2])
                body(.share, 1, name)
            }
            width = layer.outputs(from: width)
        }
    }
}
