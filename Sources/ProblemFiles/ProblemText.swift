import Glibc

/// Brings the text of a problem file into memory, refusing what cannot be one.
enum ProblemText {
    /// The largest file that is read, in bytes. Data belong in files of their own.
    static let largestSize = 4 << 20

    /// Reads a file; what is refused is named with its path.
    static func load(_ path: String) throws(ProblemErrors) -> String {
        let bytes: [UInt8]
        do {
            bytes = try contents(path)
        } catch {
            throw ProblemErrors([Diagnostic(.error, error.message, hint: error.hint, file: path)])
        }
        return try decode(bytes, path: path)
    }

    /// Checks that bytes are UTF-8 text of an acceptable size that says something; drops a byte order mark.
    static func decode(_ bytes: [UInt8], path: String) throws(ProblemErrors) -> String {
        func refusal(
            _ message: String, hint: String? = nil, line: Int = 1, column: Int = 1
        ) -> ProblemErrors {
            ProblemErrors([Diagnostic(.error, message, hint: hint, file: path, line: line, column: column)])
        }
        guard bytes.count <= largestSize else {
            throw refusal(tooLarge, hint: "data belong in files of their own, which the problem file names")
        }
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        if let offset = firstInvalid(bytes) {
            let line = bytes[..<offset].count { $0 == UInt8(ascii: "\n") } + 1
            let lineStart = bytes[..<offset].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? start
            let column =
                String(decoding: bytes[min(lineStart, offset)..<offset], as: UTF8.self).unicodeScalars.count + 1
            let byte = "0x" + String(bytes[offset], radix: 16, uppercase: true)
            throw refusal(
                "not UTF-8 text: byte \(byte) at offset \(offset)", hint: "save the file as UTF-8", line: line,
                column: column)
        }
        let text = String(decoding: bytes[start...], as: UTF8.self)
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw refusal(
                "the file is empty", hint: "a problem file begins with: format = 1")
        }
        return text
    }

    private static let tooLarge = "the file is larger than \(largestSize >> 20) MB, which no problem file is"

    private struct Refusal: Error {
        var message: String
        var hint: String?
    }

    private static func contents(_ path: String) throws(Refusal) -> [UInt8] {
        guard !path.utf8.contains(0) else { throw Refusal(message: "no such file") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else {
            let reason = errno == ENOENT ? "no such file" : "cannot be opened: \(String(cString: strerror(errno)))"
            throw Refusal(message: reason)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw Refusal(message: "cannot be read: \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw Refusal(message: "this is a directory, not a problem file")
        }
        if status.st_mode & S_IFMT == S_IFREG, status.st_size > largestSize {
            throw Refusal(message: tooLarge, hint: "data belong in files of their own, which the problem file names")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= largestSize {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw Refusal(message: "cannot be read: \(String(cString: strerror(errno)))")
            }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return bytes
    }

    /// The offset of the first byte that does not belong to well-formed UTF-8.
    private static func firstInvalid(_ bytes: [UInt8]) -> Int? {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): offset += UTF8.width(scalar)
            case .emptyInput: return nil
            case .error: return min(offset, bytes.count - 1)
            }
        }
    }
}
