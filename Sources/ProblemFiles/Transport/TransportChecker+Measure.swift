import Expressions
import Randomness
import Results

extension TransportChecker {
    /// Reads `[source]` or `[target]`; nil after a complaint.
    mutating func readMeasure(_ section: String, seed: UInt64) -> ReadMeasure? {
        guard base.root[section] != nil else {
            base.diagnostics.append(
                Diagnostic(
                    .error, "'\(section)' is missing",
                    hint: "[\(section)] says where the mass is: uniform = 500, file, grid or random",
                    file: base.source.name))
            return nil
        }
        let count = base.diagnostics.count
        let options = base.resolve(TransportStatement.measureOptions, section)
        guard base.diagnostics.count == count else { return nil }
        let kinds = ["uniform", "file", "grid", "random"]
        let isGridded = options.has("file") && options.has("density")
        let given = kinds.filter { options.has($0) && !($0 == "grid" && isGridded) }
        guard given.count == 1 else {
            base.complain(
                options.origin,
                given.isEmpty
                    ? "'\(section)' does not say where the mass is"
                    : "'\(section)' says twice where the mass is: \(given.joined(separator: " and "))",
                hint: "one of uniform = 500, file = \"a.csv\", grid = { x = [0, 1, 100] }, random = 500")
            return nil
        }
        guard refuseKeys(options, section, kind: given[0], isGridded: isGridded) else { return nil }
        var measure: TransportStatement.Measure?
        switch given[0] {
        case "uniform":
            let n = options.integer("uniform")
            measure = .init(
                coordinates: [], points: [[Double]](repeating: [], count: n),
                weights: [Double](repeating: 1 / Double(n), count: n))
        case "file": measure = isGridded ? readImage(options, section) : readCloud(options, section)
        case "grid": measure = readGrid(options, section)
        default: measure = readRandom(options, section, seed: seed)
        }
        guard var measure, finish(&measure, options, section) else { return nil }
        return ReadMeasure(measure: measure, tree: options.tree)
    }

    /// Keys that another kind would read say that something else was meant.
    private mutating func refuseKeys(
        _ options: ResolvedOptions, _ section: String, kind: String, isGridded: Bool
    ) -> Bool {
        let allowed: Set<String> =
            switch kind {
            case "uniform": []
            case "file": isGridded ? ["density", "grid", "background"] : ["points", "weights", "background"]
            case "grid": ["density", "background"]
            default: ["box", "density", "background"]
            }
        var isFine = true
        for key in ["points", "weights", "box", "density", "background", "grid"]
        where options.isGiven(key) && key != kind && !allowed.contains(key) {
            isFine = false
            base.complain(options.origin(of: key), "'\(section).\(key)' has no meaning beside '\(kind)'")
        }
        return isFine
    }

