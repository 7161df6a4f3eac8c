import Geometry

/// The names of the faces of a domain.
struct FaceNames {
    /// Faces by name, undotted and dotted.
    private(set) var faces: [String: Set<Int>] = [:]
    /// Names for lists in messages, in a sensible order.
    private(set) var listed: [String] = []
    /// Names of sides that are no faces, since their coordinate is periodic, with that coordinate.
    private(set) var periodic: [String: String] = [:]
    private var main: [Int: String] = [:]

    private static let longestList = 40

    init(_ domain: Domain) {
        let coordinates = domain.coordinates.map(\.name)
        let families = domain.declarations.flatMap { declaration in
            (0..<(declaration.count ?? 1)).map { component in
                Component(family: declaration.name, number: declaration.count == nil ? nil : component + 1)
            }
        }
        let region = domain.spaceTime.region
        let wallNames = region.faceNames(coordinates: Array(coordinates.prefix(region.dimensions)))
        for face in domain.spaceTime.faces {
            var names: [String]
            switch face.kind {
            case .start, .end:
                let axis = coordinates.count - 1
                let end = face.kind == .end ? domain.box.upper[axis] : domain.box.lower[axis]
                let suffix = face.kind == .end ? "max" : "min"
                main[face.index] = "\(coordinates[axis]) = \(end.shortText)"
                names = ["\(coordinates[axis]).\(suffix)"]
            case .wall(let wall):
                names = wallNames[wall.index]
                if let side = wall.boxFace { names += families[side.axis].names(isUpper: side.isUpper) }
                main[face.index] = names.first
            }
            for name in names { faces[name, default: []].insert(face.index) }
            if listed.count < Self.longestList, let name = main[face.index] { listed.append(name) }
        }
        listed = ["boundary"] + listed + ["interior"]
        for face in domain.spaceTime.region.faces {
            guard let side = face.boxFace, domain.spaceTime.periodicAxes.contains(side.axis) else { continue }
            for name in side.names(coordinates: Array(coordinates.prefix(side.dimensions))) {
                periodic[name] = coordinates[side.axis]
            }
        }
    }

    /// The most telling name of a face.
    func name(of face: Int) -> String { main[face] ?? "" }

    /// A coordinate as a member of a family, if it is one: its sides are also called `x.min[3]`, all of them `x.min`.
    private struct Component {
        var family: String
        var number: Int?

        func names(isUpper: Bool) -> [String] {
            guard let number else { return [] }
            let all = "\(family).\(isUpper ? "max" : "min")"
            return [all, "\(all)[\(number)]"]
        }
    }
}
