import Ansatz
import ArgumentParser
import ProblemFiles
import Results

/// Runs the body of a command and turns what it throws into messages and exit statuses.
///
/// Complaints go to standard error; with `json` standard output gets one object with the same complaints as well.
func reportingInput(json: Bool, _ body: () throws -> Void) throws {
    do {
        try body()
    } catch let errors as ProblemErrors {
        fail(errors.diagnostics, json: json)
        throw ExitStatus.badInput
    } catch let refusal as RunFolder.Refusal {
        fail([Diagnostic(.error, refusal.description)], json: json)
        throw ExitStatus.badInput
    } catch let error as ResultsError {
        fail([Diagnostic(.error, error.message, file: error.path)], json: json)
        throw error.isAboutInput ? ExitStatus.badInput : ExitStatus.failed
    } catch let status as ExitCode {
        throw status
    } catch let error as ValidationError {
        throw error
    } catch {
        fail([Diagnostic(.error, "\(error)")], json: json)
        throw ExitStatus.failed
    }
}

private func fail(_ diagnostics: [Diagnostic], json: Bool) {
    StandardStreams.error(diagnostics.map(\.description).joined(separator: "\n\n"))
    if json { StandardStreams.output(JSONValue.object([.init("errors", .list(diagnostics.map(\.json)))]).lines) }
}

extension ResultsError {
    /// Whether a file that was to be read is at fault, not the writing of results.
    fileprivate var isAboutInput: Bool {
        switch kind {
        case .missingFile, .unreadable, .missingDataset, .wrongShape, .notFinite, .alreadyThere: true
        case .cannotWrite, .inconsistent, .missingProgram, .programFailed: false
        }
    }
}
