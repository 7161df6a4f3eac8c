import CHDF5
import Foundation
import Results
import Testing

/// Grids of data as other programs write them.
@Suite struct DataGridTests {
    /// A dataset of a file made for a test.
    private struct Dataset {
        var name: String
        var type: hid_t
        var shape: [Int]
        var values: [Double]
        var attributes: [String: Double] = [:]
    }

    private static func write(_ datasets: [Dataset], to path: String) throws {
        try HDF5.use { (_) throws(ResultsError) in
            let file = H5Fcreate(path, chdf5_truncate(), 0, 0)
            for dataset in datasets {
                let space = H5Screate_simple(Int32(dataset.shape.count), dataset.shape.map { hsize_t($0) }, nil)
                let links = H5Pcreate(chdf5_link_create_class())
                H5Pset_create_intermediate_group(links, 1)
                let id = H5Dcreate2(file, dataset.name, dataset.type, space, links, 0, 0)
                #expect(H5Dwrite(id, chdf5_native_double(), 0, 0, 0, dataset.values) >= 0)
                for (name, value) in dataset.attributes {
                    let scalar = H5Screate(H5S_SCALAR)
                    let attribute = H5Acreate2(id, name, chdf5_file_float64(), scalar, 0, 0)
                    withUnsafePointer(to: value) { _ = H5Awrite(attribute, chdf5_native_double(), $0) }
                    H5Aclose(attribute)
                    H5Sclose(scalar)
                }
                H5Dclose(id)
                H5Pclose(links)
                H5Sclose(space)
            }
            // A way back to the start, which lists of datasets must not follow.
            H5Lcreate_soft("/", file, "loop", 0, 0)
            H5Fclose(file)
        }
    }

    private static let axes = [DataGrid.Source("t", dataset: "t"), .init("x", dataset: "x")]
    private static let field = [DataGrid.Source("u", dataset: "usol")]

    private static func standard(type: hid_t = chdf5_native_double()) -> [Dataset] {
        [
            Dataset(name: "t", type: type, shape: [2], values: [0, 1]),
            Dataset(name: "x", type: type, shape: [3], values: [0, 10, 20]),
            Dataset(name: "usol", type: type, shape: [2, 3], values: [1, 2, 3, 4, 5, 6]),
        ]
    }

    /// A grid with all its values.
    private struct Grid: Equatable {
        var axes: [DataGrid.Line]
        var fields: [[Double]]

        init(axes: [DataGrid.Line], fields: [[Double]]) {
            (self.axes, self.fields) = (axes, fields)
        }

        init(_ path: String, axes: [DataGrid.Source], fields: [DataGrid.Source]) throws {
            let grid = try DataGrid(path, axes: axes, fields: fields)
            self.init(axes: grid.axes, fields: try grid.completeValues())
        }
    }

    private static let standardGrid = Grid(
        axes: [.init("t", [0, 1]), .init("x", [0, 10, 20])], fields: [[1, 2, 3, 4, 5, 6]])

    private static func read(_ datasets: [Dataset], axes: [DataGrid.Source] = axes) throws -> Grid {
        let folder = try TemporaryFolder()
        try write(datasets, to: folder.file("reference.h5"))
        return try Grid(folder.file("reference.h5"), axes: axes, fields: field)
    }

    @Test(arguments: ["int8", "uint16", "int64", "float32", "float64, big-endian"])
    func numbersOfAnyTypeAreRead(_ name: String) throws {
        let types = [
            "int8": chdf5_other_type(0), "uint16": chdf5_other_type(1), "int64": chdf5_file_int64(),
            "float32": chdf5_file_float32(), "float64, big-endian": chdf5_other_type(2),
        ]
        #expect(try Self.read(Self.standard(type: try #require(types[name]))) == Self.standardGrid)
    }

    @Test func axesOfLengthOneAreIgnored() throws {
        var datasets = Self.standard()
        datasets[0].shape = [2, 1]
        datasets[1].shape = [1, 3]
        datasets[2].shape = [1, 2, 3, 1]
        #expect(try Self.read(datasets) == Self.standardGrid)
    }

    @Test func datasetsMayLieInGroups() throws {
        var datasets = Self.standard()
        for index in datasets.indices { datasets[index].name = "tasks/run 1/" + datasets[index].name }
        let folder = try TemporaryFolder()
        try Self.write(datasets, to: folder.file("r.h5"))
        let grid = try Grid(
            folder.file("r.h5"), axes: [.init("t", dataset: "tasks/run 1/t"), .init("x", dataset: "/tasks/run 1/x")],
            fields: [.init("u", dataset: "tasks/run 1/usol")])
        #expect(grid == Self.standardGrid)
        #expect(try DataFile(folder.file("r.h5")).names().sorted() == datasets.map(\.name).sorted())
    }