    /// Background and normalisation, and a look at every mass.
    private mutating func finish(
        _ measure: inout TransportStatement.Measure, _ options: ResolvedOptions, _ section: String
    ) -> Bool {
        let place = options.origin(of: options.has("density") ? "density" : options.has("weights") ? "weights" : "file")
        if let index = measure.weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
            base.complain(
                place, "mass \(index + 1) of '\(section)' is \(measure.weights[index])",
                hint: "masses are finite and not negative")
            return false
        }
        var total = measure.weights.reduce(0, +)
        guard total > 0, total.isFinite else {
            base.complain(place, "'\(section)' has no mass", hint: "at least one mass is positive")
            return false
        }
        let isWeighted = options.has("weights")
        if options.has("normalise") ? options.optionTree("normalise")?.boolean == true : !isWeighted {
            measure.weights = measure.weights.map { $0 / total }
            total = 1
        }
        measure.strength = options.optionalNumber("strength")
        let share = options.optionalNumber("background") ?? 0
        if share > 0 {
            let even = share * total / Double(measure.count)
            measure.weights = measure.weights.map { (1 - share) * $0 + even }
        }
        for point in measure.points where !point.allSatisfy(\.isFinite) {
            base.complain(place, "a point of '\(section)' has a coordinate that is not finite")
            return false
        }
        return true
    }

    // MARK: Files

    /// Opens a file of a section; nil after a complaint.
    mutating func open(_ options: ResolvedOptions) -> DataFile? {
        let location = base.resolvedPath(options.text("file"))
        do throws(ResultsError) {
            return try DataFile(location)
        } catch {
            let isMissing = error.kind == .missingFile
            base.complain(
                options.origin(of: "file"),
                isMissing
                    ? "the data file cannot be read: there is no such file"
                    : "\(options.text("file")): \(error.message)",
                hint: isMissing ? "looked for \(location)" : nil)
            return nil
        }
    }

    /// Arrays of a file; nil after a complaint at the key that names them.
    mutating func arrays(
        _ names: [String], of file: DataFile, _ options: ResolvedOptions, key: String
    ) -> [DataArray]? {
        do throws(ResultsError) {
            return try file.arrays(names)
        } catch {
            base.complain(options.origin(of: key), "\(options.text("file")): \(error.message)")
            return nil
        }
    }

    /// Points as rows, their masses from a vector or equal.
    private mutating func readCloud(_ options: ResolvedOptions, _ section: String) -> TransportStatement.Measure? {
        let tree = options.optionTree("points")
        let names = tree?.text.map { [$0] } ?? tree?.elements?.compactMap(\.text) ?? []
        guard !names.isEmpty, tree?.elements == nil || tree?.elements?.count == names.count else {
            base.complain(
                tree == nil ? options.origin : options.origin(of: "points"),
                tree == nil
                    ? "'\(section).points' is missing" : "'\(section).points' must be a name or an array of names",
                hint: "points = [\"x\", \"y\"] names columns, points = \"positions\" an array of rows; "
                    + "density = \"rho\" masses on a grid")
            return nil
        }
        guard let file = open(options), let arrays = arrays(names, of: file, options, key: "points") else { return nil }
        var points: [[Double]]
        var coordinates = names
        if names.count == 1, arrays[0].shape.count == 2 {
            let (count, dimensions) = (arrays[0].shape[0], arrays[0].shape[1])
            points = (0..<count).map { Array(arrays[0].values[$0 * dimensions..<($0 + 1) * dimensions]) }
            coordinates = Self.names(dimensions)
        } else {
            guard Set(arrays.map(\.shape)).count == 1, arrays[0].shape.count == 1 else {
                let shapes = zip(names, arrays).map { "\($0) is \($1.shapeText)" }.joined(separator: ", ")
                base.complain(
                    options.origin(of: "points"), "the coordinates of '\(section)' do not fit: \(shapes)",
                    hint: "either vectors of one length, or one array with a row for each point")
                return nil
            }
            points = (0..<arrays[0].values.count).map { row in arrays.map { $0.values[row] } }
        }
        guard !points.isEmpty, !coordinates.isEmpty else {
            base.complain(options.origin(of: "points"), "'\(section)' has no points")
            return nil
        }
        var weights = [Double](repeating: 1 / Double(points.count), count: points.count)
        if options.has("weights") {
            guard let given = self.arrays([options.text("weights")], of: file, options, key: "weights")?[0] else {
                return nil
            }
            guard given.shape == [points.count] else {
                base.complain(
                    options.origin(of: "weights"),
                    "'\(options.text("weights"))' is \(given.shapeText), but there are \(points.count) points")
                return nil
            }
            weights = given.values
        }
        return .init(coordinates: coordinates, points: points, weights: weights)
    }

    private static func names(_ dimensions: Int) -> [String] {
        dimensions <= 3 ? Array(["x", "y", "z"].prefix(dimensions)) : (1...dimensions).map { "x\($0)" }
    }

    /// Masses on a grid, from an array.
    private mutating func readImage(_ options: ResolvedOptions, _ section: String) -> TransportStatement.Measure? {
        guard let file = open(options),
            let array = arrays([options.text("density")], of: file, options, key: "density")?[0]
        else { return nil }
        guard (1...3).contains(array.shape.count), !array.values.isEmpty else {
            base.complain(
                options.origin(of: "density"),
                "'\(options.text("density"))' is \(array.shapeText); a density has one, two or three axes")
            return nil
        }
        var names = Self.names(array.shape.count)
        var axes = array.shape.map { count in (0..<count).map(Double.init) }
        if let grid = options.optionTree("grid") {
            guard grid.entries.count == axes.count else {
                base.complain(
                    options.origin(of: "grid"),
                    "'\(section).grid' names \(grid.entries.count) coordinates, but the array is \(array.shapeText)")
                return nil
            }
            names = grid.entries.map(\.key)
            for (axis, entry) in grid.entries.enumerated() {
                let ends = entry.tree.elements?.compactMap(\.number) ?? []
                let count = array.shape[axis]
                guard ends.count == 2 || ends.count == 3 && ends[2] == Double(count), ends[0] < ends[1] else {
                    base.complain(
                        entry.tree.origin,
                        "'\(section).grid.\(entry.key)' must be [from, to] with from < to; the array has \(count) there"
                    )
                    return nil
                }
                axes[axis] = FieldOutput.evenValues(from: ends[0], to: ends[1], count: count)
            }
        }
        return .init(coordinates: names, points: Self.product(axes), weights: array.values, axes: axes)
    }

    // MARK: Grids and random points

    private mutating func readGrid(_ options: ResolvedOptions, _ section: String) -> TransportStatement.Measure? {
        var axes: [[Double]] = []
        var total = 1.0
        let entries = options.optionTree("grid")?.entries ?? []
        guard (1...8).contains(entries.count) else {
            base.complain(options.origin(of: "grid"), "'\(section).grid' must name one to eight coordinates")
            return nil
        }
        for entry in entries {
            let numbers = entry.tree.elements?.compactMap(\.number) ?? []
            guard numbers.count == 3, numbers[0] < numbers[1], numbers[2] >= 2, numbers[2] <= 1e7,
                let count = Int(exactly: numbers[2])
            else {
                base.complain(
                    entry.tree.origin, "'\(section).grid.\(entry.key)' must be [from, to, points]",
                    hint: "from < to, and at least two points: \(entry.key) = [0, 1, 100]")
                return nil
            }
            total *= numbers[2]
            guard total <= 1e7 else {
                base.complain(options.origin(of: "grid"), "'\(section).grid' has more than ten million points")
                return nil
            }
            axes.append(FieldOutput.evenValues(from: numbers[0], to: numbers[1], count: count))
        }
        let names = entries.map(\.key)
        let points = Self.product(axes)
        guard let weights = densities(options, section, names, points) else { return nil }
        return .init(coordinates: names, points: points, weights: weights, axes: axes)
    }

    private mutating func readRandom(
        _ options: ResolvedOptions, _ section: String, seed: UInt64
    ) -> TransportStatement.Measure? {
        let entries = options.optionTree("box")?.entries ?? []
        guard (1...64).contains(entries.count) else {
            base.complain(
                options.origin(of: "random"), "'\(section).box' must say where the random points lie",
                hint: "box = { x = [0, 1], y = [0, 1] }")
            return nil
        }
        var bounds: [(Double, Double)] = []
        for entry in entries {
            let numbers = entry.tree.elements?.compactMap(\.number) ?? []
            guard numbers.count == 2, numbers[0] < numbers[1] else {
                base.complain(entry.tree.origin, "'\(section).box.\(entry.key)' must be [from, to] with from < to")
                return nil
            }
            bounds.append((numbers[0], numbers[1]))
        }
        var stream = RandomStream(seed: seed, name: "transport/\(section)")
        let points = (0..<options.integer("random")).map { _ in
            bounds.map { $0.0 + ($0.1 - $0.0) * stream.uniform() }
        }
        let names = entries.map(\.key)
        guard let weights = densities(options, section, names, points) else { return nil }
        return .init(coordinates: names, points: points, weights: weights)
    }

    /// The density's values at points; equal masses without a density.
    private mutating func densities(
        _ options: ResolvedOptions, _ section: String, _ names: [String], _ points: [[Double]]
    ) -> [Double]? {
        guard let tree = options.optionTree("density") else {
            return [Double](repeating: 1 / Double(points.count), count: points.count)
        }
        let declarations = names.map { CoordinateDeclaration(name: $0) }
        let issues = Scope.issues(in: declarations)
        guard issues.isEmpty else {
            for issue in issues { base.complain(options.origin, issue.message, hint: issue.hint) }
            return nil
        }
        guard let expression = base.scalar(tree, "\(section).density", declarations) else { return nil }
        let columns = names.indices.map { axis in points.map { $0[axis] } }
        do throws(ExpressionErrors) {
            let values = try Expression.values(of: [expression], at: columns)[0]
            if let index = values.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
                let place = zip(names, points[index]).map { "\($0) = \($1.shortText)" }.joined(separator: ", ")
                base.complain(
                    tree.origin, "the density of '\(section)' is \(values[index]) at \(place)",
                    hint: "densities are finite and not negative")
                return nil
            }
            return values
        } catch {
            base.report(error, tree.origin)
            return nil
        }
    }

    /// All combinations, the last axis running fastest.
    private static func product(_ axes: [[Double]]) -> [[Double]] {
        axes.reduce([[]]) { points, axis in points.flatMap { point in axis.map { point + [$0] } } }
    }
}
