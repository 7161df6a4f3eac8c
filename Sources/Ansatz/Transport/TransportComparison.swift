import Foundation
import OptimalTransport
import ProblemFiles
import Results

/// Runs variants and seeds of a transport problem, and puts them side by side.
public struct TransportComparison {
    /// One run.
    public struct Member: Sendable {
        /// The variant, with its seed where there are several.
        public var label: String
        var preparation: TransportPreparation
    }

    /// What came of it.
    public struct Outcome: Sendable {
        /// Labels and outcomes, in order.
        public var members: [(label: String, outcome: TransportOutcome)]
        /// The folder.
        public var folder: String
        /// What went wrong besides.
        public var warnings: [String]
    }

    private let members: [Member]
    private let folder: String
    private let name: String
    private let replacing: Bool
    private let command: String

    /// Reads and checks every member.
    ///
    /// - Throws: all that is wrong, in any variant, with places in the file.
    package init(
        _ request: ComparisonRequest, replacing: Bool, command: String
    ) throws(ProblemErrors) {
        let read = try request.members(
            noun: "transport problems",
            hint: "variants choose methods: [variants.plain] with method.kind = \"sinkhorn\"",
            directory: \TransportStatement.output.directory, variants: \.variants
        ) { if case .transport(let statement) = $0 { statement } else { nil } }
        (name, folder) = (read.name, read.folder)
        var members: [Member] = []
        for (label, statement) in read.members {
            members.append(Member(label: label, preparation: try TransportPreparation(statement)))
        }
        self.members = members
        self.replacing = replacing
        self.command = command
    }

    /// Runs all members, and draws one figure of them; when asked to stop, of those that ran until then.
    ///
    /// - Throws: `RunFolder.Refusal` for a member that was run already, unless it is to be replaced.
    package func perform(
        display: ProgressDisplay, isStopRequested: @escaping @Sendable () -> Bool = { false }
    ) throws -> Outcome {
        var outcomes: [(label: String, outcome: TransportOutcome)] = []
        let jobs = try members.map { member in
            try TransportJob(
                member.preparation, replacing: replacing, command: command,
                warn: { display.warn("\(member.label): \($0)") })
        }
        for (member, job) in zip(members, jobs) {
            display.note("\(member.label): \(member.preparation.methodName)")
            outcomes.append((member.label, try job.perform(display: display, isStopRequested: isStopRequested)))
            if isStopRequested() { break }
        }
        var result = Outcome(members: outcomes, folder: folder, warnings: [])
        do throws(ResultsError) {
            try FileSystem.makeFolder(folder + "/" + RunFolder.figuresName)
            try result.figure(title: name).write(to: folder + "/" + RunFolder.figuresName + "/comparison.svg")
            try atomicWrite(result.csv, to: folder + "/comparison.csv")
        } catch {
            result.warnings.append("no figure: \(error.message)")
        }
        return result
    }
}

extension TransportComparison.Outcome {
    /// The marginal error against iterations and against seconds.
    func figure(title: String) -> Figure {
        // Methods whose times differ by orders of magnitude are seen side by side on a logarithmic axis.
        func panel(
            _ horizontal: String, _ isLogarithmic: Bool, _ x: (TransportHistory.Row) -> Double
        ) -> Figure.BandPanel {
            Figure.BandPanel(
                bands: members.map { label, outcome in
                    let rows = TransportHistory.rows(outcome.points).filter { ($0.progress.marginalError ?? 0) > 0 }
                    let y = rows.map { $0.progress.marginalError ?? .nan }
                    return Figure.Band(label, x: rows.map(x), middle: y, lower: y, upper: y)
                }, horizontal: horizontal, vertical: "marginal error (L1)", isLogarithmic: isLogarithmic)
        }
        return Figure(
            .bands([
                panel("sweeps and steps", false) { Double($0.iteration) }, panel("seconds", true) { $0.seconds },
            ]), title: title)
    }

    private static let heading = [
        "member", "method ended", "marginal error", "cost", "sweeps", "Newton", "linear", "seconds",
    ]

    private func cells(_ number: (Double) -> String, _ time: (Double) -> String) -> [[String]] {
        members.map { label, outcome in
            let c = outcome.solution.certificate
            return [
                label, outcome.solution.stop.name, number(c.marginals.l1), number(c.transportCost), String(c.sweeps),
                String(c.newtonSteps), String(c.linearIterations), time(outcome.seconds),
            ]
        }
    }

    /// The table as people read it.
    public var text: String {
        let rows =
            [Self.heading] + cells({ NumberText.short($0, digits: 4) }, { NumberText.seconds($0) })
        return (ReportText.table(rows, margin: "") + ["", "members, comparison.csv and figures are in \(folder)"])
            .joined(separator: "\n")
    }

    var csv: String {
        ([Self.heading] + cells({ "\($0)" }, { "\($0)" })).map { CSV.line($0) }.joined()
    }

    /// The table for programs.
    public var json: JSONValue {
        .object([
            .init("folder", .text(folder)),
            .init("members", .object(members.map { .init($0.label, .object($0.outcome.members)) })),
            .init("warnings", .list(warnings.map(JSONValue.text))),
        ])
    }
}
