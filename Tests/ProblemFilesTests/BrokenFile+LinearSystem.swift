extension Samples {
    /// The smallest linear system on a grid.
    static let linearSystem = """
        format = 1
        kind   = "linear-system"
        name   = "minimal"

        [grid]
        cells = [4, 4, 4]
        walls = { y_high = "dirichlet" }
        solid = [{ ball = { center = [0.5, 0.5, 0.5], radius = 0.2 } }]

        [right_hand_side]
        noise = 1
        """

    /// The smallest one with a matrix.
    static let matrixSystem = """
        format = 1
        kind   = "linear-system"
        name   = "minimal"

        [matrix]
        file = "a.mtx"

        [right_hand_side]
        value = 'row'
        """
}

extension BrokenFile {
    /// Slips in linear systems.
    static let linearSystem: [BrokenFile] = [
        BrokenFile(
            "linear system: section of an equation",
            "[right_hand_side]",
            """
            [unknowns]
            u = {}

            [right_hand_side]
            """, in: Samples.linearSystem,
            says: """
                p.toml:10:1: error: unknown key 'unknowns'
                   10 | [unknowns]
                      | ^^^^^^^^^^
                   known keys here: format, kind, name, title, cite, parameters, matrix, grid, right_hand_side, initial_guess, method, variants, output, run, expect
                """),
        BrokenFile(
            "linear system: neither matrix nor grid",
            """
            [matrix]
            file = "a.mtx"

            """, "", in: Samples.matrixSystem,
            says: """
                p.toml:1:1: error: 'matrix' or 'grid' is missing
                   [matrix] names a file, file = "a.mtx"; [grid] describes a box of cells, cells = [64, 64, 64]
                """),
        BrokenFile(
            "linear system: both matrix and grid",
            "[grid]",
            """
            [matrix]
            file = "a.mtx"

            [grid]
            """, in: Samples.linearSystem,
            says: """
                p.toml:8:1: error: 'matrix' and 'grid' exclude each other
                    8 | [grid]
                      | ^^^^^^
                   [matrix] names a file, file = "a.mtx"; [grid] describes a box of cells, cells = [64, 64, 64]
                """),
        BrokenFile(
            "linear system: no file",
            "file = \"a.mtx\"", "", in: Samples.matrixSystem,
            says: """
                p.toml:5:1: error: 'matrix.file' is missing
                    5 | [matrix]
                      | ^^^^^^^^
                   Matrix Market file, packed by gzip or not, relative to this file
                """),
        BrokenFile(
            "linear system: no right-hand side",
            """
            [right_hand_side]
            noise = 1
            """, "", in: Samples.linearSystem,
            says: """
                p.toml:1:1: error: 'right_hand_side' is missing
                   [right_hand_side] holds one of value = 1, noise = 1, file = "b.mtx"
                """),
        BrokenFile(
            "linear system: two right-hand sides",
            "noise = 1",
            """
            noise = 1
            value = 1
            """, in: Samples.linearSystem,
            says: """
                p.toml:10:1: error: 'right_hand_side' says twice what the numbers are: value and noise
                   10 | [right_hand_side]
                      | ^^^^^^^^^^^^^^^^^
                   one of value = 1, noise = 1, file = "b.mtx"
                """),
        BrokenFile(
            "linear system: empty right-hand side",
            "noise = 1", "project = true", in: Samples.linearSystem,
            says: """
                p.toml:10:1: error: 'right_hand_side' does not say what the numbers are
                   10 | [right_hand_side]
                      | ^^^^^^^^^^^^^^^^^
                   one of value = 1, noise = 1, file = "b.mtx"
                """),
        BrokenFile(
            "linear system: values without a file",
            "noise = 1",
            """
            noise = 1
            values = "b"
            """, in: Samples.linearSystem,
            says: """
                p.toml:12:10: error: 'right_hand_side.values' has no meaning beside 'noise'
                   12 | values = "b"
                      |          ^^^
                """),
        BrokenFile(
            "linear system: coordinates with a matrix",
            "'row'", "'x'", in: Samples.matrixSystem,
            says: """
                p.toml:9:10: error: 'x' is not declared
                    9 | value = 'x'
                      |          ^
                """),
        BrokenFile(
            "linear system: one number of cells",
            "[4, 4, 4]", "[4]", in: Samples.linearSystem,
            says: """
                p.toml:6:9: error: 'grid.cells' has 1 number, not two or three
                    6 | cells = [4]
                      |         ^^^
                   cells = [64, 64, 64] along x, y and z
                """),
        BrokenFile(
            "linear system: a flat grid",
            "[4, 4, 4]", "[4, 4, 1]", in: Samples.linearSystem,
            says: """
                p.toml:6:9: error: a grid has at least two cells along each coordinate
                    6 | cells = [4, 4, 1]
                      |         ^^^^^^^^^
                   two numbers describe a grid in two dimensions
                """),
        BrokenFile(
            "linear system: lengths",
            "[4, 4, 4]",
            """
            [4, 4, 4]
            lengths = [1, 1]
            """, in: Samples.linearSystem,
            says: """
                p.toml:7:11: error: 'grid.lengths' has 2 numbers, but there are 3 of cells
                    7 | lengths = [1, 1]
                      |           ^^^^^^
                """),
        BrokenFile(
            "linear system: unknown wall",
            "y_high =", "top =", in: Samples.linearSystem,
            says: """
                p.toml:7:11: error: unknown key 'grid.walls.top'
                    7 | walls = { top = "dirichlet" }
                      |           ^^^
                   known keys here: all, x_low, x_high, y_low, y_high, z_low, z_high
                """),
        BrokenFile(
            "linear system: unknown kind of wall",
            "\"dirichlet\"", "\"robin\"", in: Samples.linearSystem,
            says: """
                p.toml:7:20: error: unknown value 'robin' for 'grid.walls.y_high'
                    7 | walls = { y_high = "robin" }
                      |                    ^^^^^^^
                   available: neumann, dirichlet, dirichlet-face
                """),
        BrokenFile(
            "linear system: mask and solid",
            "[4, 4, 4]",
            """
            [4, 4, 4]
            mask = "mask.npy"
            """, in: Samples.linearSystem,
            says: """
                p.toml:9:9: error: 'grid.solid' has no meaning beside 'mask'
                    9 | solid = [{ ball = { center = [0.5, 0.5, 0.5], radius = 0.2 } }]
                      |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                """),
        BrokenFile(
            "linear system: cells that are no shape",
            "[{ ball = { center = [0.5, 0.5, 0.5], radius = 0.2 } }]", "3", in: Samples.linearSystem,
            says: """
                p.toml:8:9: error: 'grid.solid' must be shapes or an expression, not a whole number
                    8 | solid = 3
                      |         ^
                   [{ ball = { center = [0.5, 0.5, 0.5], radius = 0.2 } }], or "0.2 - norm(…)", which is positive inside
                """),
        BrokenFile(
            "linear system: a shape of two dimensions",
            "center = [0.5, 0.5, 0.5]", "center = [0.5, 0.5]", in: Samples.linearSystem,
            says: """
                p.toml:8:30: error: 'grid.solid[1].ball.center' has 2 numbers instead of 3
                    8 | solid = [{ ball = { center = [0.5, 0.5], radius = 0.2 } }]
                      |                              ^^^^^^^^^^
                   one for each of x, y, z
                """),
    ]
}
