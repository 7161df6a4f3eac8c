import Expressions
import Geometry

/// Where a problem lives: a box over all coordinates, time (if there is one) last.
public struct Domain: Sendable {
    /// One flat coordinate: a component of a family counts on its own.
    public struct Coordinate: Sendable, Equatable {
        /// "x", "x[3]", "t".
        public var name: String
        /// Whether this is the time.
        public var isTime: Bool

        /// A named coordinate.
        public init(_ name: String, isTime: Bool = false) {
            self.name = name
            self.isTime = isTime
        }
    }

    /// A name for a set of faces.
    public struct NamedFace: Sendable {
        /// The name.
        public var name: String
        /// What it stands for.
        public var location: ConditionLocation

        /// A name and what it stands for.
        public init(_ name: String, _ location: ConditionLocation) {
            self.name = name
            self.location = location
        }
    }

    /// What the problem declared: names, families, time.
    public var declarations: [CoordinateDeclaration]
    /// The coordinates one by one, in the order of the points that networks see.
    public var coordinates: [Coordinate]
    /// The region and the time span as one box over all coordinates.
    public var box: Box
    /// The name of the region as a shape, which may precede names of faces (`plate.left`); nil without one.
    public var shapeName: String?
    /// The user's own names of faces.
    public var faces: [NamedFace]

    /// A domain; `box` has one side for every component of every declaration, in order, and time comes last.
    public init(_ declarations: [CoordinateDeclaration], box: Box, faces: [NamedFace] = []) {
        self.declarations = declarations
        self.box = box
        self.faces = faces
        coordinates = declarations.flatMap { declaration in
            if let count = declaration.count {
                (0..<count).map { Coordinate("\(declaration.name)[\($0 + 1)]", isTime: declaration.isTime) }
            } else {
                [Coordinate(declaration.name, isTime: declaration.isTime)]
            }
        }
        precondition(box.dimensions == coordinates.count, "the box must have a side for every coordinate")
    }

    /// The index of the time, nil for a steady problem.
    public var timeIndex: Int? { coordinates.lastIndex { $0.isTime } }

    /// The index of a coordinate by name.
    public func index(of name: String) -> Int? { coordinates.firstIndex { $0.name == name } }
}

/// Where a condition holds: some faces of the space-time box, or the inside, each with a filter if only a part is meant.
public struct ConditionLocation: Sendable {
    /// A face, or the inside, or a part of one.
    public struct Piece: Sendable {
        /// The face, nil for the inside.
        public var face: BoxFace?
        /// A truth value over the coordinates that points must satisfy; nil when all belong.
        public var filter: Expression?

        /// A face, or the inside when nil, and a filter.
        public init(face: BoxFace?, filter: Expression? = nil) {
            self.face = face
            self.filter = filter
        }
    }

    /// The pieces; no face appears twice.
    public var pieces: [Piece]
    /// The selector as it was written, empty when built in a program.
    public var text: String
    /// Where the selector was written.
    public var origin: Origin

    /// A location from its pieces.
    public init(_ pieces: [Piece], text: String = "", origin: Origin = .none) {
        self.pieces = pieces
        self.text = text
        self.origin = origin
    }

    /// The faces, without the filters.
    public var faces: [BoxFace] { pieces.compactMap(\.face) }
    /// Whether whole faces are meant, and nothing else.
    public var isWholeFaces: Bool { pieces.allSatisfy { $0.face != nil && $0.filter == nil } }
}
