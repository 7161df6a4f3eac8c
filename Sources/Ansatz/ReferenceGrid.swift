import Geometry
import ProblemFiles
import Results

/// Reference values on a grid, interpolated linearly along every axis.
struct ReferenceGrid: Sendable {
    struct Axis: Sendable {
        var coordinate: Int
        var values: [Double]
    }

    private let path: String
    /// Names of the fields.
    let names: [String]
    /// The axes, slowest first.
    let axes: [Axis]
    /// Values by field, the last axis running fastest.
    let fields: [[Double]]

    /// - Throws: `ResultsError` when the file cannot be read or does not fit.
    init(_ file: ProblemFiles.ReferenceFile, problem: Problem) throws(ResultsError) {
        let datasets = Dictionary(uniqueKeysWithValues: file.coordinates.map { ($0.name, $0.dataset) })
        let grid = try Results.ReferenceFile.read(
            file.path, axes: file.axes.map { .init($0, dataset: datasets[$0] ?? $0) },
            fields: file.variables.map { .init($0.unknown, dataset: $0.dataset) })
        axes = try grid.axes.map { line throws(ResultsError) in
            guard let coordinate = problem.domain.index(of: line.name) else {
                throw ResultsError(.wrongShape, path: file.path, "axis '\(line.name)' is not a coordinate")
            }
            return Axis(coordinate: coordinate, values: line.values)
        }
        path = file.path
        names = grid.fields.map(\.name)
        fields = grid.fields.map(\.values)
    }

    /// The grid's own points that lie in the domain, `[coordinate][point]`.
    ///
    /// - Throws: `ResultsError` when there are none.
    func points(in box: Box) throws(ResultsError) -> [[Double]] {
        let inside = axes.map { axis in
            let lower = box.lower[axis.coordinate], upper = box.upper[axis.coordinate]
            let slack = 1e-9 * (upper - lower)
            return axis.values.filter { $0 >= lower - slack && $0 <= upper + slack }
        }
        let count = inside.reduce(1) { $0 * $1.count }
        guard count > 0 else {
            throw ResultsError(.wrongShape, path: path, "none of the grid's points lies in the domain")
        }
        var points = [[Double]](repeating: [Double](repeating: 0, count: count), count: box.dimensions)
        var stride = count
        for (axis, values) in zip(axes, inside) {
            stride /= values.count
            for point in 0..<count { points[axis.coordinate][point] = values[point / stride % values.count] }
        }
        return points
    }

    /// Values at points, `[field][point]`; not a number outside the grid.
    func interpolated(at points: [[Double]]) -> [[Double]] {
        let count = points.first?.count ?? 0
        var result = fields.map { _ in [Double](repeating: .nan, count: count) }
        for point in 0..<count {
            // The corners of the cell: index into the field, and weight.
            var corners: [(index: Int, weight: Double)] = [(0, 1)]
            for axis in axes {
                guard let cell = axis.cell(of: points[axis.coordinate][point]) else {
                    corners = []
                    break
                }
                corners = corners.flatMap { corner in
                    cell.map { (corner.index * axis.values.count + $0.index, corner.weight * $0.weight) }
                }
            }
            guard !corners.isEmpty else { continue }
            for field in fields.indices {
                result[field][point] = corners.reduce(0) { $0 + fields[field][$1.index] * $1.weight }
            }
        }
        return result
    }
}

extension ReferenceGrid.Axis {
    /// The one or two neighbours of `x` with their weights; nil outside.
    fileprivate func cell(of x: Double) -> [(index: Int, weight: Double)]? {
        let slack = 1e-9 * (values[values.count - 1] - values[0])
        guard x >= values[0] - slack, x <= values[values.count - 1] + slack else { return nil }
        var low = 0, high = values.count - 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if values[middle] <= x { low = middle } else { high = middle }
        }
        let fraction = min(1, max(0, (x - values[low]) / (values[high] - values[low])))
        if fraction == 0 { return [(low, 1)] }
        if fraction == 1 { return [(high, 1)] }
        return [(low, 1 - fraction), (high, fraction)]
    }
}
