import Glibc
import Results

extension Run {
    /// What a run took up to its first step.
    public struct Rehearsal: Sendable {
        /// Seconds from the start to the first row of the history.
        public var seconds: Double
        /// The largest memory of the process so far, in bytes.
        public var peakMemory: Int
        /// The loss at the start.
        public var loss: Double

        /// The same for people.
        public var text: String {
            ReportText.row(
                "rehearsal",
                "ready in \(NumberText.seconds(seconds)), peak memory \(NumberText.bytes(peakMemory)), "
                    + "loss at the start \(NumberText.short(loss))")
        }

        /// The same for programs.
        public var members: [JSONValue.Member] {
            [
                .init("ready_seconds", .number(seconds)), .init("peak_memory_bytes", .integer(peakMemory)),
                .init("initial_loss", .number(loss)),
            ]
        }
    }

    /// Does everything up to the first step: options, network, points, the first loss. Writes nothing.
    public func rehearse() throws -> Rehearsal {
        let start = ContinuousClock.now
        let observer = RehearsalObserver()
        do {
            _ = try preparation.method.solve(observer: observer)
        } catch is RehearsalObserver.End {}
        let elapsed = ContinuousClock.now - start
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Rehearsal(
            seconds: elapsed / .seconds(1), peakMemory: Int(usage.ru_maxrss) * 1024, loss: observer.loss)
    }
}

/// Ends a solve at its first row.
private final class RehearsalObserver: ProgressObserver {
    struct End: Error {}
    var loss = Double.nan

    func logged(_ row: ProgressRow) throws {
        loss = row.loss
        throw End()
    }
    func warned(_ message: String) {}
    var stopRequested: Bool { false }
}
