import ProblemFiles
import Results

/// The checkpoint from which a run goes on, checked against the problem and the other files of the run.
struct Resumption {
    let checkpoint: Checkpoint
    /// What to tell the user: where the run goes on, and what has changed since it was started.
    let notes: [String]

    /// Reads a checkpoint and the lengths of the files beside it; writes nothing.
    ///
    /// - Throws: `ResultsError` when a file is damaged or foreign, `ProblemErrors` when the problem has changed or going on
    ///   would be in vain.
    init(_ path: String, of preparation: RunPreparation, in folder: RunFolder, header: History) throws {
        let checkpoint = try Checkpoint(contentsOf: path)
        let heading = checkpoint.heading
        let file = preparation.problem.source?.name
        if SHA256.hexadecimal(of: heading.problemText) != heading.problemSHA256 {
            throw ResultsError(
                .unreadable, path: path, "is a damaged checkpoint: the problem in it is not the one it was written for")
        }
        let problem = try ResumedProblem(
            from: heading.problemText, to: preparation.resolvedText, stage: heading.stage - 1,
            stageStep: heading.stageStep, folder: folder.path, file: file)
        guard heading.end != MethodState.notFinite else {
            throw ProblemErrors([
                Diagnostic(
                    .error,
                    "the run in '\(folder.path)' ended because the loss was not finite, and would end so again",
                    hint: "lower the rate or change the problem, and start again with --overwrite", file: file)
            ])
        }
        try HistoryWriter.check(
            path: folder.present(History.defaultName), header: header, bytes: heading.files.historyBytes)
        try LogWriter.check(path: folder.present(LogWriter.defaultName), bytes: heading.files.logBytes)
        self.checkpoint = checkpoint
        var notes = [
            "going on in \(folder.path) at step \(NumberText.grouped(heading.steps)), "
                + "\(NumberText.seconds(heading.seconds)) of training so far"
        ]
        notes += problem.accepted.map { "changed: \($0.sentence)" }
        if heading.programVersion != Program.version {
            notes.append(
                "the checkpoint is of version \(heading.programVersion) of this program, which is "
                    + "\(Program.version): the numbers may differ from those of an uninterrupted run")
        }
        self.notes = notes
    }
}
