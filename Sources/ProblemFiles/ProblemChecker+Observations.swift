import Expressions
import Results

/// `[data.NAME]` with `observe`: measurements at points.
extension ProblemChecker {
    /// A quantity of `observe` before its numbers are read.
    private struct Observed {
        var expression: Expression
        var text: String
        var column: String
        var origin: Origin
        var noise: NoiseSource = .none
    }

    private enum NoiseSource {
        case none
        case constant(Double)
        case column(String, Origin)
    }

    mutating func readObservations(_ entry: OptionTree.Entry) {
        guard isTermName(entry) else { return }
        let table = dataOptions(
            "measurements at points",
            [
                OptionTable.Option(
                    "observe", .anything, isRequired: true, help: "unknown or expression = name in the file"),
                OptionTable.Option(
                    "noise", .anything,
                    help: "standard deviation: a number, a name in the file, or a table of these by observed quantity"),
            ])
        guard let domain, let section = dataSection(entry, table), let observed = observed(section) else { return }
        let coordinates = domain.coordinates.map(\.name)
        let axes = section.options.has("axes") ? section.options.texts("axes") : nil
        if let axes, axes.count != coordinates.count {
            complain(
                section.origin(of: "axes"), "'\(section.path).axes' must name every coordinate once",
                hint: "coordinates: \(coordinates.joined(separator: ", "))")
            return
        }
        let columns = coordinates.map { column(of: $0, in: section) }
        var names = columns + observed.map { ($0.column, $0.origin) }
        for quantity in observed {
            if case .column(let name, let origin) = quantity.noise { names.append((name, origin)) }
        }
        guard has(names, in: section), let numbers = numbers(names, columns.map(\.name), axes, section) else { return }

        var place = coordinates.count + observed.count
        var quantities: [Observations.Quantity] = []
        for (index, quantity) in observed.enumerated() {
            var noise = Observations.Noise.unknown
            switch quantity.noise {
            case .none: break
            case .constant(let deviation): noise = .constant(deviation)
            case .column(let name, let origin):
                let deviations = numbers[place]
                place += 1
                if let row = deviations.firstIndex(where: { $0 <= 0 }) {
                    complain(
                        origin,
                        "\(section.options.text("file")): '\(name)' is \(deviations[row].shortText) at point \(row + 1); "
                            + "a standard deviation must be above 0")
                    return
                }
                noise = .byPoint(deviations)
            }
            quantities.append(
                .init(
                    quantity.expression, text: quantity.text, values: numbers[coordinates.count + index], noise: noise))
        }
        let points = Array(numbers.prefix(coordinates.count))
        guard liesInDomain(points, domain, section) else { return }
        var data = DataSet(
            entry.key, .observations(Observations(points: points, quantities: quantities)),
            file: section.options.text("file"), origin: entry.keyOrigin)
        data.tree = section.options.tree
        self.data.append(data)
    }

    // MARK: What was observed

    private mutating func observed(_ section: DataSection) -> [Observed]? {
        let tree = section.options.optionTree("observe") ?? .empty
        guard tree.isTable, !tree.entries.isEmpty else {
            complain(
                section.origin(of: "observe"), "'\(section.path).observe' must be a table of what was measured",
                hint: "for example observe = { \(unknowns.first?.name ?? "u") = \"name in the file\" }")
            return nil
        }
        let count = diagnostics.count
        var result: [Observed] = []
        for entry in tree.entries {
            guard let column = entry.tree.text else {
                complain(
                    entry.tree.origin,
                    "'\(section.path).observe.\(entry.key)' must be a name in the file, not "
                        + entry.tree.kindName)
                continue
            }
            guard let expression = observable(entry, section) else { continue }
            result.append(Observed(expression: expression, text: entry.key, column: column, origin: entry.tree.origin))
        }
        guard diagnostics.count == count, readNoise(section, into: &result) else { return nil }
        return result
    }

    /// The expression that a key of `observe` is.
    private mutating func observable(_ entry: OptionTree.Entry, _ section: DataSection) -> Expression? {
        do {
            let syntax = try Syntax.parse(entry.key)
            usedNames.formUnion(syntax.names)
            let expression = try scope.resolve(syntax, in: .equation)
            guard expression.shape == .scalar else {
                complain(
                    entry.keyOrigin, "'\(entry.key)' is \(expression.shape); only scalars can be observed",
                    hint: "observe its components one by one")
                return nil
            }
            guard !expression.fieldDerivatives.isEmpty else {
                complain(entry.keyOrigin, "'\(entry.key)' reads no unknown, so data say nothing about it")
                return nil
            }
            return expression
        } catch {
            // Places in a key cannot be told from its quotes, so the key as a whole is marked.
            let issues = error.issues.filter { issue in !failedNames.contains { issue.message.contains("'\($0)'") } }
            for issue in issues { complain(entry.keyOrigin, issue.message, hint: issue.hint) }
            return nil
        }
    }

    private mutating func readNoise(_ section: DataSection, into observed: inout [Observed]) -> Bool {
        guard let tree = section.options.optionTree("noise") else { return true }
        guard tree.isTable else {
            guard let noise = noise(tree, section.path + ".noise") else { return false }
            for index in observed.indices { observed[index].noise = noise }
            return true
        }
        let names = observed.map(\.text)
        var isFine = true
        for entry in tree.entries {
            guard let index = names.firstIndex(of: entry.key) else {
                diagnostics.append(.unknownKey(entry, in: section.path + ".noise", names: names))
                isFine = false
                continue
            }
            if let noise = noise(entry.tree, "\(section.path).noise.\(entry.key)") {
                observed[index].noise = noise
            } else {
                isFine = false
            }
        }
        return isFine
    }

