import Foundation
import Randomness
import Results

/// Measurements made up from known solutions: values at scattered points with normal noise.
struct Samples {
    /// Names of the columns: coordinates, then measured quantities.
    private var names: [String]
    /// The rows.
    private var rows: [[Double]]
    /// The standard deviation of the noise of each quantity.
    private(set) var noise: [Double] = []

    /// Points as the file will have them, to five decimals.
    private init(_ names: [String], points: [[Double]]) {
        self.names = names
        rows = points.map { $0.map { ($0 * 1e5).rounded() / 1e5 } }
    }

    /// Appends a quantity, with noise of 2 % of the root mean square of its exact values.
    private mutating func measure(_ name: String, from stream: inout RandomStream, _ exact: ([Double]) -> Double) {
        let values = rows.map(exact)
        let square = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
        let deviation = 0.02 * square.squareRoot()
        for (row, value) in values.enumerated() { rows[row].append(value + deviation * stream.normal()) }
        names.append(name)
        noise.append(deviation)
    }

    /// A table with five decimals.
    var text: String {
        let lines = rows.map { $0.map { String(format: "%.5f", $0) }.joined(separator: ",") }
        return ([names.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
    }
}

extension Samples {
    /// Burgers' velocity at 2,000 places and times, denser about the layer at x = 0: x = s|s| for s uniform in [−1, 1].
    static func burgers() -> Samples {
        let reference = BurgersReference()
        var stream = RandomStream(seed: 1, name: "burgers samples")
        let points = (0..<2_000).map { _ in
            let s = 2 * stream.uniform() - 1
            return [s * abs(s), stream.uniform()]
        }
        var samples = Samples(["x", "t"], points: points)
        samples.measure("u", from: &stream) { reference.value(time: $0[1], place: $0[0]) }
        return samples
    }

    /// The temperatures x + sin(πx) sin(πy)/5 and y + sin(πx) sin(πy)/5 at 2,000 places of the unit square.
    static func conductivity() -> Samples {
        var stream = RandomStream(seed: 2, name: "conductivity samples")
        let points = (0..<2_000).map { _ in [stream.uniform(), stream.uniform()] }
        var samples = Samples(["x", "y"], points: points)
        for (axis, name) in ["u", "v"].enumerated() {
            samples.measure(name, from: &stream) { $0[axis] + sin(.pi * $0[0]) * sin(.pi * $0[1]) / 5 }
        }
        return samples
    }
}
