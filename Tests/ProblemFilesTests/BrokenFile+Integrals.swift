extension BrokenFile {
    private static let walls = "walls = { on = \"boundary\", equation = 'u = 0' }"

    /// The smallest file with another condition in line 15.
    private static func condition(_ title: String, _ table: String, says messages: String) -> BrokenFile {
        BrokenFile(title, walls, "walls = \(table)", says: messages)
    }

    /// Slips about integrals and conditions without a place.
    static let integrals: [BrokenFile] = [
        condition(
            "average without a place beside a field", "{ equation = 'u = average(u over region)' }",
            says: """
                p.toml:15:1: error: 'conditions.walls.on' is missing, and the equation depends on the place
                   15 | walls = { equation = 'u = average(u over region)' }
                      | ^^^^^
                   say where it holds, or put what varies in space into integrals and averages
                """),
        condition(
            "trace of a line without a place", "{ equation = 'u(x = 0) = 1' }",
            says: """
                p.toml:15:1: error: 'conditions.walls.on' is missing, and the equation depends on the place
                   15 | walls = { equation = 'u(x = 0) = 1' }
                      | ^^^^^
                   say where it holds, or put what varies in space into integrals and averages
                """),
        condition(
            "integral over no face", "{ equation = 'integral(u over letf) = 1' }",
            says: """
                p.toml:15:22: error: there is no face 'letf' to integrate over
                   15 | walls = { equation = 'integral(u over letf) = 1' }
                      |                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^
                   did you mean 'left'?
                """),
        condition(
            "average met exactly", "{ equation = 'average(u over region) = 1', enforce = \"exact\" }",
            says: """
                p.toml:15:62: error: a condition without 'on' cannot be built into the ansatz
                   15 | walls = { equation = 'average(u over region) = 1', enforce = "exact" }
                      |                                                              ^^^^^^^
                   leave out enforce = "exact"
                """),
        condition(
            "average of an average", "{ equation = 'average(u*average(u over left) over region) = 1' }",
            says: """
                p.toml:15:22: error: an integral cannot stand inside of another one
                   15 | walls = { equation = 'average(u*average(u over left) over region) = 1' }
                      |                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                """),
        condition(
            "normal inside", "{ equation = 'integral(dn(u) over region) = 1' }",
            says: """
                p.toml:15:32: error: 'dn', the derivative along the outward normal, has a meaning on faces only
                   15 | walls = { equation = 'integral(dn(u) over region) = 1' }
                      |                                ^^^^^
                   it may be used in conditions
                """),
        BrokenFile(
            "integral over a time", "'u = -sin(pi*x)'", "'u = integral(u over t.min)'", in: Samples.inverse,
            says: """
                p.toml:24:36: error: 't.min' is the region at one time, an integral runs over space
                   24 | start = { on = "t = 0", equation = 'u = integral(u over t.min)', enforce = "exact" }
                      |                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                   hold the time in what is integrated: integral(u(t = 0) over region)
                """),
        BrokenFile(
            "integral in an equation", "poisson = 'laplacian(u) = 1'",
            "poisson = 'laplacian(u) = average(u over region)'",
            says: """
                p.toml:12:27: error: 'average' cannot stand here
                   12 | poisson = 'laplacian(u) = average(u over region)'
                      |                           ^^^^^^^^^^^^^^^^^^^^^^
                   it may be used in conditions and outputs
                """),
    ]
}
