import CHDF5

extension FieldFile {
    /// Writes a VTKHDF file of version 2.2: `ImageData` where the axes are evenly spaced, else an `UnstructuredGrid`; times
    /// become its steps. Facts about the run lie beside it in the group `provenance`, which VTK passes over.
    func writeVTKHDF(to path: String) throws(ResultsError) {
        let grid = try VTKGrid(self, path: path, format: .vtkhdf)
        let bytes = try HDF5Builder.image(path: path) { (builder) throws(ResultsError) in
            try VTKHDFBuilder(hdf5: builder, contents: self, grid: grid).build()
        }
        try atomicWrite(bytes, to: path)
    }
}

/// Builds the VTKHDF form of a `FieldFile`.
private struct VTKHDFBuilder {
    let hdf5: HDF5Builder
    let contents: FieldFile
    let grid: VTKGrid

    func build() throws(ResultsError) {
        let root = try hdf5.group("VTKHDF", in: hdf5.file)
        try hdf5.writeIntegers("Version", [2, 2], to: root)
        var offset = 1
        if let spacing = grid.spacing {
            try hdf5.write(.init("Type", "ImageData"), to: root)
            try hdf5.writeIntegers("WholeExtent", grid.lengths.flatMap { [0, $0 - 1] }, to: root)
            try hdf5.write(.init("Origin", .numbers(spacing.origin)), to: root)
            try hdf5.write(.init("Spacing", .numbers(spacing.step)), to: root)
            try hdf5.write(.init("Direction", .numbers([1, 0, 0, 0, 1, 0, 0, 0, 1])), to: root)
            // VTK drops the axes of one point.
            let shape = grid.axes.reversed().map(\.values.count).filter { $0 > 1 }
            try writeFields(shape: shape.isEmpty ? [1] : shape, to: root)
        } else {
            try hdf5.write(.init("Type", "UnstructuredGrid"), to: root)
            try writeCells(to: root)
            try writeFields(shape: nil, to: root)
            offset = grid.pointCount
        }
        if let times = grid.times { try writeSteps(times, offset: offset, to: root) }
        try writeProvenance()
    }

    /// The fields at the points. An image has one more dimension for time; a grid has its moments one after another.
    private func writeFields(shape: [Int]?, to root: hid_t) throws(ResultsError) {
        let group = try hdf5.group("PointData", in: root)
        let isSeries = grid.times != nil
        let full = shape.map { (isSeries ? [grid.stepCount] : []) + $0 } ?? [grid.stepCount * grid.pointCount]
        for variable in contents.variables {
            let bytes = variable.storage == .single ? 4 : 8
            let creation = try hdf5.datasetCreation()
            let chunk =
                shape == nil
                ? [min(full[0], max(grid.pointCount, 1 << 13), 1 << 20)]
                : FieldFileBuilder.chunk(shape: full, elementBytes: bytes, isTimeDependent: isSeries)
            try hdf5.compress(creation, chunk: chunk)
            let dataset = try hdf5.create(
                variable.name, type: bytes == 4 ? chdf5_file_float32() : chdf5_file_float64(), shape: full,
                creation: creation, in: group)
            try hdf5.check(
                H5Dwrite(dataset, chdf5_native_double(), 0, 0, HDF5.standard, contents.gridValues(of: variable)))
        }
    }

    private func writeCells(to root: hid_t) throws(ResultsError) {
        let (corners, perCell, kind) = grid.cells
        let count = corners.count / perCell
        try hdf5.write("NumberOfPoints", [grid.pointCount], in: root)
        try hdf5.write("NumberOfCells", [count], in: root)
        try hdf5.write("NumberOfConnectivityIds", [corners.count], in: root)
        let points = try hdf5.create(
            "Points", type: chdf5_file_float64(), shape: [grid.pointCount, 3], creation: try hdf5.datasetCreation(),
            in: root)
        try hdf5.check(H5Dwrite(points, chdf5_native_double(), 0, 0, HDF5.standard, grid.points))
        try hdf5.write("Connectivity", corners, in: root)
        try hdf5.write("Offsets", (0...count).map { $0 * perCell }, in: root)
        let types = try hdf5.create(
            "Types", type: chdf5_file_uint8(), shape: [count], creation: try hdf5.datasetCreation(), in: root)
        try hdf5.check(
            H5Dwrite(types, chdf5_file_uint8(), 0, 0, HDF5.standard, [UInt8](repeating: kind, count: count)))
    }

    /// The moments. The grid is the same in all of them; each step of a field begins `offset` further on.
    private func writeSteps(_ times: FieldFile.Axis, offset: Int, to root: hid_t) throws(ResultsError) {
        let steps = try hdf5.group("Steps", in: root)
        let count = times.values.count
        try hdf5.writeScalar("NSteps", count, to: steps)
        let values = try hdf5.create(
            "Values", type: chdf5_file_float64(), shape: [count], creation: try hdf5.datasetCreation(), in: steps)
        try hdf5.check(H5Dwrite(values, chdf5_native_double(), 0, 0, HDF5.standard, times.values))
        if grid.spacing == nil {
            let zeros = [Int](repeating: 0, count: count)
            for name in ["PartOffsets", "PointOffsets"] { try hdf5.write(name, zeros, in: steps) }
            try hdf5.write("NumberOfParts", [Int](repeating: 1, count: count), in: steps)
            for name in ["CellOffsets", "ConnectivityIdOffsets"] {
                try hdf5.write(name, zeros, shape: [count, 1], in: steps)
            }
        }
        let offsets = try hdf5.group("PointDataOffsets", in: steps)
        for variable in contents.variables {
            try hdf5.write(variable.name, (0..<count).map { $0 * offset }, in: offsets)
        }
    }

    private func writeProvenance() throws(ResultsError) {
        let group = try hdf5.group("provenance", in: hdf5.file)
        for attribute in contents.attributes {
            if attribute.isLong, case .text(let text) = attribute.value {
                let bytes = Array(text.utf8)
                let type = try hdf5.stringType(bytes: bytes.count, isASCII: bytes.allSatisfy { $0 < 0x80 })
                let dataset = try hdf5.create(
                    attribute.name, type: type, shape: [1], creation: try hdf5.datasetCreation(), in: group)
                try hdf5.check(H5Dwrite(dataset, type, 0, 0, HDF5.standard, bytes))
            } else {
                try hdf5.write(attribute, to: group)
            }
        }
    }
}
