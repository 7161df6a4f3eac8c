import Randomness

/// Random Fourier features of several scales: cos B x and sin B x, with entries of B drawn from N(0, s²) for each scale s.
///
/// x are the scaled coordinates or the features of a periodic embedding. Sources: Tancik and others, Fourier features let
/// networks learn high frequency functions in low dimensional domains, 2020; Wang, Wang and Perdikaris, On the
/// eigenvector bias of Fourier feature networks, 2021.
public struct FourierFeatures: Sendable, Equatable {
    /// The number of rows of B for each scale.
    public let perScale: Int
    /// The standard deviations of the entries of B.
    public let scales: [Double]
    /// Whether B is a parameter; otherwise it follows from `seed` alone.
    public let isTrained: Bool
    /// The seed of B where it is not trained.
    public let seed: UInt64

    /// So many frequencies of each scale; scales are positive.
    public init(perScale: Int, scales: [Double], isTrained: Bool = false, seed: UInt64 = 0) {
        precondition(perScale > 0 && !scales.isEmpty, "there are frequencies")
        precondition(scales.allSatisfy { $0 > 0 && $0.isFinite }, "scales are positive")
        self.perScale = perScale
        self.scales = scales
        self.isTrained = isTrained
        self.seed = seed
    }

    /// The number of rows of B.
    public var frequencyCount: Int { perScale * scales.count }

    /// The number of features: all cosines, then all sines.
    public var outputs: Int { 2 * frequencyCount }

    /// B, row by row, scale by scale.
    public func draw(inputs: Int, _ stream: inout RandomStream) -> [Double] {
        scales.flatMap { scale in (0..<perScale * inputs).map { _ in scale * stream.normal() } }
    }

    /// B where it is not trained.
    public func fixedFrequencies(inputs: Int) -> [Double] {
        var stream = RandomStream(seed: seed, name: "fourier features")
        return draw(inputs: inputs, &stream)
    }
}
