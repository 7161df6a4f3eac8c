import CHDF5
import Foundation
import Results
import Testing

/// Field files: what is written reads back the same, and has the structure that netCDF readers ask for.
@Suite struct FieldFileTests {
    /// Values that tell every grid point from every other.
    private static func values(_ count: Int) -> [Double] { (0..<count).map { sin(Double($0)) + Double($0) / 3 } }

    private static let time = FieldFile.Axis("t", [0, 0.1, 0.25, 1], longName: "time", isTime: true)
    private static let y = FieldFile.Axis("y", [-1, 0, 1], units: "m")
    private static let x = FieldFile.Axis("x", [0, 0.5, 1, 1.5, 2], units: "m")

    private static let steady = FieldFile(
        axes: [y, x],
        variables: [
            .init("wave", values(15), longName: "amplitude", units: "m", attributes: [.init("vector", "v")]),
            .init("a", values(15).map { -$0 }),
        ],
        attributes: [
            .init("title", "Größe ∂u/∂x"), .init("empty", ""), .init("seed", 7), .init("relative_l2_u", 1.5e-3),
            .init("weights", .numbers([1, 2.5])), .init("steps", -1),
        ])
    private static let timeDependent = FieldFile(
        axes: [time, x],
        variables: [.init("u", values(20)), .init("kappa", values(5), axes: ["x"])],
        attributes: [.init("problem_text", String(repeating: "k = '∂'\n", count: 9_000))])
    private static let volume = FieldFile(
        axes: [time, .init("z", [3, 2, 1]), y, x], variables: [.init("u", values(180)), .init("w", values(180))])

    static let files = [steady, timeDependent, volume]

    @Test(arguments: files) func readsBackWhatWasWritten(_ file: FieldFile) throws {
        let folder = try TemporaryFolder()
        try file.write(to: folder.file("fields.h5"))
        #expect(try FieldFile(contentsOf: folder.file("fields.h5")) == file)
        #expect(try folder.names == ["fields.h5"])
    }

    @Test func singlePrecisionRoundsEachValueOnce() throws {
        let folder = try TemporaryFolder()
        var file = Self.steady
        file.variables[0].storage = .single
        file.variables[0].values[4] = .nan
        try file.write(to: folder.file("fields.h5"))
        let back = try FieldFile(contentsOf: folder.file("fields.h5"))
        let pairs = zip(back.variables[0].values, file.variables[0].values)
        #expect(pairs.allSatisfy { $0 == Double(Float($1)) || ($0.isNaN && $1.isNaN) })
        #expect(back.variables[0].storage == .single)
        #expect(back.notFiniteCounts.map(\.variable) == ["wave"] && back.notFiniteCounts[0].count == 1)
    }

    // MARK: Structure

    @Test(arguments: files) func everyAxisHasItsScale(_ file: FieldFile) throws {
        try withFile(file) { id in
            for variable in file.variables {
                let dataset = H5Dopen2(id, variable.name, 0)
                for (index, axis) in file.axes(of: variable).enumerated() {
                    let scale = H5Dopen2(id, axis.name, 0)
                    #expect(H5DSis_scale(scale) == 1)
                    #expect(H5DSget_num_scales(dataset, UInt32(index)) == 1)
                    #expect(H5DSis_attached(dataset, scale, UInt32(index)) == 1)
                    var name = [CChar](repeating: 0, count: 64)
                    H5DSget_scale_name(scale, &name, name.count)
                    #expect(String(decoding: name.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self) == axis.name)
                    H5Dclose(scale)
                }
                H5Dclose(dataset)
            }
        }
    }

