/// A cost that is a sum over the axes of a tensor grid: c_ij = Σ_k c_k(i_k, j_k).
///
/// Nodes are numbered with the last axis fastest. Kernels of such costs are applied axis by axis
/// (``GridTransport``); as a ``TransportCost`` the rows of the whole matrix are computed when they are asked for.
public final class GridCost: TransportCost {
    /// The axes, the slowest first.
    public let axes: [GridAxis]
    /// Nodes of the source.
    public let sources: Int
    /// Nodes of the target.
    public let targets: Int

    /// Joins axes.
    public init(_ axes: [GridAxis]) {
        precondition(!axes.isEmpty, "a grid has an axis")
        self.axes = axes
        sources = axes.reduce(1) { $0 * $1.sources.count }
        targets = axes.reduce(1) { $0 * $1.targets.count }
    }

    /// max c_ij
    public var largest: Double { axes.reduce(0) { $0 + Self.largest($1) } }

    private static func largest(_ axis: GridAxis) -> Double {
        var largest = -Double.infinity
        for source in axis.sources.indices {
            for target in axis.targets.indices { largest = max(largest, axis.cost(source, target)) }
        }
        return largest
    }

    /// The costs of a source, written to `room`.
    public func row(_ source: Int, room: UnsafeMutablePointer<Double>) -> UnsafePointer<Double> {
        var rest = source
        var columns = 1
        room[0] = 0
        // From the last axis to the first: what is there is repeated for each node of the next axis, in place from the end.
        for axis in axes.reversed() {
            let index = rest % axis.sources.count
            rest /= axis.sources.count
            for target in axis.targets.indices.reversed() {
                let cost = axis.cost(index, target)
                for column in 0..<columns { room[target * columns + column] = room[column] + cost }
            }
            columns *= axis.targets.count
        }
        return UnsafePointer(room)
    }
}
