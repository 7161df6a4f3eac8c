import Expressions

/// Looks up the faces that a selector names.
struct SelectorReader {
    let domain: Domain
    let scope: Scope
    let ownFaces: [(name: String, selector: FaceSelector)]
    let boundsAreKnown: Bool
    private let names: FaceNames

    init(
        domain: Domain, scope: Scope, ownFaces: [(name: String, selector: FaceSelector)], boundsAreKnown: Bool
    ) {
        self.domain = domain
        self.scope = scope
        self.ownFaces = ownFaces
        self.boundsAreKnown = boundsAreKnown
        names = FaceNames(domain)
    }

    /// The selector with its faces looked up; all slips of the text at once.
    func selector(_ syntax: Syntax) throws(ExpressionErrors) -> FaceSelector {
        switch syntax.kind {
        case .and(let parts): return .and(try all(parts))
        case .or(let parts): return .or(try all(parts))
        case .not(let part): return .not(try selector(part))
        case .comparison:
            _ = try scope.resolve(syntax, in: .coefficient)
            return .comparison(syntax)
        case .name(let parts): return try face(parts, component: nil, syntax)
        case .element(let base, let index):
            guard case .name(let parts) = base.kind else { throw notAFace(syntax) }
            return try face(parts, component: try component(index), syntax)
        case .placement(let place, let value): return try placement(place, value, syntax)
        case .call(let function, let arguments):
            guard case .name(["point"]) = function.kind else { throw notAFace(syntax) }
            return .point(try point(arguments, syntax))
        default: throw notAFace(syntax)
        }
    }

    private func all(_ parts: [Syntax]) throws(ExpressionErrors) -> [FaceSelector] {
        var selectors: [FaceSelector] = []
        var issues: [ExpressionIssue] = []
        for part in parts {
            do { selectors.append(try selector(part)) } catch { issues += error.issues }
        }
        guard issues.isEmpty else { throw ExpressionErrors(issues) }
        return selectors
    }

    /// `left`, `plate.left`, `x.min`, `x.min[3]`, `boundary`, `interior`, or an own name.
    private func face(_ parts: [String], component: Int?, _ syntax: Syntax) throws(ExpressionErrors) -> FaceSelector {
        let name = parts.joined(separator: ".") + (component.map { "[\($0)]" } ?? "")
        if name == "interior" { return .interior }
        if name == "boundary" {
            return .faces(Set(domain.spaceTime.faces.filter { !$0.isTimeEnd }.map(\.index)))
        }
        if let own = ownFaces.first(where: { $0.name == name }) { return own.selector }
        if let faces = names.faces[name] { return .faces(faces) }
        if let coordinate = names.periodic[name] {
            throw ExpressionErrors(
                "'\(name)' is no face, since \(coordinate) is periodic", at: syntax.range,
                hint: "the solution repeats there by itself; no condition is needed")
        }
        // Faces of a region that could not be read cannot be known.
        guard boundsAreKnown else { return .faces([0]) }
        if let error = absence(of: name, syntax) { throw error }
        let known = names.listed + ownFaces.map(\.name)
        throw ExpressionErrors(
            "there is no face '\(name)'", at: syntax.range,
            hint: NearestName.hint(for: name, among: known, label: "faces"))
    }

    /// Why a face of one of the region's shapes cannot be named like that.
    private func absence(of name: String, _ syntax: Syntax) -> ExpressionErrors? {
        let region = domain.spaceTime.region
        let coordinates = domain.coordinates.prefix(region.dimensions).map(\.name)
        if let face = region.vanishedFaces.first(where: { $0.names(coordinates: coordinates).contains(name) }) {
            return ExpressionErrors(
                "nothing of '\(face.names(coordinates: coordinates)[0])' is left in the boundary of the region",
                at: syntax.range, hint: "faces: \(names.listed.joined(separator: ", "))")
        }
        let namesakes = names.listed.filter { $0.hasSuffix("." + name) }
        guard namesakes.count > 1 else { return nil }
        return ExpressionErrors(
            "several faces are called '\(name)'", at: syntax.range,
            hint: "say which: \(namesakes.joined(separator: " or "))")
    }

