extension Output {
    /// The options of `[output]`.
    static func options(name: String) -> OptionTable {
        OptionTable(
            "what a run keeps",
            [
                .text("directory", default: "runs/\(name)", help: "the run folder, relative to where the program runs"),
                .table("fields", FieldOutput.options, help: "the fields that are saved"),
                OptionTable.Option(
                    "plots", .list(.table(Plot.options, shorthand: nil)), help: "the figures, one table each"),
                .optionalTable(
                    "gradients", GradientOutput.options,
                    help: "gradients of the loss terms, looked at one by one; not given: never"),
                .optionalTable(
                    "sampling", SamplingOutput.options,
                    help: "points of the equations, and how the residual is spread; not given: never looked at"),
                OptionTable.Option(
                    "values", .dictionary(.expression), default: .empty, help: "numbers that are reported at the end"),
            ])
    }
}

extension GradientOutput {
    /// The options of `output.gradients`.
    static let options = OptionTable(
        "gradients of the loss terms, one by one",
        [
            .integer("every", .between(1, 1_000_000_000), default: 1_000, help: "steps between two looks"),
            .boolean("stiffness", default: false, help: "also find the largest eigenvalue of each term's Hessian"),
        ])
}

extension SamplingOutput {
    /// The options of `output.sampling`.
    static let options = OptionTable(
        "points of the equations, and the residual at uniform points that training never sees",
        [
            .integer("every", .between(1, 1_000_000_000), default: 1_000, help: "steps between two looks at points"),
            .integer("points", .between(10, 1_000_000), default: 2_000, help: "uniform points for the residual"),
        ])
}

extension FieldOutput {
    /// The options of `[output.fields]`.
    static let options = OptionTable(
        "fields on a grid or a line",
        [
            .text("file", default: defaultFile, help: "file name inside the run folder"),
            OptionTable.Option(
                "grid", .dictionary(.anything),
                help: "points along each coordinate: a number, or { points, from, to }"),
            .optionalTable("line", line, help: "a line in place of a grid"),
            OptionTable.Option(
                "at", .dictionary(.anything), default: .empty,
                help: "values of coordinates that the grid does not name: a number, or an array of them"),
            OptionTable.Option(
                "quantities", .dictionary(.expression), help: "what is saved: name in the file = expression"),
        ])

    private static let line = OptionTable(
        "a line through the domain",
        [
            OptionTable.Option("along", .text, isRequired: true, help: "the coordinate that varies"),
            OptionTable.Option("from", .anything, help: "where the line begins; by default at the boundary"),
            OptionTable.Option("to", .anything, help: "where the line ends; by default at the boundary"),
            .integer("points", .between(2, 10_000_000), default: 201, help: "how many points"),
            OptionTable.Option("others", .anything, help: "the other coordinates; by default the middle of each"),
            OptionTable.Option(
                "at", .dictionary(.anything), default: .empty, help: "values of single coordinates, as in 'fields.at'"),
        ])
}

extension Plot {
    /// The options of one `[[output.plots]]`.
    static let options = OptionTable(
        "a figure",
        [
            OptionTable.Option("file", .text, isRequired: true, help: "file name; svg, png or pdf by its end"),
            OptionTable.Option(
                "kind", .choice(Kind.allCases.map(\.rawValue)), isRequired: true, help: "what the figure shows"),
            .text(
                "field", default: nil, help: "the unknown or quantity; by default the first unknown, or all residuals"),
            .text("along", default: nil, help: "lines: the coordinate along which they run"),
            OptionTable.Option(
                "at", .dictionary(.anything), default: .empty, help: "values at which other coordinates are cut"),
        ])

    /// The kinds of picture files.
    static let pictureKinds = ["svg", "png", "pdf"]
}
