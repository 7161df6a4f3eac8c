extension BrokenFile {
    /// Slips in output, run, expectations, settings.
    static let options: [BrokenFile] = [
        BrokenFile(
            "unknown key under a header",
            "[output.fields]",
            "[output.feilds]", in: Samples.helmholtz,
            says: """
                p.toml:59:1: error: unknown key 'output.feilds'
                   59 | [output.feilds]
                      | ^^^^^^^^^^^^^^^
                   did you mean 'output.fields'?
                """),
        BrokenFile(
            "grid without a coordinate",
            "grid = { t = 101, x = 256 }",
            "grid = { x = 256 }", in: Samples.burgers,
            says: """
                p.toml:31:8: error: 'output.fields.grid' says nothing about 't'
                   31 | grid = { x = 256 }
                      |        ^^^^^^^^^^^
                   add t = 101, or hold it: at = { t = 0.5 }
                """),
        BrokenFile(
            "grid of no coordinate",
            "grid = { t = 101, x = 256 }",
            "grid = { t = 101, x = 256, y = 3 }", in: Samples.burgers,
            says: """
                p.toml:31:28: error: 'output.fields.grid.y': 'y' is not a coordinate
                   31 | grid = { t = 101, x = 256, y = 3 }
                      |                            ^
                   coordinates: x, t
                """),
        BrokenFile(
            "grid too large",
            "grid = { t = 101, x = 256 }",
            "grid = { t = 1_000_000, x = 1_000_000 }", in: Samples.burgers,
            says: """
                p.toml:31:8: error: the saved fields would have more than 100000000 points
                   31 | grid = { t = 1_000_000, x = 1_000_000 }
                      |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                """),
        BrokenFile(
            "quantity with a slip",
            "error = 'u - u_exact'",
            "error = 'u - u_exakt'", in: Samples.helmholtz,
            says: """
                p.toml:62:57: error: 'u_exakt' is not declared: 'e' is not a coordinate
                   62 | quantities = { u = 'u', exact = 'u_exact', error = 'u - u_exakt', residual = 'residual(helmholtz)' }
                      |                                                         ^^^^^^^
                   the coordinates are x, y
                """),
        BrokenFile(
            "quantity that is a vector",
            "error = 'u - u_exact'",
            "error = 'grad(u)'", in: Samples.helmholtz,
            says: """
                p.toml:62:52: error: 'output.fields.quantities.error' must be a scalar, not a vector with 2 components
                   62 | quantities = { u = 'u', exact = 'u_exact', error = 'grad(u)', residual = 'residual(helmholtz)' }
                      |                                                    ^^^^^^^^^
                   save one component at a time, (…)[1]
                """),
        BrokenFile(
            "residual of no equation",
            "residual(helmholtz)",
            "residual(helmholz)", in: Samples.helmholtz,
            says: """
                p.toml:62:88: error: there is no equation 'helmholz'
                   62 | quantities = { u = 'u', exact = 'u_exact', error = 'u - u_exact', residual = 'residual(helmholz)' }
                      |                                                                                        ^^^^^^^^
                   did you mean 'helmholtz'?
                """),
        BrokenFile(
            "fields in another folder",
            #""fields.nc""#,
            #""../fields.nc""#, in: Samples.helmholtz,
            says: """
                p.toml:60:14: error: 'output.fields.file' must be a file name that ends in .h5 or .nc
                   60 | file       = "../fields.nc"
                      |              ^^^^^^^^^^^^^^
                   folders are set by output.directory
                """),
        BrokenFile(
            "figure of an undeclared field",
            #"field = "u""#,
            #"field = "w""#, in: Samples.helmholtz,
            says: """
                p.toml:67:9: error: there is no unknown or quantity 'w'
                   67 | field = "w"
                      |         ^^^
                   fields: u, exact, error, residual
                """),
        BrokenFile(
            "run options out of range",
            text: Samples.helmholtz
                .replacing("log_every        = 100", with: "log_every        = 0")
                .replacing(#""float32""#, with: #""float16""#)
                .replacing(#""10 min""#, with: #""10 minutes""#),
            says: """
                p.toml:75:20: error: unknown value 'float16' for 'run.precision'
                   75 | precision        = "float16"
                      |                    ^^^^^^^^^
                   did you mean 'float32'?

                p.toml:76:20: error: 'run.log_every' must be at least 1
                   76 | log_every        = 0
                      |                    ^

                p.toml:77:20: error: 'run.budget' must be a time
                   77 | budget           = "10 minutes"
                      |                    ^^^^^^^^^^^^
                   for example "90 s", "10 min" or "1 h"; the units are ms, s, min, h, d
                """),
        BrokenFile(
            "expectation for no unknown",
            "relative_l2.u = 1e-3",
            "relative_l2.v = 1e-3", in: Samples.helmholtz,
            says: """
                p.toml:80:13: error: unknown key 'expect.relative_l2.v'
                   80 | relative_l2.v = 1e-3
                      |             ^
                   known keys here: u
                """),
        BrokenFile(
            "method that is no table",
            "format = 1",
            """
            format = 1
            method = "pinn"
            """,
            says: """
                p.toml:2:10: error: 'method' must be a table, not a string
                    2 | method = "pinn"
                      |          ^^^^^^
                """),
        BrokenFile(
            "variant that is no table",
            """
            [variants.plain]
            "method.network.kind" = "mlp"
            "method.weights.kind" = "fixed"

            """,
            """
            [variants]
            plain = 3

            """, in: Samples.helmholtz,
            says: """
                p.toml:49:9: error: 'variants.plain' must be a table, not a whole number
                   49 | plain = 3
                      |         ^
                """),
        BrokenFile(
            "setting without a value", text: Samples.minimal, overrides: ["run.seed"],
            says: """
                --set run.seed=…: error: a setting has the form KEY=VALUE
                      | run.seed
                      | ^^^^^^^^
                   for example --set run.seed=7
                """),
        BrokenFile(
            "setting that is no TOML", text: Samples.minimal, overrides: ["run.precision=float32"],
            says: """
                --set run.precision=…: error: the value is not TOML
                      | run.precision=float32
                      |               ^^^^^^^
                   text needs quotes, and the shell needs its own around them: --set 'run.precision="float32"'
                """),
        BrokenFile(
            "setting of two values", text: Samples.minimal, overrides: ["run.seed=1\nrun.threads=2"],
            says: """
                --set run.seed=…: error: the value is not TOML
                      | run.seed=1
                      |          ^
                   values are written as in the file, for example [64, 64] or "tanh"
                """),
        BrokenFile(
            "setting out of range", text: Samples.minimal, overrides: ["run.seed=-1"],
            says: """
                --set run.seed=…: error: 'run.seed' must be at least 0
                      | run.seed=-1
                      |          ^^
                """),
        BrokenFile(
            "setting of an unknown key", text: Samples.minimal, overrides: ["run.sead=1"],
            says: """
                --set run.sead=…: error: unknown key 'run.sead'
                      | run.sead=1
                      | ^^^^^^^^
                   did you mean 'run.seed'?
                """),
        BrokenFile(
            "setting inside a value", text: Samples.minimal, overrides: [#"name.first="a""#],
            says: """
                --set name.first=…: error: 'name.first' cannot be set: 'name' is a string, not a table
                      | name.first="a"
                      | ^^^^^^^^^^
                """),
        BrokenFile(
            "setting of a missing element", text: Samples.helmholtz, overrides: ["method.stages[3].steps=1"],
            says: """
                --set method.stages[3].steps=…: error: 'method.stages[3].steps' asks for element 3 of an array with 1
                      | method.stages[3].steps=1
                      | ^^^^^^^^^^^^^^^^^^^^^^
                """),
        BrokenFile(
            "setting with a slip in an expression", text: Samples.minimal,
            overrides: ["equations.poisson='laplacian(u) = uu'"],
            says: """
                --set equations.poisson=…: error: 'uu' is not declared
                      | equations.poisson='laplacian(u) = uu'
                      |                                   ^^
                   did you mean 'u'?
                """),
        BrokenFile(
            "setting with a bad key", text: Samples.minimal, overrides: ["run..seed=1"],
            says: """
                --set run..seed=…: error: 'run..seed' is not a dotted key
                      | run..seed=1
                      | ^^^^^^^^^
                   for example method.network.layers
                """),
    ]
}
