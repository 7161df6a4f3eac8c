import Ansatz
import ArgumentParser
import ProblemFiles
import Results

/// `ansatz plot`: figures again, or others.
struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot", abstract: "Draws figures of a finished or running run, again or others.",
        discussion: """
            Without --kind all figures that the problem file asks for. A running run has losses, weights, gradients and sampling only.

            losses     loss terms and errors over steps
            weights    weights of the loss terms over steps
            field      one field over two coordinates, or along one
            compare    reference, prediction, absolute error
            lines      a field along a coordinate, one line for each value of another
            slices     planes through a field of three coordinates
            residual   magnitudes of the residuals
            gradients  gradients of the loss terms: histograms by layer, norms, cosines, stiffness
            sampling   points of the equations, residual and density of points over steps
            """)

    @Argument(help: ArgumentHelp("A run folder, or that of a comparison.", valueName: "run"), completion: .directory)
    var folder: String

    @Option(help: ArgumentHelp("What to draw.", valueName: "kind"))
    var kind: Plot.Kind?

    @Option(help: ArgumentHelp("The field to draw; by default the first.", valueName: "name"))
    var field: String?

    @Option(
        help: ArgumentHelp(
            "Where other coordinates are cut: t=0.5, or t=0.25,0.5,0.75; may be repeated.", valueName: "cut"))
    var at: [String] = []

    @Option(help: ArgumentHelp("lines: the coordinate along which they run.", valueName: "coordinate"))
    var along: String?

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "The picture: svg, png or pdf by its ending; by default it lies among the figures of the run.",
            valueName: "file"))
    var output: String?

    @OptionGroup var report: ReportOptions

    func validate() throws {
        if kind == nil {
            for (name, isGiven) in [
                ("--field", field != nil), ("--at", !at.isEmpty), ("--along", along != nil),
                ("--output", output != nil),
            ] where isGiven { throw ValidationError("\(name) needs --kind, which says what to draw.") }
        }
        if let kind, !kind.showsFields {
            for (name, isGiven) in [("--field", field != nil), ("--at", !at.isEmpty)] where isGiven {
                throw ValidationError("\(name) does not belong to figures of \(kind.rawValue).")
            }
        }
        if along != nil, kind != .lines { throw ValidationError("--along belongs to figures of kind lines.") }
        if let output, !["svg", "png", "pdf"].contains(where: { output.lowercased().hasSuffix("." + $0) }) {
            throw ValidationError("--output takes a name that ends in .svg, .png or .pdf, not '\(output)'.")
        }
        _ = try cuts()
    }

    func run() throws {
        try reportingInput(json: report.json) {
            if let comparison = try Comparison(folder: folder) { return try draw(comparison) }
            if try TransportCommands.plot(folder, hasOptions: kind != nil, report) { return }
            try LinearSystemCommands.refuse(
                folder, "plot", instead: "its figures lie in \(folder)/figures, with scripts that gnuplot draws again")
            let figures = try RunFigures(folder: folder)
            var failures: [Diagnostic] = []
            let drawn: [String]
            if let kind {
                let file = output.map(FileSystem.name) ?? figures.fileName(for: kind, field: field)
                let request = FigureRequest(kind, file: file, field: field, along: along, cuts: try cuts())
                drawn = try figures.draw([request], into: output.map(FileSystem.folder), isRequired: true) {
                    failures.append($0)
                }
            } else {
                drawn = try figures.draw(try figures.requests(), isRequired: false) { failures.append($0) }
            }
            for failure in failures { StandardStreams.error(failure.description) }
            guard report.json else { return StandardStreams.output(drawn.joined(separator: "\n")) }
            StandardStreams.output(
                JSONValue.object([
                    .init("figures", .list(drawn.map(JSONValue.text))),
                    .init("warnings", .list(failures.map { .text($0.message) })),
                ]).lines)
        }
    }

    /// The one figure of a comparison.
    private func draw(_ comparison: Comparison) throws {
        guard kind == nil else {
            throw ValidationError(
                "'\(folder)' is a comparison, which has one figure; name a run in \(folder)/members for others.")
        }
        let path = FileSystem.join(folder, Comparison.figureName)
        try comparison.figure.write(to: path)
        StandardStreams.output(
            report.json
                ? JSONValue.object([.init("figures", .list([.text(path)])), .init("warnings", .list([]))]).lines : path)
    }

    /// `t=0.25,0.5` and `t=0.5,x=0`: a word without a sign is another value of the coordinate before.
    private func cuts() throws -> [FigureRequest.Cut] {
        var cuts: [FigureRequest.Cut] = []
        for setting in at {
            var current: Int?
            for word in setting.split(separator: ",", omittingEmptySubsequences: false) {
                let parts = word.split(separator: "=", omittingEmptySubsequences: false).map {
                    $0.filter { !$0.isWhitespace }
                }
                if parts.count == 2, !parts[0].isEmpty {
                    current = cuts.firstIndex { $0.axis == parts[0] } ?? cuts.count
                    if current == cuts.count { cuts.append(.init(parts[0], [])) }
                }
                guard let current, let text = parts.last, parts.count <= 2, let value = Double(text), value.isFinite
                else { throw ValidationError("--at takes COORDINATE=VALUE, for instance t=0.5; not '\(setting)'.") }
                cuts[current].values.append(value)
            }
        }
        return cuts
    }
}

extension Plot.Kind: ExpressibleByArgument {}
