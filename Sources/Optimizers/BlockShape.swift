/// One named block of the flat parameter vector, stored column by column.
///
/// Element (i, j) lies at `offset + i + j * rows`.
public struct BlockShape: Sendable, Hashable, Codable {
    /// An axis of a matrix.
    public enum Axis: String, Sendable, Hashable, Codable {
        /// The first index.
        case rows
        /// The second index.
        case columns
    }

    /// The block's part in the network, by which rules for matrices choose.
    public enum Role: String, Sendable, Hashable, Codable {
        /// Weights between hidden layers.
        case hidden
        /// Weights of the first layer.
        case input
        /// Weights of the last layer.
        case output
        /// Biases, gains, single numbers.
        case vector
    }

    /// Its name, unique in the vector.
    public let name: String
    /// Rows of the matrix as stored.
    public let rows: Int
    /// Columns of the matrix as stored; 1 for a vector.
    public let columns: Int
    /// Index of the first element in the flat vector.
    public let offset: Int
    /// The axis that counts a layer's outputs; the other counts its inputs.
    public let outputAxis: Axis
    /// The block's part in the network.
    public let role: Role

    /// The number of elements.
    public var count: Int { rows * columns }

    /// Describes a block; without a role, a single column is a vector and anything else hidden weights.
    public init(
        name: String, rows: Int, columns: Int, offset: Int, outputAxis: Axis = .rows, role: Role? = nil
    ) {
        precondition(rows > 0 && columns > 0 && offset >= 0, "a block has elements and a place")
        self.name = name
        self.rows = rows
        self.columns = columns
        self.offset = offset
        self.outputAxis = outputAxis
        self.role = role ?? (columns == 1 ? .vector : .hidden)
    }
}
