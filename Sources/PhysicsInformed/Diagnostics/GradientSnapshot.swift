import Glibc
import Networks

/// The gradients of the loss terms at one moment of training: norms, angles, histograms by layer, and stiffness.
///
/// All are of unweighted terms; the weights stand beside them.
public struct GradientSnapshot: Sendable, Equatable {
    /// Steps of all stages so far.
    public var step: Int
    /// The terms' weights.
    public var weights: [Double]
    /// |∇Lₜ| of each term.
    public var norms: [Double]
    /// Cosines of the angles between the terms' gradients, `[term][term]`; NaN with a gradient that vanishes.
    public var cosines: [[Double]]
    /// How well the gradients agree, 2 |(1/n) Σ gₜ/|gₜ||² − 1 (arXiv:2502.00604): for two terms their cosine.
    public var alignment: Double
    /// Numbers of entries by magnitude, `[term][layer][bin]`; the first bin holds what is below ``lowestExponent``.
    public var histograms: [[[Int]]]
    /// The largest eigenvalue of each term's Hessian; NaN where it was not asked for.
    public var stiffness: [Double]

    /// Bins begin at this power of ten.
    public static let lowestExponent = -16.0
    /// Bins of a decade.
    public static let binsPerDecade = 4
    /// Bins of a histogram.
    public static let binCount = 24 * binsPerDecade

    /// The snapshot of given gradients, in double precision.
    ///
    /// - Parameter layers: the entries of each layer.
    package init(
        step: Int, weights: [Double], gradients: [[Double]], layers: [[Range<Int>]], stiffness: [Double]
    ) {
        self.step = step
        self.weights = weights
        self.stiffness = stiffness
        func product(_ a: [Double], _ b: [Double]) -> Double {
            var sum = 0.0
            for index in a.indices { sum += a[index] * b[index] }
            return sum
        }
        let products = gradients.map { a in gradients.map { product(a, $0) } }
        let norms = gradients.indices.map { products[$0][$0].squareRoot() }
        let cosines = gradients.indices.map { i in
            gradients.indices.map { j -> Double in
                guard norms[i] > 0, norms[j] > 0 else { return .nan }
                return i == j ? 1 : max(-1, min(1, products[i][j] / (norms[i] * norms[j])))
            }
        }
        self.norms = norms
        self.cosines = cosines
        let sum = cosines.reduce(0) { $0 + $1.reduce(0, +) }
        let count = Double(gradients.count)
        alignment = 2 * sum / (count * count) - 1
        histograms = gradients.map { gradient in
            layers.map { ranges in
                var bins = [Int](repeating: 0, count: Self.binCount)
                for range in ranges {
                    for index in range { bins[Self.bin(of: gradient[index])] += 1 }
                }
                return bins
            }
        }
    }

    /// The bin of a magnitude; the ends take what is beyond them.
    private static func bin(of value: Double) -> Int {
        let magnitude = abs(value)
        guard magnitude > 0 else { return 0 }
        let place = (log10(magnitude) - lowestExponent) * Double(binsPerDecade)
        guard place.isFinite else { return binCount - 1 }
        return max(0, min(binCount - 1, Int(place.rounded(.down))))
    }
}

extension ParameterLayout {
    /// The names of the layers, and the entries of each: blocks that share the first two parts of their names.
    package var layers: [(name: String, ranges: [Range<Int>])] {
        var layers: [(name: String, ranges: [Range<Int>])] = []
        for block in blocks {
            let name = block.name.split(separator: ".").prefix(2).joined(separator: ".")
            if let index = layers.firstIndex(where: { $0.name == name }) {
                layers[index].ranges.append(block.range)
            } else {
                layers.append((name, [block.range]))
            }
        }
        return layers
    }
}
