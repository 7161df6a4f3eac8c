extension FieldFile {
    /// Writes an NPZ archive: each axis and each field as an array of its own name, the axes in the order of the file.
    func writeArrays(to path: String) throws(ResultsError) {
        try atomicallyReplace(path) { (temporary) throws(ResultsError) in
            let file = try OutputFile(path: temporary, named: path, exclusive: true)
            let archive = ZipArchiveWriter(file, path: path)
            for axis in axes {
                try archive.add(axis.name + ".npy", NumPyArray.parts(axis.values, shape: [axis.values.count], .double))
            }
            for variable in variables {
                let shape = axes(of: variable).map(\.values.count)
                try archive.add(
                    variable.name + ".npy", NumPyArray.parts(variable.values, shape: shape, variable.storage))
            }
            try archive.finish()
            try file.synchronize()
        }
    }
}

/// Arrays in NumPy's own format.
enum NumPyArray {
    /// Header and numbers of an array, the last axis running fastest.
    static func parts(_ values: [Double], shape: [Int], _ storage: FieldFile.Storage) -> [[UInt8]] {
        let type = storage == .single ? "<f4" : "<f8"
        let lengths = shape.map { "\($0)," }.joined(separator: " ")
        var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(lengths)), }"
        // Magic number, version and length take ten bytes; the numbers begin at a multiple of 64.
        let length = (10 + text.utf8.count + 1 + 63) / 64 * 64 - 10
        text += String(repeating: " ", count: length - text.utf8.count - 1) + "\n"
        let start: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
        return [start + text.utf8, LittleEndian.bytes(values, storage)]
    }
}

/// Numbers as bytes, the least significant first.
enum LittleEndian {
    /// The bytes of real numbers in the width given.
    static func bytes(_ values: [Double], _ storage: FieldFile.Storage) -> [UInt8] {
        switch storage {
        case .double: bytes(values.map(\.bitPattern.littleEndian))
        case .single: bytes(values.map { Float($0).bitPattern.littleEndian })
        }
    }

    /// The bytes of whole numbers that are little-endian already.
    static func bytes<Number: FixedWidthInteger>(_ values: [Number]) -> [UInt8] {
        values.withUnsafeBytes { Array($0) }
    }
}
