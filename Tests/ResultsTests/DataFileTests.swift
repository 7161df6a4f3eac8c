import CZlib
import Foundation
import Results
import Testing

/// Tables and arrays as other programs write them.
@Suite struct DataFileTests {
    private static func columns(_ text: String, _ names: [String]) throws -> [[Double]] {
        let folder = try TemporaryFolder()
        try atomicWrite(text, to: folder.file("table.csv"))
        return try DataFile(folder.file("table.csv")).arrays(names).map(\.values)
    }

    @Test func tablesAreReadByNameInAnyOrder() throws {
        let text = "\u{FEFF}# made by hand\r\nx, \"flow \"\"rate\"\"\",u\r\n1,2,3\r\n\r\n# note\r\n-4e2,+.5,\" 6.\"\r\n"
        #expect(try Self.columns(text, ["u", "x", "flow \"rate\""]) == [[3, 6], [1, -400], [2, 0.5]])
        #expect(try Self.columns("x\n1\n2", ["x"]) == [[1, 2]])
        #expect(try Self.columns("x,y\n", ["y"]) == [[]])
        #expect(try Self.columns("a,text\n1,\"two\nlines, a comma\"\n2,b\n", ["a"]) == [[1, 2]])
        #expect(try Self.columns("x\ninf\n-inf\n", ["x"]) == [[.infinity, -.infinity]])
    }

    @Test func numbersAreRoundedCorrectly() throws {
        var texts = [
            "0.1", "1e22", "1e23", "9007199254740993", "123456789012345678901234567890", "5e-324",
            "1.7976931348623157e308",
        ]
        texts += [
            "2.2250738585072011e-308", "1.000000000000000000", "9.999999999999999999e-01", "0.000000000000000000e+00",
        ]
        var state: UInt64 = 1
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let value = Double(bitPattern: state)
            texts.append(value.isFinite ? "\(value)" : "1")
            let unit = Double(state >> 11) * 0x1p-53 * 200 - 100
            texts += [String(format: "%.18e", unit), String(format: "%.16f", unit), String(format: "%.6f", unit)]
        }
        let values = try Self.columns("x\n" + texts.joined(separator: "\n"), ["x"])[0]
        #expect(values.count == texts.count)
        for (text, value) in zip(texts, values) { #expect(value == Double(text), "\(text)") }
    }

    private static let brokenTables: [(text: String, kind: ResultsError.Kind, words: String)] = [
        ("x,u\n1,2\n3,abc\n", .unreadable, "line 3, column 2 ('u'): 'abc' is not a number"),
        ("x,u\n# c\n1,2\n3,\n", .unreadable, "line 4, column 2 ('u'): the cell is empty"),
        ("x,u\n1,2,3\n", .wrongShape, "line 2 has 3 cells, the header has 2"),
        ("x,u\n1,2\n3\n", .wrongShape, "line 3 has 1 cell, the header has 2"),
        ("x,v\n1,2\n", .missingDataset, "has no column 'u'; it holds x, v"),
        ("x,u,x\n1,2,3\n", .unreadable, "has two columns called 'x'"),
        ("x;u\n1;2\n", .unreadable, "separates columns by semicolons"),
        ("x\tu\n1\t2\n", .unreadable, "separates columns by tabs"),
        ("1,2\n3,4\n", .unreadable, "line 1 holds numbers, where the names of the columns are needed"),
        ("# x,u\n1,2\n", .unreadable, "or remove the '#' before 'x,u'"),
        ("x,u\n1,\"2\n3,4\n", .unreadable, "line 2: a quote is never closed"),
        ("x,u\n1,\"2\"3\n", .unreadable, "line 2, column 2: text follows a closing quote"),
        ("x,u\n1,2e\n", .unreadable, "'2e' is not a number"),
        ("x,u\n1,0x10\n", .unreadable, "'0x10' is not a number"),
        ("x,u\n1,1.2.3\n", .unreadable, "'1.2.3' is not a number"),
        ("# nothing\n", .unreadable, "is empty"),
        ("", .unreadable, "is empty"),
    ]

    @Test(arguments: brokenTables.indices) func brokenTablesAreErrors(_ index: Int) throws {
        let (text, kind, words) = Self.brokenTables[index]
        let error = try #require(throws: ResultsError.self) { try Self.columns(text, ["x", "u"]) }
        #expect(error.kind == kind)
        #expect(error.message.contains(words), "\(error)")
    }

    @Test func tablesLongerThanTheBufferAreRead() throws {
        let count = 200_000
        let text = "x,y\n" + (0..<count).map { "\($0),\"\(Double($0) / 7)\"\n" }.joined()
        let columns = try Self.columns(text, ["y", "x"])
        #expect(columns[1] == (0..<count).map(Double.init))
        #expect(columns[0] == (0..<count).map { Double($0) / 7 })
    }

