import LinearSystems
import Results

/// `history.csv` of a linear solve: a row for the start and every iteration, of every right-hand side and stage.
///
/// | column | meaning |
/// | --- | --- |
/// | `iteration` | iterations so far, for this right-hand side |
/// | `seconds` | seconds so far, without set-up |
/// | `relative_residual` | ‖b − A x‖/‖b‖ |
/// | `recomputed` | 1 where the residual was computed from x, 0 where it was updated |
/// | `right_hand_side` | its number, from 1 |
/// | `preconditioner` | the one in use |
enum LinearSystemHistory {
    struct Row {
        var rightHandSide: Int
        var preconditioner: String
        var iteration: Int
        var seconds: Double
        var progress: IterationProgress

        var members: [JSONValue.Member] {
            [
                .init("iteration", .integer(iteration)), .init("seconds", .number(seconds)),
                .init("relative_residual", .number(progress.relativeResidual)),
                .init("recomputed", .truth(progress.isRecomputed)), .init("right_hand_side", .integer(rightHandSide)),
                .init("preconditioner", .text(preconditioner)),
            ]
        }
    }

    static func rows(_ results: [LinearSystemSolve.Result]) -> [Row] {
        results.enumerated().flatMap { index, result in
            result.stages.flatMap { stage in
                stage.outcome.history.map { progress in
                    Row(
                        rightHandSide: index + 1, preconditioner: stage.preconditioner,
                        iteration: stage.before.iterations + progress.iteration,
                        seconds: stage.before.seconds + progress.seconds, progress: progress)
                }
            }
        }
    }

    static func csv(_ results: [LinearSystemSolve.Result]) -> String {
        var text = CSV.line([
            "iteration", "seconds", "relative_residual", "recomputed", "right_hand_side", "preconditioner",
        ])
        for row in rows(results) {
            let residual = row.progress.relativeResidual
            text += CSV.line([
                String(row.iteration), "\(row.seconds)", residual.isFinite ? "\(residual)" : "",
                row.progress.isRecomputed ? "1" : "0", String(row.rightHandSide), row.preconditioner,
            ])
        }
        return text
    }
}
