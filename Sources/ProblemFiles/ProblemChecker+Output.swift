import Expressions

extension ProblemChecker {
    /// More points than this in the saved fields are refused.
    private static let mostPoints = 100_000_000

    /// Reads `[output]`, and fills in the fields and figures of a file that names none.
    mutating func readOutput(name: String, reference: Reference?) -> Output {
        let options = Output.options(name: name).resolve(root["output"], path: "output", into: &diagnostics)
        var output = Output(directory: options.text("directory"))
        if output.directory.isEmpty { complain(options.origin(of: "directory"), "'output.directory' is empty") }
        if let gradients = options.optionalTable("gradients") {
            output.gradients = GradientOutput(
                every: gradients.integer("every"), findsStiffness: gradients.boolean("stiffness"),
                origin: options.origin(of: "gradients"))
        }
        output.sampling = options.optionalTable("sampling").map {
            SamplingOutput(
                every: $0.integer("every"), points: $0.integer("points"), origin: options.origin(of: "sampling"))
        }
        guard let domain else { return output }
        output.fields = fields(options.table("fields"), domain)
        output.values = quantities(options.optionTree("values"), "output.values")
        var names = unknowns.map(\.name)
        names += (output.fields?.quantities ?? []).map(\.name).filter { !names.contains($0) }
        output.plots =
            options.has("plots")
            ? options.tables("plots").enumerated().compactMap {
                plot($1, "output.plots[\($0 + 1)]", names, output.fields, domain)
            }
            : Plot.standard(domain: domain, unknowns: unknowns, hasReference: reference != nil)
        var files: Set<String> = []
        for (plot, table) in zip(output.plots, options.tables("plots")) where !files.insert(plot.file).inserted {
            complain(table.origin(of: "file"), "two figures are called '\(plot.file)'")
        }
        return output
    }

    // MARK: - Fields

    private mutating func fields(_ options: ResolvedOptions, _ domain: Domain) -> FieldOutput {
        let file = options.text("file")
        if !Self.isFileName(file) || !(file.hasSuffix(".h5") || file.hasSuffix(".nc")) {
            complain(
                options.origin(of: "file"), "'output.fields.file' must be a file name that ends in .h5 or .nc",
                hint: "folders are set by output.directory")
        }
        var points = GridPoints(domain)
        if let line = options.optionalTable("line") {
            if options.has("grid") {
                complain(options.origin(of: "line"), "'output.fields' has a grid and a line; one of them is enough")
            }
            readLine(line, &points)
            readCuts(options.optionTree("at"), "output.fields.at", &points)
        } else if let grid = options.optionTree("grid") {
            readCuts(options.optionTree("at"), "output.fields.at", &points)
            readGrid(grid, &points)
        } else {
            readCuts(options.optionTree("at"), "output.fields.at", &points)
            points.fillIn()
        }
        let isTooLarge = points.count > Self.mostPoints
        if isTooLarge {
            complain(
                options.origin(of: options.has("line") ? "line" : "grid"),
                "the saved fields would have more than \(Self.mostPoints) points")
        }
        let given =
            options.has("quantities")
            ? quantities(options.optionTree("quantities"), "output.fields.quantities")
            : Quantity.standard(unknowns: unknowns, equations: equations)
        for quantity in given where domain.index(of: quantity.name) != nil {
            complain(quantity.origin, "the quantity '\(quantity.name)' has the name of a coordinate")
        }
        return FieldOutput(file: file, axes: isTooLarge ? [] : points.axes, base: points.base, quantities: given)
    }

    private mutating func readGrid(_ grid: OptionTree, _ points: inout GridPoints) {
        for entry in grid.entries {
            let path = "output.fields.grid.\(entry.key)"
            guard let indices = coordinates(entry, path) else { continue }
            for index in indices {
                let lower = points.domain.box.lower[index], upper = points.domain.box.upper[index]
                if let count = entry.tree.integer {
                    guard count >= 1 else {
                        complain(entry.tree.origin, "'\(path)' must be at least 1")
                        continue
                    }
                    points.vary(index, from: lower, to: upper, count: count)
                } else if entry.tree.isTable {
                    let table = OptionTable(
                        "points along a coordinate",
                        [
                            OptionTable.Option(
                                "points", .integer(.between(1, Double(Self.mostPoints))), isRequired: true,
                                help: "how many points"),
                            .number("from", default: lower, help: "the first"),
                            .number("to", default: upper, help: "the last"),
                        ])
                    let options = table.resolve(entry.tree, path: path, into: &diagnostics)
                    let from = options.number("from"), to = options.number("to")
                    guard from < to else {
                        complain(entry.tree.origin, "'\(path)' must rise from 'from' to 'to'")
                        continue
                    }
                    points.vary(index, from: from, to: to, count: options.integer("points"))
                } else {
                    complain(
                        entry.tree.origin, "'\(path)' must be a number of points, not \(entry.tree.kindName)",
                        hint: "or { points = 101, from = 0, to = 1 }")
                }
            }
        }
        for (index, coordinate) in points.domain.coordinates.enumerated() where !points.isSettled(index) {
            let family = coordinate.name.prefix { $0 != "[" }
            if diagnostics.contains(where: { $0.message.contains("output.fields.grid") }) { return }
            complain(
                grid.origin, "'output.fields.grid' says nothing about '\(coordinate.name)'",
                hint: "add \(family) = 101, or hold it: at = { \(family) = \(points.base[index].shortText) }")
            return
        }
    }

