import OptimalTransport
import ProblemFiles
import Results

/// What a transport run came to.
public struct TransportOutcome: Sendable {
    /// The problem's name.
    public let name: String
    /// The solutions, one for each ε, falling.
    public let points: [RegularisationPath.Point]
    /// The run folder.
    public let directory: String
    /// Files in it.
    public let files: [String]
    /// What went wrong besides, such as a missing picture.
    public let warnings: [String]
    /// Seconds of solving.
    public let seconds: Double
    /// What the file expects, and what was reached.
    public let expectations: [Expectation]

    /// A statement of `[expect]`, and what was reached.
    public struct Expectation: Sendable, Equatable {
        /// The key in the file.
        public var name: String
        /// What was reached, in words.
        public var text: String
        /// The difference to a known value, or the value itself.
        public var value: Double
        /// The largest acceptable one.
        public var limit: Double
        /// Whether it was met.
        public var isMet: Bool { value <= limit }
    }

    /// The solution with the smallest ε.
    public var solution: TransportSolution { points[points.count - 1].solution }
    /// Whether every solution is a plan.
    public var isSuccess: Bool { points.allSatisfy(\.solution.stop.isSuccess) }
    /// Whether someone asked to stop before the end.
    public var isInterrupted: Bool { solution.stop == .interrupted }
    /// Whether every expectation was met.
    public var meetsExpectations: Bool { expectations.allSatisfy(\.isMet) }

    /// Distances, the debiased cost, and what rounding to integers may change.
    let facts: [TransportCertificate.Fact]

    init(
        _ preparation: TransportPreparation, _ findings: TransportFindings, seconds: Double, files: [String],
        warnings: [String]
    ) {
        let statement = preparation.statement
        let points = findings.points
        facts = findings.facts(preparation)
        name = statement.name
        directory = statement.output.directory
        self.points = points
        self.seconds = seconds
        self.files = files
        self.warnings = warnings
        expectations = Self.expectations(statement.expectations, findings, seconds)
    }

    package static func expectations(
        _ wanted: TransportStatement.Expectations, _ findings: TransportFindings, _ seconds: Double
    ) -> [Expectation] {
        let point = findings.last
        let certificate = point.solution.certificate
        var result = wanted.values.map { wanted in
            let reached =
                wanted.name == "sinkhorn_divergence"
                ? findings.divergence ?? .nan : certificate.value(wanted.name, epsilon: point.epsilon)
            return Expectation(
                name: wanted.name,
                text: "\(wanted.name) \(wanted.value) within \(NumberText.short(wanted.absolute)): off by "
                    + NumberText.short(abs(reached - wanted.value)),
                value: abs(reached - wanted.value), limit: wanted.absolute)
        }
        if let limit = wanted.marginalError {
            let error = certificate.marginals.l1
            result.append(
                Expectation(
                    name: "marginal_error",
                    text: "marginal error at most \(NumberText.short(limit)): \(NumberText.short(error))",
                    value: error, limit: limit))
        }
        if let limit = wanted.newtonSteps {
            let steps = certificate.newtonSteps
            result.append(
                Expectation(
                    name: "newton_steps", text: "at most \(limit) Newton steps: \(steps)", value: Double(steps),
                    limit: Double(limit)))
        }
        if let limit = wanted.within {
            result.append(
                Expectation(
                    name: "within", text: "within \(NumberText.seconds(limit)): \(NumberText.seconds(seconds))",
                    value: seconds, limit: limit))
        }
        return result
    }

    /// The end of a run as people read it; the last line says why it stopped and where the results are.
    public var text: String {
        var lines = points.count > 1 ? pathLines : []
        lines += solution.certificate.rows(epsilon: points[points.count - 1].epsilon).map { ReportText.row($0, $1) }
        lines += TransportFindings.rows(facts).map { ReportText.row($0, $1) }
        lines.append(ReportText.row("solving", NumberText.seconds(seconds)))
        for expectation in expectations {
            lines.append(ReportText.row("expected", expectation.text + (expectation.isMet ? ", met" : ", missed")))
        }
        lines.append("\(name): \(solution.sentence); results are in \(directory)")
        return lines.joined(separator: "\n")
    }

    private var pathLines: [String] {
        let rows =
            [["epsilon", "cost", "lower bound", "marginal error", "Newton", "sweeps", "entries"]]
            + points.map { point in
                let c = point.solution.certificate
                return [
                    NumberText.short(point.epsilon, digits: 3), NumberText.short(c.transportCost, digits: 6),
                    NumberText.short(c.lowerBound, digits: 6), NumberText.short(c.marginals.l1), String(c.newtonSteps),
                    String(c.sweeps), String(c.entries),
                ]
            }
        return ReportText.table(rows) + [""]
    }

    /// The outcome for programs.
    public var json: JSONValue { .object([.init("problem", .text(name))] + members) }

    var members: [JSONValue.Member] {
        let last = points[points.count - 1]
        var members: [JSONValue.Member] = [
            .init("stopped_because", .text(solution.stop.name)), .init("reason", .text(solution.sentence)),
            .init("seconds", .number(seconds)), .init("epsilon", .number(last.epsilon)),
        ]
        members += (solution.certificate.facts(epsilon: last.epsilon) + facts).map { .init($0.name, $0.json) }
        if points.count > 1 {
            members.append(
                .init(
                    "path",
                    .list(
                        points.map { point in
                            .object(
                                [.init("epsilon", .number(point.epsilon))]
                                    + point.solution.certificate.facts(epsilon: point.epsilon).map {
                                        .init($0.name, $0.json)
                                    })
                        })))
        }
        members += [
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
        return members
    }
}
