import Foundation

extension FieldFile {
    /// Writes VTK's XML files of an unstructured grid, their numbers appended in base64: one file for a steady problem;
    /// else one for each moment, and first in the list of `files` a `.pvd` that names them with their times.
    ///
    /// The `.pvd` file is written last, so that it never names files that are not there.
    func writeVTU(to path: String, files: [String]) throws(ResultsError) {
        let grid = try VTKGrid(self, path: path, format: .vtu)
        let mesh = VTUMesh(grid)
        let fields = variables.map { (variable: $0, values: gridValues(of: $0)) }
        guard let times = grid.times else {
            return try atomicWrite(
                mesh.document(fields: fields.map { ($0.variable, $0.values[...]) }, time: nil), to: path)
        }
        let size = grid.pointCount
        for (step, time) in times.values.enumerated() {
            let moment = fields.map { ($0.variable, $0.values[step * size..<(step + 1) * size]) }
            try atomicWrite(mesh.document(fields: moment, time: time), to: files[step + 1])
        }
        var text = """
            <?xml version="1.0"?>
            <VTKFile type="Collection" version="0.1" byte_order="LittleEndian">
              <Collection>

            """
        for (time, file) in zip(times.values, files.dropFirst()) {
            let name = VTUMesh.escaped((file as NSString).lastPathComponent)
            text += "    <DataSet timestep=\"\(time)\" part=\"0\" file=\"\(name)\"/>\n"
        }
        text += "  </Collection>\n</VTKFile>\n"
        try atomicWrite(text, to: files[0])
    }
}

/// The part of VTU files that all moments share.
private struct VTUMesh {
    private let pointCount: Int
    private let cellCount: Int
    /// Points, corners, ends and kinds of cells, each as base64 with its length in front.
    private let blocks: [(opening: String, name: String, block: [UInt8])]

    init(_ grid: VTKGrid) {
        let (corners, perCell, kind) = grid.cells
        pointCount = grid.pointCount
        cellCount = corners.count / perCell
        let ends = (1...cellCount).map { Int64($0 * perCell).littleEndian }
        blocks = [
            (
                "type=\"Float64\" NumberOfComponents=\"3\"", "Points",
                Self.block(LittleEndian.bytes(grid.points, .double))
            ),
            ("type=\"Int64\"", "connectivity", Self.block(LittleEndian.bytes(corners.map { Int64($0).littleEndian }))),
            ("type=\"Int64\"", "offsets", Self.block(LittleEndian.bytes(ends))),
            ("type=\"UInt8\"", "types", Self.block([UInt8](repeating: kind, count: cellCount))),
        ]
    }

    /// A whole file.
    func document(fields: [(variable: FieldFile.Variable, values: ArraySlice<Double>)], time: Double?) -> [UInt8] {
        var appended: [UInt8] = []
        func array(_ opening: String, _ name: String, _ block: [UInt8]) -> String {
            defer { appended += block }
            return
                "<DataArray \(opening) Name=\"\(Self.escaped(name))\" format=\"appended\" offset=\"\(appended.count)\"/>"
        }
        let mesh = blocks.map { array($0.opening, $0.name, $0.block) }
        let data = fields.map { field in
            let type = field.variable.storage == .single ? "Float32" : "Float64"
            return array(
                "type=\"\(type)\"", field.variable.name,
                Self.block(LittleEndian.bytes(Array(field.values), field.variable.storage)))
        }
        let moment =
            time.map { time in
                let values = "<DataArray type=\"Float64\" Name=\"TimeValue\" NumberOfTuples=\"1\" format=\"ascii\">"
                return "\n    <FieldData>\n      \(values)\(time)</DataArray>\n    </FieldData>"
            } ?? ""
        let head = """
            <?xml version="1.0"?>
            <VTKFile type="UnstructuredGrid" version="1.0" byte_order="LittleEndian" header_type="UInt64">
              <UnstructuredGrid>\(moment)
                <Piece NumberOfPoints="\(pointCount)" NumberOfCells="\(cellCount)">
                  <Points>
                    \(mesh[0])
                  </Points>
                  <Cells>
                    \(mesh[1...].joined(separator: "\n        "))
                  </Cells>
                  <PointData>
                    \(data.joined(separator: "\n        "))
                  </PointData>
                </Piece>
              </UnstructuredGrid>
              <AppendedData encoding="base64">
                _
            """
        return Array(head.utf8) + appended + Array("\n  </AppendedData>\n</VTKFile>\n".utf8)
    }

    /// Bytes in base64, their number in front.
    private static func block(_ bytes: [UInt8]) -> [UInt8] {
        let length = withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { Array($0) }
        return Array(Data(length + bytes).base64EncodedData())
    }

    /// Text inside an attribute of XML.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }
}
