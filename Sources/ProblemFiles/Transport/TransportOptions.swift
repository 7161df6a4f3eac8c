extension TransportStatement {
    /// The options of `[source]` and `[target]`.
    static let measureOptions = OptionTable(
        "points with masses: one of uniform, file, grid or random",
        [
            .integer("uniform", .between(1, 10_000_000), default: nil, help: "so many equal masses, known by number"),
            .text("file", default: nil, help: "CSV, NPZ, NPY or HDF5 file, relative to this file"),
            OptionTable.Option(
                "points", .anything, help: "file: names of columns, or the name of an array with a row for each point"),
            .text("weights", default: nil, help: "file: the masses; by default all are equal"),
            OptionTable.Option(
                "grid", .dictionary(.list(.number(.any))),
                help: "coordinate = [from, to, points]; the last coordinate runs fastest"),
            .integer("random", .between(1, 10_000_000), default: nil, help: "so many random points, uniform in 'box'"),
            OptionTable.Option(
                "box", .dictionary(.list(.number(.any))), help: "random: coordinate = [from, to]"),
            .text(
                "density", default: nil,
                help: "masses in proportion to this: an expression in the coordinates, or with 'file' an array's name"),
            .number(
                "background", .from(0, below: 1), default: nil,
                help: "share of the mass that is spread evenly over all points"),
            OptionTable.Option(
                "normalise", .boolean,
                help: "whether masses are scaled to a total of 1; by default all but weights from a file"),
            .number(
                "strength", .positive, default: nil,
                help: "lets the plan's sums differ from the masses, at strength * KL(sums | masses); a cost"),
        ])

    /// The options of `[cost]`.
    static let costOptions = OptionTable(
        "what moving a unit of mass costs: one of between, file or random",
        [
            .expression("between", default: nil, help: "an expression in the source point p and the target point q"),
            .list(
                "periods", of: .number(.nonNegative), default: nil,
                help: "distances: the period of each coordinate, 0 where it has none"),
            .text("file", default: nil, help: "a matrix with a row for each source"),
            .text("values", default: nil, help: "the name of the matrix in the file"),
            .choice("random", ["splitmix64"], default: nil, help: "independent costs, uniform on [0, 1), row by row"),
            .integer("seed", .nonNegative, default: nil, help: "of random costs"),
        ])

    /// The names of figures.
    static let plotNames = ["plan", "potentials", "map", "interpolation", "convergence", "path"]

    /// The options of `[output]`.
    static func outputOptions(name: String) -> OptionTable {
        OptionTable(
            "what a run keeps",
            [
                .text("directory", default: "runs/\(name)", help: "the run folder, relative to where the program runs"),
                OptionTable.Option(
                    "plan", .boolean,
                    help: "whether the entries of the plan that matter are written; by default all but on grids"),
                .list(
                    "rows", of: .integer(.atLeast(1)), default: nil,
                    help: "numbers of sources whose rows of the plan are written, entries that matter or not"),
                .number(
                    "dropping", .above(0, upTo: 1), default: 1e-9,
                    help: "share of the mass of each row and column that the written plan may miss"),
                .boolean("map", default: true, help: "whether the barycentric map is written, where there are points"),
                .integer(
                    "interpolation", .between(2, 1_000), default: nil,
                    help: "so many moments of mass on its way from source to target, both included"),
                .boolean(
                    "divergence", default: false,
                    help: "whether source and target are also moved to themselves, for the Sinkhorn divergence"),
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
            .choice("precision", ["float64"], default: "float64", help: "type of numbers of the result"),
            .integer("threads", .between(0, 1_024), default: 0, help: "threads; 0 means all cores"),
        ])

    /// The values that can be expected, with what they mean.
    package static let expectedValues: [(name: String, help: String)] = [
        ("cost", "⟨C, P⟩"), ("rounded_cost", "⟨C, P⟩ of the plan rounded to exact marginals"),
        ("entropy_cost", "⟨C, P⟩ + ε Σ P log P"), ("primal", "⟨C, P⟩ + ε Σ P (log P − 1)"),
        ("relative_entropy_cost", "⟨C, P⟩ + ε KL(P | a bᵀ/mass)"), ("negative_entropy", "Σ P log P"),
        ("sinkhorn_divergence", "the debiased cost, with output.divergence = true"),
    ]

    /// The options of `[expect]`.
    static let expectOptions: OptionTable = {
        let value = OptionTable(
            "a value that is known",
            [
                OptionTable.Option("value", .number(.any), isRequired: true, help: "the value"),
                .number("absolute", .positive, default: nil, help: "largest acceptable difference"),
                .number("relative", .positive, default: nil, help: "the same relative to the value"),
            ])
        return OptionTable(
            "what a run should reach; reported at its end",
            expectedValues.map { .optionalTable($0.name, value, help: $0.help) } + [
                .number("marginal_error", .positive, default: nil, help: "largest ‖a − P1‖₁ + ‖b − Pᵀ1‖₁"),
                .integer("newton_steps", .nonNegative, default: nil, help: "most Newton steps"),
                .duration("within", default: nil, help: "time within which the run should end"),
            ])
    }()
}
