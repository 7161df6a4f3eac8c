import Ansatz
import ArgumentParser
import ProblemFiles
import Results

/// `ansatz evaluate`: the fields of a run at points of one's own.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Evaluates the fields of a run at points of one's own.",
        discussion: """
            The table of points has a column for each coordinate, in any order; other columns are kept. Points outside \
            the region get nan.

            ansatz evaluate runs/burgers-1d --at points.csv
            ansatz evaluate runs/burgers-1d --at points.csv --quantities 'u_x, flux = u^2/2' --to values.csv
            """)

    @Argument(help: ArgumentHelp("A run folder.", valueName: "run"), completion: .directory)
    var folder: String

    @Option(help: ArgumentHelp("The points: CSV, or vectors in NPZ or HDF5.", valueName: "file"))
    var at: String

    @Option(
        help: ArgumentHelp(
            "Expressions, separated by commas; by default the unknowns. NAME = EXPRESSION gives a column a name.",
            valueName: "expressions"))
    var quantities: String?

    @Option(help: ArgumentHelp("The CSV file to write; by default standard output.", valueName: "file"))
    var to: String?

    @Flag(help: "Replace a file that exists.")
    var overwrite = false

    @OptionGroup var report: ReportOptions

    func run() throws {
        try reportingInput(json: report.json) {
            if let evaluation = try TransportEvaluation(folder: folder) { return try evaluate(evaluation) }
            try LinearSystemCommands.refuse(
                folder, "evaluate", instead: "\(folder)/fields.h5 has the solution at rows or cells")
            let solution = try StoredSolution(folder: folder)
            let quantities = try quantities.map(solution.quantities) ?? solution.unknowns
            try checkTarget()
            var table = try PointTable(at, coordinates: solution.coordinates)
            if let clash = quantities.first(where: { table.names.contains($0.name) }) {
                throw ResultsError(
                    .unreadable, path: at,
                    "has a column '\(clash.name)' already; give the quantity another name: "
                        + "--quantities '\(clash.name)_model = \(clash.text)'")
            }
            let points = solution.coordinates.map { table.column($0) ?? [] }
            let (values, outside) = try solution.evaluate(quantities, at: points)
            table.names += quantities.map(\.name)
            table.columns += values
            if outside > 0 {
                StandardStreams.error(
                    Diagnostic(
                        .warning,
                        "\(outside) of \(table.count) points \(outside == 1 ? "lies" : "lie") outside the domain; the values there are nan",
                        file: at
                    ).description)
            }
            try write(table, solution, outside: outside)
        }
    }

    private func checkTarget() throws {
        guard let to, !overwrite, FileSystem.kind(to) != nil else { return }
        throw ResultsError(.alreadyThere, path: to, "exists; replace it with --overwrite, or choose another name")
    }

    /// The potential and the map of a transport run.
    private func evaluate(_ evaluation: TransportEvaluation) throws {
        guard quantities == nil else {
            throw ValidationError(
                "--quantities is for runs of equations; transport runs give the potential and the map.")
        }
        try checkTarget()
        var table = try PointTable(at, coordinates: evaluation.coordinates)
        let (names, columns) = try evaluation.evaluate(at: evaluation.coordinates.map { table.column($0) ?? [] })
        if let clash = names.first(where: table.names.contains) {
            throw ResultsError(.unreadable, path: at, "has a column '\(clash)' already, which is to be written")
        }
        table.names += names
        table.columns += columns
        if let to { try atomicWrite(table.csvText, to: to) }
        guard report.json else {
            if to == nil { StandardStreams.output(String(table.csvText.dropLast())) }
            return
        }
        let values = zip(table.names, table.columns).map { JSONValue.Member($0, .list($1.map(JSONValue.number))) }
        StandardStreams.output(
            JSONValue.object([
                .init("points", .integer(table.count)), .init("file", to.map(JSONValue.text) ?? .null),
                .init("columns", to == nil ? .object(values) : .null),
            ]).lines)
    }

    private func write(_ table: PointTable, _ solution: StoredSolution, outside: Int) throws {
        if let to { try atomicWrite(table.csvText, to: to) }
        guard report.json else {
            if to == nil { StandardStreams.output(String(table.csvText.dropLast())) }
            return
        }
        var members: [JSONValue.Member] = [
            .init("steps", .integer(solution.heading.steps)), .init("points", .integer(table.count)),
            .init("outside", .integer(outside)), .init("file", to.map(JSONValue.text) ?? .null),
        ]
        if to == nil {
            members.append(
                .init(
                    "columns",
                    .object(zip(table.names, table.columns).map { .init($0, .list($1.map(JSONValue.number))) })))
        }
        StandardStreams.output(JSONValue.object(members).lines)
    }
}
