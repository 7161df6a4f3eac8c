/// Where each named block of parameters lies in the one flat vector.
public struct ParameterLayout: Sendable, Equatable {
    /// A matrix (or, with one column, a vector) of parameters.
    ///
    /// The block is stored row by row: entry (i, j) lies at `offset + i·columns + j`. A weight has one row per output and
    /// one column per input, so a column-major library reads the same memory as the transposed matrix.
    public struct Block: Sendable, Equatable {
        /// The block's name, such as `layer.1.weight`; layers count from one.
        public var name: String
        /// The number of rows.
        public var rows: Int
        /// The number of columns.
        public var columns: Int
        /// The index of the first entry in the flat vector.
        public var offset: Int

        /// The number of entries.
        public var count: Int { rows * columns }

        /// The indices of the entries in the flat vector.
        public var range: Range<Int> { offset..<offset + count }
    }

    /// The blocks, in order and without gaps.
    public private(set) var blocks: [Block] = []

    /// The length of the flat vector.
    public private(set) var count = 0

    /// An empty layout.
    public init() {}

    /// Appends a block behind all others and returns the index of its first entry.
    @discardableResult
    public mutating func append(name: String, rows: Int, columns: Int) -> Int {
        let offset = count
        blocks.append(Block(name: name, rows: rows, columns: columns, offset: offset))
        count += rows * columns
        return offset
    }

    /// The block of a given name.
    public func block(named name: String) -> Block? {
        blocks.first { $0.name == name }
    }
}
