extension BrokenFile {
    private static let line = "c     = { unknown = true, start = '2*scale', rate = 0.5 }"

    /// The sample of an inverse problem with another line for the parameter c; complaints point into line 7.
    private static func c(_ title: String, _ table: String, says messages: String) -> BrokenFile {
        BrokenFile(title, line, "c     = \(table)", in: Samples.inverse, says: messages)
    }

    /// Slips about unknown parameters.
    static let unknownParameters: [BrokenFile] = [
        c(
            "start outside of the range", "{ unknown = true, start = 3, range = [0, 2] }",
            says: """
                p.toml:7:35: error: 'parameters.c.start' must lie inside the range, not on its ends
                    7 | c     = { unknown = true, start = 3, range = [0, 2] }
                      |                                   ^
                   the range is [0, 2]
                """),
        c(
            "start on the end of the range", "{ unknown = true, start = 2, range = [0, '20*scale + 1.8'] }",
            says: """
                p.toml:7:35: error: 'parameters.c.start' must lie inside the range, not on its ends
                    7 | c     = { unknown = true, start = 2, range = [0, '20*scale + 1.8'] }
                      |                                   ^
                   the range is [0, 2]
                """),
        c(
            "logarithm of a negative start", "{ unknown = true, start = -1, scale = \"log\" }",
            says: """
                p.toml:7:35: error: 'parameters.c.start' must be positive to be searched for in its logarithm
                    7 | c     = { unknown = true, start = -1, scale = "log" }
                      |                                   ^^
                   give a positive number, or leave out scale = "log"
                """),
        c(
            "logarithm of a range from zero", "{ unknown = true, start = 1, range = [0, 2], scale = \"log\" }",
            says: """
                p.toml:7:46: error: 'parameters.c.range' must be positive to be searched in by the logarithm
                    7 | c     = { unknown = true, start = 1, range = [0, 2], scale = "log" }
                      |                                              ^^^^^^
                   give a positive number, or leave out scale = "log"
                """),
        c(
            "range that falls", "{ unknown = true, start = 1, range = [2, 0] }",
            says: """
                p.toml:7:46: error: 'parameters.c.range' must rise
                    7 | c     = { unknown = true, start = 1, range = [2, 0] }
                      |                                              ^^^^^^
                   it is [2, 0]
                """),
        c(
            "range of one number", "{ unknown = true, start = 1, range = [2] }",
            says: """
                p.toml:7:46: error: 'parameters.c.range' must be an array of two numbers, [from, to]
                    7 | c     = { unknown = true, start = 1, range = [2] }
                      |                                              ^^^
                """),
        c(
            "missing start", "{ unknown = true }",
            says: """
                p.toml:7:9: error: 'parameters.c.start' is missing
                    7 | c     = { unknown = true }
                      |         ^^^^^^^^^^^^^^^^^^
                   the value at the start of the search
                """),
        c(
            "unknown that is false", "{ unknown = false, start = 1 }",
            says: """
                p.toml:7:21: error: 'parameters.c.unknown' is false
                    7 | c     = { unknown = false, start = 1 }
                      |                     ^^^^^
                   a known parameter is a plain number: c = 0.01
                """),
        c(
            "table without unknown", "{ value = 1 }",
            says: """
                p.toml:7:9: error: 'parameters.c' must be a number or a constant expression, not a table
                    7 | c     = { value = 1 }
                      |         ^^^^^^^^^^^^^
                   a parameter to be found is written c = { unknown = true, start = 0.01 }
                """),
        c(
            "misspelt scale", "{ unknown = true, start = 1, scale = \"logarithmic\" }",
            says: """
                p.toml:7:46: error: unknown value 'logarithmic' for 'parameters.c.scale'
                    7 | c     = { unknown = true, start = 1, scale = "logarithmic" }
                      |                                              ^^^^^^^^^^^^^
                   available: linear, log
                """),
        BrokenFile(
            "unknown parameter that nothing reads", "c*u*u_x", "u*u_x", in: Samples.inverse,
            says: """
                p.toml:7:1: error: nothing depends on the unknown parameter 'c'
                    7 | c     = { unknown = true, start = '2*scale', rate = 0.5 }
                      | ^
                   an equation or a condition must read it, or it cannot be found
                """),
        BrokenFile(
            "unknown parameter in a bound", "x = [-1, 1]", "x = ['-c', 1]", in: Samples.inverse,
            says: """
                p.toml:12:32: error: 'c' is an unknown parameter and cannot be used here
                   12 | region      = { box = { x = ['-c', 1] } }
                      |                                ^
                   its value is found by solving; what is computed from it belongs into [definitions]
                """),
        BrokenFile(
            "unknown parameter in a known one", "scale = 0.01", "scale = 'nu/2'", in: Samples.inverse,
            says: """
                p.toml:6:10: error: 'nu' is an unknown parameter and cannot be used here
                    6 | scale = 'nu/2'
                      |          ^^
                   its value is found by solving; what is computed from it belongs into [definitions]
                """),
        BrokenFile(
            "unknown parameter in a selector", "abs(x) < 0.5", "abs(x) < c", in: Samples.inverse,
            says: """
                p.toml:26:39: error: 'c' is an unknown parameter and cannot be used here
                   26 | seen  = { on = "interior and abs(x) < c", equation = 'u = 0.1*x*t' }
                      |                                       ^
                   only coordinates and known parameters may stand here
                """),
        BrokenFile(
            "unknown parameter in a reference", "'-sin(pi*x)*exp(-t)'\n\n[expect]", "'-sin(c*x)'\n\n[expect]",
            in: Samples.inverse,
            says: """
                p.toml:30:12: error: 'c' is an unknown parameter and cannot be used here
                   30 | u  = '-sin(c*x)'
                      |            ^
                   only coordinates and known parameters may stand in a reference
                """),
        BrokenFile(
            "expected parameter without a true value", "parameter.nu = 0.01", "parameter.c = 0.01", in: Samples.inverse,
            says: """
                p.toml:33:11: error: 'expect.parameter.c' has nothing to compare with
                   33 | parameter.c = 0.01
                      |           ^
                   add [reference] c = its true value
                """),
        BrokenFile(
            "expected parameter that is known", "parameter.nu = 0.01", "parameter.scale = 0.01", in: Samples.inverse,
            says: """
                p.toml:33:11: error: unknown key 'expect.parameter.scale'
                   33 | parameter.scale = 0.01
                      |           ^^^^^
                   known keys here: nu, c
                """),
    ]
}
