import Expressions

/// A selector with its faces looked up: what it says about each face of the space-time box and about the inside.
indirect enum FaceSelector {
    /// These faces, by index: 2·axis, plus one for the upper one.
    case faces(Set<Int>)
    /// The inside.
    case interior
    /// Points that satisfy a comparison of coordinates.
    case comparison(Syntax)
    /// Points of all parts.
    case and([FaceSelector])
    /// Points of any part.
    case or([FaceSelector])
    /// Points that do not belong to the part.
    case not(FaceSelector)

    /// A candidate that a selector is asked about.
    enum Place: Equatable {
        /// A face by index.
        case face(Int)
        /// The inside.
        case interior
        /// Neither; a selector that holds here names no face.
        case nowhere
    }

    /// Which points of a place belong to the selection.
    enum Presence {
        case none
        case all
        case filtered(Syntax)
    }

    /// What is selected of a place. Faces meet only in edges, which no condition is about, so another face counts as
    /// elsewhere.
    func presence(at place: Place) -> Presence {
        switch self {
        case .faces(let faces):
            if case .face(let index) = place, faces.contains(index) { return .all }
            return .none
        case .interior: return place == .interior ? .all : .none
        case .comparison(let syntax): return .filtered(syntax)
        case .not(let part):
            switch part.presence(at: place) {
            case .none: return .all
            case .all: return .none
            case .filtered(let filter): return .filtered(Syntax(.not(filter), range: filter.range))
            }
        case .and(let parts):
            var filters: [Syntax] = []
            for part in parts {
                switch part.presence(at: place) {
                case .none: return .none
                case .all: break
                case .filtered(let filter): filters.append(filter)
                }
            }
            return filters.isEmpty ? .all : .filtered(Self.joined(filters) { .and($0) })
        case .or(let parts):
            var filters: [Syntax] = []
            for part in parts {
                switch part.presence(at: place) {
                case .none: break
                case .all: return .all
                case .filtered(let filter): filters.append(filter)
                }
            }
            return filters.isEmpty ? .none : .filtered(Self.joined(filters) { .or($0) })
        }
    }

    /// The comparisons in it, in the order of the text.
    var comparisons: [Syntax] {
        switch self {
        case .faces, .interior: []
        case .comparison(let syntax): [syntax]
        case .not(let part): part.comparisons
        case .and(let parts), .or(let parts): parts.flatMap(\.comparisons)
        }
    }

    private static func joined(_ filters: [Syntax], _ kind: ([Syntax]) -> Syntax.Kind) -> Syntax {
        filters.count == 1 ? filters[0] : Syntax(kind(filters))
    }
}

/// The names of the faces of a domain.
struct FaceNames {
    private static let spoken = [("left", "right"), ("bottom", "top"), ("back", "front")]

    /// Faces by name, undotted and dotted.
    private(set) var faces: [String: Set<Int>] = [:]
    /// Names for lists in messages, in a sensible order.
    private(set) var listed: [String] = []
    private let names: [Int: String]

    init(_ domain: Domain) {
        var main: [Int: String] = [:]
        var faces: [String: Set<Int>] = [:]
        var listed: [String] = []
        var flat = 0
        for declaration in domain.declarations {
            for component in 0..<(declaration.count ?? 1) {
                for (side, suffix) in ["min", "max"].enumerated() {
                    let index = 2 * flat + side
                    var dotted = "\(declaration.name).\(suffix)"
                    faces[dotted, default: []].insert(index)
                    if declaration.count != nil {
                        dotted += "[\(component + 1)]"
                        faces[dotted] = [index]
                    }
                    main[index] = dotted
                    if !declaration.isTime, flat < Self.spoken.count {
                        let name = side == 0 ? Self.spoken[flat].0 : Self.spoken[flat].1
                        faces[name] = [index]
                        main[index] = name
                    }
                    if declaration.isTime {
                        let end = side == 0 ? domain.box.lower[flat] : domain.box.upper[flat]
                        main[index] = "\(declaration.name) = \(end.shortText)"
                    }
                    if listed.count < 40 { listed.append(main[index] ?? dotted) }
                }
                flat += 1
            }
        }
        self.faces = faces
        self.listed = ["boundary"] + listed + ["interior"]
        names = main
    }

    /// The most telling name of a face.
    func name(of face: Int) -> String { names[face] ?? "" }
}
