/// A text that values and complaints point into: a problem file, or the text of one `--set`.
public final class SourceText: Sendable {
    /// Where a text came from.
    public enum Kind: Sendable {
        /// A file; the name is its path as the user wrote it.
        case file
        /// A `--set KEY=VALUE`; the name is the key.
        case setting
    }

    /// Whether this is a file or a setting.
    public let kind: Kind
    /// The path as the user wrote it, or the key of a setting.
    public let name: String
    /// The whole text.
    public let text: String
    /// UTF-8 offsets at which lines begin.
    private let lineStarts: [Int]

    /// Keeps a text and finds its lines.
    public init(_ text: String, name: String, kind: Kind = .file) {
        var text = text
        text.makeContiguousUTF8()
        self.kind = kind
        self.name = name
        self.text = text
        var starts = [0]
        for (offset, byte) in text.utf8.enumerated() where byte == UInt8(ascii: "\n") {
            starts.append(offset + 1)
        }
        lineStarts = starts
    }

    /// A line, counted from 1, without its end; empty beyond the last one.
    public func line(_ number: Int) -> String {
        guard number >= 1, number <= lineStarts.count else { return "" }
        let bytes = text.utf8
        let start = bytes.index(bytes.startIndex, offsetBy: lineStarts[number - 1])
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
        var line = text[start..<end]
        if line.utf8.last == UInt8(ascii: "\r") { line = line.dropLastByte() }
        return String(line)
    }

    /// The UTF-8 offset of a line and column (code points, both from 1), clamped to the text.
    func offset(line: Int, column: Int) -> Int {
        guard line >= 1 else { return 0 }
        guard line <= lineStarts.count else { return text.utf8.count }
        let scalars = text.unicodeScalars
        let start = text.utf8.index(text.startIndex, offsetBy: lineStarts[line - 1])
        let end = scalars.index(start, offsetBy: max(0, column - 1), limitedBy: scalars.endIndex) ?? scalars.endIndex
        return text.utf8.distance(from: text.startIndex, to: end)
    }

    /// The line and column, from 1, of a UTF-8 offset.
    func position(of offset: Int) -> (line: Int, column: Int) {
        let offset = min(max(0, offset), text.utf8.count)
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let start = text.utf8.index(text.startIndex, offsetBy: lineStarts[low])
        let end = text.utf8.index(text.startIndex, offsetBy: offset)
        return (low + 1, text.unicodeScalars.distance(from: start, to: end) + 1)
    }
}

extension Substring {
    /// All but the last byte, which must be ASCII (`dropLast` would take "\r\n" or a letter with accents whole).
    fileprivate func dropLastByte() -> Substring {
        self[startIndex..<utf8.index(before: endIndex)]
    }
}
