import CZlib

/// Writes a zip archive of uncompressed files, one after another.
///
/// Without compression programs can map the arrays of an NPZ file into memory; that is what NumPy itself writes.
final class ZipArchiveWriter {
    private struct Entry {
        var name: [UInt8]
        var checksum: UInt32
        var size: UInt32
        var offset: UInt32
    }

    private let file: OutputFile
    private let path: String
    private var entries: [Entry] = []
    private var length = 0

    /// Starts an archive in a file that is open for writing; `path` is the name that errors give.
    init(_ file: OutputFile, path: String) {
        self.file = file
        self.path = path
    }

    /// Adds a file.
    func add(_ name: String, _ parts: [[UInt8]]) throws(ResultsError) {
        let size = parts.reduce(0) { $0 + $1.count }
        guard let offset = UInt32(exactly: length), let size = UInt32(exactly: size), entries.count < 65_535 else {
            throw ResultsError(
                .inconsistent, path: path, "would be larger than the 4 GB of a zip archive; export as vtkhdf instead")
        }
        var checksum: uLong = 0
        for part in parts {
            checksum = part.withUnsafeBytes { bytes in
                crc32_z(checksum, bytes.bindMemory(to: Bytef.self).baseAddress, bytes.count)
            }
        }
        let entry = Entry(name: Array(name.utf8), checksum: UInt32(checksum), size: size, offset: offset)
        var header = little(UInt32(0x0403_4B50))
        header += description(of: entry)
        header += entry.name
        try write(header)
        for part in parts { try write(part) }
        entries.append(entry)
    }

    /// Writes the directory that ends the archive.
    func finish() throws(ResultsError) {
        let start = length
        for entry in entries {
            var record = little(UInt32(0x0201_4B50)) + little(UInt16(20))
            record += description(of: entry)
            // No comment, first disk, no attributes.
            record += [UInt8](repeating: 0, count: 10)
            record += little(entry.offset) + entry.name
            try write(record)
        }
        guard let offset = UInt32(exactly: start), let size = UInt32(exactly: length - start) else {
            throw ResultsError(
                .inconsistent, path: path, "would be larger than the 4 GB of a zip archive; export as vtkhdf instead")
        }
        let count = little(UInt16(entries.count))
        try write(little(UInt32(0x0605_4B50)) + [0, 0, 0, 0] + count + count + little(size) + little(offset) + [0, 0])
    }

    /// What the header of a file and its record in the directory have in common. Names are UTF-8 (bit 11); files are from
    /// the first of January 1980, so that the same fields give the same bytes.
    private func description(of entry: Entry) -> [UInt8] {
        var bytes = little(UInt16(20)) + little(UInt16(1 << 11)) + little(UInt16(0)) + little(UInt16(0))
        bytes += little(UInt16(1 << 5 | 1)) + little(entry.checksum) + little(entry.size) + little(entry.size)
        return bytes + little(UInt16(entry.name.count)) + little(UInt16(0))
    }

    private func write(_ bytes: [UInt8]) throws(ResultsError) {
        try file.write(bytes)
        length += bytes.count
    }

    private func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}
