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

    /// Numbers in a line of the cache.
    private let line: Int

    /// The rows of the matrix.
    var rows: Int { points * channels }

    init(points: Int, channels: Int, elementSize: Int) {
        precondition(
            points > 0 && points % 16 == 0 && points <= Int(ANSATZ_NETWORK_MAXIMUM_POINTS),
            "tiles have a multiple of 16 points")
        self.points = points
        self.channels = channels
        line = 64 / elementSize
        leading = Self.spread(points * channels, line: line)
    }

    /// The distance between rows of a transposed tile of so many features.
    func transposedLeading(_ features: Int) -> Int {
        Self.spread(features, line: line)
    }

    /// The next odd number of cache lines, so that neighbouring columns do not compete for the same sets of the cache.
    private static func spread(_ count: Int, line: Int) -> Int {
        ((count + line - 1) / line | 1) * line
    }

    /// The number of points that balances long matrix products against room in the cache.
    ///
    /// It depends on shapes only, so that sums are cut the same way on every machine. At 128 features and 128 rows the
    /// values of four layers fill half a megabyte in double precision.
    static func points(channels: Int) -> Int {
        min(max(128 / channels / 16 * 16, 16), 64)
    }
}
