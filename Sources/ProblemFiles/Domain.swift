import Expressions
import Geometry

/// Where a problem lives: named coordinates, a region of space, and an interval of time if there is one.
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
    /// The region and the time.
    public var spaceTime: SpaceTime
    /// The user's own names of faces.
    public var faces: [NamedFace]
    /// How a file describes the region; nil for a box that was built in a program.
    package var regionSource: RegionSource?

    /// The keys `region` and `shapes` as a file has them.
    package struct RegionSource: Sendable {
        package var region: OptionTree
        package var shapes: OptionTree?
    }

    /// A domain; the region has one coordinate for every component of every declaration that is not the time.
    public init(
        _ declarations: [CoordinateDeclaration], region: Region, time: ClosedRange<Double>? = nil,
        periodic: Set<Int> = [], faces: [NamedFace] = []
    ) {
        self.declarations = declarations
        self.faces = faces
        spaceTime = SpaceTime(region, time: time, periodicAxes: periodic)
        coordinates = declarations.flatMap { declaration in
            if let count = declaration.count {
                (0..<count).map { Coordinate("\(declaration.name)[\($0 + 1)]", isTime: declaration.isTime) }
            } else {
                [Coordinate(declaration.name, isTime: declaration.isTime)]
            }
        }
        precondition(spaceTime.dimensions == coordinates.count, "the region must have every coordinate")
        precondition(coordinates.dropLast().allSatisfy { !$0.isTime }, "time comes last")
        precondition(coordinates.last?.isTime == (time != nil), "the time needs an interval, and nothing else does")
    }

    /// A domain; `box` has one side for every component of every declaration, in order, and time comes last.
    public init(_ declarations: [CoordinateDeclaration], box: Box, faces: [NamedFace] = []) {
        guard declarations.last?.isTime == true else {
            self.init(declarations, region: Region(box), faces: faces)
            return
        }
        let last = box.dimensions - 1
        self.init(
            declarations, region: Region(Box(lower: Array(box.lower[..<last]), upper: Array(box.upper[..<last]))),
            time: box.lower[last]...box.upper[last], faces: faces)
    }

    /// The smallest known box that holds the region, over all coordinates; time comes last.
    public var box: Box { spaceTime.box }

    /// All faces of the region, over all times.
    public var boundary: ConditionLocation {
        ConditionLocation(spaceTime.faces.filter { !$0.isTimeEnd }.map { .init(.face($0)) })
    }

    /// The most telling name of a face, as problem files have it.
    public func name(of face: SpaceTimeFace) -> String { FaceNames(self).name(of: face.index) }

    /// The index of the time, nil for a steady problem.
    public var timeIndex: Int? { coordinates.lastIndex { $0.isTime } }

    /// The index of a coordinate by name.
    public func index(of name: String) -> Int? { coordinates.firstIndex { $0.name == name } }
}

/// Where a condition holds: faces, the inside, single points, each with a filter if only a part is meant.
public struct ConditionLocation: Sendable {
    /// A place, or a part of one.
    public struct Piece: Sendable {
        /// The face, the inside or a point.
        public var place: SpaceTimePlace
        /// A truth value over the coordinates that points must satisfy; nil when all belong.
        public var filter: Expression?

        /// A place and a filter.
        public init(_ place: SpaceTimePlace, filter: Expression? = nil) {
            self.place = place
            self.filter = filter
        }
    }

    /// The pieces; no place appears twice.
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
    public var faces: [SpaceTimeFace] { pieces.compactMap(\.place.face) }
    /// Whether whole faces are meant, and nothing else.
    public var isWholeFaces: Bool { pieces.allSatisfy { $0.place.face != nil && $0.filter == nil } }
}
