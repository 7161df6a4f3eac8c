import OptimalTransport
import ProblemFiles
import Results

/// What a folder of a transport run holds.
public struct TransportSummary: Sendable {
    private let folder: String
    private let fields: FieldFile

    /// Reads a run folder; nil when its run is of another kind, or not finished.
    ///
    /// - Throws: `ResultsError` when there is no run, or when its files cannot be read.
    public init?(folder: String) throws(ResultsError) {
        let run = try StoredRun(folder)
        guard let name = run.fieldsName,
            try FieldFile.attributes(of: run.path(name)).contains(.init("kind", "transport"))
        else { return nil }
        self.folder = folder
        fields = try run.fields()
    }

    private func text(_ name: String) -> String? {
        switch fields.attribute(name) {
        case .text(let text): text
        case .number(let number): NumberText.short(number, digits: 8)
        case .integer(let integer): NumberText.grouped(integer)
        default: nil
        }
    }

    /// The summary as people read it, without a line feed at the end.
    public var text: String {
        let name = text("problem_name") ?? folder
        let title = text("title") ?? name
        var lines = [title == name ? name : "\(name)   \(title)", ""]
        func add(_ title: String, _ parts: [(String, String)]) {
            let found = parts.compactMap { label, key in text(key).map { label.isEmpty ? $0 : "\(label) \($0)" } }
            if !found.isEmpty { lines.append(ReportText.row(title, found.joined(separator: ", "))) }
        }
        add("variant", [("", "variant")])
        add("method", [("", "method"), ("epsilon", "epsilon")])
        add("stopped", [("", "stop_sentence")])
        add("marginal error", [("L1", "marginal_l1"), ("L2", "marginal_l2"), ("largest", "marginal_maximum")])
        add("cost of the plan", [("", "cost")])
        add("without epsilon", [("at least", "lower_bound"), ("at most", "rounded_cost")])
        add(
            "with entropy",
            [("P log P:", "entropy_cost"), ("P (log P - 1):", "primal"), ("KL(P | ab):", "relative_entropy_cost")])
        add(
            "distances",
            [
                ("W1", "wasserstein_1"), ("W2", "wasserstein_2"), ("W1 at least", "wasserstein_1_least"),
                ("W1 at most", "wasserstein_1_most"), ("W2 at least", "wasserstein_2_least"),
                ("W2 at most", "wasserstein_2_most"), ("Sinkhorn divergence", "sinkhorn_divergence"),
            ])
        add("rounding", [("to integers changes the cost by at most", "rounding_bound")])
        add(
            "work",
            [
                ("sweeps", "sweeps"), ("Newton steps", "newton_steps"), ("linear iterations", "linear_iterations"),
                ("entries", "entries"),
            ])
        if case .number(let seconds)? = fields.attribute("wall_seconds") {
            lines.append(ReportText.row("solving", NumberText.seconds(seconds)))
        }
        lines.append(ReportText.row("fields", fields.variables.map(\.name).joined(separator: ", ")))
        add("written by", [("", "source")])
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
