import Networks
import Testing

/// An architecture under test, for any number of coordinates.
struct ArchitectureCase: Sendable, CustomTestStringConvertible {
    var name: String
    /// Whether the first coordinate repeats.
    var isPeriodic = false
    var architecture: Architecture

    var testDescription: String { name }

    func architecture(coordinates: Int) -> Architecture {
        var architecture = architecture
        if isPeriodic {
            var periods = [Double?](repeating: nil, count: coordinates)
            periods[0] = 3
            architecture.embedding = PeriodicEmbedding(periods: periods, harmonics: 2)
        }
        return architecture
    }

    private static let factorization = Dense.Factorization(mean: 0.5, deviation: 0.1)

    static let all = [
        ArchitectureCase(
            name: "modified",
            architecture: .init(.modified(gatesFirst: false), hidden: [5, 5, 5], outputs: 2, activation: .tanh)),
        ArchitectureCase(
            name: "modified, gated from the first layer on",
            architecture: .init(.modified(gatesFirst: true), hidden: [3, 3], outputs: 1, activation: .gelu)),
        ArchitectureCase(
            name: "modified, factored, trained frequency",
            architecture: .init(
                .modified(gatesFirst: false), hidden: [4, 4], outputs: 2, activation: .sine,
                factorization: factorization, frequency: .init(start: 1.5, isTrained: true))),
        ArchitectureCase(
            name: "modified, periodic", isPeriodic: true,
            architecture: .init(.modified(gatesFirst: false), hidden: [4, 4], outputs: 1, activation: .silu)),
        ArchitectureCase(
            name: "modified, periodic, trained Fourier features", isPeriodic: true,
            architecture: .init(
                .modified(gatesFirst: true), hidden: [4, 4], outputs: 1, activation: .tanh,
                fourier: FourierFeatures(perScale: 2, scales: [0.5, 1], isTrained: true))),
        ArchitectureCase(
            name: "Fourier features of two scales",
            architecture: .init(
                .perceptron, hidden: [5, 3], outputs: 2, activation: .tanh,
                fourier: FourierFeatures(perScale: 3, scales: [0.5, 2]))),
        ArchitectureCase(
            name: "trained Fourier features, a last layer behind them",
            architecture: .init(
                .perceptron, hidden: [], outputs: 2, activation: .tanh,
                fourier: FourierFeatures(perScale: 3, scales: [1], isTrained: true))),
        ArchitectureCase(
            name: "factored weights",
            architecture: .init(
                .perceptron, hidden: [5, 7, 3], outputs: 2, activation: .softplus, factorization: factorization)),
        ArchitectureCase(
            name: "trained frequency",
            architecture: .init(
                .perceptron, hidden: [4, 4], outputs: 2, activation: .tanh,
                frequency: .init(start: 1, isTrained: true))),
        ArchitectureCase(
            name: "sine network of frequency 3",
            architecture: .init(
                .perceptron, hidden: [4, 4], outputs: 2, activation: .sine,
                frequency: .init(start: 3, isTrained: false))),
        ArchitectureCase(
            name: "residual blocks of the coordinates",
            architecture: .init(.pirate, hidden: [5, 5], outputs: 2, activation: .tanh)),
        ArchitectureCase(
            name: "residual blocks, Fourier features",
            architecture: .init(
                .pirate, hidden: [3, 3, 3], outputs: 1, activation: .silu,
                fourier: FourierFeatures(perScale: 2, scales: [1]))),
        ArchitectureCase(
            name: "residual blocks, periodic, trained Fourier features, factored, trained frequency", isPeriodic: true,
            architecture: .init(
                .pirate, hidden: [3, 3], outputs: 1, activation: .tanh,
                fourier: FourierFeatures(perScale: 2, scales: [1], isTrained: true), factorization: factorization,
                frequency: .init(start: 1.2, isTrained: true))),
    ]
}
