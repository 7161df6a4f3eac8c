import Foundation
import Randomness

/// A dense layer σ(W h + b), and how its weights are parametrised.
public struct Dense: Sendable, Equatable {
    /// Random weight factorization: W = diag(s)·V with one scale for each output, both trained.
    ///
    /// The scales start at exp(N(mean, deviation)), V at W/s with the W that the layer would have started from. Source:
    /// Wang, Wang, Seidman and Perdikaris, Random weight factorization improves the training of continuous neural
    /// representations, arXiv:2210.01274.
    public struct Factorization: Sendable, Equatable {
        /// The mean of log s.
        public var mean: Double
        /// The standard deviation of log s, not negative.
        public var deviation: Double

        /// Scales around exp(mean).
        public init(mean: Double = 1, deviation: Double = 0.1) {
            precondition(mean.isFinite && deviation >= 0 && deviation.isFinite, "a normal distribution of log s")
            self.mean = mean
            self.deviation = deviation
        }
    }

    /// The factor a in σ(a(W h + b)): for sine the frequency of the layer.
    public struct Frequency: Sendable, Equatable {
        /// Its value, at the start if it is trained; positive.
        public var start: Double
        /// Whether it is a parameter.
        public var isTrained: Bool

        /// A factor that starts at a value.
        public init(start: Double, isTrained: Bool) {
            precondition(start > 0 && start.isFinite, "a frequency is positive")
            self.start = start
            self.isTrained = isTrained
        }
    }

    /// Where weights start.
    public enum Start: Sendable, Equatable {
        /// Normal with variance 2/(inputs + outputs): Glorot and Bengio, Understanding the difficulty of training deep
        /// feedforward neural networks, 2010.
        case glorot
        /// Uniform in ±1/inputs: the first layer of a sine network whose frequency stands in front of the argument.
        ///
        /// Source: Sitzmann and others, Implicit neural representations with periodic activation functions, 2020.
        case sineFirst
        /// Uniform in ±√(6/inputs)/ω for the frequency ω: the other layers of such a network.
        case sine(Double)
    }

    /// The number of features.
    public var outputs: Int
    /// The function σ; none for an affine layer.
    public var activation: Activation?
    /// How W is factored; nil for W itself.
    public var factorization: Factorization?
    /// The factor in front of the argument of σ; nil for none.
    public var frequency: Frequency?
    /// Where W starts; biases start at zero.
    public var start: Start

    /// A layer of a number of features.
    public init(
        outputs: Int, activation: Activation?, factorization: Factorization? = nil, frequency: Frequency? = nil,
        start: Start = .glorot
    ) {
        self.outputs = outputs
        self.activation = activation
        self.factorization = factorization
        self.frequency = frequency
        self.start = start
    }

    /// Whether the weights that the products see are not parameters themselves.
    var isReparametrised: Bool { factorization != nil || frequency != nil }

    /// The name of the weight's block behind the layer's prefix; V is not W, and is told apart in files.
    var weightName: String { factorization == nil ? "weight" : "direction.weight" }

    /// Appends the blocks: W or V, b, then s and a where there are such.
    func append(to layout: inout ParameterLayout, prefix: String, inputs: Int) {
        layout.append(name: prefix + weightName, rows: outputs, columns: inputs)
        layout.append(name: prefix + "bias", rows: outputs, columns: 1)
        if factorization != nil { layout.append(name: prefix + "scale", rows: outputs, columns: 1) }
        if frequency?.isTrained == true { layout.append(name: prefix + "frequency", rows: 1, columns: 1) }
    }

    /// The parameters to start from, in the order of the blocks.
    func initialParameters(inputs: Int, _ stream: inout RandomStream) -> [Double] {
        var weights: [Double] = []
        weights.reserveCapacity(outputs * inputs)
        let size =
            switch start {
            case .glorot: (2 / Double(inputs + outputs)).squareRoot()
            case .sineFirst: 1 / Double(inputs)
            case .sine(let frequency): (6 / Double(inputs)).squareRoot() / frequency
            }
        for _ in 0..<outputs * inputs {
            weights.append(size * (start == .glorot ? stream.normal() : 2 * stream.uniform() - 1))
        }
        var others = [Double](repeating: 0, count: outputs)
        if let factorization {
            for output in 0..<outputs {
                let scale = exp(factorization.mean + factorization.deviation * stream.normal())
                for input in 0..<inputs { weights[output * inputs + input] /= scale }
                others.append(scale)
            }
        }
        if let frequency, frequency.isTrained { others.append(frequency.start) }
        return weights + others
    }
}

extension Dense {
    /// The same kind of layer with another number of features.
    func with(outputs: Int) -> Dense {
        var dense = self
        dense.outputs = outputs
        return dense
    }
}
