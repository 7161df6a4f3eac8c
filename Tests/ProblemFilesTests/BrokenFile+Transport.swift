extension Samples {
    /// The smallest transport problem.
    static let transport = """
        format = 1
        kind   = "transport"
        name   = "minimal"

        [source]
        grid    = { x = [0, 1, 5] }
        density = '1 + x'

        [target]
        random = 7
        box    = { x = [0, 1] }

        [cost]
        between = '(p - q)^2'
        """
}

extension BrokenFile {
    /// Slips in transport problems.
    static let transport: [BrokenFile] = [
        BrokenFile(
            "transport: section of an equation",
            "[cost]",
            """
            [unknowns]
            u = {}

            [cost]
            """, in: Samples.transport,
            says: """
                p.toml:13:1: error: unknown key 'unknowns'
                   13 | [unknowns]
                      | ^^^^^^^^^^
                   known keys here: format, kind, name, title, cite, parameters, source, target, cost, method, variants, output, run, expect
                """),
        BrokenFile(
            "transport: no source",
            """
            [source]
            grid    = { x = [0, 1, 5] }
            density = '1 + x'

            """, "", in: Samples.transport,
            says: """
                p.toml:1:1: error: 'source' is missing
                   [source] says where the mass is: uniform = 500, file, grid or random
                """),
        BrokenFile(
            "transport: no cost",
            """
            [cost]
            between = '(p - q)^2'
            """, "", in: Samples.transport,
            says: """
                p.toml:1:1: error: 'cost' is missing
                   one of between = 'norm2(p - q)', file = "costs.npy", random = "splitmix64"
                """),
        BrokenFile(
            "transport: two costs",
            "between = '(p - q)^2'",
            """
            between = '(p - q)^2'
            random  = "splitmix64"
            """, in: Samples.transport,
            says: """
                p.toml:13:1: error: 'cost' is given twice: between and random
                   13 | [cost]
                      | ^^^^^^
                   one of between = 'norm2(p - q)', file = "costs.npy", random = "splitmix64"
                """),
        BrokenFile(
            "transport: two places for the mass",
            "density = '1 + x'",
            """
            density = '1 + x'
            uniform = 5
            """, in: Samples.transport,
            says: """
                p.toml:5:1: error: 'source' says twice where the mass is: uniform and grid
                    5 | [source]
                      | ^^^^^^^^
                   one of uniform = 500, file = "a.csv", grid = { x = [0, 1, 100] }, random = 500
                """),
        BrokenFile(
            "transport: a key of another kind",
            "density = '1 + x'",
            "weights = 'mass'", in: Samples.transport,
            says: """
                p.toml:7:11: error: 'source.weights' has no meaning beside 'grid'
                    7 | weights = 'mass'
                      |           ^^^^^^
                """),
        BrokenFile(
            "transport: a grid of one point",
            "x = [0, 1, 5]",
            "x = [0, 1, 1]", in: Samples.transport,
            says: """
                p.toml:6:17: error: 'source.grid.x' must be [from, to, points]
                    6 | grid    = { x = [0, 1, 1] }
                      |                 ^^^^^^^^^
                   from < to, and at least two points: x = [0, 1, 100]
                """),
        BrokenFile(
            "transport: a negative density",
            "1 + x",
            "x - 0.3", in: Samples.transport,
            says: """
                p.toml:7:11: error: the density of 'source' is -0.3 at x = 0
                    7 | density = 'x - 0.3'
                      |           ^^^^^^^^^
                   densities are finite and not negative
                """),
        BrokenFile(
            "transport: an unknown name in a density",
            "1 + x",
            "1 + y", in: Samples.transport,
            says: """
                p.toml:7:16: error: 'y' is not declared
                    7 | density = '1 + y'
                      |                ^
                """),
        BrokenFile(
            "transport: no mass",
            "1 + x",
            "0*x", in: Samples.transport,
            says: """
                p.toml:7:11: error: 'source' has no mass
                    7 | density = '0*x'
                      |           ^^^^^
                   at least one mass is positive
                """),
        BrokenFile(
            "transport: random points nowhere",
            "box    = { x = [0, 1] }",
            "", in: Samples.transport,
            says: """
                p.toml:10:10: error: 'target.box' must say where the random points lie
                   10 | random = 7
                      |          ^
                   box = { x = [0, 1], y = [0, 1] }
                """),
        BrokenFile(
            "transport: unequal dimensions",
            "box    = { x = [0, 1] }",
            "box    = { x = [0, 1], y = [0, 1] }", in: Samples.transport,
            says: """
                p.toml:14:11: error: the points of the source have 1 coordinates, those of the target 2
                   14 | between = '(p - q)^2'
                      |           ^^^^^^^^^^^
                """),
        BrokenFile(
            "transport: a cost between numbers",
            """
            random = 7
            box    = { x = [0, 1] }
            """,
            "uniform = 7", in: Samples.transport,
            says: """
                p.toml:13:11: error: 'cost.between' needs points, and the target has none
                   13 | between = '(p - q)^2'
                      |           ^^^^^^^^^^^
                   'uniform' numbers masses only; their costs come from a file or are random
                """),
        BrokenFile(
            "transport: periods of no distance",
            "between = '(p - q)^2'",
            """
            between = 'abs(p - q)^3'
            periods = [1]
            """, in: Samples.transport,
            says: """
                p.toml:15:11: error: 'cost.periods' goes with a distance only
                   15 | periods = [1]
                      |           ^^^
                   one of abs(p - q), norm(p - q), (p - q)^2, norm2(p - q)
                """),
        BrokenFile(
            "transport: as many periods as coordinates",
            "between = '(p - q)^2'",
            """
            between = '(p - q)^2'
            periods = [1, 1]
            """, in: Samples.transport,
            says: """
                p.toml:15:11: error: 'cost.periods' has 2 numbers, but points have 1 coordinates
                   15 | periods = [1, 1]
                      |           ^^^^^^
                """),
        BrokenFile(
            "transport: no such file",
            """
            random = 7
            box    = { x = [0, 1] }
            """,
            """
            file   = "nowhere.csv"
            points = ["x"]
            """, in: Samples.transport,
            says: """
                p.toml:10:10: error: the data file cannot be read: there is no such file
                   10 | file   = "nowhere.csv"
                      |          ^^^^^^^^^^^^^
                   looked for nowhere.csv
                """),
        BrokenFile(
            "transport: an expectation without a bound",
            "[cost]",
            """
            [expect]
            cost = { value = 1 }

            [cost]
            """, in: Samples.transport,
            says: """
                p.toml:14:8: error: 'expect.cost' needs either 'absolute' or 'relative'
                   14 | cost = { value = 1 }
                      |        ^^^^^^^^^^^^^
                   for example cost = { value = 1.25, absolute = 1e-6 }
                """),
        BrokenFile(
            "transport: unknown parameters",
            "[cost]",
            """
            [parameters]
            k = { unknown = true, start = 1 }

            [cost]
            """, in: Samples.transport,
            says: """
                p.toml:14:5: error: a transport problem has no unknown parameters
                   14 | k = { unknown = true, start = 1 }
                      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                """),
        BrokenFile(
            "transport: totals that differ",
            "density = '1 + x'",
            """
            density   = '1 + x'
            normalise = false
            """, in: Samples.transport,
            says: """
                p.toml:10:1: error: the source has a mass of 7.5, the target of 1.0000000000000002
                   10 | [target]
                      | ^^^^^^^^
                   normalise = true in [source] and [target] scales both to 1; strength = 1 in one or both lets the plan's sums differ from the masses
                """),
        BrokenFile(
            "transport: a strength of nothing",
            "density = '1 + x'",
            """
            density  = '1 + x'
            strength = 0
            """, in: Samples.transport,
            says: """
                p.toml:8:12: error: 'source.strength' must be above 0
                    8 | strength = 0
                      |            ^
                """),
        BrokenFile(
            "transport: a row of no source",
            "[cost]",
            """
            [output]
            rows = [1, 6]

            [cost]
            """, in: Samples.transport,
            says: """
                p.toml:14:8: error: 'output.rows' names source 6, and there are 5
                   14 | rows = [1, 6]
                      |        ^^^^^^
                   sources are numbered from 1
                """),
        BrokenFile(
            "transport: a row twice",
            "[cost]",
            """
            [output]
            rows = [1, 1]

            [cost]
            """, in: Samples.transport,
            says: """
                p.toml:14:8: error: 'output.rows' names a source twice
                   14 | rows = [1, 1]
                      |        ^^^^^^
                """),
        BrokenFile(
            "transport: no way between numbers",
            """
            random = 7
            box    = { x = [0, 1] }

            [cost]
            between = '(p - q)^2'
            """,
            """
            uniform = 7

            [cost]
            random = "splitmix64"

            [output]
            interpolation = 3
            """, in: Samples.transport,
            says: """
                p.toml:16:17: error: 'output.interpolation' needs points on both sides of equal dimension
                   16 | interpolation = 3
                      |                 ^
                   masses that are known by number have no place between source and target
                """),
        BrokenFile(
            "transport: a divergence of a matrix",
            """
            [cost]
            between = '(p - q)^2'
            """,
            """
            [cost]
            random = "splitmix64"

            [output]
            divergence = true
            """, in: Samples.transport,
            says: """
                p.toml:17:14: error: 'output.divergence' needs costs among the sources, too, which a matrix does not give
                   17 | divergence = true
                      |              ^^^^
                   give cost.between
                """),
        BrokenFile(
            "transport: a divergence of relaxed masses",
            "density = '1 + x'",
            """
            density  = '1 + x'
            strength = 1

            [output]
            divergence = true
            """, in: Samples.transport,
            says: """
                p.toml:11:14: error: 'output.divergence' is for masses that are met
                   11 | divergence = true
                      |              ^^^^
                   leave out 'strength'
                """),
        BrokenFile(
            "transport: a figure of no moments",
            "[cost]",
            """
            [output]
            plots = ["interpolation"]

            [cost]
            """, in: Samples.transport,
            says: """
                p.toml:14:9: error: 'output.plots' asks for 'interpolation', of which no moments are asked for
                   14 | plots = ["interpolation"]
                      |         ^^^^^^^^^^^^^^^^^
                   output.interpolation = 5
                """),
        BrokenFile(
            "transport: an expected value that is not computed",
            "[cost]",
            """
            [expect]
            sinkhorn_divergence = { value = 1, absolute = 1 }

            [cost]
            """, in: Samples.transport,
            says: """
                p.toml:14:23: error: 'expect.sinkhorn_divergence' is of a value that is not computed
                   14 | sinkhorn_divergence = { value = 1, absolute = 1 }
                      |                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^
                   output.divergence = true
                """),
    ]
}
