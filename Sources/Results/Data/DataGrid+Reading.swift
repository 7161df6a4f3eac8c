extension DataGrid {
    /// Opens a file with fields and the axes they are given on.
    ///
    /// `axes` is the order in which the fields are stored, slowest first; every axis has at least two values. Axes and
    /// fields may have further axes of length one, as MATLAB writes them. Decreasing axes are turned round together with
    /// the fields. In a CSV table every row is a point: the points must form a full grid, in any order.
    ///
    /// Throws when the file cannot be read, lacks a name (the message lists those it has), when lengths do not fit (the
    /// message gives the order of axes that does, if there is one), and when an axis is not finite and monotonic. Fields
    /// are not looked at yet.
    public init(_ path: String, axes: [Source], fields: [Source]) throws(ResultsError) {
        precondition(!axes.isEmpty, "a grid needs axes")
        let file = try DataFile(path)
        switch file.format {
        case .csv: self = try Self.table(file, axes: axes, fields: fields)
        case .hdf5: self = try Self.onDisk(path, axes: axes, fields: fields)
        case .npy, .npz:
            let arrays = try file.arrays((axes + fields).map(\.dataset))
            self = try Self.inMemory(path, axes: axes, fields: fields, arrays: arrays)
        }
    }

    /// Values of the fields in a range of blocks or a part of one, `[field][value]`; they may be not a number.
    ///
    /// Throws when the file cannot be read any more.
    ///
    /// - Precondition: the range is one of `blocks`.
    public func values(_ block: Range<Int>) throws(ResultsError) -> [[Double]] {
        switch storage {
        case .memory(let fields): return fields
        case .disk(let fields):
            return try HDF5.use { session throws(ResultsError) in
                let reader = try HDF5Reader(path: path, session: session)
                return try fields.map { field throws(ResultsError) in try read(block, of: field, from: reader) }
            }
        }
    }

    /// All values of the fields, `[field][value]`.
    ///
    /// Throws when a value is not finite; the message names its place.
    public func completeValues() throws(ResultsError) -> [[Double]] {
        var result = fieldNames.map { _ in [Double]() }
        for index in result.indices { result[index].reserveCapacity(valueCount) }
        for block in blocks {
            for (field, values) in try values(block).enumerated() {
                if let place = values.firstIndex(where: { !$0.isFinite }) {
                    throw notFinite(values[place], field: field, index: block.lowerBound + place)
                }
                result[field] += values
            }
        }
        return result
    }

    /// The error for a value that is not finite where it must be.
    public func notFinite(_ value: Double, field: Int, index: Int) -> ResultsError {
        var rest = index
        var places: [String] = []
        for axis in axes.reversed() {
            places.append("\(axis.name) = \(Float(axis.values[rest % axis.values.count]))")
            rest /= axis.values.count
        }
        return ResultsError(
            .notFinite, path: path,
            "'\(fieldNames[field])' is \(value) at index \(DataArray.text(ofIndex: index, shape: shape)), counted from 0 "
                + "(\(places.reversed().joined(separator: ", "))); values must be finite there")
    }

    // MARK: Kinds of files

    /// Datasets above this many values stay on disk.
    private static let largestInMemory = 1 << 20

    private static func onDisk(_ path: String, axes: [Source], fields: [Source]) throws(ResultsError) -> DataGrid {
        let opened = try HDF5.use {
            session throws(ResultsError) -> (axes: [DataArray], fields: [DiskField], chunk: [Int]?) in
            let reader = try HDF5Reader(path: path, session: session)
            let lines = try axes.map { source throws(ResultsError) in
                try reader.numbers(of: try reader.open(source.dataset), name: source.dataset)
            }
            var chunk: [Int]?
            let datasets = try fields.map { source throws(ResultsError) in
                let dataset = try reader.open(source.dataset)
                try reader.checkNumeric(dataset, name: source.dataset)
                let shape = try reader.shape(of: dataset)
                let longAxes = shape.indices.filter { shape[$0] != 1 }
                let lengths = try reader.chunkShape(of: dataset, rank: shape.count)
                chunk = chunk ?? lengths.map { lengths in longAxes.map { lengths[$0] } }
                return DiskField(dataset: source.dataset, shape: shape, longAxes: longAxes, isReversed: [])
            }
            return (lines, datasets, chunk)
        }
        let lines = try Self.lines(axes, opened.axes, path: path)
        let isReversed = lines.map { $0.values[0] > $0.values[1] }
        let datasets = try zip(fields, opened.fields).map { source, field throws(ResultsError) in
            try checkShape(field.shape, source: source, axes: lines, path: path)
            var field = field
            field.isReversed = isReversed
            return field
        }
        let grid = DataGrid(
            path: path, axes: lines.map(\.increasing), fieldNames: fields.map(\.name), storage: .disk(datasets),
            chunk: opened.chunk)
        guard grid.valueCount * max(1, fields.count) <= largestInMemory else { return grid }
        var values = fields.map { _ in [Double]() }
        for block in grid.blocks {
            for (index, part) in try grid.values(block).enumerated() { values[index] += part }
        }
        return DataGrid(path: path, axes: grid.axes, fieldNames: grid.fieldNames, storage: .memory(values))
    }

    private static func inMemory(
        _ path: String, axes: [Source], fields: [Source], arrays: [DataArray]
    ) throws(ResultsError) -> DataGrid {
        let lines = try Self.lines(axes, Array(arrays.prefix(axes.count)), path: path)
        let isReversed = lines.map { $0.values[0] > $0.values[1] }
        let shape = lines.map(\.values.count)
        let values = try zip(fields, arrays.dropFirst(axes.count)).map { source, array throws(ResultsError) in
            try checkShape(array.shape, source: source, axes: lines, path: path)
            return array.values.turned(shape, isReversed)
        }
        return DataGrid(
            path: path, axes: lines.map(\.increasing), fieldNames: fields.map(\.name), storage: .memory(values))
    }

    private static func table(_ file: DataFile, axes: [Source], fields: [Source]) throws(ResultsError) -> DataGrid {
        let columns = try file.arrays((axes + fields).map(\.dataset)).map(\.values)
        let rows = columns[0].count
        let lines = try zip(axes, columns).map { source, values throws(ResultsError) in
            if let row = values.firstIndex(where: { !$0.isFinite }) {
                throw ResultsError(
                    .notFinite, path: file.path,
                    "'\(source.dataset)' is \(values[row]) in row \(row + 1) below the header")
            }
            let distinct = Set(values).sorted()
            guard distinct.count >= 2 else {
                throw ResultsError(
                    .wrongShape, path: file.path, "'\(source.dataset)' needs two or more different values to be an axis"
                )
            }
            return Line(source.name, distinct)
        }
        let shape = lines.map(\.values.count)
        let isFull = shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue } == rows
        let places = lines.map { line in
            Dictionary(uniqueKeysWithValues: line.values.enumerated().map { ($0.element, $0.offset) })
        }
        var values = fields.map { _ in [Double](repeating: .nan, count: rows) }
        var isFilled = [Bool](repeating: false, count: rows)
        for row in 0..<rows where isFull {
            let index = shape.indices.reduce(0) { $0 * shape[$1] + (places[$1][columns[$1][row]] ?? 0) }
            isFilled[index] = true
            for field in fields.indices { values[field][index] = columns[axes.count + field][row] }
        }
        guard isFull, isFilled.allSatisfy({ $0 }) else {
            let names = lines.map(\.name).joined(separator: ", ")
            throw ResultsError(
                .wrongShape, path: file.path,
                "its \(rows) rows are not a full grid: \(names) take \(DataArray.text(of: shape)) different values, and "
                    + "every combination must occur once")
        }
        return DataGrid(path: file.path, axes: lines, fieldNames: fields.map(\.name), storage: .memory(values))
    }

    // MARK: Checks

    /// Axes as stored: finite, strictly increasing or decreasing.
    private static func lines(_ sources: [Source], _ arrays: [DataArray], path: String) throws(ResultsError) -> [Line] {
        try zip(sources, arrays).map { source, array throws(ResultsError) in
            guard array.shape.count(where: { $0 != 1 }) <= 1, array.values.count >= 2 else {
                throw ResultsError(
                    .wrongShape, path: path,
                    "'\(source.dataset)' is \(array.shapeText), but an axis is a list of two or more numbers")
            }
            if let place = array.values.firstIndex(where: { !$0.isFinite }) {
                throw ResultsError(
                    .notFinite, path: path,
                    "'\(source.dataset)' is \(array.values[place]) at index "
                        + "\(DataArray.text(ofIndex: place, shape: array.shape)), counted from 0; an axis must be finite"
                )
            }
            guard array.values.isStrictlyMonotonic else {
                throw ResultsError(
                    .wrongShape, path: path,
                    "'\(source.dataset)' does not strictly increase or decrease, as an axis must")
            }
            return Line(source.name, array.values)
        }
    }

    private static func checkShape(_ given: [Int], source: Source, axes: [Line], path: String) throws(ResultsError) {
        let wanted = axes.map(\.values.count)
        let shape = given.filter { $0 != 1 }
        guard shape != wanted else { return }
        let names = axes.map(\.name).joined(separator: ", ")
        var message =
            "'\(source.dataset)' is \(DataArray.text(of: given)), but its axes \(names) have "
            + "\(DataArray.text(of: wanted)) values"
        if let order = axes.order(fitting: shape) {
            message += "; the order that fits is axes = [" + order.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
        }
        throw ResultsError(.wrongShape, path: path, message)
    }

    // MARK: Blocks

    private func read(_ block: Range<Int>, of field: DiskField, from reader: HDF5Reader) throws(ResultsError)
        -> [Double]
    {
        let rows = block.count / rowSize
        var part = shape
        var start = [Int](repeating: 0, count: shape.count)
        var rest = block.lowerBound
        for axis in shape.indices.reversed() {
            start[axis] = rest % shape[axis]
            rest /= shape[axis]
        }
        for axis in 0..<cutAxis { part[axis] = 1 }
        part[cutAxis] = rows
        var (first, count) = (field.shape.map { _ in 0 }, field.shape.map { _ in 1 })
        for (axis, place) in field.longAxes.enumerated() {
            count[place] = part[axis]
            first[place] = field.isReversed[axis] ? shape[axis] - start[axis] - part[axis] : start[axis]
        }
        let array = try reader.numbers(
            of: try reader.open(field.dataset), name: field.dataset, slab: (first, count))
        return array.values.turned(part, field.isReversed)
    }
}

extension DataGrid.Line {
    fileprivate var increasing: DataGrid.Line {
        values[0] > values[1] ? DataGrid.Line(name, values.reversed()) : self
    }
}

extension [DataGrid.Line] {
    /// The names in an order in which their lengths are those of `shape`; `nil` if none fits.
    fileprivate func order(fitting shape: [Int]) -> [String]? {
        guard shape.count == count else { return nil }
        var rest = self
        var names: [String] = []
        for length in shape {
            guard let index = rest.firstIndex(where: { $0.values.count == length }) else { return nil }
            names.append(rest.remove(at: index).name)
        }
        return names
    }
}

extension [Double] {
    /// The values with some axes turned round.
    fileprivate func turned(_ shape: [Int], _ isReversed: [Bool]) -> [Double] {
        var result = self
        for axis in shape.indices where isReversed[axis] {
            let length = shape[axis]
            let stride = shape[(axis + 1)...].reduce(1, *)
            let old = result
            for index in old.indices {
                result[index + (length - 1 - 2 * (index / stride % length)) * stride] = old[index]
            }
        }
        return result
    }
}
