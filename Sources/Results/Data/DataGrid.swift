/// Fields on a grid, read from a file block by block, so that large files need little memory.
///
/// Values are numbered as they are stored, the last axis running fastest. HDF5 files of more than a few megabytes stay on
/// disk; everything else is held in memory.
public struct DataGrid: Sendable {
    /// A name in the problem and the name in the file.
    public struct Source: Sendable, Equatable {
        /// Our name.
        public var name: String
        /// Name in the file.
        public var dataset: String

        /// Joins the two names.
        public init(_ name: String, dataset: String) {
            self.name = name
            self.dataset = dataset
        }
    }

    /// A name with its numbers.
    public struct Line: Sendable, Equatable {
        /// Our name.
        public var name: String
        /// The numbers.
        public var values: [Double]

        /// Joins the two.
        public init(_ name: String, _ values: [Double]) {
            self.name = name
            self.values = values
        }
    }

    /// The file.
    public let path: String
    /// The axes, slowest first, each strictly increasing.
    public let axes: [Line]
    /// The fields' own names.
    public let fieldNames: [String]
    let storage: Storage
    /// The axis that blocks cut: whole ranges of the axes after it, single indices of those before.
    let cutAxis: Int
    /// Indices of the cut axis in a block.
    let blockRows: Int

    enum Storage: Sendable {
        case memory([[Double]])
        case disk([DiskField])
    }

    /// A dataset whose axes of length one are left out.
    struct DiskField: Sendable {
        var dataset: String
        /// Lengths of all axes in the file.
        var shape: [Int]
        /// Axes in the file that are longer than one, in order.
        var longAxes: [Int]
        /// By axis of the grid: whether it decreases in the file.
        var isReversed: [Bool]
    }

    /// Values that a block has at most, unless a single step of the fastest axis is longer.
    private static let blockSize = 1 << 20

    /// Lengths of the axes.
    public var shape: [Int] { axes.map(\.values.count) }

    /// The number of values of a field.
    public var valueCount: Int { shape.reduce(1, *) }

    /// Values between neighbours along the cut axis.
    var rowSize: Int { shape[(cutAxis + 1)...].reduce(1, *) }

    /// The ranges of values that are read at a time; together they are all values, in order.
    public var blocks: [Range<Int>] {
        let (length, size) = (shape[cutAxis] * rowSize, blockRows * rowSize)
        return stride(from: 0, to: valueCount, by: max(1, length)).flatMap { start in
            stride(from: start, to: start + length, by: max(1, size)).map { $0..<min($0 + size, start + length) }
        }
    }

    /// The number, in `blocks`, of the block that holds a value.
    public func block(of index: Int) -> Int {
        let length = shape[cutAxis] * rowSize
        let perLength = (shape[cutAxis] + blockRows - 1) / blockRows
        return index / length * perLength + index % length / (blockRows * rowSize)
    }

    init(path: String, axes: [Line], fieldNames: [String], storage: Storage, chunk: [Int]? = nil) {
        self.path = path
        self.axes = axes
        self.fieldNames = fieldNames
        self.storage = storage
        let shape = axes.map(\.values.count)
        if case .memory = storage {
            (cutAxis, blockRows) = (0, shape[0])
            return
        }
        var axis = 0
        var row = shape[1...].reduce(1, *)
        while row > Self.blockSize, axis + 1 < shape.count {
            axis += 1
            row /= shape[axis]
        }
        var rows = max(1, min(shape[axis], Self.blockSize / max(1, row)))
        // Whole chunks, so that none is unpacked twice; unless they are huge.
        if let chunk, chunk[axis] > 1, chunk[axis] * row <= 8 * Self.blockSize {
            rows = min(shape[axis], (rows + chunk[axis] - 1) / chunk[axis] * chunk[axis])
        }
        (cutAxis, blockRows) = (axis, rows)
    }
}
