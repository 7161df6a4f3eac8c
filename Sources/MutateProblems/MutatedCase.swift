import Ansatz
import Glibc
import ProblemFiles

/// A mutated file, checked as `ansatz check` does.
struct MutatedCase {
    /// Where the file would lie: complaints name it, and paths in it are relative to it.
    let path: String
    let bytes: [UInt8]

    /// What was wrong with the way in which the program took the file.
    struct Fault: Error {
        var text: String
    }

    /// Checks the file; wrong files are fine, if they are said to be wrong at a place.
    ///
    /// - Returns: whether the file was accepted.
    func check() throws(Fault) -> Bool {
        do {
            switch try ProblemReader.readFile(bytes: bytes, path: path) {
            case .pde(let problem):
                let preparation = try RunPreparation(problem)
                _ = preparation.resolvedText
                let report = try CheckReport(preparation)
                try demandPlaces(report.warnings)
                _ = report.text
            case .transport(let statement):
                let preparation = try TransportPreparation(statement)
                _ = preparation.resolvedText
                let report = TransportReport(preparation)
                try demandPlaces(report.warnings)
                _ = report.text
            case .linearSystem(let statement):
                let preparation = try LinearSystemPreparation(statement)
                _ = preparation.resolvedText
                let report = LinearSystemReport(preparation)
                try demandPlaces(report.warnings)
                _ = report.text
            case .training(let statement): _ = try TrainingPreparation(statement).resolvedText
            }
            return true
        } catch let errors as ProblemErrors {
            try demandPlaces(errors.diagnostics)
            return false
        } catch let fault as Fault {
            throw fault
        } catch {
            throw Fault(text: "an error without a place: \(error)")
        }
    }

    private func demandPlaces(_ diagnostics: [Diagnostic]) throws(Fault) {
        for diagnostic in diagnostics where diagnostic.severity == .error {
            guard diagnostic.file != nil, diagnostic.line > 0, diagnostic.column > 0 else {
                throw Fault(text: "a message without a place: \(diagnostic)")
            }
        }
    }

    /// Seconds of processor time that this process has used, with all its threads.
    static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
}