    @Test func decreasingAxesAreTurnedRoundWithTheField() throws {
        var datasets = Self.standard()
        datasets[1].values.reverse()
        datasets[2].values = [3, 2, 1, 6, 5, 4]
        #expect(try Self.read(datasets) == Self.standardGrid)
        datasets[0].values.reverse()
        datasets[2].values = [6, 5, 4, 3, 2, 1]
        #expect(try Self.read(datasets) == Self.standardGrid)
    }

    @Test func packedValuesAreUnpacked() throws {
        var datasets = Self.standard()
        datasets[2].type = chdf5_other_type(0)
        datasets[2].values = [0, 2, 4, 6, 8, 10]
        datasets[2].attributes = ["scale_factor": 0.5, "add_offset": 1, "_FillValue": 99]
        #expect(try Self.read(datasets) == Self.standardGrid)
        datasets[2].values[4] = 99
        let error = try #require(throws: ResultsError.self) { try Self.read(datasets) }
        #expect(error.kind == .notFinite && error.message.contains("at index [1, 1]"))
    }

    // MARK: Broken input

    private static func changed(_ change: (inout [Dataset]) -> Void) -> [Dataset] {
        var datasets = standard()
        change(&datasets)
        return datasets
    }

    private static let broken: [(datasets: [Dataset], kind: ResultsError.Kind, words: String)] = [
        (changed { $0[2].name = "u" }, .missingDataset, "has no dataset 'usol'; it holds t, u, x"),
        (changed { $0[2].name = "usol/a" }, .missingDataset, "has no dataset 'usol'; it holds t, usol/a, x"),
        (changed { $0 = [] }, .missingDataset, "it holds none"),
        (
            changed { $0[2].shape = [3, 2] }, .wrongShape,
            "'usol' is 3 x 2, but its axes t, x have 2 x 3 values; the order that fits is axes = [\"x\", \"t\"]"
        ),
        (changed { $0[2].shape = [6] }, .wrongShape, "'usol' is 6, but its axes t, x have 2 x 3 values"),
        (
            changed {
                $0[1].shape = [3, 1]; $0[1].values[2] = 10
            }, .wrongShape, "'x' does not strictly increase"
        ),
        (
            changed {
                $0[1] = $0[2]; $0[1].name = "x"
            }, .wrongShape, "'x' is 2 x 3, but an axis is a list"
        ),
        (changed { $0[2].values[5] = .nan }, .notFinite, "'u' is nan at index [1, 2], counted from 0"),
        (changed { $0[0].values[1] = .infinity }, .notFinite, "'t' is inf at index [1]"),
    ]

    @Test(arguments: broken.indices) func brokenContentsAreErrors(_ index: Int) throws {
        let (datasets, kind, words) = Self.broken[index]
        let error = try #require(throws: ResultsError.self) { try Self.read(datasets) }
        #expect(error.kind == kind)
        #expect(error.message.contains(words), "\(error)")
    }

