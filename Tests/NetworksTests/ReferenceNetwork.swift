import Expressions
import Networks

/// A plain evaluation of a network at one point, one derivative at a time.
struct ReferenceNetwork {
    let network: Network
    let parameters: [Double]

    /// A derivative of all outputs with respect to the coordinates and, if a direction is given, once more along it in
    /// the space of parameters.
    func derivative(_ derivative: Derivative, at point: [Double], direction: [Double]? = nil) -> [Double] {
        switch derivative {
        case .partial(let coordinates):
            return evaluate(coordinates, point, direction)
        case .laplacian(let coordinates):
            return coordinates.map { evaluate([$0, $0], point, direction) }
                .reduce([Double](repeating: 0, count: network.outputs)) { zip($0, $1).map(+) }
        }
    }

    private func evaluate(_ coordinates: [Int], _ point: [Double], _ direction: [Double]?) -> [Double] {
        let variables = coordinates.count + (direction == nil ? 0 : 1)
        func parameter(_ index: Int) -> Jet {
            var jet = Jet(parameters[index], variables: variables)
            if let direction { jet.parts[1 << coordinates.count] = direction[index] }
            return jet
        }
        var features = point.indices.map { index in
            var x = Jet(point[index], variables: variables)
            for (variable, coordinate) in coordinates.enumerated() where coordinate == index {
                x.parts[1 << variable] = 1
            }
            let center = Jet(network.inputScaling.center[index], variables: variables)
            return (1 / network.inputScaling.halfWidth[index]) * (x - center)
        }
        let layout = network.layout
        func dense(_ dense: Dense, _ name: String, _ features: [Jet]) -> [Jet] {
            let factored = dense.factorization != nil
            let weight = layout.block(named: name + (factored ? "direction.weight" : "weight"))!
            let bias = layout.block(named: name + "bias")!
            let scale = layout.block(named: name + "scale")
            let frequency =
                layout.block(named: name + "frequency").map { parameter($0.offset) }
                ?? Jet(dense.frequency?.start ?? 1, variables: variables)
            return (0..<dense.outputs).map { output in
                var sum = Jet(0, variables: variables)
                for (input, feature) in features.enumerated() {
                    sum = sum + parameter(weight.offset + output * weight.columns + input) * feature
                }
                if let scale { sum = parameter(scale.offset + output) * sum }
                return apply(dense.activation, frequency * (sum + parameter(bias.offset + output)))
            }
        }
        func gate(_ z: [Jet], _ encoders: [[Jet]]) -> [Jet] {
            z.indices.map { encoders[0][$0] + z[$0] * (encoders[1][$0] - encoders[0][$0]) }
        }
        var encoders: [[Jet]] = []
        for (index, layer) in network.layers.enumerated() {
            let name = "layer.\(index + 1)."
            switch layer {
            case .periodic(let embedding):
                features = embedding.periods.enumerated().flatMap { axis, period -> [Jet] in
                    guard let period else { return [features[axis]] }
                    return (1...embedding.harmonics).flatMap { multiple -> [Jet] in
                        let angle = 2 * Double.pi * Double(multiple) * network.inputScaling.halfWidth[axis] / period
                        return [(angle * features[axis]).cosine, (angle * features[axis]).sine]
                    }
                }
            case .fourier(let fourier):
                let fixed = fourier.fixedFrequencies(inputs: features.count)
                let trained = layout.block(named: name + "frequencies")
                let angles = (0..<fourier.frequencyCount).map { row in
                    features.indices.reduce(Jet(0, variables: variables)) { sum, input in
                        let index = row * features.count + input
                        return sum
                            + (trained.map { parameter($0.offset + index) * features[input] }
                                ?? fixed[index] * features[input])
                    }
                }
                features = angles.map(\.cosine) + angles.map(\.sine)
            case .dense(let layer): features = dense(layer, name, features)
            case .encoders(let layer):
                encoders = [
                    dense(layer, name + "encoder.1.", features), dense(layer, name + "encoder.2.", features),
                ]
            case .gated(let layer): features = gate(dense(layer, name, features), encoders)
            case .residual(let layer):
                let first = gate(dense(layer, name + "gate.1.", features), encoders)
                let second = gate(dense(layer, name + "gate.2.", first), encoders)
                var branch = layer
                branch.outputs = features.count
                let h = dense(branch, name + "branch.", second)
                let share = parameter(layout.block(named: name + "share")!.offset)
                features = features.indices.map { features[$0] + share * (h[$0] - features[$0]) }
            }
        }
        return zip(features, network.outputScaling).map { $1 * $0.parts[$0.parts.count - 1] }
    }

    private func apply(_ activation: Activation?, _ sum: Jet) -> Jet {
        switch activation {
        case nil: sum
        case .tanh: sum.hyperbolicTangent
        case .sine: sum.sine
        case .gelu: sum.gelu
        case .silu: sum.silu
        case .softplus: sum.softplus
        }
    }
}
