/// A table of points: columns of numbers, some of them coordinates.
public struct PointTable: Sendable, Equatable {
    /// The names of all columns, in the order of the file.
    public var names: [String]
    /// The columns.
    public var columns: [[Double]]

    /// A table; all columns have the same length, all names differ.
    public init(names: [String], columns: [[Double]]) {
        precondition(names.count == columns.count && Set(columns.map(\.count)).count <= 1, "a name for each column")
        self.names = names
        self.columns = columns
    }

    /// Reads coordinates from a file of columns or vectors; of a CSV table all columns.
    ///
    /// Throws when a coordinate is missing, when something is not a number, when lengths differ.
    public init(_ path: String, coordinates: [String]) throws(ResultsError) {
        let file = try DataFile(path)
        let present = file.format == .csv ? try file.names() : coordinates
        // The complaint about a coordinate that is missing comes before any about other columns.
        let points = try file.arrays(coordinates)
        let names = present.filter { !$0.isEmpty }
        let arrays = names == coordinates ? points : try file.arrays(names)
        for (name, array) in zip(names, arrays) {
            guard array.shape.count == 1, array.shape == points[0].shape else {
                throw ResultsError(
                    .wrongShape, path: path,
                    "'\(name)' is \(array.shapeText), '\(coordinates[0])' is \(points[0].shapeText); "
                        + "coordinates are vectors of one length, a value for each point")
            }
        }
        self.init(names: names, columns: arrays.map(\.values))
    }

    /// The number of points.
    public var count: Int { columns.first?.count ?? 0 }

    /// A column by its name.
    public func column(_ name: String) -> [Double]? { names.firstIndex(of: name).map { columns[$0] } }

    /// The table as comma-separated values, numbers as the shortest text that reads back the same.
    public var csvText: String {
        var text = CSV.line(names)
        for row in 0..<count {
            for (index, column) in columns.enumerated() {
                if index > 0 { text += "," }
                text += "\(column[row])"
            }
            text += "\n"
        }
        return text
    }
}
