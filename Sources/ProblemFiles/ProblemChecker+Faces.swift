import Expressions
import Geometry

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
            domain: domain, scope: scope, ownFaces: ownFaces, boundsAreKnown: boundsAreKnown)
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
        let faces = domain.spaceTime.faces
        let points = selector.points.map { FaceSelector.Place.point($0) }
        for place in faces.indices.map({ FaceSelector.Place.face($0) }) + [.interior] + points {
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
        var used: [Expression: [Int]] = [:]
        var pieces: [ConditionLocation.Piece] = []
        for (place, filter) in candidates {
            guard let place = place.place(in: domain.spaceTime) else { continue }
            if let filter, boundsAreKnown {
                let coordinates = used[filter] ?? filter.usedCoordinates
                used[filter] = coordinates
                guard PointProbe(domain.spaceTime, at: place).finds(filter, of: coordinates) else { continue }
            }
            pieces.append(ConditionLocation.Piece(place, filter: filter))
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
        let place = places.first?.place(in: domain.spaceTime)
        let face = place?.face?.boxFace
        let placeName = (place?.face).map { "on \(names.name(of: $0.index))" } ?? "inside"
        var marked = syntax
        if let place {
            let probe = PointProbe(domain.spaceTime, at: place)
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

extension FaceSelector.Place {
    /// The place in a domain; nil for nowhere.
    fileprivate func place(in domain: SpaceTime) -> SpaceTimePlace? {
        switch self {
        case .face(let index): .face(domain.faces[index])
        case .interior: .interior
        case .point(let point): .point(point)
        case .nowhere: nil
        }
    }
}
