import Glibc
import ProblemFiles

/// Writes progress and warnings: a line that is rewritten on a terminal, one line per interval elsewhere.
package final class ProgressDisplay {
    /// How much is shown.
    package enum Amount: Sendable {
        /// Warnings only.
        case quiet
        /// Progress at a readable rate.
        case normal
        /// Every row of the history, each on its own line.
        case everything
    }

    /// Where and how to write.
    package struct Style: Sendable {
        /// Whether lines can be rewritten in place.
        package var isTerminal: Bool
        /// Whether warnings may be coloured.
        package var hasColor: Bool
        /// Seconds between two lines (a terminal is refreshed ten times a second).
        package var interval: Double
        package var amount: Amount

        package init(isTerminal: Bool, hasColor: Bool, interval: Double = 5, amount: Amount = .normal) {
            self.isTerminal = isTerminal
            self.hasColor = hasColor
            self.interval = interval
            self.amount = amount
        }
    }

    private let style: Style
    private let write: (String) -> Void
    private let width: () -> Int
    private let clock: () -> Double
    private var lastShown: Double?
    private var lineIsOpen = false

    /// A display that hands its text to `write`; `width` is the terminal's, asked anew for each line, `clock` is in seconds.
    package init(
        style: Style, write: @escaping (String) -> Void, width: @escaping () -> Int = { 80 },
        clock: @escaping () -> Double
    ) {
        self.style = style
        self.write = write
        self.width = width
        self.clock = clock
    }

    /// Shows a row if enough time has passed since the last, or if it ends a stage.
    package func show(_ row: ProgressRow) {
        show(isLast: row.stageStep == row.stageSteps) { ProgressLine.text(row, width: $0) }
    }

    /// Shows a line if enough time has passed since the one before, or if it is the last.
    package func show(isLast: Bool, _ line: () -> String) {
        show(isLast: isLast) { width in width.map { String(line().prefix($0)) } ?? line() }
    }

    private func show(isLast endsStage: Bool, line: (Int?) -> String) {
        guard style.amount != .quiet else { return }
        let rewrites = style.isTerminal && style.amount == .normal
        let now = clock()
        let pause = style.amount == .everything ? 0 : rewrites ? 0.1 : style.interval
        if let lastShown, now - lastShown < pause, !endsStage { return }
        lastShown = now
        if rewrites {
            // The last column stays free: some terminals wrap as soon as it is filled.
            write("\r" + line(width() - 1) + "\u{1B}[K")
            lineIsOpen = true
            if endsStage { finishLine() }
        } else {
            write(line(nil) + "\n")
        }
    }

    /// Writes a warning on a line of its own.
    package func warn(_ message: String) {
        finishLine()
        write((style.hasColor ? "\u{1B}[33mwarning:\u{1B}[0m " : "warning: ") + message + "\n")
    }

    /// Writes a doubt about the problem file with its place.
    package func warn(_ diagnostic: Diagnostic) {
        finishLine()
        write(diagnostic.description + "\n")
    }

    /// Writes a remark on a line of its own, unless quiet.
    package func note(_ message: String) {
        guard style.amount != .quiet else { return }
        finishLine()
        write(message + "\n")
    }

    /// Ends a line that is being rewritten, so that other text can follow.
    package func finishLine() {
        guard lineIsOpen else { return }
        lineIsOpen = false
        write("\n")
    }
}

extension ProgressDisplay {
    /// A display on standard error.
    ///
    /// Lines are rewritten when standard error is a terminal other than a `dumb` one; colour needs that too, and an
    /// empty or absent `NO_COLOR`.
    package static func onStandardError(amount: Amount, allowColor: Bool) -> ProgressDisplay {
        let isTerminal = isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"
        let hasColor = isTerminal && allowColor && (environment("NO_COLOR") ?? "").isEmpty
        return ProgressDisplay(
            style: Style(isTerminal: isTerminal, hasColor: hasColor, amount: amount),
            write: { StandardStreams.write($0, to: STDERR_FILENO) },
            width: terminalWidth, clock: monotonicSeconds)
    }

    private static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    private static func terminalWidth() -> Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return 80 }
        return Int(size.ws_col)
    }

    private static func monotonicSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
}
