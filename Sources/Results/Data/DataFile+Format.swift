import Foundation

extension DataFile {
    private static let hdf5Signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Reads the kind of a file off its first bytes.
    static func format(of path: String) throws(ResultsError) -> Format {
        let start = try firstBytes(of: path, count: 8_192 + 8)
        func begins(_ text: String) -> Bool { start.starts(with: text.utf8) }
        // HDF5 allows a block of the user's own before its signature; MATLAB puts 512 bytes there.
        for offset in [0, 512, 1024, 2048, 4096, 8192] where start.dropFirst(offset).starts(with: hdf5Signature) {
            return .hdf5
        }
        if start.starts(with: [0x93] + "NUMPY".utf8) { return .npy }
        if begins("PK\u{3}\u{4}") || begins("PK\u{5}\u{6}") { return .npz }
        if let sentence = complaint(start) { throw ResultsError(.unreadable, path: path, sentence) }
        return .csv
    }

    /// Up to `count` bytes from the start of a file.
    static func firstBytes(of path: String, count: Int) throws(ResultsError) -> [UInt8] {
        // At its end, which is also the start of an empty file, reading gives no data rather than an error.
        guard let handle = FileHandle(forReadingAtPath: path),
            let data = try? handle.read(upToCount: count) ?? Data()
        else { throw ResultsError.cannotRead(path) }
        return [UInt8](data)
    }

    /// What to say about a file of another kind; nil for what may be text.
    private static func complaint(_ start: [UInt8]) -> String? {
        func begins(_ bytes: [UInt8]) -> Bool { start.starts(with: bytes) }
        if start.isEmpty { return "is empty" }
        if let known = formerFormat(start) { return known }
        if begins([0x1F, 0x8B]) { return "is packed by gzip; unpack it with gunzip" }
        if begins([0x28, 0xB5, 0x2F, 0xFD]) { return "is packed by zstd; unpack it with unzstd" }
        if begins([0x89, 0x48, 0x44, 0x46]) { return "is a damaged HDF5 file" }
        if begins([0xFF, 0xFE]) || begins([0xFE, 0xFF]) { return "is a text in UTF-16; save it as UTF-8" }
        guard start.contains(0) else { return nil }
        return "is none of the kinds of file that can be read: CSV, NPY, NPZ, HDF5, netCDF-4, MATLAB 7.3"
    }

    /// What to say about formats that have a successor which can be read.
    static func formerFormat(_ start: [UInt8]) -> String? {
        if start.starts(with: "MATLAB 5.0".utf8) {
            return "is a MATLAB file older than version 7.3; save it again in MATLAB with save(..., '-v7.3')"
        }
        if start.starts(with: "CDF".utf8), let version = start.dropFirst(3).first, version < 8 {
            return "is a classic netCDF file; convert it with nccopy -k netCDF-4"
        }
        return nil
    }
}
