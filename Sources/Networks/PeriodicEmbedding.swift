/// Features that repeat exactly along some coordinates, and with all derivatives: cos and sin in place of the coordinate.
///
/// A coordinate x with period P becomes cos(2πm(x − c)/P) and sin(2πm(x − c)/P) for m = 1, …, `harmonics`, with the center c
/// of the input scaling; other coordinates pass scaled. Dong and Ni, "A method for representing periodic functions and
/// enforcing exactly periodic boundary conditions with deep neural networks", J. Comput. Phys. 435 (2021).
public struct PeriodicEmbedding: Sendable, Equatable {
    /// The period of each coordinate; nil where it does not repeat.
    public let periods: [Double?]
    /// How many multiples of the lowest frequency there are.
    public let harmonics: Int

    /// An embedding; periods are positive.
    public init(periods: [Double?], harmonics: Int = 1) {
        precondition(harmonics >= 1, "there is at least one harmonic")
        precondition(periods.allSatisfy { $0.map { $0 > 0 && $0.isFinite } ?? true }, "a period is positive")
        self.periods = periods
        self.harmonics = harmonics
    }

    /// A feature of one coordinate.
    enum Feature: Equatable {
        /// The scaled coordinate itself.
        case coordinate(Int)
        /// cos ω(x − c), or sin ω(x − c) = cos(ω(x − c) − π/2).
        case wave(Int, frequency: Double, isSine: Bool)
    }

    /// The features in order, coordinate by coordinate.
    var features: [Feature] {
        periods.enumerated().flatMap { axis, period -> [Feature] in
            guard let period else { return [.coordinate(axis)] }
            return (1...harmonics).flatMap { multiple -> [Feature] in
                let frequency = 2 * Double.pi * Double(multiple) / period
                return [
                    .wave(axis, frequency: frequency, isSine: false), .wave(axis, frequency: frequency, isSine: true),
                ]
            }
        }
    }
}
