import Ansatz
import ArgumentParser
import Foundation
import Results

/// `ansatz export`: the fields of a run in another format.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Converts the fields of a finished run to another format.",
        discussion: ExportFormat.allCases.map { format in
            format.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0) + format.summary
        }.joined(separator: "\n"))

    @Argument(help: ArgumentHelp("A run folder.", valueName: "run"), completion: .directory)
    var folder: String

    @Option(help: ArgumentHelp("The format: \(ExportFormat.names).", valueName: "format"))
    var to: ExportFormat

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "The file to write; by default that of the fields with another ending, in the run folder.",
            valueName: "file"))
    var output: String?

    @Flag(help: "Replace files that exist.")
    var overwrite = false

    @OptionGroup var report: ReportOptions

    func run() throws {
        try reportingInput(json: report.json) {
            if try TransportCommands.export(folder, to: to, output: output, overwrite: overwrite, report) { return }
            let run = try StoredRun(folder)
            let fields = try run.fields()
            let hasTimes = fields.axes.first?.isTime == true
            let base = ((run.fieldsName ?? FieldFile.defaultName) as NSString).deletingPathExtension
            let ending = to == .vtu && hasTimes ? "pvd" : to.rawValue
            let files = try fields.export(to: output ?? run.path(base + "." + ending), as: to, overwrite: overwrite)
            if report.json {
                return StandardStreams.output(
                    JSONValue.object([
                        .init("format", .text(to.rawValue)), .init("files", .list(files.map(JSONValue.text))),
                        .init("fields", .list(fields.variables.map { .text($0.name) })),
                    ]).lines)
            }
            let more = files.count > 1 ? " and \(files.count - 1) files beside it" : ""
            let names = fields.variables.map(\.name).joined(separator: ", ")
            StandardStreams.output("\(files[0])\(more): \(names)")
        }
    }
}

extension ExportFormat: ExpressibleByArgument {}