    @Test(arguments: files) func creationOrderIsTrackedAndIndexed(_ file: FieldFile) throws {
        try withFile(file) { id in
            var flags: UInt32 = 0
            let root = H5Gopen2(id, "/", 0)
            let creation = H5Gget_create_plist(root)
            H5Pget_link_creation_order(creation, &flags)
            #expect(flags == chdf5_creation_order())
            H5Pget_attr_creation_order(creation, &flags)
            #expect(flags == chdf5_creation_order())
            H5Pclose(creation)
            H5Gclose(root)
            for (index, name) in (file.axes.map(\.name) + file.variables.map(\.name)).enumerated() {
                #expect(linkName(id, index) == name)
                let dataset = H5Dopen2(id, name, 0)
                let own = H5Dget_create_plist(dataset)
                H5Pget_attr_creation_order(own, &flags)
                #expect(flags == chdf5_creation_order())
                H5Pclose(own)
                H5Dclose(dataset)
            }
        }
    }

    @Test func textsHaveFixedLengthAndNumbersAreArrays() throws {
        try withFile(Self.steady) { id in
            let group = H5Gopen2(id, "/", 0)
            for index in 0..<hsize_t(Self.steady.attributes.count) {
                let attribute = H5Aopen_by_idx(group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, index, 0, 0)
                let type = H5Aget_type(attribute)
                let space = H5Aget_space(attribute)
                if H5Tget_class(type) == H5T_STRING {
                    #expect(H5Tis_variable_str(type) == 0)
                    #expect(H5Sget_simple_extent_type(space) == H5S_SCALAR)
                } else {
                    #expect(H5Sget_simple_extent_ndims(space) == 1)
                }
                H5Sclose(space)
                H5Tclose(type)
                H5Aclose(attribute)
            }
            H5Gclose(group)
        }
    }

    @Test func fieldsAreCompressedWithChecksumsAndNaNAsFillValue() throws {
        try withFile(Self.timeDependent) { id in
            let dataset = H5Dopen2(id, "u", 0)
            let creation = H5Dget_create_plist(dataset)
            #expect(H5Pget_nfilters(creation) == 3)
            var fill = 0.0
            H5Pget_fill_value(creation, chdf5_native_double(), &fill)
            #expect(fill.isNaN)
            let attribute = H5Aopen(dataset, "_FillValue", 0)
            let types = [H5Aget_type(attribute), H5Dget_type(dataset)]
            #expect(H5Tequal(types[0], types[1]) == 1)
            H5Aread(attribute, chdf5_native_double(), &fill)
            #expect(fill.isNaN)
            types.forEach { H5Tclose($0) }
            H5Aclose(attribute)
            H5Pclose(creation)
            H5Dclose(dataset)
        }
    }

