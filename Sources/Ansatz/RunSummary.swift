import PhysicsInformed
import Results

/// What a run folder holds: what was run, why it stopped, how large the errors are.
public struct RunSummary: Sendable {
    /// The folder.
    public let folder: String
    /// The fields with their facts; nil while the run is going, or when it was killed.
    public let fields: FieldFile?
    /// The history; nil if there is none.
    public let history: History?
    private let fieldsName: String
    private let notes: [String]

    /// Reads a run folder.
    ///
    /// Throws `ResultsError` when there is no such folder, when it holds no run, or when its files cannot be read.
    public init(folder: String) throws {
        let run = try StoredRun(folder)
        self.folder = run.folder
        fieldsName = run.fieldsName ?? FieldFile.defaultName
        fields = run.fieldsName == nil ? nil : try run.fields()
        history = run.hasHistory ? try run.history() : nil
        notes = try Self.notes(folder, fields: fields)
    }

    /// The summary as people read it, without a line feed at the end.
    public var text: String {
        guard let fields else { return unfinished }
        var lines = [heading(fields), ""]
        func add(_ title: String, _ text: String?) {
            if let text, !text.isEmpty { lines.append(ReportText.row(title, text)) }
        }
        add("variant", fields.text("variant"))
        let precision = fields.text("precision").map { ", \($0)" } ?? ""
        add("seed", fields.attribute("seed").map { $0.plain(digits: 3) + precision })
        add("training", training(fields))
        add("stopped", fields.text("stop_sentence") ?? fields.text("stopped_because"))
        add("relative L2 error", list(fields, "relative_l2_"))
        add("largest error", list(fields, "maximum_error_"))
        add("errors within", fields.text("errors_within"))
        add("residuals (rms)", list(fields, "residual_rms_"))
        add("loss terms", list(fields, "final_loss_"))
        add("values", list(fields, "value_"))
        add("parameters", list(fields, "parameter_", digits: 5))
        add("parameter errors", list(fields, "relative_error_"))
        add("fields", fields.variables.map(\.name).joined(separator: ", "))
        add("grid", fields.axes.map { "\($0.name) \($0.values.count)" }.joined(separator: " x "))
        add("written by", fields.text("source"))
        lines.append(ReportText.row("file", folder + "/" + fieldsName))
        lines += notes
        return lines.joined(separator: "\n")
    }

    /// The summary for programs; the problem's text is left out, it is in `problem.toml`.
    public var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("folder", .text(folder)), .init("finished", .truth(fields != nil)),
        ]
        if let fields {
            members += fields.attributes.filter { $0.name != "problem_text" }.map { .init($0.name, $0.value.json) }
            members.append(
                .init("axes", .object(fields.axes.map { .init($0.name, .integer($0.values.count)) })))
            members.append(.init("fields", .list(fields.variables.map { .text($0.name) })))
        }
        if let row = history?.rows.last {
            members.append(
                .init(
                    "last_row",
                    .object([
                        .init("step", .integer(row.step)), .init("seconds", .number(row.seconds)),
                        .init("loss", .number(row.loss)),
                    ])))
        }
        return .object(members)
    }

    private func heading(_ fields: FieldFile) -> String {
        let name = fields.text("problem_name") ?? folder
        guard let title = fields.text("title"), title != name else { return name }
        return "\(name)   \(title)"
    }

    private func training(_ fields: FieldFile) -> String? {
        guard case .integer(let steps) = fields.attribute("steps"),
            case .number(let seconds) = fields.attribute("wall_seconds")
        else { return nil }
        return "\(NumberText.grouped(steps)) steps in \(NumberText.seconds(seconds))" + sampling(fields, of: seconds)
    }

    private func sampling(_ fields: FieldFile, of total: Double) -> String {
        guard case .number(let seconds) = fields.attribute(SamplingTime.factNames.seconds),
            case .number(let rule) = fields.attribute(SamplingTime.factNames.ruleSeconds)
        else { return "" }
        return ", " + SamplingTime(seconds: seconds, ruleSeconds: rule).phrase(of: total)
    }

    private func list(_ fields: FieldFile, _ prefix: String, digits: Int = 3) -> String {
        fields.attributes.filter { $0.name.hasPrefix(prefix) }
            .map { "\($0.name.dropFirst(prefix.count)) \($0.value.plain(digits: digits))" }.joined(separator: ", ")
    }

    private var unfinished: String {
        guard let row = history?.rows.last else {
            return (["\(folder): a run began here and has logged nothing yet"] + notes).joined(separator: "\n")
        }
        let lines = [
            "\(folder): no fields yet; the run is going on or was ended from outside", "",
            ReportText.row("last row", "step \(NumberText.grouped(row.step)) after \(NumberText.seconds(row.seconds))"),
            ReportText.row("loss", NumberText.short(row.loss)),
        ]
        return (lines + notes).joined(separator: "\n")
    }
}

extension FieldFile {
    fileprivate func text(_ name: String) -> String? {
        if case .text(let text) = attribute(name) { text } else { nil }
    }
}

extension FieldFile.Attribute.Value {
    /// The value as people read it.
    fileprivate func plain(digits: Int) -> String {
        switch self {
        case .text(let text): text
        case .number(let number): NumberText.short(number, digits: digits)
        case .integer(let integer): String(integer)
        case .numbers(let numbers): numbers.map { NumberText.short($0, digits: digits) }.joined(separator: ", ")
        }
    }

    fileprivate var json: JSONValue {
        switch self {
        case .text(let text): .text(text)
        case .number(let number): .number(number)
        case .integer(let integer): .integer(integer)
        case .numbers(let numbers): .list(numbers.map(JSONValue.number))
        }
    }
}
