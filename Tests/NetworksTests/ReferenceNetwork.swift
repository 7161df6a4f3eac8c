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
        for (index, layer) in network.layers.enumerated() {
            if case .periodic(let embedding) = layer {
                features = embedding.periods.enumerated().flatMap { axis, period -> [Jet] in
                    guard let period else { return [features[axis]] }
                    return (1...embedding.harmonics).flatMap { multiple -> [Jet] in
                        let angle = 2 * Double.pi * Double(multiple) * network.inputScaling.halfWidth[axis] / period
                        return [(angle * features[axis]).cosine, (angle * features[axis]).sine]
                    }
                }
                continue
            }
            let weight = network.layout.block(named: "layer.\(index + 1).weight")!
            let bias = network.layout.block(named: "layer.\(index + 1).bias")!
            let (outputs, activation) =
                switch layer {
                case .dense(let outputs, let activation): (outputs, activation)
                case .periodic: preconditionFailure("treated above")
                }
            features = (0..<outputs).map { output in
                var sum = parameter(bias.offset + output)
                for (input, feature) in features.enumerated() {
                    sum = sum + parameter(weight.offset + output * weight.columns + input) * feature
                }
                return switch activation {
                case nil: sum
                case .tanh: sum.hyperbolicTangent
                case .sine: sum.sine
                case .gelu: sum.gelu
                case .silu: sum.silu
                case .softplus: sum.softplus
                }
            }
        }
        return zip(features, network.outputScaling).map { $1 * $0.parts[$0.parts.count - 1] }
    }
}
