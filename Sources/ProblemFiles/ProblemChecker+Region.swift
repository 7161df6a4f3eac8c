import Expressions
import Geometry

extension ProblemChecker {
    /// Reads `domain.region` and `domain.shapes`; a box of stand-ins, and `boundsAreKnown` false, after an error.
    mutating func readRegion(_ tree: OptionTree, _ declarations: [CoordinateDeclaration]) -> Region {
        if let region = region(tree, declarations) { return region }
        boundsAreKnown = false
        let count = declarations.reduce(0) { $0 + ($1.count ?? 1) }
        return Region(Box(lower: Array(repeating: 0, count: count), upper: Array(repeating: 1, count: count)))
    }

    /// The region; nil after an error.
    private mutating func region(_ tree: OptionTree, _ declarations: [CoordinateDeclaration]) -> Region? {
        let shapes = readShapes(tree["shapes"], declarations)
        guard let given = tree["region"] else {
            complain(
                tree.origin, "'domain.region' is missing",
                hint: "for example region = { box = { \(declarations.first?.name ?? "x") = [0, 1] } }")
            return nil
        }
        guard let text = given.text else {
            warnUnused(shapes, used: [])
            guard let shape = shape(given, "domain.region", declarations) else { return nil }
            return region(Construction(shape), given.origin)
        }
        if text == "space", !shapes.contains(where: { $0.entry.key == text }) {
            complain(
                given.origin, "unbounded regions are not available yet",
                hint: "available: \(ShapeOptions.shapes.map(\.name).joined(separator: ", "))")
            return nil
        }
        let expression: RegionExpression
        do {
            expression = try RegionExpression.parse(text)
        } catch {
            diagnostics += error.diagnostics(in: given.origin)
            return nil
        }
        guard tree["shapes"]?.isTable ?? true else { return nil }
        let known = Set(shapes.map(\.entry.key))
        var isComplete = true
        for (name, range) in expression.shapes where !known.contains(name) {
            isComplete = false
            complain(
                given.origin, "there is no shape '\(name)'", at: range,
                hint: NearestName.hint(for: name, among: shapes.map(\.entry.key), label: "shapes")
                    ?? "write the region in place, region = { box = { … } }, or declare it in [domain.shapes]")
        }
        if isComplete { warnUnused(shapes, used: Set(expression.shapes.map(\.name))) }
        guard isComplete, let construction = construction(expression, shapes) else { return nil }
        return region(construction, given.origin)
    }

    private typealias NamedShape = (entry: OptionTree.Entry, shape: (any Shape)?)

    private mutating func readShapes(
        _ tree: OptionTree?, _ declarations: [CoordinateDeclaration]
    ) -> [NamedShape] {
        guard let tree else { return [] }
        guard tree.isTable else {
            complain(tree.origin, "'domain.shapes' must be a table, not \(tree.kindName)")
            return []
        }
        return tree.entries.map { entry in
            if !Self.isName(entry.key) { complain(entry.keyOrigin, "'\(entry.key)' is not a name") }
            return (entry, shape(entry.tree, "domain.shapes.\(entry.key)", declarations))
        }
    }

    private mutating func warnUnused(_ shapes: [NamedShape], used: Set<String>) {
        for (entry, _) in shapes where !used.contains(entry.key) {
            diagnostics.append(
                entry.keyOrigin.diagnostic(
                    .warning, "the shape '\(entry.key)' is not used",
                    hint: "only shapes that 'domain.region' names count"
                ))
        }
    }

    /// Nil if one of the shapes is wrong.
    private func construction(_ expression: RegionExpression, _ shapes: [NamedShape]) -> Construction? {
        switch expression {
        case .shape(let name, _):
            return shapes.first { $0.entry.key == name }?.shape.map { Construction($0, name: name) }
        case .union(let left, let right):
            guard let left = construction(left, shapes), let right = construction(right, shapes) else { return nil }
            return left + right
        case .difference(let left, let right):
            guard let left = construction(left, shapes), let right = construction(right, shapes) else { return nil }
            return left - right
        case .intersection(let left, let right):
            guard let left = construction(left, shapes), let right = construction(right, shapes) else { return nil }
            return left & right
        }
    }

    private mutating func region(_ construction: Construction, _ origin: Origin) -> Region? {
        do {
            return try Region(construction)
        } catch {
            complain(origin, error.message, hint: error.hint)
            return nil
        }
    }
}
