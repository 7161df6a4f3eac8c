import Ansatz
import ArgumentParser

/// `ansatz list`: what there is, a line each.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists what there is to choose from, a line each.")

    @Argument(help: ArgumentHelp("One of \(Listing.Subject.names).", valueName: "subject"))
    var subject: Listing.Subject?

    @OptionGroup var report: ReportOptions

    func run() throws {
        let listing = subject.map { Listing(of: $0, problemFolders: Listing.problemFolders) } ?? .subjects
        StandardStreams.output(report.json ? listing.json.lines : listing.text)
    }
}

extension Listing.Subject: ExpressibleByArgument {}