    /// `t = 0`, `x = 1`, `x[2] = 0`: the face where a coordinate has an end value.
    private func placement(
        _ place: Syntax, _ value: Syntax, _ syntax: Syntax
    ) throws(ExpressionErrors) -> FaceSelector {
        let name: String
        switch place.kind {
        case .name(let parts): name = parts.joined(separator: ".")
        case .element(let base, let index):
            guard case .name(let parts) = base.kind else { throw notAFace(syntax) }
            name = "\(parts.joined(separator: "."))[\(try component(index))]"
        default: throw notAFace(syntax)
        }
        guard let index = domain.index(of: name) else {
            throw ExpressionErrors(
                "'\(name)' is not a coordinate", at: place.range,
                hint: NearestName.hint(
                    for: name, among: domain.coordinates.prefix(40).map(\.name), label: "coordinates"))
        }
        guard let number = try scope.resolve(value, in: .constant).constantValue else {
            throw ExpressionErrors("a constant is expected", at: value.range)
        }
        guard boundsAreKnown else { return .faces([0]) }
        let lower = domain.box.lower[index], upper = domain.box.upper[index]
        let tolerance = 1e-12 * (upper - lower)
        let ends = [(lower, "\(name).min"), (upper, "\(name).max")]
        if let side = ends.first(where: { abs(number - $0.0) <= tolerance })?.1 {
            guard let faces = names.faces[side] else {
                throw ExpressionErrors(
                    names.periodic[side] == nil
                        ? "no face of the region lies on \(name) = \(number.shortText)"
                        : "\(name) = \(number.shortText) is no face, since \(name) is periodic", at: syntax.range,
                    hint: "faces: \(names.listed.joined(separator: ", "))")
            }
            return .faces(faces)
        }
        throw ExpressionErrors(
            "\(name) = \(number.shortText) is not an end of the domain", at: syntax.range,
            hint: "\(name) runs from \(lower.shortText) to \(upper.shortText)")
    }

    /// The coordinates of `point(0, 0)`: those of the region, or those of the region and the time.
    private func point(_ arguments: [Syntax.Argument], _ syntax: Syntax) throws(ExpressionErrors) -> [Double] {
        var point: [Double] = []
        for argument in arguments {
            guard case .plain(let value) = argument, let number = try scope.resolve(value, in: .constant).constantValue
            else { throw ExpressionErrors("a point is given by constants: point(0, 0)", at: syntax.range) }
            point.append(number)
        }
        let (space, all) = (domain.spaceTime.region.dimensions, domain.coordinates.count)
        guard point.count == space || point.count == all else {
            let names = domain.coordinates.prefix(all).map(\.name)
            throw ExpressionErrors(
                "this point has \(point.count) coordinate\(point.count == 1 ? "" : "s")", at: syntax.range,
                hint: space == all
                    ? "a point of this domain has \(all): \(names.joined(separator: ", "))"
                    : "give \(space) for a point at all times, or \(all): \(names.joined(separator: ", "))")
        }
        guard boundsAreKnown else { return point }
        let whole = point + domain.box.lower.dropFirst(point.count)
        let isInTime = domain.spaceTime.time.map { $0.contains(whole[all - 1]) } ?? true
        guard isInTime, domain.spaceTime.regionContains(columns: whole.map { [$0] })[0] else {
            throw ExpressionErrors("this point lies outside of the domain", at: syntax.range)
        }
        return point
    }

    private func component(_ index: Syntax) throws(ExpressionErrors) -> Int {
        guard let value = try scope.resolve(index, in: .constant).constantValue, let number = Int(exactly: value) else {
            throw ExpressionErrors("a whole number is expected", at: index.range)
        }
        return number
    }

    private func notAFace(_ syntax: Syntax) -> ExpressionErrors {
        ExpressionErrors(
            "this is not a face", at: syntax.range,
            hint: "a selector names faces, joined by 'or', 'and', 'not', and comparisons: left and y > 0.5")
    }
}
