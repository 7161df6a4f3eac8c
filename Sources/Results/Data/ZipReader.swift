import CZlib
import Foundation

/// The entries of a zip archive, such as NumPy's `.npz`; packed or stored, also beyond 4 GB.
struct ZipReader {
    /// A file in the archive.
    struct Entry {
        var name: String
        /// 0 stored, 8 deflated.
        var method: Int
        var isEncrypted: Bool
        var packedSize: Int
        var size: Int
        var checksum: UInt32
        /// Where its own header begins.
        var offset: Int
    }

    let path: String
    private(set) var entries: [Entry] = []
    private let handle: FileHandle
    private let length: Int

    /// Reads the list of entries.
    init(_ path: String) throws(ResultsError) {
        self.path = path
        guard let handle = FileHandle(forReadingAtPath: path), let end = try? handle.seekToEnd() else {
            throw ResultsError.cannotRead(path)
        }
        self.handle = handle
        length = Int(end)
        try readDirectory()
    }

    /// The entries that are arrays of NumPy, under their names without `.npy`.
    var arrays: [(name: String, entry: Entry)] {
        get throws(ResultsError) {
            let found = entries.filter { $0.name.hasSuffix(".npy") }.map { (String($0.name.dropLast(4)), $0) }
            guard !found.isEmpty || entries.isEmpty else {
                throw ResultsError(
                    .unreadable, path: path, "is a zip file without arrays of NumPy (no entry ends in .npy)")
            }
            return found
        }
    }

