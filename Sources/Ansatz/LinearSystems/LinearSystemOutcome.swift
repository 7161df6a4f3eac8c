import LinearSystems
import ProblemFiles
import Results

/// What a linear solve came to.
public struct LinearSystemOutcome: Sendable {
    /// The problem's name.
    public let name: String
    let results: [LinearSystemSolve.Result]
    /// Seconds of setting up, shared by all right-hand sides.
    public let setUpSeconds: Double
    /// The number of unknowns.
    public let unknowns: Int
    /// The method that was asked for first.
    public let method: String
    /// The run folder.
    public let directory: String
    /// Files in it.
    public let files: [String]
    /// What went wrong besides, such as a missing picture.
    public let warnings: [String]
    /// What the file expects, and what was reached.
    public let expectations: [Expectation]

    /// A statement of `[expect]`, and what was reached.
    public struct Expectation: Sendable, Equatable {
        /// The key in the file.
        public var name: String
        /// What was reached, in words.
        public var text: String
        /// What was reached.
        public var value: Double
        /// The largest acceptable value.
        public var limit: Double
        /// Whether it was met.
        public var isMet: Bool { value <= limit }
    }

    /// Whether every right-hand side is solved to the tolerance.
    public var isSuccess: Bool { results.allSatisfy(\.stop.isSuccess) }
    /// Whether every expectation was met.
    public var meetsExpectations: Bool { expectations.allSatisfy(\.isMet) }
    /// Whether a signal ended it.
    public var isInterrupted: Bool { results.contains { $0.stop == .interrupted } }
    /// The largest number of iterations of a right-hand side.
    public var iterations: Int { results.map(\.iterations).max() ?? 0 }
    /// The largest relative residual.
    public var relativeResidual: Double { results.map(\.relativeResidual).max() ?? 0 }
    /// Seconds of iterating, of all right-hand sides.
    public var solveSeconds: Double { results.reduce(0) { $0 + $1.seconds } }
    /// The first reason that is no success, or success.
    public var stop: SolveStop { results.first { !$0.stop.isSuccess }?.stop ?? .converged }

    init(
        _ preparation: LinearSystemPreparation, _ results: [LinearSystemSolve.Result], setUpSeconds: Double,
        files: [String], warnings: [String]
    ) {
        let statement = preparation.statement
        name = statement.name
        directory = statement.output.directory
        unknowns = preparation.unknowns
        method = preparation.methodName
        self.results = results
        self.setUpSeconds = setUpSeconds
        self.files = files
        self.warnings = warnings
        let iterations = results.map(\.iterations).max() ?? 0
        let residual = results.map(\.relativeResidual).max() ?? 0
        let seconds = setUpSeconds + results.reduce(0) { $0 + $1.seconds }
        var expectations: [Expectation] = []
        if let limit = statement.expectations.iterations {
            expectations.append(
                Expectation(
                    name: "iterations", text: "at most \(limit) iterations: \(iterations)", value: Double(iterations),
                    limit: Double(limit)))
        }
        if let limit = statement.expectations.relativeResidual {
            expectations.append(
                Expectation(
                    name: "relative_residual",
                    text: "relative residual at most \(NumberText.short(limit)): \(NumberText.short(residual))",
                    value: residual, limit: limit))
        }
        if let limit = statement.expectations.within {
            expectations.append(
                Expectation(
                    name: "within", text: "within \(NumberText.seconds(limit)): \(NumberText.seconds(seconds))",
                    value: seconds, limit: limit))
        }
        self.expectations = expectations
    }

    /// The sentence of the last line.
    var sentence: String { stop.sentence }

    /// The end of a run as people read it; the last line says why it stopped and where the results are.
    public var text: String {
        var lines = [
            ReportText.row("unknowns", NumberText.grouped(unknowns)),
            ReportText.row("method", results.first?.stages.last?.name ?? method),
            ReportText.row("set-up", NumberText.seconds(setUpSeconds)),
        ]
        for (index, result) in results.enumerated() {
            let title = results.count > 1 ? "solve \(index + 1)" : "solve"
            lines.append(
                ReportText.row(
                    title,
                    "\(NumberText.seconds(result.seconds)), \(NumberText.grouped(result.iterations)) iterations, "
                        + "relative residual \(NumberText.short(result.relativeResidual))"))
        }
        for expectation in expectations {
            lines.append(ReportText.row("expected", expectation.text + (expectation.isMet ? ", met" : ", missed")))
        }
        lines.append("\(name): \(sentence); results are in \(directory)")
        return lines.joined(separator: "\n")
    }

    /// The outcome for programs.
    public var json: JSONValue { .object([.init("problem", .text(name))] + members) }

    var members: [JSONValue.Member] {
        [
            .init("stopped_because", .text(stop.rawValue)), .init("reason", .text(sentence)),
            .init("unknowns", .integer(unknowns)), .init("method", .text(results.first?.stages.last?.name ?? method)),
            .init("setup_seconds", .number(setUpSeconds)), .init("solve_seconds", .number(solveSeconds)),
            .init("iterations", .integer(iterations)), .init("relative_residual", .number(relativeResidual)),
            .init(
                "right_hand_sides",
                .list(
                    results.map { result in
                        .object([
                            .init("stopped_because", .text(result.stop.rawValue)),
                            .init("iterations", .integer(result.iterations)),
                            .init("seconds", .number(result.seconds)),
                            .init("relative_residual", .number(result.relativeResidual)),
                            .init("stages", .list(result.stages.map { .text($0.name) })),
                        ])
                    })),
            .init(
                "expectations",
                .list(
                    expectations.map {
                        .object([
                            .init("name", .text($0.name)), .init("limit", .number($0.limit)),
                            .init("value", .number($0.value)), .init("met", .truth($0.isMet)),
                        ])
                    })), .init("warnings", .list(warnings.map(JSONValue.text))),
            .init("directory", .text(directory)), .init("files", .list(files.map(JSONValue.text))),
        ]
    }
}
