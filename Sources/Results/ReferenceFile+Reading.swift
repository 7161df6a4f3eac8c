extension ReferenceFile {
    /// Reads fields and the axes they are given on.
    ///
    /// `axes` is the order in which the fields are stored, slowest first; every axis has at least two values. Axes and
    /// fields may have further axes of length one, as MATLAB writes them. Integers and floats of any width are accepted
    /// and netCDF's packed values unpacked; decreasing axes are turned round together with the fields.
    ///
    /// Throws when the file is missing, is not an HDF5 file, lacks a dataset (the message lists those it has), when
    /// lengths do not fit (the message gives the order of axes that does, if there is one), and when a value is not
    /// finite (the message names its index).
    public static func read(_ path: String, axes: [Source], fields: [Source]) throws(ResultsError) -> Grid {
        try HDF5.use { session throws(ResultsError) in
            let reader = try HDF5Reader(path: path, session: session)
            var grid = Grid(axes: [], fields: [])
            for source in axes {
                let array = try read(source, from: reader)
                guard array.shape.count(where: { $0 != 1 }) <= 1, array.values.count >= 2 else {
                    throw ResultsError(
                        .wrongShape, path: path,
                        "'\(source.dataset)' is \(describe(array.shape)), but an axis is a list of two or more numbers")
                }
                guard array.values.isStrictlyMonotonic else {
                    throw ResultsError(
                        .wrongShape, path: path,
                        "'\(source.dataset)' does not strictly increase or decrease, as an axis must")
                }
                grid.axes.append(.init(source.name, array.values))
            }
            for source in fields {
                let array = try read(source, from: reader)
                try checkShape(of: array, source: source, axes: grid.axes, path: path)
                grid.fields.append(.init(source.name, array.values))
            }
            grid.turnDecreasingAxes()
            return grid
        }
    }

    /// Names of the datasets in an HDF5 file, groups separated by slashes.
    public static func datasets(in path: String) throws(ResultsError) -> [String] {
        try HDF5.use { session throws(ResultsError) in try HDF5Reader(path: path, session: session).datasetNames() }
    }

    private static func read(_ source: Source, from reader: HDF5Reader) throws(ResultsError) -> HDF5Reader.Array {
        let array = try reader.numbers(of: try reader.open(source.dataset), name: source.dataset)
        guard let place = array.values.firstIndex(where: { !$0.isFinite }) else { return array }
        let index = describe(index: place, shape: array.shape)
        throw ResultsError(
            .notFinite, path: reader.path,
            "'\(source.dataset)' is \(array.values[place]) at index \(index), counted from 0; a reference must be complete"
        )
    }

    private static func checkShape(of array: HDF5Reader.Array, source: Source, axes: [Grid.Line], path: String)
        throws(ResultsError)
    {
        let wanted = axes.map(\.values.count)
        let shape = array.shape.filter { $0 != 1 }
        guard shape != wanted else { return }
        let names = axes.map(\.name).joined(separator: ", ")
        var message =
            "'\(source.dataset)' is \(describe(array.shape)), but its axes \(names) have \(describe(wanted)) values"
        if let order = axes.order(fitting: shape) {
            message += "; the order that fits is axes = [" + order.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
        }
        throw ResultsError(.wrongShape, path: path, message)
    }

    private static func describe(_ shape: [Int]) -> String {
        shape.isEmpty ? "a single number" : shape.map(String.init).joined(separator: " x ")
    }

    private static func describe(index: Int, shape: [Int]) -> String {
        var rest = index
        var places: [Int] = []
        for length in shape.reversed() {
            places.append(rest % length)
            rest /= length
        }
        return "[" + places.reversed().map(String.init).joined(separator: ", ") + "]"
    }
}

extension [ReferenceFile.Grid.Line] {
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

extension ReferenceFile.Grid {
    /// Makes every axis increase, moving the values of the fields along.
    fileprivate mutating func turnDecreasingAxes() {
        let lengths = axes.map(\.values.count)
        for (position, axis) in axes.enumerated() where axis.values[0] > axis.values[1] {
            axes[position].values.reverse()
            let length = lengths[position]
            let stride = lengths[(position + 1)...].reduce(1, *)
            for field in fields.indices {
                let old = fields[field].values
                for index in old.indices {
                    let place = index / stride % length
                    fields[field].values[index + (length - 1 - 2 * place) * stride] = old[index]
                }
            }
        }
    }
}
