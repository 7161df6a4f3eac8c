import Foundation
import Randomness
import Results

/// Measurements made up from a known solution: values at scattered points with normal noise.
struct Samples {
    /// Names of the coordinates and of the measured quantity.
    var names: [String]
    /// The points, `[point][coordinate]`.
    var points: [[Double]]
    /// Noisy values.
    var values: [Double]
    /// The standard deviation of the noise.
    var noise: Double

    /// Adds noise of the given part of the root mean square of the exact values.
    init(names: [String], points: [[Double]], exact: [Double], relativeNoise: Double, from stream: inout RandomStream) {
        let square = exact.reduce(0) { $0 + $1 * $1 } / Double(exact.count)
        let deviation = relativeNoise * square.squareRoot()
        noise = deviation
        self.names = names
        self.points = points
        values = exact.map { $0 + deviation * stream.normal() }
    }

    /// A table with five decimals.
    var text: String {
        let head = names.joined(separator: ",") + "\n"
        return head
            + zip(points, values).map { point, value in
                (point + [value]).map { String(format: "%.5f", $0) }.joined(separator: ",") + "\n"
            }.joined()
    }
}

extension Samples {
    /// Burgers' velocity at 2,000 places and times, denser about the layer at x = 0: x = s|s| for s uniform in [−1, 1].
    static func burgers() -> Samples {
        let reference = BurgersReference()
        var stream = RandomStream(seed: 1, name: "burgers samples")
        let points = (0..<2_000).map { _ in
            let s = 2 * stream.uniform() - 1
            // As the file will have them.
            return [s * abs(s), stream.uniform()].map { ($0 * 1e5).rounded() / 1e5 }
        }
        let exact = points.map { reference.value(time: $0[1], place: $0[0]) }
        return Samples(
            names: ["x", "t", "u"], points: points, exact: exact, relativeNoise: 0.02, from: &stream)
    }

    /// The temperature u = x + sin(πx) sin(πy)/5 at 2,000 places of the unit square.
    static func conductivity() -> Samples {
        var stream = RandomStream(seed: 2, name: "conductivity samples")
        let points = (0..<2_000).map { _ in
            [stream.uniform(), stream.uniform()].map { ($0 * 1e5).rounded() / 1e5 }
        }
        let exact = points.map { $0[0] + sin(.pi * $0[0]) * sin(.pi * $0[1]) / 5 }
        return Samples(
            names: ["x", "y", "u"], points: points, exact: exact, relativeNoise: 0.02, from: &stream)
    }
}
