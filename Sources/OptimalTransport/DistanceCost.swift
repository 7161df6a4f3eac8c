import CKernels
import LinearAlgebra

/// A distance between points, computed when it is asked for: memory grows with n + m only.
public final class DistanceCost: TransportCost {
    /// Which distance, as a function of the differences δ of the coordinates.
    public enum Kind: Int32, Sendable {
        /// Σ |δ_k|
        case manhattan = 0
        /// (Σ δ_k²)^½
        case euclidean = 1
        /// Σ δ_k²
        case squaredEuclidean = 2
    }

    /// The number of sources n.
    public let sources: Int
    /// The number of targets m.
    public let targets: Int
    let dimensions: Int
    let kind: Kind
    /// [source][coordinate]
    let from: AlignedBuffer<Double>
    /// [coordinate][target]
    let to: AlignedBuffer<Double>
    let periods: AlignedBuffer<Double>

    /// Takes points as rows of coordinates.
    ///
    /// - Parameter periods: the period of each coordinate, 0 where it has none; along one with a period the shorter way counts.
    /// - Precondition: all points have as many finite coordinates as there are periods.
    public init(_ kind: Kind, from sources: [[Double]], to targets: [[Double]], periods: [Double]) {
        self.kind = kind
        self.sources = sources.count
        self.targets = targets.count
        dimensions = periods.count
        precondition((sources + targets).allSatisfy { $0.count == periods.count }, "points of equal dimension")
        from = AlignedBuffer(count: sources.count * periods.count)
        to = AlignedBuffer(count: targets.count * periods.count)
        self.periods = AlignedBuffer(count: periods.count)
        for (axis, period) in periods.enumerated() {
            self.periods.baseAddress[axis] = period
            // Points are taken into one period, so that differences are below it.
            func reduced(_ x: Double) -> Double { period > 0 ? x - (x / period).rounded(.down) * period : x }
            for (index, point) in sources.enumerated() {
                from.baseAddress[index * periods.count + axis] = reduced(point[axis])
            }
            for (index, point) in targets.enumerated() {
                to.baseAddress[axis * targets.count + index] = reduced(point[axis])
            }
        }
    }

    /// The costs of a source.
    public func row(_ source: Int, room: UnsafeMutablePointer<Double>) -> UnsafePointer<Double> {
        ansatz_transport_distances(
            targets, dimensions, kind.rawValue, from.baseAddress + source * dimensions, to.baseAddress,
            periods.baseAddress, room)
        return UnsafePointer(room)
    }
}
