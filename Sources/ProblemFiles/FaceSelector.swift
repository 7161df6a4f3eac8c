import Expressions

/// A selector with its faces looked up: what it says about each face of the domain, about the inside and about points.
indirect enum FaceSelector {
    /// These faces, by their place in the domain's list.
    case faces(Set<Int>)
    /// A single point.
    case point([Double])
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
        /// A single point.
        case point([Double])
        /// None of these; a selector that holds here names no face.
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
        case .point(let point): return place == .point(point) ? .all : .none
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
        case .faces, .interior, .point: []
        case .comparison(let syntax): [syntax]
        case .not(let part): part.comparisons
        case .and(let parts), .or(let parts): parts.flatMap(\.comparisons)
        }
    }

    /// The single points in it, each once, in the order of the text.
    var points: [[Double]] {
        switch self {
        case .point(let point): return [point]
        case .faces, .interior, .comparison: return []
        case .not(let part): return part.points
        case .and(let parts), .or(let parts):
            return parts.flatMap(\.points).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        }
    }

    private static func joined(_ filters: [Syntax], _ kind: ([Syntax]) -> Syntax.Kind) -> Syntax {
        filters.count == 1 ? filters[0] : Syntax(kind(filters))
    }
}
