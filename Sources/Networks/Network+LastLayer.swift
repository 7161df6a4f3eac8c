extension Network {
    /// The network without its last layer, whose features that layer combines; nil if there is none before it or the last
    /// layer is not an affine one.
    public var withoutLastLayer: Network? {
        guard layers.count > 1, case .dense(let dense) = layers[layers.count - 1], dense.activation == nil,
            dense.frequency == nil
        else { return nil }
        return Network(inputs: inputs, layers: Array(layers.dropLast()), inputScaling: inputScaling)
    }

    /// Sets the affine map of the last layer in a flat vector of parameters, whatever its weights are made of.
    ///
    /// `weight[output]` has an entry for each feature before the layer. Scales of factored weights stay as they are.
    public func setLastLayer(weight: [[Double]], bias: [Double], in parameters: inout [Double]) {
        let layout = layout
        let prefix = Self.prefix(ofLayer: layers.count - 1)
        guard case .dense(let dense) = layers[layers.count - 1],
            let weights = layout.block(named: prefix + dense.weightName),
            let biases = layout.block(named: prefix + "bias")
        else { preconditionFailure("the last layer is an affine one") }
        precondition(weight.count == weights.rows && bias.count == weights.rows, "a row for each output")
        let scale = layout.block(named: prefix + "scale")
        for output in 0..<weights.rows {
            precondition(weight[output].count == weights.columns, "an entry for each feature")
            let factor = scale.map { parameters[$0.offset + output] } ?? 1
            for (input, entry) in weight[output].enumerated() {
                parameters[weights.offset + output * weights.columns + input] = entry / factor
            }
            parameters[biases.offset + output] = bias[output]
        }
    }
}
