import Ansatz
import ArgumentParser
import ProblemFiles
import Results

/// `ansatz check`: says back what a file means, without solving anything.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Says back what a problem file means, counts points and finds slips.")

    @OptionGroup var problem: ProblemOptions
    @OptionGroup var report: ReportOptions

    @Flag(help: "Print the file with every default filled in.")
    var resolved = false

    func run() throws {
        try reportingInput(json: report.json) {
            let preparation: RunPreparation
            switch try problem.problem() {
            case .transport(let statement):
                return try TransportCommands.check(statement, resolved: resolved, report)
            case .linearSystem(let statement):
                return try LinearSystemCommands.check(statement, resolved: resolved, report)
            case .training(let statement):
                return try TrainingCommands.check(statement, resolved: resolved, report)
            case .pde(let read): preparation = try RunPreparation(read, maximumSteps: problem.steps)
            }
            if resolved { return report.output(resolved: preparation.resolvedText) }
            try preparation.method.checkStart()
            let result = try CheckReport(preparation)
            for warning in result.warnings { StandardStreams.error(warning.description) }
            StandardStreams.output(report.json ? result.json.lines : result.text)
        }
    }
}
