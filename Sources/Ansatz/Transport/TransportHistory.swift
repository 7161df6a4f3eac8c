import Foundation
import OptimalTransport
import Results

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

    /// Marginal errors by iteration and seconds, where they were measured.
    static func errors(
        _ points: [RegularisationPath.Point]
    ) -> [(iteration: Double, seconds: Double, error: Double)] {
        rows(points).compactMap { row in
            guard let error = row.progress.marginalError, error > 0 else { return nil }
            return (Double(row.iteration), row.seconds, error)
        }
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

    /// Marginal errors of a written history by iteration and seconds, where they were measured.
    ///
    /// - Throws: `ResultsError` when the file cannot be read or is no such history.
    static func errors(in path: String) throws(ResultsError) -> [(iteration: Double, seconds: Double, error: Double)] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ResultsError(.missingFile, path: path, "cannot be read, and with it the history of the run")
        }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: true)
        guard let names = lines.first?.split(separator: ",").map(String.init),
            let iteration = names.firstIndex(of: "iteration"), let seconds = names.firstIndex(of: "seconds"),
            let error = names.firstIndex(of: "marginal_error")
        else { throw ResultsError(.unreadable, path: path, "is no history of a transport run") }
        return lines.dropFirst().compactMap { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            guard cells.count == names.count, let first = Double(cells[iteration]), let time = Double(cells[seconds]),
                let value = Double(cells[error]), value > 0
            else { return nil }
            return (first, time, value)
        }
    }
}