    // MARK: NumPy

    private static func array(
        _ type: String, shape: String, isColumnMajor: Bool = false, version: UInt8 = 1, _ data: [UInt8]
    ) -> [UInt8] {
        var header = Array(
            "{'descr': \(type), 'fortran_order': \(isColumnMajor ? "True" : "False"), 'shape': \(shape), }".utf8)
        header += [UInt8](repeating: 0x20, count: 63 - header.count % 64) + [0x0A]
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
        bytes += [UInt8(header.count & 0xFF), UInt8(header.count >> 8)] + (version == 1 ? [] : [0, 0])
        return bytes + header + data
    }

    private static func bytes<Bits: FixedWidthInteger>(_ values: [Bits]) -> [UInt8] {
        values.flatMap { value in withUnsafeBytes(of: value) { Array($0) } }
    }

    private static func read(_ bytes: [UInt8]) throws -> DataArray {
        let folder = try TemporaryFolder()
        try atomicWrite(bytes, to: folder.file("a.npy"))
        let file = try DataFile(folder.file("a.npy"))
        #expect(try file.names() == ["a"])
        return try file.arrays(["a"])[0]
    }

    private static let arrays: [(type: String, data: [UInt8])] = [
        ("'<f8'", bytes([1.0, 2, 3, 4, 5, 6].map { $0.bitPattern.littleEndian })),
        ("'>f8'", bytes([1.0, 2, 3, 4, 5, 6].map { $0.bitPattern.bigEndian })),
        ("'<f4'", bytes([Float(1), 2, 3, 4, 5, 6].map { $0.bitPattern.littleEndian })),
        ("'|i1'", [1, 2, 3, 4, 5, 6]), ("'|u1'", [1, 2, 3, 4, 5, 6]),
        ("'<i2'", bytes((1...6).map { Int16($0).littleEndian })),
        ("'>u2'", bytes((1...6).map { UInt16($0).bigEndian })),
        ("'<i4'", bytes((1...6).map { Int32($0).littleEndian })),
        ("'<u4'", bytes((1...6).map { UInt32($0).littleEndian })),
        ("'>i8'", bytes((1...6).map { Int64($0).bigEndian })),
        ("'<u8'", bytes((1...6).map { UInt64($0).littleEndian })),
    ]

    @Test(arguments: arrays.indices) func arraysOfAnyTypeAreRead(_ index: Int) throws {
        let (type, data) = Self.arrays[index]
        let wanted = DataArray(shape: [2, 3], values: [1, 2, 3, 4, 5, 6])
        #expect(try Self.read(Self.array(type, shape: "(2, 3)", data)) == wanted)
        #expect(try Self.read(Self.array(type, shape: "(2L, 3L)", version: 2, data)) == wanted)
        let turned = try Self.read(Self.array(type, shape: "(2, 3)", isColumnMajor: true, version: 3, data))
        #expect(turned == DataArray(shape: [2, 3], values: [1, 3, 5, 2, 4, 6]))
    }

    @Test func booleansSignsAndSingleNumbersAreRead() throws {
        #expect(try Self.read(Self.array("'|b1'", shape: "(3,)", [0, 1, 2])).values == [0, 1, 1])
        #expect(try Self.read(Self.array("'|i1'", shape: "(2,)", [0xFF, 0x80])).values == [-1, -128])
        #expect(try Self.read(Self.array("'|u1'", shape: "()", [7])) == DataArray(shape: [], values: [7]))
        let cube = Self.array("'|u1'", shape: "(2, 2, 2)", isColumnMajor: true, [0, 1, 2, 3, 4, 5, 6, 7])
        #expect(try Self.read(cube).values == [0, 4, 2, 6, 1, 5, 3, 7])
    }

    private static let brokenArrays: [(bytes: [UInt8], words: String)] = [
        (array("'|O'", shape: "(2,)", [1, 2]), "holds Python objects"),
        (array("'<c16'", shape: "(1,)", [UInt8](repeating: 0, count: 16)), "complex numbers"),
        (array("'<U3'", shape: "(1,)", [UInt8](repeating: 0, count: 12)), "text"),
        (array("[('x', '<f8')]", shape: "(1,)", [UInt8](repeating: 0, count: 8)), "records of several fields"),
        (array("'<f2'", shape: "(1,)", [0, 0]), "floats of an unusual width, '<f2'"),
        (array("'<f8'", shape: "(3,)", [UInt8](repeating: 0, count: 20)), "is truncated: 3 numbers of 8 bytes need 24"),
        (array("'<f8'", shape: "(4611686018427387904, 4)", []), "is damaged"),
        (array("'<f8'", shape: "(-1,)", []), "is damaged"),
        (array("'<f8'", shape: "(1,)", version: 4, []), "version 4"),
        (Array(array("'<f8'", shape: "(1,)", []).prefix(20)), "is damaged"),
    ]

