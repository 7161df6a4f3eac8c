import Expressions
import Geometry

extension ProblemChecker {
    private static let keys = ["coordinates", "time", "region", "shapes", "faces", "periodic"]
    private static let shapesToCome: Set<String> = [
        "disk", "ball", "ellipse", "polygon", "sector", "annulus", "cylinder", "cone", "torus", "halfspace", "points",
        "mesh",
    ]
    /// Families longer than this are refused: a box has two faces for every component.
    private static let longestFamily = 1_000_000

    /// Reads `[domain]` except for `faces`, which need the unknowns' scope: coordinates, time, region.
    mutating func readDomain() {
        guard let tree = root["domain"] else {
            diagnostics.append(
                Diagnostic(
                    .error, "[domain] is missing", hint: "it names the coordinates and the region", file: source.name))
            return
        }
        for entry in section("domain") where !Self.keys.contains(entry.key) {
            diagnostics.append(.unknownKey(entry, in: "domain", names: Self.keys))
        }
        guard tree.isTable else { return }
        var declarations = readCoordinates(tree)
        let time = tree["time"].flatMap { readTime($0, after: declarations) }
        if let time { declarations.append(CoordinateDeclaration(name: time.name, isTime: true)) }
        guard !declarations.isEmpty else { return }

        let region = readRegion(tree, declarations.filter { !$0.isTime })
        let periodic = tree["periodic"].map { readPeriodic($0, region, declarations) } ?? []
        domain = Domain(declarations, region: region, time: time.map { $0.lower...$0.upper }, periodic: periodic)
        domain?.regionSource = tree["region"].map { Domain.RegionSource(region: $0, shapes: tree["shapes"]) }
        scope = Scope(coordinates: declarations)
        let entries = section("parameters")
        for parameter in parameters {
            guard let entry = entries.first(where: { $0.key == parameter.name }) else { continue }
            _ = declare(parameter: entry, parameter.value)
        }
        declareUnknownParameters()
    }

    private mutating func readCoordinates(_ tree: OptionTree) -> [CoordinateDeclaration] {
        guard let list = tree["coordinates"] else {
            complain(tree.origin, "'domain.coordinates' is missing", hint: "for example coordinates = [\"x\", \"y\"]")
            return []
        }
        guard let elements = list.elements, !elements.isEmpty else {
            complain(list.origin, "'domain.coordinates' must be an array of names")
            return []
        }
        var declarations: [CoordinateDeclaration] = []
        for element in elements {
            guard let text = element.text else {
                complain(element.origin, "a coordinate must be a name in quotes, not \(element.kindName)")
                continue
            }
            if let declaration = coordinate(text, element.origin, after: declarations) {
                declarations.append(declaration)
            }
        }
        return declarations
    }

    /// Reads "x" or "x[1:d]".
    private mutating func coordinate(
        _ text: String, _ origin: Origin, after others: [CoordinateDeclaration]
    ) -> CoordinateDeclaration? {
        let name = text.prefix { $0 != "[" }.trimmed
        guard isFree(name, origin, after: others) else { return nil }
        guard let bracket = text.firstIndex(of: "[") else { return CoordinateDeclaration(name: name) }
        let inside = text[text.index(after: bracket)...]
        guard inside.last == "]", let colon = inside.firstIndex(of: ":"), inside[..<colon].trimmed == "1" else {
            complain(origin, "a family of coordinates is written \"\(name)[1:d]\"")
            return nil
        }
        let start = text.utf8.distance(from: text.startIndex, to: text.index(after: colon))
        let count = String(text[text.index(after: colon)...].dropLast())
        do {
            let syntax = try Syntax.parse(count)
            let value = try scope.resolve(syntax, in: .constant).constantValue ?? .nan
            guard let number = Int(exactly: value), number >= 1, number <= Self.longestFamily else {
                let range = SourceRange(lower: start, upper: start + count.utf8.count)
                complain(
                    origin, "the number of coordinates must be whole and from 1 to \(Self.longestFamily)", at: range,
                    hint: value.isFinite ? "it is \(value.shortText)" : nil)
                return nil
            }
            return CoordinateDeclaration(name: name, count: number)
        } catch {
            report(ExpressionErrors(error.issues.map { $0.shifted(by: start) }), origin)
            return nil
        }
    }

    /// Whether a name can be that of a coordinate.
    private mutating func isFree(_ name: String, _ origin: Origin, after others: [CoordinateDeclaration]) -> Bool {
        guard let issue = Scope.issues(in: others + [CoordinateDeclaration(name: name)]).first else { return true }
        failedNames.insert(name)
        complain(origin, issue.message, hint: issue.hint)
        return false
    }

