import Expressions
import Geometry
import Glibc

extension ProblemChecker {
    /// Reads `[domain.faces]`: own names, each a selector that may use the names before it.
    mutating func readNamedFaces() {
        guard let domain, let tree = root["domain"]?["faces"] else { return }
        guard tree.isTable else {
            complain(tree.origin, "'domain.faces' must be a table, not \(tree.kindName)")
            return
        }
        let standard = Set(FaceNames(domain).faces.keys).union(["boundary", "interior"])
        for entry in tree.entries {
            guard Self.isName(entry.key), !standard.contains(entry.key) else {
                complain(
                    entry.keyOrigin,
                    standard.contains(entry.key) ? "'\(entry.key)' is already a face" : "'\(entry.key)' is not a name")
                continue
            }
            guard let (selector, location) = location(entry.tree, subject: "face '\(entry.key)'") else {
                failedNames.insert(entry.key)
                continue
            }
            ownFaces.append((entry.key, selector))
            self.domain?.faces.append(Domain.NamedFace(entry.key, location))
        }
    }

    /// Reads a selector of faces; nil after an error.
    mutating func location(
        _ tree: OptionTree, subject: String
    ) -> (selector: FaceSelector, location: ConditionLocation)? {
        guard let domain else { return nil }
        guard let text = tree.text else {
            complain(tree.origin, "a selector of faces must be a string, not \(tree.kindName)")
            return nil
        }
        let syntax: Syntax
        do {
            syntax = try Syntax.parseSelector(text)
        } catch {
            diagnostics += error.diagnostics(in: tree.origin)
            return nil
        }
        let reader = SelectorReader(
            domain: domain, scope: scope, ownFaces: ownFaces, shapeName: shapeName, boundsAreKnown: boundsAreKnown)
        let selector: FaceSelector
        do {
            selector = try reader.selector(syntax)
        } catch {
            report(error, tree.origin)
            return nil
        }
        for comparison in selector.comparisons { usedNames.formUnion(comparison.names) }
        if case .none = selector.presence(at: .nowhere) {
        } else {
            complain(
                tree.origin, "this selector names no face", at: syntax.range,
                hint: "say of which face it is a part, for example: boundary and \(text)")
            return nil
        }
        var candidates: [(place: FaceSelector.Place, filter: Expression?)] = []
        // Most faces share their filter, which may be large in many dimensions.
        var filters: [Syntax: Expression] = [:]
        for place in (0..<(2 * domain.box.dimensions)).map({ FaceSelector.Place.face($0) }) + [.interior] {
            switch selector.presence(at: place) {
            case .none: break
            case .all: candidates.append((place, nil))
            case .filtered(let filter):
                guard let expression = filters[filter] ?? resolve(filter, in: .coefficient, tree.origin) else {
                    return nil
                }
                filters[filter] = expression
                candidates.append((place, expression))
            }
        }
        let faces = domain.box.faces
        var used: [Expression: [Int]] = [:]
        var pieces: [ConditionLocation.Piece] = []
        for (place, filter) in candidates {
            var face: BoxFace?
            if case .face(let index) = place { face = faces[index] }
            if let filter, boundsAreKnown {
                let coordinates = used[filter] ?? filter.usedCoordinates
                used[filter] = coordinates
                guard PointProbe(domain.box, on: face).finds(filter, of: coordinates) else { continue }
            }
            pieces.append(ConditionLocation.Piece(face: face, filter: filter))
        }
        guard !pieces.isEmpty else {
            complainNoPoints(selector, syntax, candidates.map(\.place), subject: subject, tree.origin, domain)
            return nil
        }
        return (selector, ConditionLocation(pieces, text: text, origin: tree.origin))
    }

    /// Says which comparison no point satisfies, and what the coordinates in it run over.
    private mutating func complainNoPoints(
        _ selector: FaceSelector, _ syntax: Syntax, _ places: [FaceSelector.Place], subject: String, _ origin: Origin,
        _ domain: Domain
    ) {
        let names = FaceNames(domain)
        let faces = domain.box.faces
        let place = places.first
        var face: BoxFace?
        var placeName = "inside"
        if case .face(let index) = place {
            face = faces[index]
            placeName = "on \(names.name(of: index))"
        }
        var marked = syntax
        if place != nil {
            let probe = PointProbe(domain.box, on: face)
            let culprit = selector.comparisons.first { comparison in
                guard let expression = try? scope.resolve(comparison, in: .coefficient) else { return false }
                return !probe.finds(expression, of: expression.usedCoordinates)
            }
            marked = culprit ?? syntax
        }
        let used = domain.coordinates.indices.filter { index in
            marked.names.contains(domain.coordinates[index].name.prefix { $0 != "[" }.trimmed)
        }
        let ranges = used.prefix(4).map { index in
            let name = domain.coordinates[index].name
            let lower = domain.box.lower[index], upper = domain.box.upper[index]
            if let face, face.axis == index { return "\(name) is \((face.isUpper ? upper : lower).shortText)" }
            return "\(name) runs from \(lower.shortText) to \(upper.shortText)"
        }
        let catches = places.contains(.interior) ? "catches no point" : "catches no point of the boundary"
        complain(
            origin, "\(subject) \(catches)", at: marked.range,
            hint: ranges.isEmpty
                ? "faces meet in edges only, so no face is two of them at once"
                : "\(placeName), \(ranges.joined(separator: ", "))")
    }
}

/// Looks for points of a face, or of the inside of a box, that satisfy a truth value.
struct PointProbe {
    private static let pointCount = 4_096

    private let box: Box
    private let face: BoxFace?

    init(_ box: Box, on face: BoxFace?) {
        self.box = box
        self.face = face
    }

    /// Whether any of some thousand evenly spread points, or a point next to a corner, satisfies it.
    ///
    /// `used` are the coordinates that the truth value reads.
    func finds(_ filter: Expression, of used: [Int]) -> Bool {
        var point = box.center
        if let face { point[face.axis] = face.position }
        let free = used.filter { $0 != face?.axis }
        func holds() -> Bool { filter.value(at: point).first.map { $0 != 0 } ?? false }
        if free.isEmpty { return holds() }
        // Near the ends, but not on them: a part of a face that is only its edge catches nothing.
        if free.count <= 8 {
            for corner in 0..<(1 << free.count) {
                for (bit, axis) in free.enumerated() {
                    point[axis] = value(axis, (corner >> bit) & 1 == 0 ? 1e-6 : 1 - 1e-6)
                }
                if holds() { return true }
            }
        }
        // Fractions advance by the powers of the root of z^(m+1) = z + 1, which spreads points evenly in m dimensions.
        var root = 2.0
        for _ in 0..<64 { root = pow(1 + root, 1 / Double(free.count + 1)) }
        var steps = [Double](), fraction = 1.0
        for _ in free {
            fraction /= root
            steps.append(fraction)
        }
        for number in 1...Self.pointCount {
            for (axis, step) in zip(free, steps) {
                let place = 0.5 + Double(number) * step
                point[axis] = value(axis, place - place.rounded(.down))
            }
            if holds() { return true }
        }
        return false
    }

    private func value(_ axis: Int, _ fraction: Double) -> Double {
        box.lower[axis] + fraction * (box.upper[axis] - box.lower[axis])
    }
}
