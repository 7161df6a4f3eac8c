/// A matrix or vector in the exchange format of NIST's Matrix Market.
public struct MatrixMarket: Sendable, Equatable {
    /// The number of rows.
    public var rows: Int
    /// The number of columns.
    public var columns: Int
    /// The numbers.
    public var content: Content
    /// Whether only the lower triangle is held, for a symmetric matrix.
    public var isSymmetric: Bool

    /// How numbers are held.
    public enum Content: Sendable, Equatable {
        /// Entries with their places, counted from 0; entries at the same place are meant to be added up.
        case entries(rows: [Int32], columns: [Int32], values: [Double])
        /// All numbers, column by column; of a symmetric matrix the lower triangle.
        case array([Double])
    }

    /// Joins the parts.
    public init(rows: Int, columns: Int, _ content: Content, isSymmetric: Bool = false) {
        self.rows = rows
        self.columns = columns
        self.content = content
        self.isSymmetric = isSymmetric
    }

    /// A vector.
    public init(vector: [Double]) { self.init(rows: vector.count, columns: 1, .array(vector)) }

    /// Whether a file begins as this format does, packed by gzip or not; false where it cannot be read.
    public static func isRecognised(_ path: String) -> Bool {
        guard var start = try? DataFile.firstBytes(of: path, count: 1 << 16) else { return false }
        if GzipReader.isPacked(start) {
            // The beginning of a packed file unpacks as far as it goes.
            guard let all = try? DataFile.contents(of: path), let bytes = try? GzipReader.unpacked(all, path: path)
            else {
                return false
            }
            start = bytes
        }
        return start.starts(with: "%%MatrixMarket".utf8) || start.starts(with: "%%matrixmarket".utf8)
    }

    /// Reads a file, which gzip may have packed.
    ///
    /// - Throws: what is wrong, with line and column: an unknown banner, complex or skew-symmetric numbers, a file that ends too
    ///   early or goes on, places outside the matrix, entries above the diagonal of a symmetric matrix, numbers that are not finite.
    public init(contentsOf path: String) throws(ResultsError) {
        var bytes = try DataFile.contents(of: path)
        if GzipReader.isPacked(bytes) { bytes = try GzipReader.unpacked(bytes, path: path) }
        try self.init(bytes, path: path)
    }

    /// Reads a text.
    public init(_ bytes: [UInt8], path: String) throws(ResultsError) {
        var result: Result<MatrixMarket, ResultsError> = .failure(ResultsError(.unreadable, path: path, "is empty"))
        bytes.withUnsafeBufferPointer { buffer in
            result = Result { () throws(ResultsError) in
                var reader = MatrixMarketReader(buffer, path: path)
                return try reader.read()
            }
        }
        self = try result.get()
    }

    /// The values of a vector: the one column, or the one row, of a general array or of entries; nil for a matrix.
    public var vector: [Double]? {
        guard columns == 1 || rows == 1 else { return nil }
        switch content {
        case .array(let values): return values
        case .entries(let rows, let columns, let values):
            var result = [Double](repeating: 0, count: self.rows * self.columns)
            for (place, value) in zip(zip(rows, columns), values) { result[Int(max(place.0, place.1))] += value }
            return result
        }
    }

    /// The text of a file; numbers have as many digits as it takes to read them back exactly.
    ///
    /// - Parameter comment: lines that say what it is.
    public func text(comment: [String] = []) -> String {
        let symmetry = isSymmetric ? "symmetric" : "general"
        var text: String
        switch content {
        case .entries(let entryRows, let entryColumns, let values):
            text = "%%MatrixMarket matrix coordinate real \(symmetry)\n"
            for line in comment { text += "% \(line)\n" }
            text += "\(rows) \(columns) \(values.count)\n"
            for (place, value) in zip(zip(entryRows, entryColumns), values) {
                text += "\(place.0 + 1) \(place.1 + 1) \(Self.text(value))\n"
            }
        case .array(let values):
            text = "%%MatrixMarket matrix array real \(symmetry)\n"
            for line in comment { text += "% \(line)\n" }
            text += "\(rows) \(columns)\n"
            for value in values { text += "\(Self.text(value))\n" }
        }
        return text
    }

    /// Whole numbers without a point, as the format's own files have them.
    private static func text(_ value: Double) -> String {
        value.rounded() == value && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
    }
}
