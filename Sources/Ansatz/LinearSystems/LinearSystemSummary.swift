import ProblemFiles
import Results

/// What a folder of a linear solve holds.
public struct LinearSystemSummary: Sendable {
    private let folder: String
    private let fields: FieldFile

    /// Reads a run folder; nil when its run is of another kind, or not finished.
    ///
    /// - Throws: `ResultsError` when there is no run, or when its files cannot be read.
    public init?(folder: String) throws(ResultsError) {
        let run = try StoredRun(folder)
        guard let name = run.fieldsName,
            try FieldFile.attributes(of: run.path(name)).contains(.init("kind", "linear-system"))
        else { return nil }
        self.folder = folder
        fields = try run.fields()
    }

    private func text(_ name: String) -> String? {
        switch fields.attribute(name) {
        case .text(let text): text
        case .number(let number): name.hasSuffix("seconds") ? NumberText.seconds(number) : NumberText.short(number)
        case .integer(let integer): NumberText.grouped(integer)
        default: nil
        }
    }

    /// The summary as people read it, without a line feed at the end.
    public var text: String {
        let name = text("problem_name") ?? folder
        let title = text("title") ?? name
        var lines = [title == name ? name : "\(name)   \(title)", ""]
        for (label, key) in [
            ("variant", "variant"), ("method", "method"), ("unknowns", "unknowns"), ("stopped", "stop_sentence"),
            ("iterations", "iterations"), ("relative residual", "relative_residual"), ("set-up", "setup_seconds"),
            ("solve", "solve_seconds"),
        ] {
            if let text = text(key) { lines.append(ReportText.row(label, text)) }
        }
        lines.append(ReportText.row("fields", fields.variables.map(\.name).joined(separator: ", ")))
        if let source = text("source") { lines.append(ReportText.row("written by", source)) }
        lines.append(ReportText.row("folder", folder))
        return lines.joined(separator: "\n")
    }

    /// The summary for programs; the problem's text is left out, it is in `problem.toml`.
    public var json: JSONValue {
        .object(
            [.init("folder", .text(folder)), .init("finished", .truth(true))]
                + fields.members)
    }
}
