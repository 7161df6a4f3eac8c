import Foundation
import Results

/// The one table of a comparison, for people and for programs.
extension Comparison {
    /// The table as people read it, without a line feed at the end.
    public var text: String {
        var rows = [heading]
        for label in labels where !members(label).isEmpty { rows.append(cells(label)) }
        let seedList = seeds.map(String.init).joined(separator: ", ")
        var lines = ["\(name), seed\(seeds.count == 1 ? "" : "s") \(seedList)", ""] + ReportText.table(rows)
        let found = parameterRows
        if found.count > 1 { lines += [""] + ReportText.table(found) }
        let missing = labels.count * seeds.count - members.count
        if missing > 0 { lines += ["", "  \(missing) of \(labels.count * seeds.count) members are not finished"] }
        return lines.joined(separator: "\n")
    }

    private var hasFailures: Bool { members.contains(where: \.isFailed) }
    private var hasMisses: Bool { members.contains(where: \.isMissed) }

    private var heading: [String] {
        var cells = ["variant"]
        for unknown in unknowns { cells += ["\(unknown) median", "\(unknown) worst"] }
        cells += ["loss", "steps", "time"]
        cells += thresholds.map { "to \(Self.name($0))" }
        if hasMisses { cells.append("missed") }
        if hasFailures { cells.append("failed") }
        return cells
    }

    private func cells(_ label: String) -> [String] {
        let runs = members(label)
        func median(_ value: (Member) -> Double) -> Double { SeedStatistics(runs.map(value)).median }
        var cells = [label]
        for index in unknowns.indices {
            let errors = SeedStatistics(runs.map { $0.finalErrors[index] })
            cells += [errors.median, errors.worst].map { NumberText.short($0) }
        }
        let steps = median(\.stepCount)
        cells += [
            NumberText.short(median(\.finalLoss)), steps.isNaN ? "nan" : NumberText.grouped(Int(steps)),
            NumberText.seconds(median(\.time)),
        ]
        for threshold in thresholds {
            let times = runs.map { time($0, to: threshold) }
            let reached = times.count(where: \.isFinite)
            let middle = SeedStatistics(times).median
            let share = reached < runs.count ? " (\(reached)/\(runs.count))" : ""
            cells.append(reached == 0 ? "-" : (middle.isNaN ? "-" : NumberText.seconds(middle)) + share)
        }
        if hasMisses { cells.append("\(runs.count(where: \.isMissed))/\(runs.count)") }
        if hasFailures { cells.append("\(runs.count(where: \.isFailed))/\(runs.count)") }
        return cells
    }

    private var parameterRows: [[String]] {
        guard !parameters.isEmpty else { return [] }
        var rows = [["parameter", "variant", "median", "least", "largest", "deviation"]]
        for (index, parameter) in parameters.enumerated() {
            for label in labels where !members(label).isEmpty {
                let values = SeedStatistics(members(label).map { $0.parameters[index] })
                let numbers = [values.median, values.least, values.worst].map { NumberText.short($0, digits: 5) }
                rows.append([parameter, label] + numbers + [NumberText.short(values.deviation)])
            }
        }
        return rows
    }

    /// `1e-3`.
    private static func name(_ threshold: Double) -> String { "1e\(Int(log10(threshold).rounded()))" }

    // MARK: For programs

    /// The columns of `comparison.csv`, one row per variant; what is not known is nil.
    private func columns(_ label: String) -> [(name: String, value: Double?)] {
        let runs = members(label)
        func known(_ value: Double) -> Double? { value.isFinite ? value : nil }
        var columns: [(name: String, value: Double?)] = [("members", Double(runs.count))]
        func add(_ name: String, _ value: (Member) -> Double) {
            let values = SeedStatistics(runs.map(value))
            columns += [(name + "_median", known(values.median)), (name + "_worst", known(values.worst))]
        }
        for (index, unknown) in unknowns.enumerated() { add("relative_l2_" + unknown) { $0.finalErrors[index] } }
        add("loss", \.finalLoss)
        columns += [
            ("steps_median", known(SeedStatistics(runs.map(\.stepCount)).median)),
            ("seconds_median", known(SeedStatistics(runs.map(\.time)).median)),
        ]
        for threshold in thresholds {
            let times = runs.map { time($0, to: threshold) }
            let name = Self.name(threshold)
            columns += [
                ("seconds_to_\(name)_median", known(SeedStatistics(times).median)),
                ("reached_\(name)", Double(times.count(where: \.isFinite))),
            ]
        }
        for (index, parameter) in parameters.enumerated() {
            let values = SeedStatistics(runs.map { $0.parameters[index] })
            for (suffix, value) in [
                ("median", values.median), ("least", values.least), ("largest", values.worst),
                ("deviation", values.deviation),
            ] { columns.append(("parameter_\(parameter)_\(suffix)", known(value))) }
        }
        columns += [
            ("missed", Double(runs.count(where: \.isMissed))), ("failed", Double(runs.count(where: \.isFailed))),
        ]
        return columns
    }

    /// The table as comma-separated values: a header, then one row per variant; an unknown number is an empty cell.
    package var csv: String {
        let names = labels.first.map { columns($0).map(\.name) } ?? []
        return CSV.line(["variant"] + names)
            + labels.map { label in
                CSV.line([label] + columns(label).map { $0.value.map(Self.number) ?? "" })
            }.joined()
    }

    private static func number(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }

    /// The table and every member, as one object.
    package var objectMembers: [JSONValue.Member] {
        let variants = labels.map { label -> JSONValue in
            let numbers = columns(label).map { JSONValue.Member($0.name, $0.value.map(JSONValue.number) ?? .null) }
            let runs = members(label).map { member -> JSONValue in
                .object([
                    .init("seed", .text(String(member.seed))), .init("steps", .number(member.stepCount)),
                    .init("seconds", .number(member.time)), .init("loss", .number(member.finalLoss)),
                    .init("relative_l2", object(unknowns, member.finalErrors)),
                    .init("parameters", object(parameters, member.parameters)),
                    .init("missed", .truth(member.isMissed)), .init("failed", .truth(member.isFailed)),
                ])
            }
            return .object([.init("variant", .text(label))] + numbers + [.init("runs", .list(runs))])
        }
        return [
            .init("problem", .text(name)), .init("complete", .truth(isComplete)), .init("variants", .list(variants)),
        ]
    }

    private func object(_ names: [String], _ values: [Double]) -> JSONValue {
        .object(zip(names, values).map { .init($0, .number($1)) })
    }
}