    @Test(arguments: brokenArrays.indices) func brokenArraysAreErrors(_ index: Int) throws {
        let error = try #require(throws: ResultsError.self) { try Self.read(Self.brokenArrays[index].bytes) }
        #expect(error.message.contains(Self.brokenArrays[index].words), "\(error)")
    }

    // MARK: Zip

    private struct Entry {
        var name: String
        var bytes: [UInt8]
        var isDeflated = false
        /// Sizes in the 64-bit form.
        var isWide = false
    }

    private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        _ = czlib_deflate_start(&stream, 6)
        defer { deflateEnd(&stream) }
        var source = bytes
        return [UInt8](unsafeUninitializedCapacity: bytes.count + 1_000) { target, count in
            source.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                #expect(deflate(&stream, Z_FINISH) == Z_STREAM_END)
                count = Int(stream.total_out)
            }
        }
    }

    private static func little(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func archive(_ entries: [Entry]) -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let packed = entry.isDeflated ? deflated(entry.bytes) : entry.bytes
            let checksum = Int(crc32(0, entry.bytes, UInt32(entry.bytes.count)))
            let common =
                little(0, 2) + little(entry.isDeflated ? 8 : 0, 2) + little(0, 4) + little(checksum, 4)
                + (entry.isWide
                    ? [UInt8](repeating: 0xFF, count: 8) : little(packed.count, 4) + little(entry.bytes.count, 4))
            let wide = little(1, 2) + little(24, 2) + little(entry.bytes.count, 8) + little(packed.count, 8)
            let extra = entry.isWide ? wide + little(file.count, 8) : []
            let name = Array(entry.name.utf8)
            directory += little(0x0201_4b50, 4) + little(45, 2) + little(45, 2) + common + little(name.count, 2)
            directory += little(extra.count, 2) + little(0, 8) + little(0, 2)
            directory += (entry.isWide ? [0xFF, 0xFF, 0xFF, 0xFF] : little(file.count, 4)) + name + extra
            file += little(0x0403_4b50, 4) + little(45, 2) + common + little(name.count, 2) + little(0, 2) + name
            file += packed
        }
        let start = file.count
        file += directory
        return file + little(0x0605_4b50, 4) + little(0, 4) + little(entries.count, 2) + little(entries.count, 2)
            + little(directory.count, 4) + little(start, 4) + little(0, 2)
    }

    private static func open(_ bytes: [UInt8], _ body: (DataFile) throws -> Void) throws {
        let folder = try TemporaryFolder()
        try atomicWrite(bytes, to: folder.file("a.dat"))
        try body(DataFile(folder.file("a.dat")))
    }

    private static let numbers = array("'<f8'", shape: "(500,)", bytes((0..<500).map { Double($0).bitPattern }))

    @Test(arguments: [false, true]) func archivesAreRead(_ isWide: Bool) throws {
        let entries = [
            Entry(name: "x.npy", bytes: Self.numbers, isDeflated: true, isWide: isWide),
            Entry(name: "notes.txt", bytes: Array("text".utf8)),
            Entry(name: "flag.npy", bytes: Self.array("'|b1'", shape: "(1,)", [1]), isWide: isWide),
        ]
        try Self.open(Self.archive(entries)) { file in
            #expect(try file.names() == ["x", "flag"])
            let arrays = try file.arrays(["flag", "x"])
            #expect(arrays.map(\.values) == [[1], (0..<500).map(Double.init)])
            let error = try #require(throws: ResultsError.self) { try file.arrays(["y"]) }
            #expect(error.kind == .missingDataset && error.message == "has no array 'y'; it holds x, flag")
        }
    }

    @Test func damagedArchivesAreErrors() throws {
        let whole = Self.archive([Entry(name: "x.npy", bytes: Self.numbers, isDeflated: true)])
        var changed = whole
        changed[200] ^= 0x55
        var sized = whole
        let directory = whole.count - 22 - 51
        sized.replaceSubrange(directory + 24..<directory + 28, with: [0xFE, 0xFF, 0xFF, 0xFF])
        for (bytes, words) in [
            (Array(whole.prefix(whole.count / 2)), "damaged or truncated zip file"), (changed, "damaged"),
            (sized, "damaged"),
            (Self.archive([Entry(name: "word/document.xml", bytes: [1])]), "without arrays of NumPy"),
        ] {
            let error = try #require(throws: ResultsError.self) {
                try Self.open(bytes) { _ = try $0.arrays(["x"]) }
            }
            #expect(error.kind == .unreadable && error.message.contains(words), "\(error)")
        }
        // No prefix may crash.
        for length in stride(from: 4, to: whole.count, by: 7) {
            #expect(throws: ResultsError.self) {
                try Self.open(Array(whole.prefix(length))) { _ = try $0.arrays(["x"]) }
            }
        }
    }
}
