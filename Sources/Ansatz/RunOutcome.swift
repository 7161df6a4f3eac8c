import PhysicsInformed
import ProblemFiles
import Results

/// What a run came to: errors, reason for its end, files, expectations.
public struct RunOutcome: Sendable {
    /// A statement of `[expect]`, and what was reached.
    public struct Expectation: Sendable, Equatable {
        /// The key in the file: `relative_l2.u`, `parameter.nu`, `within`.
        public var name: String
        /// The largest acceptable value; seconds for `within`.
        public var limit: Double
        /// What the run reached; NaN where it is not known.
        public var value: Double
        /// Whether the value is known and within the limit.
        public var isMet: Bool { value <= limit }
    }

    /// The problem's name.
    public var name: String
    /// Fields, errors, and why training ended.
    public var solution: Solution
    /// The part of the domain in which errors were measured, in words; nil for all of it.
    public var errorsWithin: String?
    /// The numbers of `[output.values]`.
    public var values: [NamedValue]
    /// The run folder.
    public var directory: String
    /// Files in it, relative to it.
    public var files: [String]
    /// What the file expects; empty if nothing.
    public var expectations: [Expectation]
    /// Warnings of file and run.
    public var warnings: [String]
    /// The command that goes on with the run; nil when that would change nothing or the command is not known.
    public var resumeCommand: String?

    init(
        problem: Problem, solution: Solution, values: [NamedValue], directory: String, fieldsName: String,
        figures: [String],
        warnings: [String], resumeCommand: String
    ) {
        name = problem.name
        self.solution = solution
        errorsWithin = problem.referenceBox.map { $0.phrase(in: problem.domain) }
        self.values = values
        self.directory = directory
        files =
            [RunFolder.problemName, History.defaultName, LogWriter.defaultName, Checkpoint.defaultName, fieldsName]
            + figures
        expectations = Self.expectations(of: problem, met: solution)
        self.warnings = warnings
        switch solution.stop {
        case .interrupted, .budgetSpent: self.resumeCommand = resumeCommand.isEmpty ? nil : resumeCommand
        case .stepsDone, .converged, .stalled, .notFinite: self.resumeCommand = nil
        }
    }

    package static func expectations(of problem: Problem, met solution: Solution) -> [Expectation] {
        expectations(of: problem) { fact in
            let errors =
                solution.relativeL2.map { NamedValue("relative_l2_" + $0.name, $0.value) }
                + solution.parameterErrors.map { NamedValue("relative_error_" + $0.name, $0.value) }
            return (errors + [NamedValue("wall_seconds", solution.seconds)]).first { $0.name == fact }?.value ?? .nan
        }
    }

    /// What a file expects beside what was reached, given by the names that the facts of a file of fields have; NaN for
    /// what is not known.
    package static func expectations(of problem: Problem, reached: (_ fact: String) -> Double) -> [Expectation] {
        let names = problem.unknowns.map(\.name) + problem.comparedQuantities.map(\.name)
        var result = names.compactMap { name in
            problem.expectations.relativeL2[name].map { limit in
                Expectation(name: "relative_l2.\(name)", limit: limit, value: reached("relative_l2_" + name))
            }
        }
        for parameter in problem.unknownParameters {
            guard let limit = problem.expectations.parameters[parameter.name] else { continue }
            result.append(
                Expectation(
                    name: "parameter.\(parameter.name)", limit: limit,
                    value: reached("relative_error_" + parameter.name)))
        }
        if let within = problem.expectations.within {
            result.append(Expectation(name: "within", limit: within, value: reached("wall_seconds")))
        }
        return result
    }

    /// Whether every expectation was met; none is met by a run that failed.
    public var meetsExpectations: Bool { expectations.allSatisfy(\.isMet) }

    /// The end of a run as people read it; the last line says why it stopped and where the results are.
    public var text: String {
        var lines: [String] = []
        func add(_ title: String, _ values: [NamedValue]) {
            guard !values.isEmpty else { return }
            let list = values.map { "\($0.name) \(NumberText.short($0.value))" }.joined(separator: ", ")
            lines.append(ReportText.row(title, list))
        }
        add("relative L2 error", solution.relativeL2)
        add("largest error", solution.maximumError)
        if let errorsWithin { lines.append(ReportText.row("errors within", errorsWithin)) }
        for parameter in solution.parameters {
            let error = solution.parameterErrors.first { $0.name == parameter.name }
            let remark = error.map { ", relative error \(NumberText.short($0.value))" } ?? ""
            lines.append(ReportText.row(parameter.name, NumberText.short(parameter.value, digits: 6) + remark))
        }
        add("residuals (rms)", solution.residuals)
        add("loss terms", solution.finalLosses)
        for value in values { lines.append(ReportText.row(value.name, NumberText.short(value.value, digits: 6))) }
        let sampling = solution.sampling.map { ", " + $0.phrase(of: solution.seconds) } ?? ""
        lines.append(
            ReportText.row(
                "training",
                "\(NumberText.grouped(solution.steps)) steps in \(NumberText.seconds(solution.seconds))" + sampling))
        for expectation in expectations {
            lines.append(ReportText.row("expected", expectation.text))
        }
        if let resumeCommand { lines.append(ReportText.row("to go on", resumeCommand)) }
        let reason = solution.stop.sentence
        lines.append("\(name): \(reason); results are in \(directory)")
        return lines.joined(separator: "\n")
    }

    /// The outcome for programs.
    public var json: JSONValue { .object([.init("problem", .text(name))] + members) }

    var members: [JSONValue.Member] {
        let sampling = solution.sampling
        return [
            .init("stopped_because", .text(solution.stop.name)), .init("reason", .text(solution.stop.sentence)),
            .init("steps", .integer(solution.steps)), .init("seconds", .number(solution.seconds)),
            .init(SamplingTime.factNames.seconds, sampling.map { .number($0.seconds) } ?? .null),
            .init(SamplingTime.factNames.ruleSeconds, sampling.map { .number($0.ruleSeconds) } ?? .null),
            .init("relative_l2", .numbers(solution.relativeL2)),
            .init("maximum_error", .numbers(solution.maximumError)),
            .init("errors_within", errorsWithin.map(JSONValue.text) ?? .null),
            .init("parameters", .numbers(solution.parameters)),
            .init("parameter_errors", .numbers(solution.parameterErrors)),
            .init("values", .numbers(values)), .init("residuals", .numbers(solution.residuals)),
            .init("final_losses", .numbers(solution.finalLosses)),
            .init("expectations", .list(expectations.map(\.json))),
            .init("warnings", .list(warnings.map(JSONValue.text))), .init("directory", .text(directory)),
            .init("resume_command", resumeCommand.map(JSONValue.text) ?? .null),
            .init("files", .list(files.map(JSONValue.text))),
        ]
    }
}

extension RunOutcome.Expectation {
    /// The expectation for programs.
    package var json: JSONValue {
        .object([
            .init("name", .text(name)), .init("limit", .number(limit)), .init("value", .number(value)),
            .init("met", .truth(isMet)),
        ])
    }

    fileprivate var text: String {
        let isTime = name == "within"
        func shown(_ value: Double) -> String { isTime ? NumberText.seconds(value) : NumberText.short(value) }
        let reached = value.isNaN ? "not known" : shown(value)
        return "\(name) at most \(shown(limit)): \(reached), \(isMet ? "met" : "missed")"
    }
}
