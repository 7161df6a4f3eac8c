/// The shapes that `[domain.shapes]` and `domain.region` know, and what may stand beside them.
public enum ShapeOptions {
    /// A shape by the key that chooses it, with its own keys.
    public static let shapes: [OptionTable.Choice] = [
        .init("box", OptionTable("an interval for each coordinate, x = [0, 1]")),
        .init(
            "disk",
            OptionTable("the points of the plane within a radius of a center", [center, needed("radius", "a length")])),
        .init(
            "ball",
            OptionTable(
                "the points within a radius of a center, in any dimension", [center, needed("radius", "a length")])),
        .init(
            "annulus",
            OptionTable(
                "the points between two concentric circles or spheres",
                [center, needed("inner", "the radius of the hollow"), needed("outer", "the radius of the whole")])),
        .init(
            "ellipse",
            OptionTable(
                "an ellipse of the plane",
                [
                    center, needed("radii", "the two semi-axes, [a, b]"),
                    given("angle", 0, "how far it is turned about its center, counterclockwise, in radians"),
                ])),
        .init(
            "polygon",
            OptionTable(
                "the inside of a closed chain of corners in the plane",
                [
                    optional("points", "the corners in order, [[0, 0], [1, 0], [0, 1]]"),
                    OptionTable.Option(
                        "file", .text, help: "a CSV file with the corners, whose header names the coordinates"),
                ])),
        .init(
            "sector",
            OptionTable(
                "the part of a disk or a ring between two directions",
                [
                    center, needed("radius", "a length"), needed("from", "the angle where it begins, in radians"),
                    needed("to", "the angle where it ends, counterclockwise from there"),
                    given("inner", 0, "the radius of the hollow"),
                ])),
        .init(
            "halfspace",
            OptionTable(
                "all points behind a line or plane; to be combined with bounded shapes",
                [needed("point", "a point of the plane, [0, 0]"), needed("normal", "the direction out of it, [1, 0]")])),
        .init(
            "cylinder",
            OptionTable(
                "a circular cylinder in space",
                [base, axis, needed("radius", "a length"), needed("height", "the length along the axis")])),
        .init(
            "cone",
            OptionTable(
                "a circular cone in space, pointed or truncated",
                [
                    base, axis, needed("radius", "that of the base"), needed("height", "the length along the axis"),
                    given("top", 0, "the radius at the upper end; zero for a point"),
                ])),
        .init(
            "torus",
            OptionTable(
                "a ring in space",
                [
                    center, needed("axis", "the direction around which it runs, [0, 0, 1]"),
                    needed("radius", "that of the circle in the middle of the tube"),
                    needed("thickness", "the radius of the tube"),
                ])),
    ]

    /// What may stand beside a shape; applied in this order.
    public static let placement = OptionTable(
        "how a shape is placed",
        [
            optional("moved", "the offset, [dx, dy]"),
            .optionalTable("rotated", rotation, shorthand: "angle", help: "how it is turned, after it was moved"),
            .optionalTable("scaled", scaling, shorthand: "factor", help: "how it is enlarged, after it was turned"),
        ])

    private static let rotation = OptionTable(
        "a rotation",
        [
            needed("angle", "counterclockwise, in radians"),
            optional("about", "the point that stays; the origin by default"),
            optional("axis", "the direction of the axis; in three dimensions only, and needed there"),
        ])

    private static let scaling = OptionTable(
        "a change of size",
        [needed("factor", "how many times as large"), optional("about", "the point that stays; the origin by default")])

    /// All keys of a shape.
    static var keys: [String] { shapes.map(\.name) + placement.options.map(\.name) }

    private static let center = needed("center", "the center, one number for each coordinate")
    private static let base = needed("base", "the center of the base, [0, 0, 0]")
    private static let axis = needed("axis", "the direction from the base into the shape, [0, 0, 1]")

    private static func needed(_ name: String, _ help: String) -> OptionTable.Option {
        OptionTable.Option(name, .anything, isRequired: true, help: help)
    }

    private static func optional(_ name: String, _ help: String) -> OptionTable.Option {
        OptionTable.Option(name, .anything, help: help)
    }

    private static func given(_ name: String, _ value: Int, _ help: String) -> OptionTable.Option {
        OptionTable.Option(name, .anything, default: OptionTree(.integer(value)), help: help)
    }
}
