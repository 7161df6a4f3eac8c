import CKernels
import LinearAlgebra

/// How a tile lies in memory: entry (feature, channel, point) at feature·leading + channel·points + point.
///
/// Seen by matrix products, a tile is a column-major matrix with a row for each channel and point and a column for each
/// feature.
struct TileShape {
    let points: Int
    let channels: Int
    let leading: Int

    /// The rows of the matrix.
    var rows: Int { points * channels }

    init(points: Int, channels: Int, elementSize: Int) {
        precondition(
            points > 0 && points % 16 == 0 && points <= Int(ANSATZ_NETWORK_MAXIMUM_POINTS),
            "tiles have a multiple of 16 points")
        self.points = points
        self.channels = channels
        let line = 64 / elementSize
        // An odd number of cache lines, so that neighbouring features do not compete for the same sets of the cache.
        let lines = points * channels / line
        leading = (lines % 2 == 0 ? lines + 1 : lines) * line
    }

    /// The number of points that balances long matrix products against room in the cache.
    ///
    /// It depends on shapes and precision only, so that sums are cut the same way on every machine.
    static func points(channels: Int, elementSize: Int) -> Int {
        let rows = elementSize == 8 ? 128 : 256
        return min(max(rows / channels / 16 * 16, 16), 128)
    }
}
