extension LinearSystemStatement {
    /// The options of `[matrix]`.
    static let matrixOptions = OptionTable(
        "a matrix from a file",
        [
            OptionTable.Option(
                "file", .text, isRequired: true,
                help: "Matrix Market file, packed by gzip or not, relative to this file")
        ])

    private static let wall = OptionTable.Kind.choice(Wall.allCases.map(\.rawValue))

    /// The options of `[grid]`.
    static let gridOptions = OptionTable(
        "-div(k grad u) = f on a box of cells",
        [
            OptionTable.Option(
                "cells", .list(.integer(.between(1, 4_096))), isRequired: true,
                help: "cells along x, y and z; two numbers for two dimensions"),
            .list("lengths", of: .number(.positive), default: nil, help: "sides of the box, from 0; by default 1 each"),
            .optionalTable(
                "walls",
                OptionTable(
                    "what happens at the sides",
                    [
                        OptionTable.Option("all", wall, default: "neumann", help: "at the sides that are not named")
                    ]
                        + Grid.coordinates.flatMap { name in
                            [("low", "beginning"), ("high", "end")].map {
                                OptionTable.Option("\(name)_\($0.0)", wall, help: "at the \($0.1) of \(name)")
                            }
                        }), shorthand: "all",
                help: "neumann: no flux; dirichlet: zero one cell out; dirichlet-face: zero on the side"),
            OptionTable.Option(
                "solid", .anything,
                help: "cells without unknown and flux: shapes, or an expression that is positive there"),
            OptionTable.Option(
                "air", .anything, help: "cells where u is 0: shapes, or an expression that is positive there"),
            .text(
                "mask", default: nil,
                help: "file with a number for each cell, [x][y][z]: 0 solid, 1 fluid, 2 zero; instead of both"),
            .text("mask_values", default: nil, help: "the name of the array in that file"),
            OptionTable.Option("coefficient", .anything, help: "k, an expression in x, y, z; by default 1"),
        ])

    /// The options of `[right_hand_side]` and `[initial_guess]`.
    static let vectorOptions = OptionTable(
        "the numbers of a vector: one of value, noise or file",
        [
            OptionTable.Option(
                "value", .anything, help: "expression in x, y, z of cells, or in the number 'row' of rows, from 1"),
            .integer("noise", .between(1, 1_000), default: nil, help: "so many vectors of independent normal numbers"),
            .text(
                "file", default: nil,
                help: "Matrix Market array, NPY, NPZ, HDF5 or CSV; columns are vectors of their own"),
            .text("values", default: nil, help: "file: the name of the array or column"),
            .boolean(
                "project", default: false,
                help:
                    "whether the mean is taken off where the matrix maps constants to zero, so that there is a solution"
            ),
        ])

    /// The names of figures.
    static let plotNames = ["solution", "convergence"]

    /// The options of `[output]`.
    static func outputOptions(name: String) -> OptionTable {
        OptionTable(
            "what a run keeps",
            [
                .text("directory", default: "runs/\(name)", help: "the run folder, relative to where the program runs"),
                .boolean("vector", default: false, help: "whether the solution is also written as solution.mtx"),
                .list(
                    "plots", of: .choice(plotNames), default: nil, help: "the figures; by default those that make sense"
                ),
            ])
    }

    /// The options of `[run]`.
    static let runOptions = OptionTable(
        "bookkeeping of a run",
        [
            .integer("seed", .nonNegative, default: 1, help: "the one seed of all random numbers"),
            .integer("threads", .between(0, 1_024), default: 0, help: "threads; 0 means all cores"),
        ])

    /// The options of `[expect]`.
    static let expectOptions = OptionTable(
        "what a run should reach; reported at its end",
        [
            .integer("iterations", .nonNegative, default: nil, help: "most iterations, of any right-hand side"),
            .number("relative_residual", .positive, default: nil, help: "largest norm of b - A x over that of b"),
            .duration("within", default: nil, help: "time within which set-up and solve should end"),
        ])
}
