/// The grid of a `FieldFile` as VTK sees it: up to three axes in space, and moments.
///
/// VTK's x runs fastest. An axis of one point has no extent there; cells are hexahedra, quadrilaterals, lines or vertices
/// over the others.
struct VTKGrid {
    /// The axes in space, fastest first: x, y, z.
    let axes: [FieldFile.Axis]
    /// The moments; nil for a steady problem.
    let times: FieldFile.Axis?

    /// Throws when there is no axis in space or more than three.
    init(_ file: FieldFile, path: String, format: ExportFormat) throws(ResultsError) {
        times = file.axes.first.flatMap { $0.isTime ? $0 : nil }
        axes = file.axes.filter { !$0.isTime }.reversed()
        let names = axes.map(\.name).joined(separator: ", ")
        guard (1...3).contains(axes.count) else {
            let count = axes.isEmpty ? "no axis in space" : "\(axes.count) axes in space (\(names))"
            throw ResultsError(
                .wrongShape, path: path,
                "cannot be written as \(format.rawValue), which knows one to three axes in space: the fields have \(count); "
                    + "export as csv or npz")
        }
    }

    /// Points along each axis, 1 for those that are not there.
    var lengths: [Int] { axes.map(\.values.count) + [Int](repeating: 1, count: 3 - axes.count) }

    /// Points in one moment.
    var pointCount: Int { axes.reduce(1) { $0 * $1.values.count } }

    /// How many moments are stored.
    var stepCount: Int { times?.values.count ?? 1 }

    /// First value and distance of each axis, if all are evenly spaced; 0 and 1 where there is no axis.
    var spacing: (origin: [Double], step: [Double])? {
        var (origin, step) = ([0.0, 0, 0], [1.0, 1, 1])
        for (index, axis) in axes.enumerated() {
            origin[index] = axis.values[0]
            guard let last = axis.values.last, axis.values.count > 1 else { continue }
            let even = (last - origin[index]) / Double(axis.values.count - 1)
            guard even > 0,
                axis.values.enumerated().allSatisfy({ abs($1 - origin[index] - Double($0) * even) < 1e-6 * even })
            else { return nil }
            step[index] = even
        }
        return (origin, step)
    }

    /// Coordinates of all points, x, y and z one after another; x runs fastest.
    var points: [Double] {
        let values = axes.map(\.values) + [[Double]](repeating: [0], count: 3 - axes.count)
        var points: [Double] = []
        points.reserveCapacity(3 * pointCount)
        for z in values[2] { for y in values[1] { for x in values[0] { points += [x, y, z] } } }
        return points
    }

    /// The corners of all cells, and VTK's number for the kind of cell.
    var cells: (corners: [Int], cornersPerCell: Int, kind: UInt8) {
        let lengths = lengths
        let strides = [1, lengths[0], lengths[0] * lengths[1]]
        let open = lengths.indices.filter { lengths[$0] > 1 }
        // Corners of the first cell, in VTK's order: round the quadrilateral, then the one above it.
        var corner = [0]
        if let first = open.first { corner = [0, strides[first]] }
        if open.count > 1 { corner += [strides[open[0]] + strides[open[1]], strides[open[1]]] }
        if open.count > 2 { corner += corner.map { $0 + strides[open[2]] } }
        let kinds: [UInt8] = [1, 3, 9, 12]
        let counts = lengths.map { max(1, $0 - 1) }
        var corners: [Int] = []
        corners.reserveCapacity(counts.reduce(corner.count, *))
        for z in 0..<counts[2] {
            for y in 0..<counts[1] {
                for x in 0..<counts[0] {
                    let start = x + y * strides[1] + z * strides[2]
                    for offset in corner { corners.append(start + offset) }
                }
            }
        }
        return (corners, corner.count, kinds[open.count])
    }
}
