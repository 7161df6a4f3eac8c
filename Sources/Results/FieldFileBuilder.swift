import CHDF5

/// Builds a `FieldFile` as an HDF5 file in memory, in the form that netCDF-4 accepts.
package struct FieldFileBuilder {
    /// What the file is built with.
    let hdf5: HDF5Builder

    /// The root group's facts, the axes, the fields, and the texts that are too long for attributes.
    func build(_ contents: FieldFile) throws(ResultsError) {
        let file = hdf5.file
        for attribute in contents.attributes where !attribute.isLong {
            try hdf5.write(attribute, to: file)
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
            let group = try hdf5.group(FieldFile.longTexts, in: file)
            for (index, attribute) in longTexts.enumerated() {
                guard case .text(let text) = attribute.value else { continue }
                try writeCharacters(attribute.name, text, dimension: contents.axes.count + index, to: group)
            }
        }
    }

    // MARK: Axes

    /// A coordinate variable, which is the dimension scale of its axis.
    private func writeScale(_ axis: FieldFile.Axis, index: Int, to file: hid_t) throws(ResultsError) -> hid_t {
        let creation = try hdf5.datasetCreation()
        let scale = try hdf5.create(
            axis.name, type: chdf5_file_float64(), shape: [axis.values.count], creation: creation, in: file)
        try hdf5.check(H5Dwrite(scale, chdf5_native_double(), 0, 0, HDF5.standard, axis.values))
        try hdf5.check(H5DSset_scale(scale, axis.name))
        try writeDimensionNumber(index, to: scale)
        try hdf5.write(.init("long_name", axis.longName), to: scale)
        try hdf5.write(.init("units", axis.units), to: scale)
        if axis.isTime { try hdf5.write(.init("axis", "T"), to: scale) }
        return scale
    }

    /// netCDF numbers dimensions; without this attribute it numbers them as it meets them.
    private func writeDimensionNumber(_ index: Int, to scale: hid_t) throws(ResultsError) {
        let space = try hdf5.handle(H5Screate(H5S_SCALAR), H5Sclose)
        let attribute = try hdf5.handle(
            H5Acreate2(scale, "_Netcdf4Dimid", chdf5_file_int32(), space, HDF5.standard, HDF5.standard), H5Aclose)
        var number = Int64(index)
        try hdf5.check(H5Awrite(attribute, chdf5_native_int64(), &number))
    }

    // MARK: Fields

    private func write(
        _ variable: FieldFile.Variable, axes: [FieldFile.Axis], scales: [String: hid_t], to file: hid_t
    ) throws(ResultsError) {
        let type = variable.storage == .single ? chdf5_file_float32() : chdf5_file_float64()
        let shape = axes.map(\.values.count)
        let creation = try hdf5.datasetCreation()
        try hdf5.compress(
            creation,
            chunk: FieldFileBuilder.chunk(
                shape: shape, elementBytes: variable.storage == .single ? 4 : 8, isTimeDependent: axes[0].isTime))
        var missing = Double.nan
        try hdf5.check(H5Pset_fill_value(creation, chdf5_native_double(), &missing))
        let dataset = try hdf5.create(variable.name, type: type, shape: shape, creation: creation, in: file)
        try hdf5.check(H5Dwrite(dataset, chdf5_native_double(), 0, 0, HDF5.standard, variable.values))
        for (index, axis) in axes.enumerated() {
            guard let scale = scales[axis.name] else { throw hdf5.failure }
            try hdf5.check(H5DSattach_scale(dataset, scale, UInt32(index)))
        }
        try hdf5.write(.init("long_name", variable.longName), to: dataset)
        try hdf5.write(.init("units", variable.units), to: dataset)
        try hdf5.writeNumbers("_FillValue", [.nan], fileType: type, to: dataset)
        for attribute in variable.attributes { try hdf5.write(attribute, to: dataset) }
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
        let scale = try hdf5.create(
            FieldFile.lengthDimension(of: name), type: chdf5_file_float32(), shape: [bytes.count],
            creation: try hdf5.datasetCreation(), in: file)
        // netCDF's words for a dimension without coordinates.
        let width = String(bytes.count)
        let padding = String(repeating: " ", count: max(0, 10 - width.count))
        try hdf5.check(H5DSset_scale(scale, "This is a netCDF dimension but not a netCDF variable." + padding + width))
        try writeDimensionNumber(dimension, to: scale)
        let type = try hdf5.stringType(bytes: 1, isASCII: bytes.allSatisfy { $0 < 0x80 })
        let dataset = try hdf5.create(
            name, type: type, shape: [bytes.count], creation: try hdf5.datasetCreation(), in: file)
        try hdf5.check(H5Dwrite(dataset, type, 0, 0, HDF5.standard, bytes))
        try hdf5.check(H5DSattach_scale(dataset, scale, 0))
        try hdf5.write(.init("_Encoding", "utf-8"), to: dataset)
    }
}
