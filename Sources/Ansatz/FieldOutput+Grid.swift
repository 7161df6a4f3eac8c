import Expressions
import ProblemFiles
import Results

/// A scalar field of the output.
struct FieldColumn {
    var name: String
    var expression: Expression
    var longName: String
    var units: String
    /// The vector that it is a component of.
    var vector: String?
}

extension FieldOutput {
    /// The scalar fields that are evaluated: the quantities, vectors by component, then the unknowns that are missing.
    func columns(of problem: Problem) -> [FieldColumn] {
        var columns = quantities.flatMap { $0.columns(of: problem) }
        for (index, unknown) in problem.unknowns.enumerated()
        where !columns.contains(where: { $0.name == unknown.name }) {
            columns += problem.quantity(ofUnknown: index).columns(of: problem)
        }
        return columns
    }

    /// The points of a range of the grid, `[coordinate][point]`: the first coordinate runs fastest, as in the file.
    func points(_ range: Range<Int>) -> [[Double]] {
        var points = base.map { [Double](repeating: $0, count: range.count) }
        var stride = 1
        for axis in axes {
            let values = axis.values
            for (position, index) in range.enumerated() {
                points[axis.coordinate][position] = values[index / stride % values.count]
            }
            stride *= values.count
        }
        return points
    }

    /// The names of the axes in the file by coordinate: those of the coordinates, without the brackets of families.
    func axisNames(of problem: Problem) -> [Int: String] {
        let names = axes.map { problem.domain.coordinates[$0.coordinate].name }
        let pairs = axes.indices.map { index in
            let plain = names[index].filter { $0 != "[" && $0 != "]" }
            let isTaken = names.indices.contains { $0 != index && names[$0] == plain }
            return (axes[index].coordinate, isTaken ? plain + "_" : plain)
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    /// The axes of the file, slowest first: time, then the last coordinate, and the first coordinate at the end.
    func fileAxes(of problem: Problem) -> [FieldFile.Axis] {
        let names = axisNames(of: problem)
        return axes.reversed().map { axis in
            let coordinate = problem.domain.coordinates[axis.coordinate]
            return FieldFile.Axis(
                names[axis.coordinate] ?? coordinate.name, axis.values, longName: coordinate.name,
                isTime: coordinate.isTime)
        }
    }

    /// Bytes of the fields on disk before compression.
    func byteCount(of problem: Problem) -> Int {
        let columns = columns(of: problem).count
        let withReference = problem.reference == nil ? columns : columns + 2 * problem.unknowns.count
        return pointCount * withReference * (problem.run.precision == .single ? 4 : 8)
    }
}

extension Problem {
    /// The value of an unknown as a quantity of its own name.
    func quantity(ofUnknown index: Int) -> Quantity {
        Quantity(unknowns[index].name, .field(index), text: unknowns[index].name)
    }
}

extension Quantity {
    fileprivate func columns(of problem: Problem) -> [FieldColumn] {
        let unknown = problem.unknowns.first { $0.name == name }
        let label = unknown.flatMap { $0.about.isEmpty ? nil : $0.about } ?? (text.isEmpty ? name : text)
        let components = expression.components
        guard components.count > 1 else {
            return [.init(name: name, expression: components[0], longName: label, units: unknown?.units ?? "1")]
        }
        let spatial = problem.domain.coordinates.filter { !$0.isTime }.map(\.name)
        let isVector = components.count == spatial.count && components.count <= 3
        return components.indices.map { index in
            let suffix = isVector ? spatial[index] : String(index + 1)
            return FieldColumn(
                name: "\(name)_\(suffix)", expression: components[index],
                longName: "\(label), component \(suffix)", units: "1", vector: name)
        }
    }
}
