import Expressions
import Geometry

extension ProblemChecker {
    private static let keys = ["coordinates", "time", "region", "shapes", "faces", "periodic"]
    /// Families longer than this are refused: a box has two faces for every component.
    private static let longestFamily = 100_000

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
        guard declarations.contains(where: { !$0.isTime }) else { return }

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
}

extension ExpressionIssue {
    /// The same slip in a text that has `offset` more bytes in front.
    fileprivate func shifted(by offset: Int) -> ExpressionIssue {
        ExpressionIssue(
            message: message, range: SourceRange(lower: range.lower + offset, upper: range.upper + offset), hint: hint)
    }
}
