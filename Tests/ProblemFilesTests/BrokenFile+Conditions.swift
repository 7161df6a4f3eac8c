extension BrokenFile {
    /// Slips in faces, conditions, references.
    static let conditions: [BrokenFile] = [
        BrokenFile(
            "face that does not exist",
            #""boundary""#,
            #""outlet""#,
            says: """
                p.toml:15:17: error: there is no face 'outlet'
                   15 | walls = { on = "outlet", equation = 'u = 0' }
                      |                 ^^^^^^
                   faces: boundary, left, right, bottom, top, interior
                """),
        BrokenFile(
            "misspelt face",
            #""boundary""#,
            #""left or rigth""#,
            says: """
                p.toml:15:25: error: there is no face 'rigth'
                   15 | walls = { on = "left or rigth", equation = 'u = 0' }
                      |                         ^^^^^
                   did you mean 'right'?
                """),
        BrokenFile(
            "selector that names no face",
            #""boundary""#,
            #""y > 0.25""#,
            says: """
                p.toml:15:17: error: this selector names no face
                   15 | walls = { on = "y > 0.25", equation = 'u = 0' }
                      |                 ^^^^^^^^
                   say of which face it is a part, for example: boundary and y > 0.25
                """),
        BrokenFile(
            "selector that is an expression",
            #""boundary""#,
            #""x + y""#,
            says: """
                p.toml:15:17: error: this is not a face
                   15 | walls = { on = "x + y", equation = 'u = 0' }
                      |                 ^^^^^
                   a selector names faces, joined by 'or', 'and', 'not', and comparisons: left and y > 0.5
                """),
        BrokenFile(
            "selector with a slip",
            #""boundary""#,
            #""left and yy > 0.5""#,
            says: """
                p.toml:15:26: error: 'yy' is not declared
                   15 | walls = { on = "left and yy > 0.5", equation = 'u = 0' }
                      |                          ^^
                   did you mean 'y'?
                """),
        BrokenFile(
            "selector with an unknown field",
            #""boundary""#,
            #""left and u > 0.5""#,
            says: """
                p.toml:15:26: error: 'u' is an unknown and cannot be used here
                   15 | walls = { on = "left and u > 0.5", equation = 'u = 0' }
                      |                          ^
                   only coordinates and known parameters may stand here
                """),
        BrokenFile(
            "face without points",
            text: Samples.minimal
                .replacing(
                    "region      = { box = { x = [0, 1], y = [0, 1] } }",
                    with: """
                        region      = "plate"

                        [domain.shapes]
                        plate = { box = { x = [0, 1], y = [0, 1] } }

                        [domain.faces]
                        inlet = "plate.left and y > 25"
                        """
                )
                .replacing(#""boundary""#, with: #""inlet or right""#),
            says: """
                p.toml:12:25: error: face 'inlet' catches no point of the boundary
                   12 | inlet = "plate.left and y > 25"
                      |                         ^^^^^^
                   on left, y runs from 0 to 1
                """),
        BrokenFile(
            "condition without points",
            #""boundary""#,
            #""boundary and x + y > 3""#,
            says: """
                p.toml:15:30: error: condition 'walls' catches no point of the boundary
                   15 | walls = { on = "boundary and x + y > 3", equation = 'u = 0' }
                      |                              ^^^^^^^^^
                   on left, x is 0, y runs from 0 to 1
                """),
        BrokenFile(
            "two faces at once",
            #""boundary""#,
            #""left and right""#,
            says: """
                p.toml:15:17: error: condition 'walls' catches no point of the boundary
                   15 | walls = { on = "left and right", equation = 'u = 0' }
                      |                 ^^^^^^^^^^^^^^
                   faces meet in edges only, so no face is two of them at once
                """),
        BrokenFile(
            "only an edge of a face",
            #""boundary""#,
            #""left and y >= 1""#,
            says: """
                p.toml:15:26: error: condition 'walls' catches no point of the boundary
                   15 | walls = { on = "left and y >= 1", equation = 'u = 0' }
                      |                          ^^^^^^
                   on left, y runs from 0 to 1
                """),
        BrokenFile(
            "time that is not an end",
            #""t = 0""#,
            #""t = 0.5""#, in: Samples.burgers,
            says: """
                p.toml:27:17: error: t = 0.5 is not an end of the domain
                   27 | start = { on = "t = 0.5", equation = 'u = f(x)', enforce = "exact" }
                      |                 ^^^^^^^
                   t runs from 0 to 1
                """),
        BrokenFile(
            "own face with the name of a face",
            #"ends = "left or right""#,
            #"left = "x.min""#, in: Samples.burgers,
            says: """
                p.toml:15:1: error: 'left' is already a face
                   15 | left = "x.min"
                      | ^^^^

                p.toml:28:17: error: there is no face 'ends'
                   28 | ends  = { on = "ends",  equation = 'u = 0',    enforce = "exact" }
                      |                 ^^^^
                   faces: boundary, left, right, t = 0, t = 1, interior
                """),
        BrokenFile(
            "condition without a place",
            #"on = "boundary", "#,
            "",
            says: """
                p.toml:15:1: error: 'conditions.walls.on' is missing
                   15 | walls = { equation = 'u = 0' }
                      | ^^^^^
                   say where the condition holds: on = "boundary"
                """),
        BrokenFile(
            "condition without an equation",
            ", equation = 'u = 0'",
            "",
            says: """
                p.toml:15:9: error: 'conditions.walls.equation' is missing
                   15 | walls = { on = "boundary" }
                      |         ^^^^^^^^^^^^^^^^^^^
                   what holds there
                """),
        BrokenFile(
            "condition enforced by hope",
            "'u = 0' }",
            #"'u = 0', enforce = "exactly" }"#,
            says: """
                p.toml:15:58: error: unknown value 'exactly' for 'conditions.walls.enforce'
                   15 | walls = { on = "boundary", equation = 'u = 0', enforce = "exactly" }
                      |                                                          ^^^^^^^^^
                   did you mean 'exact'?
                """),
        BrokenFile(
            "condition with a weight",
            "'u = 0' }",
            "'u = 0', weight = 3 }",
            says: """
                p.toml:15:48: error: unknown key 'conditions.walls.weight'
                   15 | walls = { on = "boundary", equation = 'u = 0', weight = 3 }
                      |                                                ^^^^^^
                   known keys here: on, equation, enforce
                """),
        BrokenFile(
            "condition with the name of an equation",
            "walls =",
            "poisson =",
            says: """
                p.toml:15:1: error: 'poisson' names an equation already
                   15 | poisson = { on = "boundary", equation = 'u = 0' }
                      | ^^^^^^^
                   names of equations and conditions are those of the loss terms
                """),
        BrokenFile(
            "reference of an undeclared unknown",
            """
            [reference]
            u =
            """,
            """
            [reference]
            v =
            """, in: Samples.helmholtz,
            says: """
                p.toml:28:1: error: unknown key 'reference.v'
                   28 | v = 'u_exact'
                      | ^
                   known keys here: u, file, box
                """),
        BrokenFile(
            "reference of a definition without unknowns",
            """
            [reference]
            u = 'u_exact'
            """,
            """
            [reference]
            q = 'u_exact'
            """, in: Samples.helmholtz,
            says: """
                p.toml:28:1: error: the definition 'q' cannot be compared: it depends on no unknown
                   28 | q = 'u_exact'
                      | ^
                   compare an unknown, or a definition such as speed = 'sqrt(u^2 + v^2)'
                """),
        BrokenFile(
            "reference that reads the unknown",
            """
            [reference]
            u = 'u_exact'
            """,
            """
            [reference]
            u = 'u_exact + u'
            """, in: Samples.helmholtz,
            says: """
                p.toml:28:16: error: 'u' is an unknown and cannot be used here
                   28 | u = 'u_exact + u'
                      |                ^
                   only coordinates and known parameters may stand in a reference
                """),
        BrokenFile(
            "reference file that is not there",
            "[output.fields]",
            """
            [reference]
            file = "nothing.h5"
            u = "usol"

            [output.fields]
            """, in: Samples.burgers,
            says: """
                p.toml:31:8: error: the reference file cannot be read: No such file or directory
                   31 | file = "nothing.h5"
                      |        ^^^^^^^^^^^^
                   looked for nothing.h5
                """),
        BrokenFile(
            "reference axes incomplete",
            "[output.fields]",
            """
            [reference]
            file = "nothing.h5"
            u = "usol"
            axes = ["t"]
            coordinates = { y = "y" }

            [output.fields]
            """, in: Samples.burgers,
            says: """
                p.toml:33:8: error: 'reference.axes' must name every coordinate once
                   33 | axes = ["t"]
                      |        ^^^^^
                   coordinates: x, t

                p.toml:34:17: error: unknown key 'reference.coordinates.y'
                   34 | coordinates = { y = "y" }
                      |                 ^
                   known keys here: x, t
                """),
    ]
}
