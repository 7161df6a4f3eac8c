/// Finds the bytes of a TOML string value in the text it was written in, past quotes and escapes.
struct StringLiteral {
    /// For every byte of the value, and for its end, the offset in the source text.
    private let offsets: [Int]

    /// Reads the string that begins at a UTF-8 offset: `'…'`, `"…"`, `'''…'''`, `"""…"""`, or a bare key.
    init(_ text: String, at start: Int) {
        var text = text
        offsets = text.withUTF8 { Self.offsets($0, start) }
    }

    /// The offset in the source text of a byte of the value, clamped to the string.
    func sourceOffset(of index: Int) -> Int {
        offsets[min(max(0, index), offsets.count - 1)]
    }

    private static func offsets(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> [Int] {
        guard start < bytes.count else { return [bytes.count] }
        let quote = bytes[start]
        guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            return Array(start...bytes.count)
        }
        func matches(_ offset: Int) -> Bool {
            offset + 2 < bytes.count && bytes[offset] == quote && bytes[offset + 1] == quote
                && bytes[offset + 2] == quote
        }
        let isLong = matches(start)
        var offset = start + (isLong ? 3 : 1)
        if isLong {  // a line end right after the opening quotes is not part of the value
            if offset < bytes.count, bytes[offset] == UInt8(ascii: "\r") { offset += 1 }
            if offset < bytes.count, bytes[offset] == UInt8(ascii: "\n") { offset += 1 }
        }
        var result: [Int] = []
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == quote, !isLong || (matches(offset) && !matches(offset + 1)) { break }
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), offset + 1 < bytes.count {
                let (length, count) = escape(bytes, offset, isLong)
                result.append(contentsOf: repeatElement(offset, count: count))
                offset += length
            } else {
                result.append(offset)
                offset += 1
            }
        }
        result.append(min(offset, bytes.count))
        return result
    }

    /// The length of an escape in the text, and the number of bytes it stands for.
    private static func escape(_ bytes: UnsafeBufferPointer<UInt8>, _ offset: Int, _ isLong: Bool) -> (Int, Int) {
        let digits: Int
        switch bytes[offset + 1] {
        case UInt8(ascii: "u"): digits = 4
        case UInt8(ascii: "U"): digits = 8
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
            // A backslash at the end of a line of a long string takes the white space that follows with it.
            guard isLong else { return (2, 1) }
            var end = offset + 1
            while end < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[end]) { end += 1 }
            return (end - offset, 0)
        default: return (2, 1)
        }
        let end = min(offset + 2 + digits, bytes.count)
        let text = String(decoding: bytes[(offset + 2)..<end], as: UTF8.self)
        let scalar = UInt32(text, radix: 16).flatMap(Unicode.Scalar.init) ?? "?"
        return (end - offset, UTF8.width(scalar))
    }
}
