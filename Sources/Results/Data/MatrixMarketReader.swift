/// Reads the text of a Matrix Market file, line by line.
///
/// Blank lines, lines that begin with `%`, upper and lower case, and both kinds of line ends are accepted.
struct MatrixMarketReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let path: String
    private var place = 0
    private var line = 0
    private var lineStart = 0
    /// Words of the current line, as ranges of bytes.
    private var words: [Range<Int>] = []

    private static let mostRows = Int(Int32.max)

    init(_ bytes: UnsafeBufferPointer<UInt8>, path: String) {
        self.bytes = bytes
        self.path = path
    }

    mutating func read() throws(ResultsError) -> MatrixMarket {
        let header = try readBanner()
        guard nextLine() else { throw error(nil, "the file ends where the line with the sizes is needed") }
        let wanted = header.isArray ? 2 : 3
        guard words.count == wanted else {
            throw error(
                words.first,
                "the line with the sizes has \(words.count) numbers, not \(wanted): rows, columns"
                    + (header.isArray ? "" : " and entries"))
        }
        let rows = try count(0, "rows"), columns = try count(1, "columns")
        if header.isSymmetric, rows != columns {
            throw error(words[0], "the matrix is not square, \(rows) x \(columns), but said to be symmetric")
        }
        let content =
            header.isArray
            ? try readArray(rows, columns, header)
            : try readEntries(rows, columns, header)
        if nextLine() { throw error(words[0], "there are more numbers than the line with the sizes says") }
        return MatrixMarket(rows: rows, columns: columns, content, isSymmetric: header.isSymmetric)
    }

    // MARK: The first line

    private struct Header {
        var isArray: Bool
        var isPattern: Bool
        var isSymmetric: Bool
    }

    private mutating func readBanner() throws(ResultsError) -> Header {
        guard bytes.count > 0 else { throw ResultsError(.unreadable, path: path, "is empty") }
        if bytes.count > 262, bytes[257..<262].elementsEqual("ustar".utf8) {
            throw ResultsError(
                .unreadable, path: path, "is a tar archive; unpack it with 'tar xf' and name the .mtx file in it")
        }
        guard nextLine(skippingComments: false), lowercased(words[0]) == "%%matrixmarket" else {
            line = 1
            throw error(
                nil,
                "the first line is not that of a Matrix Market file: %%MatrixMarket matrix coordinate real symmetric")
        }
        guard words.count == 5 else {
            throw error(
                words[words.count - 1],
                "the first line has \(words.count) words, not five: %%MatrixMarket matrix coordinate real symmetric")
        }
        try expect(1, ["matrix"])
        let isArray = try expect(2, ["coordinate", "array"]) == "array"
        let field = lowercased(words[3])
        if field == "complex" { throw error(words[3], "the matrix is complex, and only real ones can be solved") }
        try expect(3, isArray ? ["real", "integer"] : ["real", "integer", "pattern"], also: ["double"])
        let symmetry = lowercased(words[4])
        if symmetry == "skew-symmetric" {
            throw error(words[4], "the matrix is skew-symmetric, so it cannot be positive definite")
        }
        try expect(4, ["general", "symmetric"], also: ["hermitian"])
        return Header(isArray: isArray, isPattern: field == "pattern", isSymmetric: symmetry != "general")
    }

    @discardableResult
    private func expect(_ word: Int, _ choices: [String], also: [String] = []) throws(ResultsError) -> String {
        let text = lowercased(words[word])
        guard choices.contains(text) || also.contains(text) else {
            throw error(
                words[word],
                "'\(text)' must be \(choices.count == 1 ? "" : "one of ")\(choices.joined(separator: ", "))")
        }
        return text
    }

    // MARK: Numbers

    private mutating func readEntries(
        _ rows: Int, _ columns: Int, _ header: Header
    ) throws(ResultsError) -> MatrixMarket.Content {
        let count = try count(2, "entries", least: 0)
        // Three numbers with spaces take six bytes: a count beyond that is a wrong one, not to be allocated.
        let likely = min(count, bytes.count / 4)
        var entryRows: [Int32] = [], entryColumns: [Int32] = [], values: [Double] = []
        entryRows.reserveCapacity(likely)
        entryColumns.reserveCapacity(likely)
        values.reserveCapacity(likely)
        let wanted = header.isPattern ? 2 : 3
        for entry in 0..<count {
            guard nextLine() else { throw truncated(entry, count, "entries") }
            guard words.count == wanted else {
                throw error(
                    words[0],
                    "an entry has \(words.count) numbers, not \(wanted): row, column"
                        + (header.isPattern ? "" : " and value"))
            }
            let row = try index(0, "row", upTo: rows), column = try index(1, "column", upTo: columns)
            if header.isSymmetric, column > row {
                throw error(
                    words[0],
                    "the entry of row \(row + 1), column \(column + 1) lies above the diagonal, and files of symmetric "
                        + "matrices hold the lower triangle")
            }
            entryRows.append(Int32(row))
            entryColumns.append(Int32(column))
            values.append(header.isPattern ? 1 : try number(2))
        }
        return .entries(rows: entryRows, columns: entryColumns, values: values)
    }

    private mutating func readArray(
        _ rows: Int, _ columns: Int, _ header: Header
    ) throws(ResultsError) -> MatrixMarket.Content {
        let product = rows.multipliedReportingOverflow(by: columns)
        guard !product.overflow else { throw error(words[0], "\(rows) x \(columns) numbers are too many") }
        let count = header.isSymmetric ? (product.partialValue + rows) / 2 : product.partialValue
        var values: [Double] = []
        values.reserveCapacity(min(count, bytes.count))
        while values.count < count {
            guard nextLine() else { throw truncated(values.count, count, "numbers") }
            for word in words.indices {
                guard values.count < count else {
                    throw error(words[word], "there are more numbers than the line with the sizes says")
                }
                values.append(try number(word))
            }
        }
        return .array(values)
    }

    private func truncated(_ read: Int, _ count: Int, _ noun: String) -> ResultsError {
        ResultsError(
            .unreadable, path: path,
            "is truncated: it ends at line \(line) after \(read) of \(count) \(noun)")
    }

    private func count(_ word: Int, _ noun: String, least: Int = 1) throws(ResultsError) -> Int {
        guard let value = whole(words[word]), value >= least, value <= (noun == "entries" ? 1 << 40 : Self.mostRows)
        else {
            throw error(words[word], "'\(text(words[word]))' is not a number of \(noun)")
        }
        return value
    }

    private func index(_ word: Int, _ noun: String, upTo count: Int) throws(ResultsError) -> Int {
        guard let value = whole(words[word]) else {
            throw error(words[word], "'\(text(words[word]))' is not the number of a \(noun)")
        }
        guard value >= 1, value <= count else {
            throw error(words[word], "\(noun) \(value) lies outside the matrix, whose \(noun)s are 1 to \(count)")
        }
        return value - 1
    }

    private func number(_ word: Int) throws(ResultsError) -> Double {
        guard let value = DecimalNumber.parse(Slice(base: bytes, bounds: words[word])) else {
            throw error(words[word], "'\(text(words[word]))' is not a number")
        }
        guard value.isFinite else { throw error(words[word], "the value is \(value), and all must be finite") }
        return value
    }

    private func whole(_ range: Range<Int>) -> Int? {
        var value = 0
        guard range.count <= 15 else { return nil }
        for place in range {
            let digit = Int(bytes[place]) - 48
            guard (0...9).contains(digit) else { return nil }
            value = 10 * value + digit
        }
        return value
    }

    // MARK: Lines and words

    /// Moves to the next line that holds words; false at the end.
    private mutating func nextLine(skippingComments: Bool = true) -> Bool {
        while place < bytes.count {
            line += 1
            lineStart = place
            words.removeAll(keepingCapacity: true)
            var isComment = false
            while place < bytes.count, bytes[place] != 10 {
                if bytes[place] <= 32 {
                    place += 1
                    continue
                }
                if skippingComments, words.isEmpty, bytes[place] == UInt8(ascii: "%") { isComment = true }
                let start = place
                while place < bytes.count, bytes[place] > 32 { place += 1 }
                if !isComment { words.append(start..<place) }
            }
            place += 1
            if !words.isEmpty { return true }
        }
        return false
    }

    private func text(_ range: Range<Int>) -> String {
        let shown = String(decoding: bytes[range.prefix(30)], as: UTF8.self)
        return range.count > 30 ? shown + "…" : shown
    }

    private func lowercased(_ range: Range<Int>) -> String { text(range).lowercased() }

    private func error(_ range: Range<Int>?, _ message: String) -> ResultsError {
        let column = range.map { ", column \($0.lowerBound - lineStart + 1)" } ?? ""
        return ResultsError(.unreadable, path: path, "line \(line)\(column): \(message)")
    }
}