    /// The unpacked bytes of an entry, its checksum verified.
    func contents(of entry: Entry) throws(ResultsError) -> [UInt8] {
        let header = Fields(try bytes(at: entry.offset, count: 30))
        guard header.number(0, 4) == 0x0403_4b50 else { throw damaged }
        if entry.isEncrypted { throw ResultsError(.unreadable, path: path, "'\(entry.name)' is encrypted") }
        let start = entry.offset + 30 + header.number(26, 2) + header.number(28, 2)
        // Deflate packs a thousandfold at best: a size beyond that is a wrong one, not to be allocated.
        guard entry.size <= 1_100 * entry.packedSize + 1_024 else { throw damaged }
        let packed = try bytes(at: start, count: entry.packedSize)
        let unpacked: [UInt8]
        switch entry.method {
        case 0: unpacked = packed
        case 8: unpacked = try inflated(packed, size: entry.size)
        default:
            throw ResultsError(
                .unreadable, path: path,
                "'\(entry.name)' is packed by a method other than deflate; numpy.savez_compressed writes what can be read"
            )
        }
        guard unpacked.count == entry.size, Self.checksum(unpacked) == entry.checksum else {
            throw ResultsError(.unreadable, path: path, "'\(entry.name)' is damaged: its checksum does not agree")
        }
        return unpacked
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32_z(0, bytes, bytes.count))
    }

    private func inflated(_ packed: [UInt8], size: Int) throws(ResultsError) -> [UInt8] {
        var stream = z_stream()
        guard czlib_inflate_start(&stream) == Z_OK else { throw damaged }
        defer { inflateEnd(&stream) }
        var isComplete = false
        var source = packed
        let result = [UInt8](unsafeUninitializedCapacity: max(1, size)) { target, initialized in
            source.withUnsafeMutableBufferPointer { input in
                var read = 0
                var status = Z_OK
                // zlib counts in 32 bits.
                repeat {
                    let give = min(input.count - read, 1 << 30), take = min(size - initialized, 1 << 30)
                    stream.next_in = input.baseAddress.map { $0 + read }
                    stream.avail_in = UInt32(give)
                    stream.next_out = target.baseAddress.map { $0 + initialized }
                    stream.avail_out = UInt32(take)
                    status = inflate(&stream, Z_NO_FLUSH)
                    let moved = (give - Int(stream.avail_in), take - Int(stream.avail_out))
                    read += moved.0
                    initialized += moved.1
                    if moved == (0, 0) { break }
                } while status == Z_OK
                isComplete = status == Z_STREAM_END && initialized == size
            }
        }
        guard isComplete else { throw damaged }
        return result
    }

    // MARK: Directory

    private mutating func readDirectory() throws(ResultsError) {
        // The end record is followed by a comment of up to 65,535 bytes.
        let tailStart = max(0, length - 65_557)
        let tail = Fields(try bytes(at: tailStart, count: length - tailStart))
        guard
            let end = stride(from: tail.bytes.count - 22, through: 0, by: -1).first(where: {
                tail.number($0, 4) == 0x0605_4b50
            })
        else { throw damaged }
        var (count, size, start) = (tail.number(end + 10, 2), tail.number(end + 12, 4), tail.number(end + 16, 4))
        if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF, end >= 20,
            tail.number(end - 20, 4) == 0x0706_4b50
        {
            let record = Fields(try bytes(at: tail.number(end - 12, 8), count: 56))
            guard record.number(0, 4) == 0x0606_4b50 else { throw damaged }
            (count, size, start) = (record.number(32, 8), record.number(40, 8), record.number(48, 8))
        }
        let directory = Fields(try bytes(at: start, count: size))
        var place = 0
        for _ in 0..<count {
            guard directory.has(place, 46), directory.number(place, 4) == 0x0201_4b50 else { throw damaged }
            let nameLength = directory.number(place + 28, 2), extraLength = directory.number(place + 30, 2)
            let commentLength = directory.number(place + 32, 2)
            guard directory.has(place, 46 + nameLength + extraLength + commentLength) else { throw damaged }
            let name = directory.bytes[place + 46..<place + 46 + nameLength]
            var entry = Entry(
                name: String(decoding: name, as: UTF8.self), method: directory.number(place + 10, 2),
                isEncrypted: directory.number(place + 8, 2) & 1 != 0, packedSize: directory.number(place + 20, 4),
                size: directory.number(place + 24, 4), checksum: UInt32(directory.number(place + 16, 4)),
                offset: directory.number(place + 42, 4))
            let extra = place + 46 + nameLength
            entry.widen(by: directory, extra..<extra + extraLength)
            entries.append(entry)
            place += 46 + nameLength + extraLength + commentLength
        }
    }

    private func bytes(at offset: Int, count: Int) throws(ResultsError) -> [UInt8] {
        guard offset >= 0, count >= 0, count <= length, offset <= length - count else { throw damaged }
        guard (try? handle.seek(toOffset: UInt64(offset))) != nil,
            let data = try? handle.read(upToCount: count) ?? Data(), data.count == count
        else { throw damaged }
        return [UInt8](data)
    }

    private var damaged: ResultsError {
        ResultsError(.unreadable, path: path, "is a damaged or truncated zip file")
    }

    /// Little-endian numbers at places in a list of bytes.
    fileprivate struct Fields {
        var bytes: [UInt8]

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        func has(_ place: Int, _ count: Int) -> Bool { place >= 0 && count <= bytes.count - place }

        /// 0 beyond the end; sizes above Int.max, which no file has, become Int.max.
        func number(_ place: Int, _ width: Int) -> Int {
            guard has(place, width) else { return 0 }
            let value = (0..<width).reduce(UInt64(0)) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
            return Int(clamping: value)
        }
    }
}

extension ZipReader.Entry {
    /// Takes sizes that need 64 bits from the extra fields.
    fileprivate mutating func widen(by directory: ZipReader.Fields, _ extra: Range<Int>) {
        var place = extra.lowerBound
        while place + 4 <= extra.upperBound {
            let (kind, size) = (directory.number(place, 2), directory.number(place + 2, 2))
            place += 4
            if kind == 1 {
                // Only the fields that are full are there, in this order.
                var field = place
                for path in [\Self.size, \Self.packedSize, \Self.offset] where self[keyPath: path] == 0xFFFF_FFFF {
                    self[keyPath: path] = directory.number(field, 8)
                    field += 8
                }
            }
            place += size
        }
    }
}