    @Test func onlyTimeCarriesAnAxisAttribute() throws {
        try withFile(Self.volume) { id in
            #expect(H5Aexists_by_name(id, "t", "axis", 0) == 1)
            for name in ["x", "y", "z"] { #expect(H5Aexists_by_name(id, name, "axis", 0) == 0) }
        }
    }

    @Test(arguments: [[4, 5], [100, 300, 300], [7, 400, 400, 400], [2000, 2000], [1, 1]], [4, 8])
    func chunksAreWholeTimeSlicesOfModestSize(_ shape: [Int], _ bytes: Int) {
        let chunk = FieldFileBuilder.chunk(shape: shape, elementBytes: bytes, isTimeDependent: true)
        #expect(zip(chunk, shape).allSatisfy { 1 <= $0 && $0 <= $1 })
        #expect(chunk.reduce(bytes, *) <= 1 << 23)
        let slice = shape.dropFirst().reduce(bytes, *)
        if slice <= 1 << 23 { #expect(Array(chunk.dropFirst()) == Array(shape.dropFirst())) }
        if slice > 1 << 16 { #expect(chunk[0] == 1) }
    }

    /// Writes a file and opens it with the library alone.
    private func withFile(_ file: FieldFile, _ body: (hid_t) -> Void) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("fields.h5")
        try file.write(to: path)
        try HDF5.use { (_) throws(ResultsError) in
            let id = H5Fopen(path, chdf5_read_only(), 0)
            #expect(id >= 0)
            body(id)
            #expect(H5Fclose(id) >= 0)
        }
    }

    private func linkName(_ id: hid_t, _ index: Int) -> String {
        var name = [CChar](repeating: 0, count: 64)
        H5Lget_name_by_idx(id, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, hsize_t(index), &name, name.count, 0)
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    // MARK: Contents that contradict themselves

    private static func changed(_ change: (inout FieldFile) -> Void) -> FieldFile {
        var file = timeDependent
        change(&file)
        return file
    }

    static let broken: [(file: FieldFile, words: String)] = [
        (changed { $0.variables[0].values.removeLast() }, "'u' has 19 values for a grid of 4 x 5"),
        (changed { $0.variables[0].name = "x" }, "'x' names two things"),
        (changed { $0.variables[1].name = "long_texts" }, "'long_texts' names two things"),
        (changed { $0.variables[0].name = "a/b" }, "'a/b' cannot name"),
        (changed { $0.variables[0].name = "" }, "'' cannot name"),
        (changed { $0.variables[1].axes = ["x", "t"] }, "the axes of 'kappa'"),
        (changed { $0.variables[1].axes = ["r"] }, "the axes of 'kappa'"),
        (changed { $0.variables[1].axes = [] }, "the axes of 'kappa'"),
        (changed { $0.axes[1].values[2] = 0.5 }, "'x' do not strictly increase"),
        (changed { $0.axes[1].values[2] = .nan }, "'x' do not strictly increase"),
        (changed { $0.axes[1].values = [] }, "'x' has no values"),
        (changed { $0.axes[1].isTime = true }, "time, 'x', must be the first axis"),
        (changed { $0.attributes.append(.init("problem_text", "")) }, "'problem_text' is given twice"),
        (
            changed { $0.variables[0].attributes = [.init("units", "m")] },
            "'units' is given twice, or its name is taken"
        ),
        (
            changed { $0.variables[0].attributes = [.init("a", String(repeating: "a", count: 70_000))] },
            "longer than 60,000"
        ),
        (changed { $0.attributes = [.init("a", .numbers(.init(repeating: 0, count: 8_000)))] }, "longer than 60,000"),
    ]

    @Test(arguments: broken.indices) func contradictionsAreErrors(_ index: Int) throws {
        let folder = try TemporaryFolder()
        let error = try #require(throws: ResultsError.self) {
            try Self.broken[index].file.write(to: folder.file("f.h5"))
        }
        #expect(error.kind == .inconsistent)
        #expect(error.message.contains(Self.broken[index].words), "\(error)")
        #expect(try folder.names.isEmpty)
    }

    // MARK: Slices

    @Test func slicesHoldTheOtherAxesAtTheNearestValue() throws {
        let file = Self.volume
        let plane = try file.slice("w", at: [("t", 0.2), ("z", 2.9)])
        #expect(plane.axes.map(\.label) == ["y (m)", "x (m)"])
        #expect(plane.values == Array(file.variables[1].values[2 * 45..<2 * 45 + 15]))
        let line = try file.slice("w", at: [("t", 1), ("z", 1), ("x", 0.6)])
        #expect(line.values == [3, 3, 3].indices.map { file.variables[1].values[3 * 45 + 30 + 5 * $0 + 1] })
        #expect(try Self.timeDependent.slice("u").axes[0].isTime)
    }

    @Test(
        arguments: [
            ("q", [:], "has no field 'q'; it has u, w"), ("u", [:], "hold all but two of t, z, y, x"),
            ("u", ["r": 0.0], "'u' has no axis 'r'; it has t, z, y, x"),
            ("u", ["t": 2.0], "outside the axis, which goes from 0.0 to 1.0"),
            ("u", ["t": 0, "z": 1, "y": 0, "x": 0], "needs an axis"),
        ] as [(String, KeyValuePairs<String, Double>, String)])
    func impossibleSlicesAreErrors(_ name: String, _ fixed: KeyValuePairs<String, Double>, _ words: String) throws {
        let error = try #require(throws: ResultsError.self) {
            try Self.volume.slice(name, at: fixed.map { (axis: $0.key, value: $0.value) })
        }
        #expect(error.message.contains(words), "\(error)")
    }
}
