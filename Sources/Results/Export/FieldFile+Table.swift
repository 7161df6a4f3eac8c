extension FieldFile {
    /// Writes a text table: one row per grid point, the coordinates first, in the order of the problem (x, y, …, time), then
    /// the fields. Numbers are the shortest that read back the same; a missing value is `nan`, which numpy, pandas and R
    /// read as such.
    ///
    /// With commas the first line is the header. With blanks it is a comment, `# x, t, u`.
    func writeTable(to path: String, separator: UInt8) throws(ResultsError) {
        try atomicallyReplace(path) { (temporary) throws(ResultsError) in
            let file = try OutputFile(path: temporary, named: path, exclusive: true)
            let names = axes.reversed().map(\.name) + variables.map(\.name)
            let isCSV = separator == UInt8(ascii: ",")
            var block = Array((isCSV ? CSV.line(names) : "# " + names.joined(separator: ", ") + "\n").utf8)

            // Coordinates as text, so that each is written out once.
            let coordinates = axes.map { axis in axis.values.map { Array("\($0)".utf8) } }
            let strides = variables.map { self.strides(of: $0) }
            var place = [Int](repeating: 0, count: axes.count)
            for _ in 0..<pointCount {
                for axis in axes.indices.reversed() {
                    block += coordinates[axis][place[axis]]
                    block.append(separator)
                }
                for (index, variable) in variables.enumerated() {
                    if index > 0 { block.append(separator) }
                    let offset = zip(place, strides[index]).reduce(0) { $0 + $1.0 * $1.1 }
                    FieldFile.append(variable.values[offset], as: variable.storage, to: &block)
                }
                block.append(UInt8(ascii: "\n"))
                if block.count > 1 << 20 {
                    try file.write(block)
                    block.removeAll(keepingCapacity: true)
                }
                FieldFile.advance(&place, axes)
            }
            try file.write(block)
            try file.synchronize()
        }
    }

    /// The shortest text that reads back the same number in its own width.
    private static func append(_ value: Double, as storage: Storage, to bytes: inout [UInt8]) {
        switch storage {
        case .double: bytes += "\(value)".utf8
        case .single: bytes += "\(Float(value))".utf8
        }
    }

    /// The next point, the last axis running fastest.
    private static func advance(_ place: inout [Int], _ axes: [Axis]) {
        for axis in axes.indices.reversed() {
            place[axis] += 1
            if place[axis] < axes[axis].values.count { return }
            place[axis] = 0
        }
    }
}