    private mutating func readTime(_ tree: OptionTree, after others: [CoordinateDeclaration]) -> (
        name: String, lower: Double, upper: Double
    )? {
        let table = OptionTable(
            "the time",
            [
                .text("name", default: "t", help: "the name of the time"),
                OptionTable.Option("from", .anything, default: 0, help: "when it begins"),
                OptionTable.Option("to", .anything, isRequired: true, help: "when it ends"),
            ])
        let count = diagnostics.count
        let options = table.resolve(tree, path: "domain.time", into: &diagnostics)
        let name = options.text("name")
        guard isFree(name, options.origin(of: "name"), after: others) else { return nil }
        let lower = options.optionTree("from").flatMap { constant($0, "domain.time.from") }
        let upper = tree["to"].flatMap { constant($0, "domain.time.to") }
        guard diagnostics.count == count, let lower, let upper else {
            boundsAreKnown = false
            return (name, 0, 1)
        }
        guard lower < upper, (upper - lower).isFinite else {
            complain(options.origin(of: "to"), "the time must end after it begins, at \(lower.shortText)")
            boundsAreKnown = false
            return (name, 0, 1)
        }
        return (name, lower, upper)
    }

    /// Reads `periodic = ["x"]`: coordinates across which the region has two whole, opposite sides.
    private mutating func readPeriodic(
        _ tree: OptionTree, _ region: Region, _ declarations: [CoordinateDeclaration]
    ) -> Set<Int> {
        guard let elements = tree.elements, elements.allSatisfy({ $0.text != nil }) else {
            complain(
                tree.origin, "'domain.periodic' must be an array of names, not \(tree.kindName)",
                hint: "for example periodic = [\"\(declarations.first?.name ?? "x")\"]")
            return []
        }
        let names = declarations.flatMap { declaration in
            declaration.count.map { count in (1...max(1, count)).map { "\(declaration.name)[\($0)]" } }
                ?? [declaration.name]
        }
        var periodic: Set<Int> = []
        for element in elements {
            let name = element.text ?? ""
            let axes = names.indices.filter { names[$0] == name || names[$0].hasPrefix(name + "[") }
            guard !axes.isEmpty else {
                complain(
                    element.origin, "'\(name)' is not a coordinate",
                    hint: NearestName.hint(for: name, among: declarations.map(\.name), label: "coordinates"))
                continue
            }
            guard axes.allSatisfy({ $0 < region.dimensions }) else {
                complain(element.origin, "the time cannot be periodic", hint: "coordinates of space can")
                continue
            }
            guard axes.allSatisfy({ axis in region.faces.count { $0.boxFace?.axis == axis } == 2 }) || !boundsAreKnown
            else {
                complain(
                    element.origin, "the region does not repeat along '\(name)'",
                    hint: "a periodic coordinate needs two whole, opposite sides of a box")
                continue
            }
            periodic.formUnion(axes)
        }
        return periodic
    }

    /// The region; a stand-in after an error.
    private mutating func readRegion(_ tree: OptionTree, _ declarations: [CoordinateDeclaration]) -> Region {
        let bounds = readBounds(tree, declarations)
        return Region(Box(lower: bounds.map(\.lower), upper: bounds.map(\.upper)), name: shapeName)
    }

    /// The bounds of every flat coordinate; stand-ins after an error.
    private mutating func readBounds(
        _ tree: OptionTree, _ declarations: [CoordinateDeclaration]
    ) -> [(lower: Double, upper: Double)] {
        let count = declarations.reduce(0) { $0 + ($1.count ?? 1) }
        let shapes = readShapes(tree["shapes"])
        guard var region = tree["region"] else {
            complain(
                tree.origin, "'domain.region' is missing",
                hint: "for example region = { box = { \(declarations.first?.name ?? "x") = [0, 1] } }")
            return standIn(count)
        }
        if let name = region.text {
            if name == "space" {
                complain(region.origin, "unbounded regions are not available yet", hint: "available: box")
                return standIn(count)
            }
            guard let shape = shapes.first(where: { $0.key == name }) else {
                let isCombined = name.contains { "+-&()".contains($0) }
                complain(
                    region.origin,
                    isCombined ? "combined regions are not available yet" : "there is no shape '\(name)'",
                    hint: isCombined
                        ? "available: one box"
                        : NearestName.hint(for: name, among: shapes.map(\.key), label: "shapes")
                            ?? "write the region in place, region = { box = { … } }, or declare it in [domain.shapes]")
                return standIn(count)
            }
            shapeName = name
            region = shape.tree
        }
        guard let box = shape(region, "domain.region") else { return standIn(count) }
        return bounds(box, declarations)
    }

