import Expressions

/// Looks up the faces that a selector names.
struct SelectorReader {
    let domain: Domain
    let scope: Scope
    let ownFaces: [(name: String, selector: FaceSelector)]
    let shapeName: String?
    let boundsAreKnown: Bool
    private let names: FaceNames

    init(
        domain: Domain, scope: Scope, ownFaces: [(name: String, selector: FaceSelector)], shapeName: String?,
        boundsAreKnown: Bool
    ) {
        self.domain = domain
        self.scope = scope
        self.ownFaces = ownFaces
        self.shapeName = shapeName
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
        case .call(let function, _):
            if case .name(["point"]) = function.kind {
                throw ExpressionErrors("conditions at single points are not available yet", at: syntax.range)
            }
            throw notAFace(syntax)
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
        var parts = parts
        if parts.count > 1, parts.first == shapeName { parts.removeFirst() }
        let name = parts.joined(separator: ".") + (component.map { "[\($0)]" } ?? "")
        if name == "interior" { return .interior }
        if name == "boundary" {
            let time = domain.timeIndex
            return .faces(Set((0..<(2 * domain.box.dimensions)).filter { $0 / 2 != time }))
        }
        if let own = ownFaces.first(where: { $0.name == name }) { return own.selector }
        if let faces = names.faces[name] { return .faces(faces) }
        let known = names.listed + ownFaces.map(\.name)
        throw ExpressionErrors(
            "there is no face '\(name)'", at: syntax.range,
            hint: NearestName.hint(for: name, among: known, label: "faces"))
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
        guard boundsAreKnown else { return .faces([2 * index]) }
        let lower = domain.box.lower[index], upper = domain.box.upper[index]
        let tolerance = 1e-12 * (upper - lower)
        if abs(number - lower) <= tolerance { return .faces([2 * index]) }
        if abs(number - upper) <= tolerance { return .faces([2 * index + 1]) }
        throw ExpressionErrors(
            "\(name) = \(number.shortText) is not an end of the domain", at: syntax.range,
            hint: "\(name) runs from \(lower.shortText) to \(upper.shortText)")
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
