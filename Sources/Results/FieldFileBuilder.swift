import CHDF5

/// Builds a `FieldFile` as an HDF5 file in memory, in the form that netCDF-4 accepts. Used inside `HDF5.use`.
package struct FieldFileBuilder {
    /// The name that errors give.
    let path: String
    /// Keeps what is opened.
    let session: HDF5Session

    /// The bytes of the file.
    func build(_ contents: FieldFile) throws(ResultsError) -> [UInt8] {
        let access = try handle(H5Pcreate(chdf5_file_access_class()), H5Pclose)
        try check(H5Pset_fapl_core(access, 1 << 20, false))
        // The oldest format of each piece, for old readers; and newer superblocks come with a checksum that
        // H5Fget_file_image spoils.
        try check(H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18))
        let creation = try handle(H5Pcreate(chdf5_file_create_class()), H5Pclose)
        try check(H5Pset_link_creation_order(creation, chdf5_creation_order()))
        try check(H5Pset_attr_creation_order(creation, chdf5_creation_order()))
        let file = try handle(H5Fcreate("fields", chdf5_truncate(), creation, access), H5Fclose)

        for attribute in contents.attributes where !attribute.isLong {
            try write(attribute, to: file)
        }
        var scales: [String: hid_t] = [:]
        for (index, axis) in contents.axes.enumerated() {
            scales[axis.name] = try writeScale(axis, index: index, to: file)
        }
        for variable in contents.variables {
            try write(variable, axes: contents.axes(of: variable), scales: scales, to: file)
        }
        let longTexts = contents.attributes.filter(\.isLong)
        if !longTexts.isEmpty {
            let groupCreation = try handle(H5Pcreate(chdf5_group_create_class()), H5Pclose)
            try check(H5Pset_link_creation_order(groupCreation, chdf5_creation_order()))
            try check(H5Pset_attr_creation_order(groupCreation, chdf5_creation_order()))
            let group = try handle(
                H5Gcreate2(file, FieldFile.longTexts, HDF5.standard, groupCreation, HDF5.standard), H5Gclose)
            for (index, attribute) in longTexts.enumerated() {
                guard case .text(let text) = attribute.value else { continue }
                try writeCharacters(attribute.name, text, dimension: contents.axes.count + index, to: group)
            }
        }
        return try bytes(of: file)
    }

    private func bytes(of file: hid_t) throws(ResultsError) -> [UInt8] {
        try check(H5Fflush(file, H5F_SCOPE_GLOBAL))
        let size = H5Fget_file_image(file, nil, 0)
        guard size > 0 else { throw failure }
        var written = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            written = H5Fget_file_image(file, buffer.baseAddress, size)
            count = max(0, written)
        }
        guard written == size else { throw failure }
        return bytes
    }

    // MARK: Axes

    /// A coordinate variable, which is the dimension scale of its axis.
    private func writeScale(_ axis: FieldFile.Axis, index: Int, to file: hid_t) throws(ResultsError) -> hid_t {
        let creation = try datasetCreation()
        let scale = try create(
            axis.name, type: chdf5_file_float64(), shape: [axis.values.count], creation: creation, in: file)
        try check(H5Dwrite(scale, chdf5_native_double(), 0, 0, HDF5.standard, axis.values))
        try check(H5DSset_scale(scale, axis.name))
        try writeDimensionNumber(index, to: scale)
        try write(.init("long_name", axis.longName), to: scale)
        try write(.init("units", axis.units), to: scale)
        if axis.isTime { try write(.init("axis", "T"), to: scale) }
        return scale
    }

    /// netCDF numbers dimensions; without this attribute it numbers them as it meets them.
    private func writeDimensionNumber(_ index: Int, to scale: hid_t) throws(ResultsError) {
        let space = try handle(H5Screate(H5S_SCALAR), H5Sclose)
        let attribute = try handle(
            H5Acreate2(scale, "_Netcdf4Dimid", chdf5_file_int32(), space, HDF5.standard, HDF5.standard), H5Aclose)
        var number = Int64(index)
        try check(H5Awrite(attribute, chdf5_native_int64(), &number))
    }

    // MARK: Fields

    private func write(
        _ variable: FieldFile.Variable, axes: [FieldFile.Axis], scales: [String: hid_t], to file: hid_t
    ) throws(ResultsError) {
        let type = variable.storage == .single ? chdf5_file_float32() : chdf5_file_float64()
        let shape = axes.map(\.values.count)
        let creation = try datasetCreation()
        let chunk = FieldFileBuilder.chunk(
            shape: shape, elementBytes: variable.storage == .single ? 4 : 8, isTimeDependent: axes[0].isTime)
        try check(H5Pset_chunk(creation, Int32(shape.count), chunk.map { hsize_t($0) }))
        try check(H5Pset_shuffle(creation))
        try check(H5Pset_deflate(creation, 2))
        try check(H5Pset_fletcher32(creation))
        var missing = Double.nan
        try check(H5Pset_fill_value(creation, chdf5_native_double(), &missing))
        let dataset = try create(variable.name, type: type, shape: shape, creation: creation, in: file)
        try check(H5Dwrite(dataset, chdf5_native_double(), 0, 0, HDF5.standard, variable.values))
        for (index, axis) in axes.enumerated() {
            guard let scale = scales[axis.name] else { throw failure }
            try check(H5DSattach_scale(dataset, scale, UInt32(index)))
        }
        try write(.init("long_name", variable.longName), to: dataset)
        try write(.init("units", variable.units), to: dataset)
        try writeNumbers("_FillValue", [.nan], fileType: type, to: dataset)
        for attribute in variable.attributes { try write(attribute, to: dataset) }
    }

    /// Lengths of a chunk: whole time slices, several while they are small; slices beyond 8 MiB are cut along their
    /// slowest axes. Readers that want one moment then read little else.
    package static func chunk(shape: [Int], elementBytes: Int, isTimeDependent: Bool) -> [Int] {
        let smallest = 1 << 16
        let largest = 1 << 23
        var chunk = shape
        if isTimeDependent {
            let slice = shape.dropFirst().reduce(elementBytes, *)
            chunk[0] = max(1, min(shape[0], smallest / slice))
        }
        for axis in chunk.indices {
            let rest = chunk[(axis + 1)...].reduce(elementBytes, *)
            guard chunk[axis] * rest > largest else { break }
            chunk[axis] = max(1, largest / rest)
        }
        return chunk
    }

    /// A text as a variable of characters, with a dimension that has no coordinates.
    private func writeCharacters(_ name: String, _ text: String, dimension: Int, to file: hid_t)
        throws(ResultsError)
    {
        let bytes = Array(text.utf8)
        let scale = try create(
            FieldFile.lengthDimension(of: name), type: chdf5_file_float32(), shape: [bytes.count],
            creation: try datasetCreation(), in: file)
        // netCDF's words for a dimension without coordinates.
        let width = String(bytes.count)
        let padding = String(repeating: " ", count: max(0, 10 - width.count))
        try check(H5DSset_scale(scale, "This is a netCDF dimension but not a netCDF variable." + padding + width))
        try writeDimensionNumber(dimension, to: scale)
        let type = try stringType(bytes: 1, isASCII: bytes.allSatisfy { $0 < 0x80 })
        let dataset = try create(name, type: type, shape: [bytes.count], creation: try datasetCreation(), in: file)
        try check(H5Dwrite(dataset, type, 0, 0, HDF5.standard, bytes))
        try check(H5DSattach_scale(dataset, scale, 0))
        try write(.init("_Encoding", "utf-8"), to: dataset)
    }

    // MARK: Attributes

    private func write(_ attribute: FieldFile.Attribute, to object: hid_t) throws(ResultsError) {
        switch attribute.value {
        case .text(let text): try writeText(attribute.name, text, to: object)
        case .number(let number): try writeNumbers(attribute.name, [number], fileType: chdf5_file_float64(), to: object)
        case .numbers(let numbers):
            try writeNumbers(attribute.name, numbers, fileType: chdf5_file_float64(), to: object)
        case .integer(let integer):
            let space = try arraySpace([1])
            let target = try handle(
                H5Acreate2(object, attribute.name, chdf5_file_int64(), space, HDF5.standard, HDF5.standard),
                H5Aclose)
            var number = Int64(integer)
            try check(H5Awrite(target, chdf5_native_int64(), &number))
        }
    }

    /// Text of fixed length: the readers of other programs ask for character data. Empty text is one zero byte.
    private func writeText(_ name: String, _ text: String, to object: hid_t) throws(ResultsError) {
        let bytes = text.isEmpty ? [0] : Array(text.utf8)
        let type = try stringType(bytes: bytes.count, isASCII: bytes.allSatisfy { $0 < 0x80 })
        let space = try handle(H5Screate(H5S_SCALAR), H5Sclose)
        let attribute = try handle(
            H5Acreate2(object, name, type, space, HDF5.standard, HDF5.standard), H5Aclose)
        try check(H5Awrite(attribute, type, bytes))
    }

    private func writeNumbers(_ name: String, _ numbers: [Double], fileType: hid_t, to object: hid_t)
        throws(ResultsError)
    {
        let space = try arraySpace([numbers.count])
        let attribute = try handle(
            H5Acreate2(object, name, fileType, space, HDF5.standard, HDF5.standard), H5Aclose)
        guard !numbers.isEmpty else { return }
        try check(H5Awrite(attribute, chdf5_native_double(), numbers))
    }

    // MARK: Pieces

    private func stringType(bytes: Int, isASCII: Bool) throws(ResultsError) -> hid_t {
        let type = try handle(H5Tcopy(chdf5_c_string()), H5Tclose)
        try check(H5Tset_size(type, bytes))
        try check(H5Tset_strpad(type, H5T_STR_NULLPAD))
        if !isASCII { try check(H5Tset_cset(type, H5T_CSET_UTF8)) }
        return type
    }

    private func datasetCreation() throws(ResultsError) -> hid_t {
        let creation = try handle(H5Pcreate(chdf5_dataset_create_class()), H5Pclose)
        try check(H5Pset_attr_creation_order(creation, chdf5_creation_order()))
        return creation
    }

    private func arraySpace(_ shape: [Int]) throws(ResultsError) -> hid_t {
        try handle(H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil), H5Sclose)
    }

    private func create(_ name: String, type: hid_t, shape: [Int], creation: hid_t, in file: hid_t)
        throws(ResultsError) -> hid_t
    {
        let space = try arraySpace(shape)
        return try handle(
            H5Dcreate2(file, name, type, space, HDF5.standard, creation, HDF5.standard), H5Dclose)
    }

    private func handle(_ id: hid_t, _ close: @escaping (hid_t) -> herr_t) throws(ResultsError) -> hid_t {
        try session.keep(id, close, or: failure)
    }

    private func check(_ status: herr_t) throws(ResultsError) {
        guard status >= 0 else { throw failure }
    }

    private var failure: ResultsError {
        ResultsError(.cannotWrite, path: path, "cannot be built: \(HDF5.lastMessage)")
    }
}
