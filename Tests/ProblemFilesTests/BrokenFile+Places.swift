extension BrokenFile {
    private static let region = #"region      = { box = { x = [0, 1], y = [0, 1] } }"#
    private static let place = #"on = "boundary""#

    /// Slips in periodic coordinates, points and scales.
    static let places: [BrokenFile] = [
        BrokenFile(
            "periodic of a wrong type", region, region + "\nperiodic    = \"x\"",
            says: """
                p.toml:7:15: error: 'domain.periodic' must be an array of names, not a string
                    7 | periodic    = "x"
                      |               ^^^
                   for example periodic = ["x"]
                """),
        BrokenFile(
            "periodic along no coordinate", region, region + "\nperiodic    = [\"z\"]",
            says: """
                p.toml:7:16: error: 'z' is not a coordinate
                    7 | periodic    = ["z"]
                      |                ^^^
                   coordinates: x, y
                """),
        BrokenFile(
            "a condition on a periodic side", place, #"on = "left or top""#, overridingRegion: "periodic    = [\"x\"]",
            says: """
                p.toml:16:17: error: 'left' is no face, since x is periodic
                   16 | walls = { on = "left or top", equation = 'u = 0' }
                      |                 ^^^^
                   the solution repeats there by itself; no condition is needed
                """),
        BrokenFile(
            "a point outside", place, #"on = "point(0, 2)""#,
            says: """
                p.toml:15:17: error: this point lies outside of the domain
                   15 | walls = { on = "point(0, 2)", equation = 'u = 0' }
                      |                 ^^^^^^^^^^^
                """),
        BrokenFile(
            "a point with too few coordinates", place, #"on = "point(0)""#,
            says: """
                p.toml:15:17: error: this point has 1 coordinate
                   15 | walls = { on = "point(0)", equation = 'u = 0' }
                      |                 ^^^^^^^^
                   a point of this domain has 2: x, y
                """),
        BrokenFile(
            "a normal derivative at a point", #"on = "boundary", equation = 'u = 0'"#,
            #"on = "point(0, 1)", equation = 'dn(u) = 0'"#,
            says: """
                p.toml:15:42: error: the normal is known on faces only, and this condition also holds elsewhere
                   15 | walls = { on = "point(0, 1)", equation = 'dn(u) = 0' }
                      |                                          ^^^^^^^^^^^
                   write the derivative along a coordinate, or hold the condition on faces
                """),
        BrokenFile(
            "a scale of nothing", "[equations]", "[scale]\nv = 2\nu = -1\n\n[equations]",
            says: """
                p.toml:12:1: error: unknown key 'scale.v'
                   12 | v = 2
                      | ^
                   known keys here: x, y, u

                p.toml:13:5: error: 'scale.u' must be positive, not -1
                   13 | u = -1
                      |     ^^
                """),
    ]

    private init(
        _ title: String, _ line: String, _ replacement: String, overridingRegion addition: String,
        says messages: String
    ) {
        self.init(title, line, replacement, says: messages)
        text = text.replacing(Self.region, with: Self.region + "\n" + addition)
    }
}
