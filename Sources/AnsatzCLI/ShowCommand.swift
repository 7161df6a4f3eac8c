import Ansatz
import ArgumentParser
import Results

/// `ansatz show`: what was run, and what came of it.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Says what was run, why it stopped, how large the errors are.")

    @Argument(help: ArgumentHelp("A run folder, or that of a comparison.", valueName: "run"), completion: .directory)
    var folder: String

    @OptionGroup var report: ReportOptions

    func run() throws {
        try reportingInput(json: report.json) {
            if let comparison = try Comparison(folder: folder) {
                return StandardStreams.output(
                    report.json ? JSONValue.object(comparison.objectMembers).lines : comparison.text)
            }
            if let summary = try TransportSummary(folder: folder) {
                return StandardStreams.output(report.json ? summary.json.lines : summary.text)
            }
            if let summary = try LinearSystemSummary(folder: folder) {
                return StandardStreams.output(report.json ? summary.json.lines : summary.text)
            }
            let summary = try RunSummary(folder: folder)
            StandardStreams.output(report.json ? summary.json.lines : summary.text)
        }
    }
}