    private mutating func readLine(_ line: ResolvedOptions, _ points: inout GridPoints) {
        if let others = line.optionTree("others"), let value = constant(others, "output.fields.line.others") {
            for index in points.base.indices { points.base[index] = value }
        }
        readCuts(line.optionTree("at"), "output.fields.line.at", &points)
        let name = line.text("along")
        guard let index = points.domain.index(of: name) else {
            let names = points.domain.coordinates.prefix(40).map(\.name)
            complain(
                line.origin(of: "along"), "'\(name)' is not a coordinate",
                hint: NearestName.hint(for: name, among: names, label: "coordinates"))
            return
        }
        let from = line.optionTree("from").map { constant($0, "output.fields.line.from") }
        let to = line.optionTree("to").map { constant($0, "output.fields.line.to") }
        let lower = (from ?? nil) ?? points.domain.box.lower[index]
        let upper = (to ?? nil) ?? points.domain.box.upper[index]
        guard lower < upper else {
            complain(line.origin, "the line must rise from 'from' to 'to'")
            return
        }
        points.vary(index, from: lower, to: upper, count: line.integer("points"))
    }

    /// Reads `at = { t = [0, 0.5], y = 1 }`: an array makes an axis, a number holds a coordinate.
    private mutating func readCuts(_ tree: OptionTree?, _ path: String, _ points: inout GridPoints) {
        for cut in cuts(tree, path) {
            if cut.isList {
                points.set(cut.coordinate, cut.values)
            } else {
                points.hold(cut.coordinate, cut.values[0])
            }
        }
    }

    /// Values of coordinates: a number, or an array of them.
    mutating func cuts(
        _ tree: OptionTree?, _ path: String
    ) -> [(coordinate: Int, values: [Double], isList: Bool)] {
        var result: [(coordinate: Int, values: [Double], isList: Bool)] = []
        for entry in tree?.entries ?? [] {
            let path = "\(path).\(entry.key)"
            guard let indices = coordinates(entry, path) else { continue }
            let elements = entry.tree.elements
            if let elements, indices.count > 1 || elements.isEmpty {
                complain(
                    entry.tree.origin,
                    elements.isEmpty ? "'\(path)' is empty" : "'\(path)' holds many coordinates, so it must be a number"
                )
                continue
            }
            let values = (elements ?? [entry.tree]).compactMap { constant($0, path) }
            guard values.count == elements?.count ?? 1 else { continue }
            guard zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }) else {
                complain(entry.tree.origin, "'\(path)' must rise")
                continue
            }
            result += indices.map { ($0, values, elements != nil) }
        }
        return result
    }

    /// The flat indices that a key names: one coordinate, or all of a family.
    private mutating func coordinates(_ entry: OptionTree.Entry, _ path: String) -> [Int]? {
        guard let domain else { return nil }
        if let index = domain.index(of: entry.key) { return [index] }
        let family = domain.coordinates.indices.filter { domain.coordinates[$0].name.hasPrefix(entry.key + "[") }
        if !family.isEmpty { return family }
        let names = domain.declarations.map(\.name)
        complain(
            entry.keyOrigin, "'\(path)': '\(entry.key)' is not a coordinate",
            hint: NearestName.hint(for: entry.key, among: names, label: "coordinates"))
        return nil
    }

    // MARK: - Quantities

    private mutating func quantities(_ tree: OptionTree?, _ path: String) -> [Quantity] {
        (tree?.entries ?? []).compactMap { entry in
            let path = "\(path).\(entry.key)"
            guard Self.isName(entry.key) else {
                complain(entry.keyOrigin, "'\(entry.key)' is not a name")
                return nil
            }
            guard let text = text(entry.tree, path), let syntax = syntax(entry.tree, path),
                let expression = resolve(syntax, in: .output, entry.tree.origin)
            else { return nil }
            guard checkIntegrals(expression, entry.tree.origin) else { return nil }
            guard expression.shape == .scalar else {
                complain(
                    entry.tree.origin, "'\(path)' must be a scalar, not \(expression.shape)",
                    hint: "save one component at a time, (…)[1]")
                return nil
            }
            return Quantity(entry.key, expression, text: text, origin: entry.tree.origin)
        }
    }
}
