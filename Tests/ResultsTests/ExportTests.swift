import CHDF5
import Foundation
import Results
import Testing

/// Exports: every format holds the same numbers as the fields, in the layout that its readers expect.
@Suite struct ExportTests {
    private static func values(_ count: Int) -> [Double] { (0..<count).map { sin(Double($0)) / 3 } }

    private static let time = FieldFile.Axis("t", [0, 0.25, 1], isTime: true)
    private static let y = FieldFile.Axis("y", [-1, 0, 1])
    private static let x = FieldFile.Axis("x", [0, 0.5, 1, 1.5])
    private static let uneven = FieldFile.Axis("y", [0, 0.1, 1])

    /// Two axes in space and time, a field without time, a hole, and 32-bit numbers.
    private static func series(_ y: FieldFile.Axis = y) -> FieldFile {
        var u = values(36)
        u[5] = .nan
        return FieldFile(
            axes: [time, y, x],
            variables: [.init("u", u), .init("kappa", values(12).map { $0 + 1 }, axes: ["y", "x"], storage: .single)],
            attributes: [.init("seed", 7), .init("problem_text", String(repeating: "k = '∂'\n", count: 9_000))])
    }

    // MARK: Tables

    @Test func tablesHaveARowPerPointAndCoordinatesInTheOrderOfTheProblem() throws {
        let folder = try TemporaryFolder()
        let file = Self.series()
        for (format, separator, head) in [
            (ExportFormat.csv, Character(","), "x,y,t,u,kappa"), (.dat, " ", "# x, y, t, u, kappa"),
        ] {
            try file.export(to: folder.file("a"), as: format, overwrite: true)
            let lines = try folder.text("a").split(separator: "\n")
            #expect(lines.count == 37 && lines[0] == head)
            for (index, line) in lines.dropFirst().enumerated() {
                let numbers = try line.split(separator: separator).map { try #require(Double($0)) }
                let (column, row, moment) = (index % 4, index / 4 % 3, index / 12)
                #expect(numbers[0] == Self.x.values[column] && numbers[1] == Self.y.values[row])
                #expect(numbers[2] == Self.time.values[moment])
                let u = file.variables[0].values[index]
                #expect(numbers[3] == u || numbers[3].isNaN && u.isNaN)
                // Written with the digits of 32 bits.
                #expect(Float(numbers[4]) == Float(file.variables[1].values[index % 12]))
            }
            #expect(lines[6].contains("nan"))
        }
    }

    // MARK: Arrays

    @Test func archivesHoldEveryArrayWithItsChecksum() throws {
        let folder = try TemporaryFolder()
        let file = Self.series()
        try file.export(to: folder.file("a.npz"), as: .npz)
        let bytes = [UInt8](try #require(FileManager.default.contents(atPath: folder.file("a.npz"))))
        func number(_ offset: Int, _ count: Int) -> Int {
            (0..<count).reversed().reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
        }
        let end = bytes.count - 22
        #expect(number(end, 4) == 0x0605_4B50 && number(end + 10, 2) == 5)
        var entry = number(end + 16, 4)
        #expect(entry + number(end + 12, 4) == end)
        var arrays: [String: (header: String, data: [UInt8])] = [:]
        for _ in 0..<5 {
            #expect(number(entry, 4) == 0x0201_4B50)
            let (size, length) = (number(entry + 20, 4), number(entry + 28, 2))
            let name = String(decoding: bytes[entry + 46..<entry + 46 + length], as: UTF8.self)
            let local = number(entry + 42, 4)
            #expect(number(local, 4) == 0x0403_4B50)
            #expect(bytes[local + 4..<local + 30] == bytes[entry + 6..<entry + 32], "headers agree")
            let data = Array(bytes[(local + 30 + length)..<(local + 30 + length + size)])
            #expect(checksum(data) == UInt32(number(entry + 16, 4)))
            let head = 10 + Int(data[8]) + Int(data[9]) << 8
            #expect(data.starts(with: [0x93] + "NUMPY".utf8) && head % 64 == 0)
            arrays[name] = (String(decoding: data[10..<head], as: UTF8.self), Array(data[head...]))
            entry += 46 + length
        }
        let u = try #require(arrays["u.npy"])
        #expect(u.header.hasPrefix("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 3, 4,), }"))
        let numbers = u.data.withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) }
        #expect(numbers == file.variables[0].values.map(\.bitPattern))
        let kappa = try #require(arrays["kappa.npy"])
        #expect(kappa.header.contains("'<f4'") && kappa.header.contains("(3, 4,)") && kappa.data.count == 48)
        #expect(Set(arrays.keys) == ["t.npy", "y.npy", "x.npy", "u.npy", "kappa.npy"])
    }

