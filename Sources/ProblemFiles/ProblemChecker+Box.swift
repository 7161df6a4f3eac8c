import Expressions
import Geometry

extension ProblemChecker {
    /// Reads `{ x = [0, 1], y = [0, 2] }`; nil after an error.
    ///
    /// - Parameter defaults: the bounds of coordinates that are left out; nil where each needs its own.
    mutating func box(
        _ box: OptionTree, _ declarations: [CoordinateDeclaration], defaults: Box? = nil
    ) -> Box? {
        guard box.isTable else {
            complain(box.origin, "a box is a table of bounds, not \(box.kindName)", hint: "{ x = [0, 1] }")
            return nil
        }
        let count = diagnostics.count
        let bounds = bounds(box, declarations, defaults)
        guard diagnostics.count == count else { return nil }
        return Box(lower: bounds.map(\.lower), upper: bounds.map(\.upper))
    }

    /// The bounds of every flat coordinate; stand-ins after an error.
    private mutating func bounds(
        _ box: OptionTree, _ declarations: [CoordinateDeclaration], _ defaults: Box?
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
                } else if let defaults {
                    result.append((defaults.lower[result.count], defaults.upper[result.count]))
                } else {
                    complain(
                        box.origin, "the box says nothing about '\(name)'", hint: "add \(declaration.name) = [from, to]"
                    )
                    result.append((0, 1))
                    // What the others lack is the same.
                    if components != nil { return result }
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
            return (0, 1)
        }
        guard let lower = constant(ends[0], name), let upper = constant(ends[1], name) else {
            return (0, 1)
        }
        guard lower < upper, (upper - lower).isFinite else {
            complain(
                tree.origin, "the bounds of '\(name)' must rise, but run from \(lower.shortText) to \(upper.shortText)")
            return (0, 1)
        }
        return (lower, upper)
    }
}
