import CZlib

/// Files that gzip packed.
enum GzipReader {
    /// Whether bytes begin as such a file does.
    static func isPacked(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

    /// The unpacked bytes, the checksum verified; several packed files in a row give one.
    static func unpacked(_ packed: [UInt8], path: String) throws(ResultsError) -> [UInt8] {
        let damaged = ResultsError(.unreadable, path: path, "is a damaged or truncated gzip file")
        var source = packed
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        var read = 0
        var isDamaged = false
        while read < source.count, !isDamaged {
            // Padding with zeros after the end is common, and no part of the file.
            if read > 0, source[read...].allSatisfy({ $0 == 0 }) { break }
            var stream = z_stream()
            guard czlib_gunzip_start(&stream) == Z_OK else { throw damaged }
            defer { inflateEnd(&stream) }
            var status = Z_OK
            repeat {
                // zlib counts in 32 bits.
                let give = min(source.count - read, 1 << 30)
                let moved: (input: Int, output: Int) = source.withUnsafeMutableBufferPointer { input in
                    chunk.withUnsafeMutableBufferPointer { output in
                        stream.next_in = input.baseAddress.map { $0 + read }
                        stream.avail_in = UInt32(give)
                        stream.next_out = output.baseAddress
                        stream.avail_out = UInt32(output.count)
                        status = inflate(&stream, Z_NO_FLUSH)
                        return (give - Int(stream.avail_in), output.count - Int(stream.avail_out))
                    }
                }
                read += moved.input
                result += chunk[0..<moved.output]
                if moved == (0, 0) { break }
            } while status == Z_OK
            isDamaged = status != Z_STREAM_END
        }
        guard !isDamaged else { throw damaged }
        return result
    }
}
