import Geometry
import ProblemFiles
import Results

/// Reference values on a grid in a file, read block by block and interpolated linearly along every axis.
struct ReferenceGrid: Sendable {
    struct Axis: Sendable {
        var coordinate: Int
        var values: [Double]
    }

    /// The grid's own points that lie in the domain, and the values there.
    struct Block {
        /// `[coordinate][point]`
        var points: [[Double]]
        /// `[field][point]`
        var values: [[Double]]
    }

    private let data: DataGrid
    /// Names of the fields.
    var names: [String] { data.fieldNames }
    /// The axes, slowest first.
    let axes: [Axis]
    private let domain: SpaceTime
    /// Where points are compared: the domain's box, or that of the reference.
    private let box: Box
    private let isPart: Bool

    /// Opens the file; values are read later.
    ///
    /// - Throws: `ResultsError` when the file cannot be read or does not fit.
    init(_ file: ProblemFiles.ReferenceFile, problem: Problem) throws(ResultsError) {
        let datasets = Dictionary(uniqueKeysWithValues: file.coordinates.map { ($0.name, $0.dataset) })
        data = try DataGrid(
            file.path, axes: file.axes.map { .init($0, dataset: datasets[$0] ?? $0) },
            fields: file.variables.map { .init($0.unknown, dataset: $0.dataset) })
        axes = try data.axes.map { line throws(ResultsError) in
            guard let coordinate = problem.domain.index(of: line.name) else {
                throw ResultsError(.wrongShape, path: file.path, "axis '\(line.name)' is not a coordinate")
            }
            return Axis(coordinate: coordinate, values: line.values)
        }
        domain = problem.domain.spaceTime
        box = problem.referenceBox?.box ?? domain.box
        isPart = problem.referenceBox != nil
    }

    /// Visits the grid's points in the domain and in the box of the reference, in the order of the file, a block at a time.
    ///
    /// - Throws: `ResultsError` when there are none and when a value at one of them is not finite; what `body` throws.
    func forEachBlock(_ body: (Block) throws -> Void) throws {
        let isInside = axes.map { axis in
            let lower = box.lower[axis.coordinate], upper = box.upper[axis.coordinate]
            let slack = 1e-9 * (upper - lower)
            return axis.values.map { $0 >= lower - slack && $0 <= upper + slack }
        }
        var isEmpty = true
        for range in data.blocks {
            var indices = indices(in: range, isInside)
            guard !indices.isEmpty else { continue }
            var block = Block(points: points(indices), values: [])
            let belongs = domain.regionContains(columns: block.points)
            if belongs.contains(false) {
                indices = zip(indices, belongs).compactMap { $1 ? $0 : nil }
                guard !indices.isEmpty else { continue }
                block.points = points(indices)
            }
            isEmpty = false
            for (field, values) in try data.values(range).enumerated() {
                block.values.append(indices.map { values[$0 - range.lowerBound] })
                guard let place = block.values[field].firstIndex(where: { !$0.isFinite }) else { continue }
                throw data.notFinite(block.values[field][place], field: field, index: indices[place])
            }
            try body(block)
        }
        if isEmpty {
            let place = isPart ? "in the domain and in the box of the reference" : "in the domain"
            throw ResultsError(.wrongShape, path: data.path, "none of the grid's points lies \(place)")
        }
    }

    /// The coordinates of the grid's points, `[coordinate][point]`.
    private func points(_ indices: [Int]) -> [[Double]] {
        var points = box.lower.map { _ in [Double]() }
        var stride = axes.reduce(1) { $0 * $1.values.count }
        for axis in axes {
            stride /= axis.values.count
            points[axis.coordinate] = indices.map { axis.values[$0 / stride % axis.values.count] }
        }
        return points
    }

    /// The number of the grid's points in the box.
    var pointCount: Int {
        axes.reduce(1) { count, axis in
            let lower = box.lower[axis.coordinate], upper = box.upper[axis.coordinate]
            let slack = 1e-9 * (upper - lower)
            return count * axis.values.count { $0 >= lower - slack && $0 <= upper + slack }
        }
    }

    private func indices(in range: Range<Int>, _ isInside: [[Bool]]) -> [Int] {
        var place = [Int](repeating: 0, count: axes.count)
        var rest = range.lowerBound
        for axis in axes.indices.reversed() {
            place[axis] = rest % axes[axis].values.count
            rest /= axes[axis].values.count
        }
        var indices: [Int] = []
        for index in range {
            if axes.indices.allSatisfy({ isInside[$0][place[$0]] }) { indices.append(index) }
            var axis = axes.count - 1
            while axis >= 0 {
                place[axis] += 1
                if place[axis] < axes[axis].values.count { break }
                place[axis] = 0
                axis -= 1
            }
        }
        return indices
    }

    /// Values at points, `[field][point]`; not a number outside the grid. Only the blocks that are needed are read.
    ///
    /// - Throws: `ResultsError` when the file cannot be read any more.
    func interpolated(at points: [[Double]]) throws(ResultsError) -> [[Double]] {
        let count = points.first?.count ?? 0
        let blocks = data.blocks
        var result = names.map { _ in [Double](repeating: .nan, count: count) }
        // By block: the corners of cells that lie in it, with the point that they belong to.
        var corners = [[(point: Int, index: Int, weight: Double)]](repeating: [], count: blocks.count)
        for point in 0..<count {
            var cell: [(index: Int, weight: Double)] = [(0, 1)]
            for axis in axes {
                guard let ends = axis.cell(of: points[axis.coordinate][point]) else {
                    cell = []
                    break
                }
                cell = cell.flatMap { corner in
                    ends.map { (corner.index * axis.values.count + $0.index, corner.weight * $0.weight) }
                }
            }
            if !cell.isEmpty { for field in result.indices { result[field][point] = 0 } }
            for corner in cell { corners[data.block(of: corner.index)].append((point, corner.index, corner.weight)) }
        }
        for (block, corners) in zip(blocks, corners) where !corners.isEmpty {
            let fields = try data.values(block)
            for (field, values) in fields.enumerated() {
                for corner in corners {
                    result[field][corner.point] += values[corner.index - block.lowerBound] * corner.weight
                }
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