    @Test(arguments: [
        ("MATLAB 5.0 MAT-file, Platform: GLNXA64", "save(..., '-v7.3')"), ("CDF\u{1}....", "nccopy -k netCDF-4"),
        ("PK\u{3}\u{4}", "is a damaged or truncated zip file"), ("", "is empty"),
        ("\u{1F}\u{0}\u{0}", "is none of the kinds of file that can be read"),
    ])
    func otherFormatsAreNamed(_ start: String, _ words: String) throws {
        let folder = try TemporaryFolder()
        try atomicWrite(start, to: folder.file("r.mat"))
        let error = try #require(throws: ResultsError.self) {
            try Grid(folder.file("r.mat"), axes: Self.axes, fields: Self.field)
        }
        #expect(error.kind == .unreadable)
        #expect(error.message.contains(words), "\(error)")
    }

    @Test func damagedFilesAndTextsAreErrors() throws {
        let folder = try TemporaryFolder()
        try Self.write(Self.standard(), to: folder.file("whole.h5"))
        let bytes = try #require(FileManager.default.contents(atPath: folder.file("whole.h5")))
        try atomicWrite(Array(bytes.prefix(100)), to: folder.file("cut.h5"))
        let error = try #require(throws: ResultsError.self) {
            try Grid(folder.file("cut.h5"), axes: Self.axes, fields: Self.field)
        }
        #expect(error.kind == .unreadable && error.message.hasPrefix("is a damaged HDF5 file"))
        let missing = try #require(throws: ResultsError.self) { try DataFile(folder.file("none.h5")) }
        #expect(missing.kind == .missingFile)
        let directory = try #require(throws: ResultsError.self) { try DataFile(folder.path) }
        #expect(directory.kind == .unreadable && directory.message.contains("folder"))
    }

    // MARK: Blocks

    @Test(arguments: [
        ([3, 700, 1_000], [false, false, false], nil as [Int]?),
        ([3, 700, 1_000], [true, false, true], [2, 100, 50]),
        ([2, 2, 1_200_000], [false, true, true], nil), ([4_000_000, 2], [true, false], [1_000, 2]),
        ([2_500_000], [true], [300_000]),
    ])
    func blocksPutTogetherAreTheField(_ shape: [Int], _ isReversed: [Bool], _ chunk: [Int]?) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("large.h5")
        let count = shape.reduce(1, *)
        let names = ["a", "b", "c"].prefix(shape.count)
        try HDF5.use { (_) throws(ResultsError) in
            let file = H5Fcreate(path, chdf5_truncate(), 0, 0)
            let list = H5Pcreate(chdf5_dataset_create_class())
            if let chunk { H5Pset_chunk(list, Int32(chunk.count), chunk.map { hsize_t($0) }) }
            func add(_ name: String, _ shape: [Int], _ values: [Double], _ list: hid_t) {
                let space = H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil)
                let id = H5Dcreate2(file, name, chdf5_file_float64(), space, 0, list, 0)
                #expect(H5Dwrite(id, chdf5_native_double(), 0, 0, 0, values) >= 0)
                H5Dclose(id)
                H5Sclose(space)
            }
            for (axis, name) in names.enumerated() {
                let line = (0..<shape[axis]).map(Double.init)
                add(name, [shape[axis]], isReversed[axis] ? line.reversed() : line, 0)
            }
            add("u", shape, (0..<count).map(Double.init), list)
            H5Pclose(list)
            H5Fclose(file)
        }
        let grid = try DataGrid(
            path, axes: names.map { .init($0, dataset: $0) }, fields: [.init("u", dataset: "u")])
        #expect(grid.blocks.count > 1)
        #expect(grid.blocks.first?.lowerBound == 0 && grid.blocks.last?.upperBound == count)
        #expect(zip(grid.blocks, grid.blocks.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        for (number, block) in grid.blocks.enumerated() {
            #expect(grid.block(of: block.lowerBound) == number && grid.block(of: block.upperBound - 1) == number)
            let values = try grid.values(block)[0]
            #expect(values.count == block.count)
            for index in stride(from: block.lowerBound, to: block.upperBound, by: 997) {
                var (rest, stored, stride) = (index, 0, 1)
                for axis in shape.indices.reversed() {
                    let place = rest % shape[axis]
                    stored += (isReversed[axis] ? shape[axis] - 1 - place : place) * stride
                    stride *= shape[axis]
                    rest /= shape[axis]
                }
                #expect(values[index - block.lowerBound] == Double(stored))
            }
        }
    }

    @Test func rowsOfATableMayFormAGrid() throws {
        let folder = try TemporaryFolder()
        let rows = ["1,20,6", "0,0,1", "0,20,3", "1,0,4", "0,10,2", "1,10,5"]
        try atomicWrite("t,x,usol\n" + rows.joined(separator: "\n"), to: folder.file("r.csv"))
        #expect(try Grid(folder.file("r.csv"), axes: Self.axes, fields: Self.field) == Self.standardGrid)
        for wrong in [rows.dropLast() + ["0,10,2"], rows.dropLast() + []] {
            try atomicWrite("t,x,usol\n" + wrong.joined(separator: "\n"), to: folder.file("r.csv"))
            let error = try #require(throws: ResultsError.self) {
                try Grid(folder.file("r.csv"), axes: Self.axes, fields: Self.field)
            }
            #expect(error.kind == .wrongShape && error.message.contains("are not a full grid"))
        }
    }

    // MARK: The data that come with the package

    /// Row, column and value by 40-digit arithmetic.
    static let burgers: [(time: Int, place: Int, value: Double)] = [
        (1, 64, 0.999193709461934238), (1, 129, -0.0253284823856522199), (25, 96, 0.992081561622522064),
        (25, 129, -0.0991133188869465967), (50, 127, 0.821945411330492609), (50, 131, -0.982394030733462494),
        (50, 192, -0.592769534402051082), (75, 28, 0.203886009675913575), (100, 127, 0.520814954811058433),
        (100, 129, -0.520814954811058433), (100, 1, 0.00591515827612123137),
    ]

    @Test func burgersReferenceAgreesWithLongArithmetic() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../data")
        let grid = try Grid(
            root.appendingPathComponent("burgers-reference.h5").standardizedFileURL.path, axes: Self.axes,
            fields: Self.field)
        #expect(grid.axes.map(\.values.count) == [101, 257])
        let values = grid.fields[0]
        for point in Self.burgers {
            #expect(abs(values[point.time * 257 + point.place] - point.value) < 1e-13)
        }
        for index in 0..<257 {
            #expect(values[index] == -sin(.pi * grid.axes[1].values[index]) || index % 128 == 0 && values[index] == 0)
        }
    }
}
