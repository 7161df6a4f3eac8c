extension BrokenFile {
    /// Slips in equations.
    static let expressions: [BrokenFile] = [
        BrokenFile(
            "undeclared name",
            "u_t + u*u_x",
            "u_t + u*ux", in: Samples.burgers,
            says: """
                p.toml:24:20: error: 'ux' is not declared
                   24 | burgers = 'u_t + u*ux = nu*u_xx'
                      |                    ^^
                   did you mean 'u_x', the derivative of u along x?
                """),
        BrokenFile(
            "undeclared derivative letter",
            "u_t + u*u_x",
            "u_t + u*u_z", in: Samples.burgers,
            says: """
                p.toml:24:20: error: 'u_z' is not declared: 'z' is not a coordinate
                   24 | burgers = 'u_t + u*u_z = nu*u_xx'
                      |                    ^^^
                   the coordinates are x, t
                """),
        BrokenFile(
            "unbalanced bracket",
            "poisson = 'laplacian(u) = 1'",
            "poisson = 'laplacian(u = 1'",
            says: """
                p.toml:12:21: error: the bracket '(' is not closed
                   12 | poisson = 'laplacian(u = 1'
                      |                     ^
                """),
        BrokenFile(
            "bracket too many",
            "poisson = 'laplacian(u) = 1'",
            "poisson = 'laplacian(u)) = 1'",
            says: """
                p.toml:12:24: error: ')' closes a bracket that was not opened
                   12 | poisson = 'laplacian(u)) = 1'
                      |                        ^
                """),
        BrokenFile(
            "implicit multiplication",
            "u_t + u*u_x",
            "u_t + 2u_x", in: Samples.burgers,
            says: """
                p.toml:24:18: error: an operator is missing between '2' and 'u_x'
                   24 | burgers = 'u_t + 2u_x = nu*u_xx'
                      |                  ^^^^
                   multiplication is written out: '2*u_x'
                """),
        BrokenFile(
            "two equals signs",
            "poisson = 'laplacian(u) = 1'",
            "poisson = 'laplacian(u) = 1 = 2'",
            says: """
                p.toml:12:29: error: an equation has exactly one '='
                   12 | poisson = 'laplacian(u) = 1 = 2'
                      |                             ^
                   to compare two values write '=='
                """),
        BrokenFile(
            "no equals sign",
            "poisson = 'laplacian(u) = 1'",
            "poisson = 'laplacian(u) - 1'",
            says: """
                p.toml:12:12: error: an equation needs one '='
                   12 | poisson = 'laplacian(u) - 1'
                      |            ^^^^^^^^^^^^^^^^
                   write the right side, for instance '= 0'
                """),
        BrokenFile(
            "division by a constant zero",
            "poisson = 'laplacian(u) = 1'",
            "poisson = 'laplacian(u) = 1/(2 - 2)'",
            says: """
                p.toml:12:28: error: division by zero
                   12 | poisson = 'laplacian(u) = 1/(2 - 2)'
                      |                            ^^^^^^^^
                """),
        BrokenFile(
            "vector plus scalar",
            "poisson = 'laplacian(u) = 1'",
            "poisson = 'grad(u) + u = 0'",
            says: """
                p.toml:12:20: error: cannot add a vector and a scalar
                   12 | poisson = 'grad(u) + u = 0'
                      |                    ^
                   grad(u) is a vector with 2 components; u is a scalar (declared on line 9)
                """),
        BrokenFile(
            "sides of different kinds",
            "poisson = 'laplacian(u) = 1'",
            "poisson = 'grad(u) = 1'",
            says: """
                p.toml:12:12: error: the two sides differ in kind
                   12 | poisson = 'grad(u) = 1'
                      |            ^^^^^^^^^^^
                   the left side is a vector with 2 components, the right side is a scalar
                """),
        BrokenFile(
            "truth value as a side",
            "poisson = 'laplacian(u) = 1'",
            "poisson = 'u > 0 = 1'",
            says: """
                p.toml:12:12: error: a side of an equation cannot be a truth value
                   12 | poisson = 'u > 0 = 1'
                      |            ^^^^^^^^^
                   the left side is a truth value, the right side is a scalar
                """),
        BrokenFile(
            "empty equation",
            "poisson = 'laplacian(u) = 1'",
            "poisson = ''",
            says: """
                p.toml:12:12: error: the expression ends too early
                   12 | poisson = ''
                      |            ^
                """),
        BrokenFile(
            "equation of a wrong type",
            "poisson = 'laplacian(u) = 1'",
            "poisson = 3",
            says: """
                p.toml:12:11: error: an equation must be a string, not a whole number
                   12 | poisson = 3
                      |           ^
                """),
        BrokenFile(
            "equation with a bad name",
            "poisson = 'laplacian(u) = 1'",
            #""poisson 2d" = 'laplacian(u) = 1'"#,
            says: """
                p.toml:12:1: error: 'poisson 2d' is not a name
                   12 | "poisson 2d" = 'laplacian(u) = 1'
                      | ^^^^^^^^^^^^
                   a name is a letter followed by letters, digits or underscores
                """),
        BrokenFile(
            "normal in an equation",
            "poisson = 'laplacian(u) = 1'",
            "poisson = 'dn(u) = 1'",
            says: """
                p.toml:12:12: error: 'dn', the derivative along the outward normal, has a meaning on faces only
                   12 | poisson = 'dn(u) = 1'
                      |            ^^^^^
                   it may be used in conditions
                """),
        BrokenFile(
            "escapes and a long string",
            "poisson = 'laplacian(u) = 1'",
            #"""
            poisson = """
            laplacian(u) =
              \u0031 + é"""
            """#,
            says: #"""
                p.toml:14:12: error: 'é' is not declared
                   14 |   \u0031 + é"""
                      |            ^
                """#),
        BrokenFile(
            "column after wide letters",
            "poisson = 'laplacian(u) = 1'",
            "poisson = 'laplacian(u) = θ*uu'",
            says: """
                p.toml:12:27: error: 'θ' is not declared
                   12 | poisson = 'laplacian(u) = θ*uu'
                      |                           ^

                p.toml:12:29: error: 'uu' is not declared
                   12 | poisson = 'laplacian(u) = θ*uu'
                      |                             ^^
                   did you mean 'u'?
                """),
        BrokenFile(
            "several slips at once",
            text: Samples.minimal
                .replacing("poisson = 'laplacian(u) = 1'", with: "poisson = 'laplacian(v) = w'")
                .replacing("'u = 0'", with: "'u = z'")
                .replacing("u = {}", with: "u = { abut = 1 }"),
            says: """
                p.toml:9:7: error: unknown key 'unknowns.u.abut'
                    9 | u = { abut = 1 }
                      |       ^^^^
                   did you mean 'unknowns.u.about'?

                p.toml:12:22: error: 'v' is not declared
                   12 | poisson = 'laplacian(v) = w'
                      |                      ^

                p.toml:12:27: error: 'w' is not declared
                   12 | poisson = 'laplacian(v) = w'
                      |                           ^

                p.toml:15:44: error: 'z' is not declared
                   15 | walls = { on = "boundary", equation = 'u = z' }
                      |                                            ^
                """),
    ]
}
