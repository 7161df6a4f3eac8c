/// The format of a single array of NumPy, versions 1 to 3.
enum NumPyDecoder {
    /// The header: what the numbers are, and how they are laid out.
    fileprivate struct Header {
        var type: String
        var isColumnMajor: Bool
        var shape: [Int]
    }

    /// Reads integers, floats and booleans of any width and byte order.
    ///
    /// - Parameter name: the array's name in an archive, for messages; nil when it is the whole file.
    static func decode(_ bytes: [UInt8], path: String, name: String?) throws(ResultsError) -> DataArray {
        let label = name.map { "'\($0)' " } ?? ""
        func failure(_ kind: ResultsError.Kind, _ message: String) -> ResultsError {
            ResultsError(kind, path: path, label + message)
        }
        let damaged = failure(.unreadable, "is damaged: it does not begin as an array of NumPy does")
        guard bytes.starts(with: [0x93] + "NUMPY".utf8), bytes.count >= 10 else { throw damaged }
        let version = bytes[6]
        guard (1...3).contains(version) else {
            throw failure(.unreadable, "has version \(version) of NumPy's format; versions 1 to 3 can be read")
        }
        let start = version == 1 ? 10 : 12
        guard bytes.count >= start else { throw damaged }
        let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= bytes.count - start else { throw damaged }
        let text = String(decoding: bytes[start..<start + length], as: UTF8.self)
        guard let header = Header(text) else { throw damaged }

        guard let type = ElementType(header.type) else {
            throw failure(.wrongShape, "holds \(ElementType.words(header.type)), where real numbers are needed")
        }
        var count = 1
        for length in header.shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            guard !overflow else { throw damaged }
            count = product
        }
        let data = bytes.count - start - length
        guard count <= data / type.size else {
            throw failure(
                .unreadable,
                "is truncated: \(DataArray.text(of: header.shape)) numbers of \(type.size) bytes need "
                    + "\(count.multipliedReportingOverflow(by: type.size).partialValue) bytes, there are \(data)")
        }
        var values = bytes.withUnsafeBytes { buffer in
            type.numbers(UnsafeRawBufferPointer(rebasing: buffer[(start + length)...]), count: count)
        }
        if header.isColumnMajor, header.shape.count > 1 { values = transposed(values, header.shape) }
        return DataArray(shape: header.shape, values: values)
    }

    /// From first index fastest to last index fastest.
    private static func transposed(_ values: [Double], _ shape: [Int]) -> [Double] {
        var strides: [Int] = []
        var stride = 1
        for length in shape {
            strides.append(stride)
            stride *= length
        }
        var index = [Int](repeating: 0, count: shape.count)
        var source = 0
        return [Double](unsafeUninitializedCapacity: values.count) { target, initialized in
            for place in 0..<values.count {
                (target.baseAddress! + place).initialize(to: values[source])
                var axis = shape.count - 1
                while axis >= 0 {
                    index[axis] += 1
                    source += strides[axis]
                    if index[axis] < shape[axis] { break }
                    source -= strides[axis] * shape[axis]
                    index[axis] = 0
                    axis -= 1
                }
            }
            initialized = values.count
        }
    }
}

extension NumPyDecoder.Header {
    /// Reads the text of a Python dictionary with exactly the three entries.
    fileprivate init?(_ text: String) {
        func value(_ key: String) -> Substring? {
            for quote in ["'", "\""] {
                let parts = text.split(separator: quote + key + quote, maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2 else { continue }
                return parts[1].drop { $0 == " " || $0 == ":" }
            }
            return nil
        }
        guard let description = value("descr"), let order = value("fortran_order"), let shape = value("shape") else {
            return nil
        }
        if let quote = description.first, quote == "'" || quote == "\"" {
            type = String(description.dropFirst().prefix { $0 != quote })
        } else {
            type = "["
        }
        guard order.hasPrefix("True") || order.hasPrefix("False"), shape.first == "(" else { return nil }
        isColumnMajor = order.hasPrefix("True")
        let lengths = shape.dropFirst().prefix { $0 != ")" }.split(separator: ",").map {
            $0.filter { $0 != " " && $0 != "L" }
        }
        let numbers = lengths.filter { !$0.isEmpty }.map { Int($0) }
        self.shape = numbers.compactMap { $0 }
        guard self.shape.count == numbers.count, self.shape.allSatisfy({ $0 >= 0 }) else { return nil }
    }
}

/// A type of numbers in NumPy's spelling: byte order, kind, bytes.
private struct ElementType {
    private var kind: Character
    private var isBigEndian: Bool
    var size: Int

    /// Nil for what is no real number or has an unusual width.
    init?(_ text: String) {
        var rest = Substring(text)
        isBigEndian = rest.first == ">"
        if let first = rest.first, "<>|=".contains(first) { rest.removeFirst() }
        guard let kind = rest.popFirst(), let size = Int(rest) else { return nil }
        switch (kind, size) {
        case ("f", 4), ("f", 8), ("b", 1), ("i", 1), ("i", 2), ("i", 4), ("i", 8), ("u", 1), ("u", 2), ("u", 4),
            ("u", 8):
            (self.kind, self.size) = (kind, size)
        default: return nil
        }
    }

    /// What a type that cannot be read holds.
    static func words(_ text: String) -> String {
        switch text.first(where: { !"<>|=".contains($0) }) {
        case "c": "complex numbers (save real and imaginary parts as two arrays)"
        case "O": "Python objects"
        case "S", "U", "a": "text"
        case "M", "m": "dates or times"
        case "[", "V": "records of several fields (save each as an array of its own)"
        case "f": "floats of an unusual width, '\(text)' (save them as float64)"
        default: "values of type '\(text)'"
        }
    }

    func numbers(_ bytes: UnsafeRawBufferPointer, count: Int) -> [Double] {
        switch (kind, size) {
        case ("f", 4): floats(bytes, count) { (bits: UInt32) in Double(Float(bitPattern: bits)) }
        case ("f", _): floats(bytes, count) { (bits: UInt64) in Double(bitPattern: bits) }
        case ("b", _): floats(bytes, count) { (bits: UInt8) in bits == 0 ? 0 : 1 }
        case ("i", 1): floats(bytes, count) { (bits: Int8) in Double(bits) }
        case ("i", 2): floats(bytes, count) { (bits: Int16) in Double(bits) }
        case ("i", 4): floats(bytes, count) { (bits: Int32) in Double(bits) }
        case ("i", _): floats(bytes, count) { (bits: Int64) in Double(bits) }
        case ("u", 1): floats(bytes, count) { (bits: UInt8) in Double(bits) }
        case ("u", 2): floats(bytes, count) { (bits: UInt16) in Double(bits) }
        case ("u", 4): floats(bytes, count) { (bits: UInt32) in Double(bits) }
        default: floats(bytes, count) { (bits: UInt64) in Double(bits) }
        }
    }

    private func floats<Bits: FixedWidthInteger>(
        _ bytes: UnsafeRawBufferPointer, _ count: Int, _ convert: (Bits) -> Double
    ) -> [Double] {
        [Double](unsafeUninitializedCapacity: count) { target, initialized in
            for index in 0..<count {
                let bits = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)
                let value = convert(isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
                (target.baseAddress! + index).initialize(to: value)
            }
            initialized = count
        }
    }
}
