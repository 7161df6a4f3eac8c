import Expressions
import Geometry

extension ProblemChecker {
    /// Corners from the file itself or from a table of points.
    mutating func polygon(_ reading: ShapeReading) -> (any Shape)? {
        let options = reading.options
        guard options.has("points") != options.has("file") else {
            complain(
                options.origin,
                options.has("points")
                    ? "a polygon has either points or a file, not both" : "a polygon needs its corners",
                hint: "points = [[0, 0], [1, 0], [0, 1]], or file = \"outline.csv\"")
            return nil
        }
        guard let corners = options.has("file") ? outline(reading) : corners(reading) else { return nil }
        return make(reading) { () throws(GeometryError) in try Polygon(corners) }
    }

    private mutating func corners(_ reading: ShapeReading) -> [[Double]]? {
        guard let tree = reading.options.optionTree("points") else { return nil }
        guard let elements = tree.elements else {
            complain(
                tree.origin, "'\(reading.path).points' must be an array of points, not \(tree.kindName)",
                hint: "points = [[0, 0], [1, 0], [0, 1]]")
            return nil
        }
        let corners = elements.enumerated().map { index, element in
            vector(element, "\(reading.path).points[\(index + 1)]", reading.coordinates)
        }
        let known = corners.compactMap(\.self)
        return known.count == corners.count ? known : nil
    }

    private mutating func outline(_ reading: ShapeReading) -> [[Double]]? {
        let name = reading.options.text("file")
        do {
            return try OutlineFile.corners(path: resolvedPath(name), shownAs: name, coordinates: reading.coordinates)
        } catch {
            complain(reading.options.origin(of: "file"), error.message, hint: error.hint)
            return nil
        }
    }
}

/// A CSV file with the corners of a polygon: a header that names the coordinates, then a corner in each line.
///
/// Columns may come in any order, and others may stand beside them; empty lines and lines that begin with # do not count.
/// A last corner that repeats the first one closes the polygon and is left out.
enum OutlineFile {
    /// What is wrong with the file.
    struct Slip: Error {
        var message: String
        var hint: String?
    }

    static func corners(path: String, shownAs name: String, coordinates: [String]) throws(Slip) -> [[Double]] {
        let text: String
        do {
            text = try ProblemText.load(path)
        } catch {
            let first = error.diagnostics.first
            throw Slip(message: "'\(name)': \(first?.message ?? "cannot be read")", hint: "looked for \(path)")
        }
        var columns: [Int]?
        var corners: [[Double]] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = line.trimmed
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
            guard let places = columns else {
                columns = try header(fields, name, index + 1, coordinates)
                continue
            }
            var corner: [Double] = []
            for (place, coordinate) in zip(places, coordinates) {
                guard place < fields.count, let value = Double(fields[place]), value.isFinite else {
                    throw Slip(
                        message: "'\(name)', line \(index + 1): no number for '\(coordinate)'",
                        hint: "each line holds a corner, numbers with commas between them")
                }
                corner.append(value)
            }
            corners.append(corner)
        }
        guard columns != nil else {
            throw Slip(message: "'\(name)' has no header", hint: "its first line names the columns: x,y")
        }
        if corners.count > 1, corners.first == corners.last { corners.removeLast() }
        return corners
    }

    private static func header(
        _ fields: [String], _ name: String, _ line: Int, _ coordinates: [String]
    ) throws(Slip) -> [Int] {
        var places: [Int] = []
        for coordinate in coordinates {
            guard let place = fields.firstIndex(of: coordinate) else {
                throw Slip(
                    message: "'\(name)', line \(line): no column is named '\(coordinate)'",
                    hint: "the header names the coordinates: \(coordinates.joined(separator: ","))")
            }
            places.append(place)
        }
        return places
    }
}