    /// The check sum of zip archives, bit by bit.
    private func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
    }

    // MARK: VTK

    @Test func evenGridsBecomeImagesWithOneMoreDimensionForTime() throws {
        let folder = try TemporaryFolder()
        let file = Self.series()
        try file.export(to: folder.file("a.vtkhdf"), as: .vtkhdf)
        let names = try DataFile(folder.file("a.vtkhdf")).names()
        #expect(
            Set(names) == [
                "VTKHDF/PointData/u", "VTKHDF/PointData/kappa", "VTKHDF/Steps/Values",
                "VTKHDF/Steps/PointDataOffsets/u", "VTKHDF/Steps/PointDataOffsets/kappa", "provenance/problem_text",
            ])
        #expect(try numbers("VTKHDF/PointData/u", folder).shape == [3, 3, 4])
        let kappa = try numbers("VTKHDF/PointData/kappa", folder).values
        let single = file.variables[1].values.map { Double(Float($0)) }
        #expect(kappa == single + single + single)
        #expect(try numbers("VTKHDF/Steps/Values", folder).values == Self.time.values)
        #expect(try numbers("VTKHDF/Steps/PointDataOffsets/u", folder).values == [0, 1, 2])
    }

    @Test func unevenGridsBecomeCells() throws {
        let folder = try TemporaryFolder()
        try Self.series(Self.uneven).export(to: folder.file("a.vtkhdf"), as: .vtkhdf)
        #expect(try numbers("VTKHDF/PointData/u", folder).shape == [36])
        #expect(try numbers("VTKHDF/Steps/PointDataOffsets/u", folder).values == [0, 12, 24])
        let points = try numbers("VTKHDF/Points", folder).values
        #expect(points.count == 36 && points[4 * 3 + 1] == 0.1)
        let corners = try numbers("VTKHDF/Connectivity", folder).values
        #expect(Array(corners.prefix(8)) == [0, 1, 5, 4, 1, 2, 6, 5])
        #expect(try numbers("VTKHDF/Types", folder).values == [Double](repeating: 9, count: 6))
        #expect(try numbers("VTKHDF/Offsets", folder).values == (0...6).map { 4 * Double($0) })
    }

    private func numbers(_ name: String, _ folder: TemporaryFolder) throws -> (shape: [Int], values: [Double]) {
        let file = H5Fopen(folder.file("a.vtkhdf"), chdf5_read_only(), 0)
        let dataset = H5Dopen2(file, name, 0)
        try #require(dataset >= 0)
        let space = H5Dget_space(dataset)
        var lengths = [hsize_t](repeating: 0, count: Int(H5Sget_simple_extent_ndims(space)))
        H5Sget_simple_extent_dims(space, &lengths, nil)
        var values = [Double](repeating: 0, count: Int(lengths.reduce(1, *)))
        #expect(H5Dread(dataset, chdf5_native_double(), 0, 0, 0, &values) >= 0)
        H5Sclose(space)
        H5Dclose(dataset)
        H5Fclose(file)
        return (lengths.map { Int($0) }, values)
    }

    @Test func aSeriesOfGridsIsListedWithItsTimes() throws {
        let folder = try TemporaryFolder()
        let file = Self.series()
        let files = try file.export(to: folder.file("a.pvd"), as: .vtu)
        #expect(files.map { ($0 as NSString).lastPathComponent } == ["a.pvd"] + (0..<3).map { "a-000\($0).vtu" })
        #expect(try folder.names == files.map { ($0 as NSString).lastPathComponent }.sorted())
        let list = try folder.text("a.pvd")
        #expect(list.contains("timestep=\"0.25\" part=\"0\" file=\"a-0001.vtu\""))
        let moment = try folder.text("a-0001.vtu")
        #expect(moment.contains("NumberOfPoints=\"12\" NumberOfCells=\"6\""))
        #expect(moment.contains("type=\"Float32\" Name=\"kappa\""))
        // The numbers of u: their length, then the values of the second moment.
        let offset = try #require(
            Int(moment.split(separator: "Name=\"u\" format=\"appended\" offset=\"")[1].prefix { $0 != "\"" }))
        let appended = try #require(moment.split(separator: "base64\">\n    _").last).prefix { $0 != "\n" }
        let start = appended.index(appended.startIndex, offsetBy: offset)
        // 8 + 96 bytes are 140 characters with their padding.
        let data = try #require(Data(base64Encoded: String(appended[start...].prefix(140))))
        let words = [UInt8](data).withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) }
        #expect(words == [96] + file.variables[0].values[12..<24].map(\.bitPattern))
    }

    // MARK: Refusals

    @Test(arguments: ExportFormat.allCases) func filesThatExistAreKept(_ format: ExportFormat) throws {
        let folder = try TemporaryFolder()
        let path = folder.file(format == .vtu ? "a.pvd" : "a." + format.rawValue)
        // For a series any of its files is in the way.
        let present = format == .vtu ? folder.file("a-0002.vtu") : path
        try atomicWrite("mine", to: present)
        let error = try #require(throws: ResultsError.self) { try Self.series().export(to: path, as: format) }
        #expect(error.kind == .alreadyThere && error.path == present && error.message.contains("--overwrite"))
        #expect(try folder.names.count == 1)
        try Self.series().export(to: path, as: format, overwrite: true)
        #expect(FileManager.default.contents(atPath: present) != Data("mine".utf8))
    }

    @Test func gridsThatVTKDoesNotKnowAreRefused() throws {
        let folder = try TemporaryFolder()
        let axes = ["d", "c", "b", "a"].map { FieldFile.Axis($0, [0, 1]) }
        let wide = FieldFile(axes: axes, variables: [.init("u", Self.values(16))])
        let moments = FieldFile(axes: [Self.time], variables: [.init("u", Self.values(3))])
        for format in [ExportFormat.vtu, .vtkhdf] {
            for (file, words) in [(wide, "4 axes in space (a, b, c, d)"), (moments, "no axis in space")] {
                let error = try #require(throws: ResultsError.self) {
                    try file.export(to: folder.file("a"), as: format)
                }
                #expect(error.kind == .wrongShape && error.message.contains(words), "\(error)")
            }
        }
        for format in [ExportFormat.csv, .npz, .dat] {
            for file in [wide, moments] { try file.export(to: folder.file("a"), as: format, overwrite: true) }
        }
    }
}
