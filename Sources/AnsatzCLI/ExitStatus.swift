import ArgumentParser

/// The exit statuses of the program; 64, wrong usage, is given by the argument parser.
enum ExitStatus {
    /// Failed while running.
    static let failed = ExitCode(1)
    /// Finished, but an expectation of the file was missed.
    static let missed = ExitCode(2)
    /// A bad input file or bad data.
    static let badInput = ExitCode(65)
    /// Ended by Ctrl-C.
    static let interrupted = ExitCode(130)
}
