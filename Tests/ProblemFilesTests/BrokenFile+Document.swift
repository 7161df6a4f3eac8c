extension BrokenFile {
    /// Slips in the document: TOML, the top of the file, parameters.
    static let document: [BrokenFile] = [
        BrokenFile(
            "format missing",
            """
            format = 1

            """,
            "",
            says: """
                p.toml:1:1: error: 'format' is missing
                   a problem file begins with: format = 1
                """),
        BrokenFile(
            "newer format",
            "format = 1",
            """
            format = 2
            whatever = 3
            """,
            says: """
                p.toml:1:10: error: format 2 is newer than this program, which reads format 1
                    1 | format = 2
                      |          ^
                   a newer version of the program reads it
                """),
        BrokenFile(
            "format of a wrong type",
            "format = 1",
            #"format = "1""#,
            says: """
                p.toml:1:10: error: 'format' must be 1
                    1 | format = "1"
                      |          ^^^
                """),
        BrokenFile(
            "TOML: value without quotes",
            #"name   = "minimal""#,
            "name   = minimal",
            says: """
                p.toml:2:10: error: this is not a value
                    2 | name   = minimal
                      |          ^
                   text needs quotes: 'like this'
                """),
        BrokenFile(
            "TOML: duplicate key",
            #"name   = "minimal""#,
            """
            name   = "minimal"
            name   = "twice"
            """,
            says: """
                p.toml:3:1: error: the key 'name' is given twice
                    3 | name   = "twice"
                      | ^^^^^^^^^
                """),
        BrokenFile(
            "TOML: duplicate section",
            "[equations]",
            """
            [unknowns]
            [equations]
            """,
            says: """
                p.toml:11:1: error: the key 'unknowns' is given twice
                   11 | [unknowns]
                      | ^^^^^^^^^^
                """),
        BrokenFile(
            "TOML: string not closed",
            "poisson = 'laplacian(u) = 1'",
            "poisson = 'laplacian(u) = 1",
            says: """
                p.toml:12:28: error: the string does not end on this line
                   12 | poisson = 'laplacian(u) = 1
                      |                            ^
                   close it with the quote it began with
                """),
        BrokenFile(
            "TOML: text ends early",
            #"walls = { on = "boundary", equation = 'u = 0' }"#,
            #"walls = { on = "boundary","#,
            says: """
                p.toml:15:27: error: a table in braces ends on the line on which it begins
                   15 | walls = { on = "boundary",
                      |                           ^
                """),
        BrokenFile(
            "TOML: unquoted Unicode key",
            "u = {}",
            "θ = {}",
            says: """
                p.toml:9:1: error: a key or a [section] must begin here
                    9 | θ = {}
                      | ^
                   keys other than letters, digits, '_' and '-' need quotes
                """),
        BrokenFile(
            "TOML: number out of range",
            "format = 1",
            "format = 99999999999999999999",
            says: """
                p.toml:1:10: error: '99999999999999999999' is not representable in 64 bits (in: decimal integer)
                    1 | format = 99999999999999999999
                      |          ^^^^^^^^^^^^^^^^^^^^
                """),
        BrokenFile(
            "kind to come",
            "format = 1",
            """
            format = 1
            kind = "operator"
            """,
            says: """
                p.toml:2:8: error: problems of kind 'operator' are not available yet
                    2 | kind = "operator"
                      |        ^^^^^^^^^^
                   available: pde, transport, linear-system
                """),
        BrokenFile(
            "unknown kind",
            "format = 1",
            """
            format = 1
            kind = "ode"
            """,
            says: """
                p.toml:2:8: error: unknown kind of problem
                    2 | kind = "ode"
                      |        ^^^^^
                   available: pde, transport, linear-system
                """),
        BrokenFile(
            "name missing",
            """
            name   = "minimal"

            """,
            "",
            says: """
                p.toml:1:1: error: 'name' is missing
                   it names the run folder: name = "my-problem"
                """),
        BrokenFile(
            "name is a path",
            #""minimal""#,
            #""../minimal""#,
            says: """
                p.toml:2:10: error: 'name' must consist of letters, digits, '-', '_' and '.', since it names the run folder
                    2 | name   = "../minimal"
                      |          ^^^^^^^^^^^^
                """),
        BrokenFile(
            "wrong types at the top",
            #"name   = "minimal""#,
            """
            name   = 7
            title = true
            cite = [1]
            """,
            says: """
                p.toml:2:10: error: 'name' must be a string, not a whole number
                    2 | name   = 7
                      |          ^

                p.toml:3:9: error: 'title' must be a string, not a boolean
                    3 | title = true
                      |         ^^^^

                p.toml:4:8: error: 'cite' must be a string or an array of strings
                    4 | cite = [1]
                      |        ^^^
                """),
        BrokenFile(
            "unknown section",
            "[conditions]",
            "[condition]",
            says: """
                p.toml:14:1: error: unknown key 'condition'
                   14 | [condition]
                      | ^^^^^^^^^^^
                   did you mean 'conditions'?
                """),
        BrokenFile(
            "section to come",
            "[equations]",
            """
            [family]
            x = 64

            [equations]
            """,
            says: """
                p.toml:11:1: error: 'family' is not available yet
                   11 | [family]
                      | ^^^^^^^^
                """),
        BrokenFile(
            "section that is no table",
            text: Samples.minimal
                .replacing(
                    """
                    [conditions]
                    walls = { on = "boundary", equation = 'u = 0' }
                    """, with: ""
                )
                .replacing(
                    #"name   = "minimal""#,
                    with: """
                        name   = "minimal"
                        conditions = 3
                        """),
            says: """
                p.toml:3:14: error: 'conditions' must be a table, not a whole number
                    3 | conditions = 3
                      |              ^
                """),
        BrokenFile(
            "parameters in a circle",
            "nu = '0.01/pi'",
            """
            nu = 'T + mu'
            mu = '2*nu'
            """, in: Samples.burgers,
            says: """
                p.toml:6:6: error: the value of 'nu' depends on itself
                    6 | nu = 'T + mu'
                      |      ^^^^^^^^
                   in a circle with: nu, mu

                p.toml:7:6: error: the value of 'mu' depends on itself
                    7 | mu = '2*nu'
                      |      ^^^^^^
                   in a circle with: nu, mu
                """),
        BrokenFile(
            "parameter that is no number",
            "nu = '0.01/pi'",
            "nu = true", in: Samples.burgers,
            says: """
                p.toml:6:6: error: 'parameters.nu' must be a number or a constant expression, not a boolean
                    6 | nu = true
                      |      ^^^^
                """),
        BrokenFile(
            "parameter that is not finite",
            "nu = '0.01/pi'",
            "nu = nan", in: Samples.burgers,
            says: """
                p.toml:6:6: error: 'parameters.nu' must be finite
                    6 | nu = nan
                      |      ^^^
                """),
        BrokenFile(
            "parameter divided by zero",
            "nu = '0.01/pi'",
            "nu = '1/(T - 1)'", in: Samples.burgers,
            says: """
                p.toml:6:8: error: division by zero
                    6 | nu = '1/(T - 1)'
                      |        ^^^^^^^^
                """),
        BrokenFile(
            "parameter of an undeclared name",
            "nu = '0.01/pi'",
            "nu = '0.01/pj'", in: Samples.burgers,
            says: """
                p.toml:6:12: error: 'pj' is not declared
                    6 | nu = '0.01/pj'
                      |            ^^
                   did you mean 'pi'?
                """),
        BrokenFile(
            "parameter with the name of a coordinate",
            "T  = 1",
            """
            T  = 1
            x  = 2
            """, in: Samples.burgers,
            says: """
                p.toml:8:1: error: 'x' is declared twice: it is already a coordinate
                    8 | x  = 2
                      | ^
                """),
        BrokenFile(
            "parameter called n",
            "T  = 1",
            """
            T  = 1
            n  = 2
            """, in: Samples.burgers,
            says: """
                p.toml:8:1: error: 'n' is the outward normal and cannot be declared
                    8 | n  = 2
                      | ^
                """),
    ]
}