    private mutating func readShapes(_ tree: OptionTree?) -> [OptionTree.Entry] {
        guard let tree else { return [] }
        guard tree.isTable else {
            complain(tree.origin, "'domain.shapes' must be a table, not \(tree.kindName)")
            return []
        }
        for entry in tree.entries where !Self.isName(entry.key) {
            complain(entry.keyOrigin, "'\(entry.key)' is not a name")
        }
        return tree.entries
    }

    /// The table of a box; other shapes are errors.
    private mutating func shape(_ tree: OptionTree, _ path: String) -> OptionTree? {
        guard tree.isTable else {
            complain(tree.origin, "'\(path)' must be a shape, not \(tree.kindName)", hint: "{ box = { x = [0, 1] } }")
            return nil
        }
        var box: OptionTree?
        for entry in tree.entries {
            if entry.key == "box" {
                box = entry.tree
            } else if Self.shapesToCome.contains(entry.key) {
                complain(
                    entry.keyOrigin, "the shape '\(entry.key)' is not available yet", hint: "available: box")
            } else {
                complain(
                    entry.keyOrigin, "unknown shape '\(entry.key)'",
                    hint: NearestName.hint(for: entry.key, among: ["box"], label: "available"))
            }
        }
        if tree.entries.isEmpty { complain(tree.origin, "'\(path)' has no shape", hint: "{ box = { x = [0, 1] } }") }
        if let given = box, !given.isTable {
            complain(given.origin, "a box is a table of bounds, not \(given.kindName)", hint: "{ x = [0, 1] }")
            box = nil
        }
        return box
    }

    private mutating func bounds(
        _ box: OptionTree, _ declarations: [CoordinateDeclaration]
    ) -> [(lower: Double, upper: Double)] {
        var known: [String] = []
        var result: [(lower: Double, upper: Double)] = []
        for declaration in declarations {
            known.append(declaration.name)
            let shared = box[declaration.name].map { interval($0, declaration.name) }
            let components = declaration.count.map { count in (1...count).map { "\(declaration.name)[\($0)]" } }
            for name in components ?? [declaration.name] {
                if components != nil { known.append(name) }
                if components != nil, let own = box[name] {
                    result.append(interval(own, name))
                } else if let shared {
                    result.append(shared)
                } else {
                    complain(
                        box.origin, "the box says nothing about '\(name)'", hint: "add \(declaration.name) = [from, to]"
                    )
                    boundsAreKnown = false
                    result.append((0, 1))
                    if components != nil { return standIn(declarations.reduce(0) { $0 + ($1.count ?? 1) }) }
                }
            }
        }
        for entry in box.entries where !known.contains(entry.key) {
            complain(
                entry.keyOrigin, "the box has bounds for '\(entry.key)', which is no coordinate",
                hint: NearestName.hint(
                    for: entry.key, among: declarations.map(\.name), label: "coordinates"))
        }
        return result
    }

    private mutating func interval(_ tree: OptionTree, _ name: String) -> (lower: Double, upper: Double) {
        guard let ends = tree.elements, ends.count == 2 else {
            complain(tree.origin, "the bounds of '\(name)' must be two numbers, [from, to]")
            boundsAreKnown = false
            return (0, 1)
        }
        guard let lower = constant(ends[0], name), let upper = constant(ends[1], name) else {
            boundsAreKnown = false
            return (0, 1)
        }
        guard lower < upper, (upper - lower).isFinite else {
            complain(
                tree.origin, "the bounds of '\(name)' must rise, but run from \(lower.shortText) to \(upper.shortText)")
            boundsAreKnown = false
            return (0, 1)
        }
        return (lower, upper)
    }

    private mutating func standIn(_ count: Int) -> [(lower: Double, upper: Double)] {
        boundsAreKnown = false
        return Array(repeating: (0, 1), count: count)
    }
}

extension ExpressionIssue {
    /// The same slip in a text that has `offset` more bytes in front.
    fileprivate func shifted(by offset: Int) -> ExpressionIssue {
        ExpressionIssue(
            message: message, range: SourceRange(lower: range.lower + offset, upper: range.upper + offset), hint: hint)
    }
}
