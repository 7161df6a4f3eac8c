extension FieldFile {
    /// A slice of a field for a figure: axes named in `fixed` are held at the grid value nearest to the given one.
    ///
    /// Throws when there is no such field or axis, when a value lies outside the axis, or when not one or two axes remain.
    public func slice(_ name: String, at fixed: [(axis: String, value: Double)] = [], path: String = defaultName)
        throws(ResultsError) -> PlottedField
    {
        guard let variable = variable(name) else {
            let names = variables.map(\.name).joined(separator: ", ")
            throw ResultsError(.missingDataset, path: path, "has no field '\(name)'; it has \(names)")
        }
        let axes = axes(of: variable)
        var indices: [Int?] = axes.map { _ in nil }
        for (axisName, value) in fixed {
            guard let position = axes.firstIndex(where: { $0.name == axisName }) else {
                let names = axes.map(\.name).joined(separator: ", ")
                throw ResultsError(.wrongShape, path: path, "'\(name)' has no axis '\(axisName)'; it has \(names)")
            }
            indices[position] = try axes[position].nearestIndex(to: value, path: path)
        }
        let remaining = axes.indices.filter { indices[$0] == nil }
        guard (1...2).contains(remaining.count) else {
            let names = remaining.map { axes[$0].name }.joined(separator: ", ")
            throw ResultsError(
                .wrongShape, path: path,
                remaining.isEmpty
                    ? "a figure of '\(name)' needs an axis that is not held fixed"
                    : "a figure of '\(name)' shows one or two axes; hold all but two of \(names) at a value")
        }
        var strides = [Int](repeating: 1, count: axes.count)
        for position in axes.indices.dropLast().reversed() {
            strides[position] = strides[position + 1] * axes[position + 1].values.count
        }
        let start = zip(indices, strides).reduce(0) { $0 + ($1.0 ?? 0) * $1.1 }
        var offsets = [start]
        for position in remaining {
            offsets = offsets.flatMap { offset in axes[position].values.indices.map { offset + $0 * strides[position] }
            }
        }
        return PlottedField(
            name, axes: remaining.map { PlotAxis(axes[$0].label, axes[$0].values, isTime: axes[$0].isTime) },
            values: offsets.map { variable.values[$0] })
    }
}

extension FieldFile.Axis {
    /// The name with units, if it has any.
    var label: String { units.isEmpty || units == "1" ? longName : "\(longName) (\(units))" }

    /// The index of the grid value nearest to a value inside the axis.
    func nearestIndex(to value: Double, path: String) throws(ResultsError) -> Int {
        let lower = values.min() ?? .nan
        let upper = values.max() ?? .nan
        let slack = 1e-9 * max(abs(lower), abs(upper))
        guard value >= lower - slack, value <= upper + slack,
            let index = values.indices.min(by: { abs(values[$0] - value) < abs(values[$1] - value) })
        else {
            throw ResultsError(
                .wrongShape, path: path,
                "\(name) = \(value) lies outside the axis, which goes from \(lower) to \(upper)")
        }
        return index
    }
}
