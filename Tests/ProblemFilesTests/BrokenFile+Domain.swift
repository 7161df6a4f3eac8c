extension BrokenFile {
    /// Slips in coordinates, region, unknowns, definitions.
    static let domain: [BrokenFile] = [
        BrokenFile(
            "domain missing",
            """
            [domain]
            coordinates = ["x", "y"]
            region      = { box = { x = [0, 1], y = [0, 1] } }

            """,
            "",
            says: """
                p.toml:1:1: error: [domain] is missing
                   it names the coordinates and the region
                """),
        BrokenFile(
            "coordinates of a wrong type",
            #"["x", "y"]"#,
            #""x""#,
            says: """
                p.toml:5:15: error: 'domain.coordinates' must be an array of names
                    5 | coordinates = "x"
                      |               ^^^
                """),
        BrokenFile(
            "coordinate declared twice",
            #"["x", "y"]"#,
            #"["x", "x"]"#,
            says: """
                p.toml:5:21: error: 'x' is declared twice
                    5 | coordinates = ["x", "x"]
                      |                     ^^^

                p.toml:6:37: error: the box has bounds for 'y', which is no coordinate
                    6 | region      = { box = { x = [0, 1], y = [0, 1] } }
                      |                                     ^
                   coordinates: x
                """),
        BrokenFile(
            "family badly written",
            #""x[1:d]""#,
            #""x[d]""#, in: Samples.family,
            says: """
                p.toml:8:16: error: a family of coordinates is written "x[1:d]"
                    8 | coordinates = ["x[d]"]
                      |                ^^^^^^
                """),
        BrokenFile(
            "family of half a coordinate",
            #""x[1:d]""#,
            #""x[1:d/4]""#, in: Samples.family,
            says: """
                p.toml:8:21: error: the number of coordinates must be whole and from 1 to 100000
                    8 | coordinates = ["x[1:d/4]"]
                      |                     ^^^
                   it is 2.5
                """),
        BrokenFile(
            "family of an undeclared length",
            #""x[1:d]""#,
            #""x[1:dim]""#, in: Samples.family,
            says: """
                p.toml:8:21: error: 'dim' is not declared
                    8 | coordinates = ["x[1:dim]"]
                      |                     ^^^
                """),
        BrokenFile(
            "bounds missing",
            "x = [0, 1], y = [0, 1]",
            "x = [0, 1]",
            says: """
                p.toml:6:23: error: the box says nothing about 'y'
                    6 | region      = { box = { x = [0, 1] } }
                      |                       ^^^^^^^^^^^^^^
                   add y = [from, to]
                """),
        BrokenFile(
            "bounds of no coordinate",
            "y = [0, 1] }",
            "y = [0, 1], z = [0, 1] }",
            says: """
                p.toml:6:49: error: the box has bounds for 'z', which is no coordinate
                    6 | region      = { box = { x = [0, 1], y = [0, 1], z = [0, 1] } }
                      |                                                 ^
                   coordinates: x, y
                """),
        BrokenFile(
            "bounds that fall",
            "y = [0, 1]",
            "y = [1, 0]",
            says: """
                p.toml:6:41: error: the bounds of 'y' must rise, but run from 1 to 0
                    6 | region      = { box = { x = [0, 1], y = [1, 0] } }
                      |                                         ^^^^^^
                """),
        BrokenFile(
            "bounds of a wrong type",
            "y = [0, 1]",
            #"y = "0 to 1""#,
            says: """
                p.toml:6:41: error: the bounds of 'y' must be two numbers, [from, to]
                    6 | region      = { box = { x = [0, 1], y = "0 to 1" } }
                      |                                         ^^^^^^^^
                """),
        BrokenFile(
            "three bounds",
            "y = [0, 1]",
            "y = [0, 1, 2]",
            says: """
                p.toml:6:41: error: the bounds of 'y' must be two numbers, [from, to]
                    6 | region      = { box = { x = [0, 1], y = [0, 1, 2] } }
                      |                                         ^^^^^^^^^
                """),
        BrokenFile(
            "unknown shape",
            "{ box = {",
            "{ bax = {",
            says: """
                p.toml:6:17: error: unknown shape 'bax'
                    6 | region      = { bax = { x = [0, 1], y = [0, 1] } }
                      |                 ^^^
                   did you mean 'box'?
                """),
        BrokenFile(
            "unbounded region",
            "region      = { box = { x = [0, 1], y = [0, 1] } }",
            #"region      = "space""#,
            says: """
                p.toml:6:15: error: unbounded regions are not available yet
                    6 | region      = "space"
                      |               ^^^^^^^
                   available: box, disk, ball, annulus, ellipse, polygon, sector, halfspace, cylinder, cone, torus
                """),
        BrokenFile(
            "shape that is not declared",
            "region      = { box = { x = [0, 1], y = [0, 1] } }",
            """
            region      = "plat"
            [domain.shapes]
            plate = { box = { x = [0, 1], y = [0, 1] } }
            """,
            says: """
                p.toml:6:16: error: there is no shape 'plat'
                    6 | region      = "plat"
                      |                ^^^^
                   did you mean 'plate'?
                """),
        BrokenFile(
            "time that runs backwards",
            "to = 'T'",
            "to = -1", in: Samples.burgers,
            says: """
                p.toml:11:44: error: the time must end after it begins, at 0
                   11 | time        = { name = "t", from = 0, to = -1 }
                      |                                            ^^
                """),
        BrokenFile(
            "time without an end",
            ", to = 'T'",
            "", in: Samples.burgers,
            says: """
                p.toml:11:15: error: 'domain.time.to' is missing
                   11 | time        = { name = "t", from = 0 }
                      |               ^^^^^^^^^^^^^^^^^^^^^^^^
                   when it ends
                """),
        BrokenFile(
            "unknown key in the domain",
            "coordinates =",
            "coordinate =",
            says: """
                p.toml:4:1: error: 'domain.coordinates' is missing
                    4 | [domain]
                      | ^^^^^^^^
                   for example coordinates = ["x", "y"]

                p.toml:5:1: error: unknown key 'domain.coordinate'
                    5 | coordinate = ["x", "y"]
                      | ^^^^^^^^^^
                   did you mean 'domain.coordinates'?
                """),
        BrokenFile(
            "unknowns missing",
            """
            [unknowns]
            u = {}

            """,
            "",
            says: """
                p.toml:1:1: error: [unknowns] is missing
                   it names the fields to find: u = {}

                p.toml:10:22: error: 'u' is not declared
                   10 | poisson = 'laplacian(u) = 1'
                      |                      ^

                p.toml:13:40: error: 'u' is not declared
                   13 | walls = { on = "boundary", equation = 'u = 0' }
                      |                                        ^
                """),
        BrokenFile(
            "unknown with an unknown key",
            "u = {}",
            #"u = { unit = "m" }"#,
            says: """
                p.toml:9:7: error: unknown key 'unknowns.u.unit'
                    9 | u = { unit = "m" }
                      |       ^^^^
                   did you mean 'unknowns.u.units'?
                """),
        BrokenFile(
            "unknown with the name of a coordinate",
            "u = {}",
            """
            u = {}
            x = {}
            """,
            says: """
                p.toml:10:1: error: 'x' is declared twice: it is already a coordinate
                   10 | x = {}
                      | ^
                """),
        BrokenFile(
            "name that is also a derivative",
            "u = {}",
            """
            u = {}
            u_x = {}
            """,
            says: """
                p.toml:10:1: error: 'u_x' already means the derivative of u along x
                   10 | u_x = {}
                      | ^^^
                   choose another name
                """),
        BrokenFile(
            "definition badly named",
            "q       =",
            #""q("       ="#, in: Samples.helmholtz,
            says: """
                p.toml:19:1: error: 'q(' cannot be defined
                   19 | "q("       = 'laplacian(u_exact) + k^2*u_exact'      # the source that makes u_exact true
                      | ^^^^
                   write a name, or a function such as "g(y)"
                """),
        BrokenFile(
            "definitions in a circle",
            "u_exact = 'sin(a1*pi*x) * sin(a2*pi*y)'",
            "u_exact = 'x + q'", in: Samples.helmholtz,
            says: """
                p.toml:19:1: error: the definition of 'q' refers to itself: q → u_exact → q
                   19 | q       = 'laplacian(u_exact) + k^2*u_exact'      # the source that makes u_exact true
                      | ^
                """),
        BrokenFile(
            "a broken definition is reported once",
            "u_exact = 'sin(a1*pi*x) * sin(a2*pi*y)'",
            "u_exact = 'sin(a1*pi*x) * sin(a2*pi*z)'", in: Samples.helmholtz,
            says: """
                p.toml:18:37: error: 'z' is not declared
                   18 | u_exact = 'sin(a1*pi*x) * sin(a2*pi*z)'
                      |                                     ^
                """),
        BrokenFile(
            "an unparsable definition is reported once",
            "u_exact = 'sin(a1*pi*x) * sin(a2*pi*y)'",
            "u_exact = 'sin(a1*pi*x * sin(a2*pi*y)'", in: Samples.helmholtz,
            says: """
                p.toml:18:15: error: the bracket '(' is not closed
                   18 | u_exact = 'sin(a1*pi*x * sin(a2*pi*y)'
                      |               ^
                """),
    ]
}
