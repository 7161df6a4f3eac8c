import Foundation
import ProblemFiles
import Results

/// Solves a problem and keeps what comes of it in a run folder.
public struct Run {
    let preparation: RunPreparation
    private let folder: RunFolder
    private let display: ProgressDisplay
    private let command: String
    private let resumeCommand: String
    private let resumption: Resumption?

    /// Checks that the folder can take the run, and reads the checkpoint of one that is resumed; writes nothing.
    ///
    /// - Parameters:
    ///   - entry: whether the folder is new, or its run is replaced or resumed. There may be no run to replace or resume;
    ///     one that has no checkpoint yet starts from the beginning.
    ///   - command: how the run was started, for the result file.
    ///   - resumeCommand: how the user can resume it; empty when that is not known.
    /// - Throws: `RunFolder.Refusal`; when resuming `ResultsError` for files that are damaged and `ProblemErrors` for a
    ///   problem that has changed.
    package init(
        _ preparation: RunPreparation, entry: RunFolder.Entry, command: String, resumeCommand: String = "",
        display: ProgressDisplay
    ) throws {
        self.preparation = preparation
        self.display = display
        self.command = command
        self.resumeCommand = resumeCommand
        let folder = try RunFolder(
            path: preparation.problem.output.directory, fieldsName: preparation.fields.file, entry: entry)
        self.folder = folder
        resumption = try folder.checkpointPath.map { path in
            try Resumption(
                path, of: preparation, in: folder,
                header: History(
                    terms: preparation.method.plan.terms.map(\.name),
                    unknowns: preparation.problem.unknownsWithReference,
                    parameters: preparation.problem.unknownParameters.map(\.name),
                    quantities: preparation.method.plan.quantities))
        }
        if resumption == nil { try preparation.method.checkStart() }
        if entry == .resuming {
            for note in resumption?.notes ?? [
                "there is no checkpoint in \(folder.path) yet: the run starts from the beginning"
            ] {
                display.note(note)
            }
        }
    }

    /// Solves, writes fields and figures, and compares with what the file expects.
    ///
    /// - Parameter isStopRequested: asked after each step; true ends training, and results are written.
    /// - Throws: `ProblemErrors` before anything is written; afterwards `ResultsError` when writing fails. A run that was
    ///   to replace an earlier one then leaves that one as it was.
    public func perform(isStopRequested: @escaping () -> Bool) throws -> RunOutcome {
        let problem = preparation.problem
        let recorder = RunRecorder(
            folder: folder, display: display, problemText: preparation.resolvedText,
            terms: preparation.method.plan.terms.map(\.name), unknowns: problem.unknownsWithReference,
            parameters: problem.unknownParameters.map(\.name), quantities: preparation.method.plan.quantities,
            start: startMembers, heading: heading,
            resumption: resumption,
            checkpointEvery: problem.run.checkpointEvery, isStopRequested: isStopRequested)
        for warning in problem.warnings { display.warn(warning) }
        do {
            let solution = try preparation.method.solve(
                observer: recorder, from: resumption.map { MethodState($0.checkpoint) })
            display.finishLine()
            try recorder.open()
            let sampler = FieldSampler(preparation)
            let values = values(solution, sampler, recorder)
            let (fields, outside) = try sampler.sample(solution, values: values, command: command)
            for (name, count) in fields.notFiniteCounts where count > outside {
                recorder.warned("'\(name)' is not finite at \(count - outside) of the grid's points")
            }
            try fields.write(to: folder.working(preparation.fields.file))
            let figures = try drawFigures(fields, recorder)
            let outcome = RunOutcome(
                problem: problem, solution: solution, values: values, directory: folder.path,
                fieldsName: preparation.fields.file,
                figures: figures, warnings: problem.warnings.map(\.message) + recorder.warnings,
                resumeCommand: resumeCommand)
            try recorder.end(outcome.members)
            try folder.finish()
            return outcome
        } catch {
            display.finishLine()
            if folder.abandon(), !resumeCommand.isEmpty {
                display.warn("the last checkpoint is kept; \(resumeCommand) goes on from it")
            }
            throw error
        }
    }

    /// The numbers of `[output.values]`; one that cannot be had is a warning, the fields are worth more.
    private func values(_ solution: Solution, _ sampler: FieldSampler, _ recorder: RunRecorder) -> [NamedValue] {
        do {
            return try sampler.values(solution)
        } catch {
            recorder.warned("output.values cannot be evaluated: \(error)")
            return []
        }
    }

    /// Draws what can be drawn: a figure that fails is a warning, the numbers are safe already.
    private func drawFigures(_ fields: FieldFile, _ recorder: RunRecorder) throws -> [String] {
        let history = try History(contentsOf: folder.working(History.defaultName))
        let problem = preparation.problem
        let requests = problem.output.plots.map { FigureRequest($0, of: problem) }
        guard !requests.isEmpty else { return [] }
        let figures = FigurePlan(
            requests, name: problem.name, fields: fields, path: preparation.fields.file, history: history,
            gradients: recorder.gradients.map { .success($0) }, sampling: recorder.sampling.map { .success($0) })
        try FileSystem.makeFolder(folder.working(RunFolder.figuresName))
        let drawn = figures.draw(into: folder.working(RunFolder.figuresName)) { file, error in
            recorder.warned("no figure \(file): \(error.message)")
        }
        return drawn.map { RunFolder.figuresName + "/" + $0 }
    }

    private var heading: Checkpoint.Heading {
        let problem = preparation.problem
        return Checkpoint.Heading(
            programVersion: Program.version, problemName: problem.name, problemText: preparation.resolvedText,
            problemPath: problem.source.map { FileSystem.absolute($0.name) } ?? "",
            problemSHA256: SHA256.hexadecimal(of: preparation.resolvedText), method: type(of: preparation.method).name,
            precision: problem.run.precision.rawValue,
            resumeCommand: resumeCommand.utf8.count < 30_000 ? resumeCommand : "", stage: 1, stageStep: 0, steps: 0,
            seconds: 0, files: .init())
    }

    private var startMembers: [JSONValue.Member] {
        let problem = preparation.problem
        return [
            .init("problem", .text(problem.name)), .init("variant", problem.variant.map(JSONValue.text) ?? .null),
            .init("file", problem.source.map { .text($0.name) } ?? .null), .init("command", .text(command)),
            .init("seed", .text(String(problem.run.seed))), .init("precision", .text(problem.run.precision.rawValue)),
            .init("program_version", .text(Program.version)),
        ]
    }
}

extension Problem {
    /// The names of the unknowns and quantities that the reference knows, in the order of the problem.
    var unknownsWithReference: [String] { fieldsWithReference.map(\.name) }
}
