import Ansatz
import ArgumentParser

/// The program: commands and options, nothing else.
@main
struct AnsatzCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ansatz",
        abstract: "Solves partial differential equations that are written in a text file.",
        discussion: """
            ansatz check FILE    says back what it understood and finds slips
            ansatz solve FILE    solves, and writes fields, history and figures
            ansatz show RUN      says what came of it

            Exit status: 0 done, 1 failed while running, 2 an expectation was missed, 64 wrong usage, \
            65 bad input, 130 interrupted.
            """,
        version: Program.version,
        subcommands: [
            CheckCommand.self, SolveCommand.self, CompareCommand.self, ShowCommand.self, EvaluateCommand.self,
            PlotCommand.self,
            ExportCommand.self, TrainCommand.self, ListCommand.self, BenchCommand.self,
        ])
}