    private mutating func noise(_ tree: OptionTree, _ path: String) -> NoiseSource? {
        if let name = tree.text { return .column(name, tree.origin) }
        guard let number = tree.number else {
            complain(tree.origin, "'\(path)' must be a number or a name in the file, not \(tree.kindName)")
            return nil
        }
        guard number > 0, number.isFinite else {
            complain(
                tree.origin, "'\(path)' must be above 0, not \(number.shortText)",
                hint: "it is the standard deviation of the measurements; leave it out if it is not known")
            return nil
        }
        return .constant(number)
    }

    // MARK: Numbers

    /// The columns of some names, of one length and finite: the coordinates first.
    private mutating func numbers(
        _ names: [(name: String, origin: Origin)], _ coordinates: [String], _ axes: [String]?, _ section: DataSection
    ) -> [[Double]]? {
        do throws(ResultsError) {
            let arrays = try section.file.arrays(names.map(\.name))
            let columns: [[Double]]?
            if let axes, section.file.format != .csv {
                columns = spread(arrays, names, coordinates, axes, section)
            } else {
                columns = lists(arrays, names, coordinates.count, section)
            }
            guard let columns else { return nil }
            guard let count = columns.first?.count, count > 0 else {
                complain(section.origin(of: "file"), "\(section.options.text("file")) holds no points")
                return nil
            }
            for (column, (name, origin)) in zip(columns, names) {
                guard let row = column.firstIndex(where: { !$0.isFinite }) else { continue }
                complain(
                    origin, "\(section.options.text("file")): '\(name)' is \(column[row]) at point \(row + 1)",
                    hint: "leave out points without a value")
                return nil
            }
            return columns
        } catch {
            complain(section.origin(of: "file"), section.message(error))
            return nil
        }
    }

    /// Arrays as lists of one length; axes of length one do not count.
    private mutating func lists(
        _ arrays: [DataArray], _ names: [(name: String, origin: Origin)], _ coordinateCount: Int, _ section: DataSection
    ) -> [[Double]]? {
        for (index, array) in arrays.enumerated() {
            guard array.shape.count(where: { $0 != 1 }) > 1 else { continue }
            let hint =
                index >= coordinateCount
                ? "for values on a grid say in which order their axes are: axes = "
                    + "[\((domain?.coordinates ?? []).map { "\"\($0.name)\"" }.joined(separator: ", "))]" : nil
            complain(
                names[index].origin,
                "\(section.options.text("file")): '\(names[index].name)' is \(array.shapeText), not a list", hint: hint)
            return nil
        }
        guard let first = arrays.first else { return [] }
        for (array, (name, origin)) in zip(arrays, names).dropFirst() where array.values.count != first.values.count {
            complain(
                origin,
                "\(section.options.text("file")): '\(name)' has \(array.values.count) values, but "
                    + "'\(names[0].name)' has \(first.values.count)")
            return nil
        }
        return arrays.map(\.values)
    }

    /// Values on a grid as lists, every point of the grid one element.
    private mutating func spread(
        _ arrays: [DataArray], _ names: [(name: String, origin: Origin)], _ coordinates: [String], _ axes: [String],
        _ section: DataSection
    ) -> [[Double]]? {
        let order = axes.compactMap { axis in domain?.index(of: axis) }
        let shape = order.map { arrays[$0].values.count }
        let count = shape.reduce(1, *)
        for (array, (name, origin)) in zip(arrays, names).dropFirst(coordinates.count)
        where array.shape.filter({ $0 != 1 }) != shape.filter({ $0 != 1 }) {
            complain(
                origin,
                "\(section.options.text("file")): '\(name)' is \(array.shapeText), but its axes "
                    + "\(axes.joined(separator: ", ")) have \(shape.map(String.init).joined(separator: " x ")) values")
            return nil
        }
        var columns = arrays.map(\.values)
        var stride = count
        for (place, coordinate) in order.enumerated() {
            let line = arrays[coordinate].values
            stride /= max(1, shape[place])
            columns[coordinate] = (0..<count).map { line[$0 / stride % line.count] }
        }
        return columns
    }

    /// Complains of the first point outside of the domain.
    private mutating func liesInDomain(_ points: [[Double]], _ domain: Domain, _ section: DataSection) -> Bool {
        guard boundsAreKnown else { return true }
        let box = domain.box
        let label = { (row: Int) in
            domain.coordinates.indices.map { "\(domain.coordinates[$0].name) = \(points[$0][row].shortText)" }
                .joined(separator: ", ")
        }
        for row in 0..<(points.first?.count ?? 0) {
            for axis in points.indices {
                let (lower, upper) = (box.lower[axis], box.upper[axis])
                let slack = 1e-9 * (upper - lower)
                guard points[axis][row] < lower - slack || points[axis][row] > upper + slack else { continue }
                let name = domain.coordinates[axis].name
                complain(
                    section.origin(of: "file"),
                    "\(section.options.text("file")): point \(row + 1) (\(label(row))) lies outside of the domain",
                    hint: "\(name) runs from \(lower.shortText) to \(upper.shortText)")
                return false
            }
        }
        guard let row = domain.spaceTime.regionContains(columns: points).firstIndex(of: false) else { return true }
        complain(
            section.origin(of: "file"),
            "\(section.options.text("file")): point \(row + 1) (\(label(row))) lies outside of the region")
        return false
    }
}
