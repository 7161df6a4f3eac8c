import Foundation
import OptimalTransport
import ProblemFiles
import Results

/// Solves a transport problem and keeps what comes of it in a run folder.
public struct TransportJob {
    private let preparation: TransportPreparation
    private let folder: RunFolder
    private let command: String
    private let warn: (String) -> Void

    /// Checks that the folder can take the run; writes nothing.
    ///
    /// - Throws: `RunFolder.Refusal`, `ResultsError` where writing is not allowed.
    package init(
        _ preparation: TransportPreparation, replacing: Bool, command: String, warn: @escaping (String) -> Void
    ) throws {
        self.preparation = preparation
        self.command = command
        self.warn = warn
        folder = try RunFolder(
            path: preparation.statement.output.directory, fieldsName: FieldFile.defaultName,
            entry: replacing ? .replacing : .new)
    }

    /// Solves and writes; a plan that is not one is written, too, and said to be none.
    ///
    /// - Throws: `ResultsError` when writing fails. A run that was to replace an earlier one then leaves that one as it was.
    public func perform() throws -> TransportOutcome {
        let statement = preparation.statement
        let points: [RegularisationPath.Point]
        let clock = ContinuousClock()
        let start = clock.now
        points = try preparation.solve()
        let seconds = (clock.now - start) / .seconds(1)
        var warnings: [String] = []
        for point in points where !point.solution.stop.isSuccess {
            warnings.append(
                "this is not a plan: its marginals are off by \(NumberText.short(point.solution.certificate.marginals.l1))"
                    + (points.count > 1 ? " at epsilon \(NumberText.short(point.epsilon, digits: 3))" : "")
                    + "; \(point.solution.stop.sentence)")
        }
        for warning in statement.warnings.map(\.message) + warnings { warn(warning) }
        try folder.begin()
        do {
            try atomicWrite(preparation.resolvedText, to: folder.working(RunFolder.problemName))
            let log = try LogWriter(path: folder.working(LogWriter.defaultName))
            try log.write(.start, startMembers)
            for warning in warnings { try log.write(.warning, [.init("message", .text(warning))]) }
            for row in TransportHistory.rows(points) { try log.write(.log, row.members) }
            try atomicWrite(TransportHistory.csv(points), to: folder.working(History.defaultName))
            let fields = TransportFields(preparation, points, seconds: seconds, command: command)
            try fields.file.write(to: folder.working(FieldFile.defaultName))
            var files = [
                RunFolder.problemName, History.defaultName, LogWriter.defaultName, FieldFile.defaultName,
            ]
            try FileSystem.makeFolder(folder.working(RunFolder.figuresName))
            for (name, figure) in TransportFigures(preparation, points, fields.entries).figures {
                let path = RunFolder.figuresName + "/" + name + ".svg"
                do throws(ResultsError) {
                    try figure.write(to: folder.working(path))
                    files.append(path)
                } catch {
                    let message = "no figure \(name).svg: \(error.message)"
                    warnings.append(message)
                    warn(message)
                    try log.write(.warning, [.init("message", .text(message))])
                }
            }
            let outcome = TransportOutcome(statement, points, seconds: seconds, files: files, warnings: warnings)
            try log.write(.end, outcome.members)
            try folder.finish()
            return outcome
        } catch {
            _ = folder.abandon()
            throw error
        }
    }

    private var startMembers: [JSONValue.Member] {
        let statement = preparation.statement
        return [
            .init("problem", .text(statement.name)), .init("kind", .text("transport")),
            .init("variant", statement.variant.map(JSONValue.text) ?? .null),
            .init("file", statement.source.map { .text($0.name) } ?? .null), .init("command", .text(command)),
            .init("seed", .text(String(statement.run.seed))), .init("method", .text(preparation.methodName)),
            .init("program_version", .text(Program.version)),
        ]
    }
}

extension TransportPreparation {
    /// Solves, without writing anything: the whole path of regularisations, or the one problem.
    package func solve() throws -> [RegularisationPath.Point] {
        if epsilons.count > 1, let safe = solver as? SafeSinkhornNewton {
            return try RegularisationPath(problem, epsilons: epsilons, solver: safe, limits: limits, pool: pool).points
        }
        return [
            RegularisationPath.Point(
                epsilon: problem.epsilon, solution: solver.solve(problem, limits, pool: pool))
        ]
    }
}

/// `history.csv` of a transport run: a row for every sweep and step.
///
/// | column | meaning |
/// | --- | --- |
/// | `iteration` | sweeps and steps so far |
/// | `kind` | `sweep` or `newton` |
/// | `seconds` | seconds so far |
/// | `epsilon` | the regularisation that is solved for |
/// | `marginal_error` | ‖a − P1‖₁ + ‖b − Pᵀ1‖₁ over the mass; empty where it was not measured |
/// | `dual` | the dual value; empty where it was not measured |
/// | `linear_iterations` | iterations of the linear solver in this step |
/// | `entries` | entries of the sparse plan in this step |
enum TransportHistory {
    struct Row {
        var iteration: Int
        var epsilon: Double
        var seconds: Double
        var progress: TransportProgress

        var members: [JSONValue.Member] {
            [
                .init("iteration", .integer(iteration)), .init("kind", .text(progress.kind.rawValue)),
                .init("seconds", .number(seconds)), .init("epsilon", .number(epsilon)),
                .init("marginal_error", progress.marginalError.map(JSONValue.number) ?? .null),
                .init("dual", progress.dual.map(JSONValue.number) ?? .null),
                .init("linear_iterations", .integer(progress.linearIterations)),
                .init("entries", .integer(progress.entries)),
            ]
        }
    }

    /// The rows of all points of a path, one after the other.
    static func rows(_ points: [RegularisationPath.Point]) -> [Row] {
        var rows: [Row] = []
        var before = 0.0
        for point in points {
            for progress in point.solution.history {
                rows.append(
                    Row(
                        iteration: rows.count + 1, epsilon: point.epsilon, seconds: before + progress.seconds,
                        progress: progress))
            }
            before = rows.last?.seconds ?? before
        }
        return rows
    }

    static func csv(_ points: [RegularisationPath.Point]) -> String {
        var text = CSV.line([
            "iteration", "kind", "seconds", "epsilon", "marginal_error", "dual", "linear_iterations", "entries",
        ])
        for row in rows(points) {
            func cell(_ value: Double?) -> String { value.map { $0.isFinite ? "\($0)" : "" } ?? "" }
            text += CSV.line([
                String(row.iteration), row.progress.kind.rawValue, cell(row.seconds), cell(row.epsilon),
                cell(row.progress.marginalError), cell(row.progress.dual), String(row.progress.linearIterations),
                String(row.progress.entries),
            ])
        }
        return text
    }
}
