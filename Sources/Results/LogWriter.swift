import Foundation

/// Writes `log.jsonl`: one JSON object per line, each with its `event` and the `time` (UTC, ISO 8601) first.
///
/// Events: `start` (what runs, with `history_schema`), `resume` (where the run goes on), `log` (a row of the history),
/// `warning` (`message`) and `end` (why the run stopped). Each line reaches the operating system before `write` returns. Not for use by several threads
/// at a time.
public final class LogWriter {
    /// The name that a run gives its file.
    public static let defaultName = "log.jsonl"

    /// What a line tells.
    public enum Event: String, Sendable, CaseIterable {
        /// A run begins.
        case start
        /// A run goes on from a checkpoint.
        case resume
        /// A row of the history.
        case log
        /// Something to know that does not end the run.
        case warning
        /// The run is over.
        case end
    }

    private let file: OutputFile

    /// Creates the file, or empties it, and marks it as in use while this object lives.
    public init(path: String) throws(ResultsError) {
        file = try OutputFile(path: path)
        file.lock()
    }

    /// Goes on with a file behind its first `bytes` bytes; what it holds beyond is forgotten.
    public init(path: String, continuingAt bytes: Int) throws(ResultsError) {
        file = try OutputFile(path: path, continuingAt: bytes)
        file.lock()
    }

    /// Throws unless the file is there and has at least so many bytes.
    public static func check(path: String, bytes: Int) throws(ResultsError) {
        guard let size = FileManager.default.contents(atPath: path)?.count else { throw ResultsError.cannotRead(path) }
        guard size >= bytes else {
            throw ResultsError(.unreadable, path: path, "was changed: it is shorter than the checkpoint says")
        }
    }

    /// Whether a run that is going on writes to this file.
    public static func isInUse(_ path: String) -> Bool { OutputFile.isLocked(path) }

    /// How many bytes the file holds.
    public var size: Int { file.size }

    /// Waits until what was written is on the disk.
    public func synchronize() throws(ResultsError) { try file.synchronize() }

    /// Writes a line.
    public func write(_ event: Event, _ members: [JSONValue.Member]) throws(ResultsError) {
        var all: [JSONValue.Member] = [
            .init("event", .text(event.rawValue)), .init("time", .text(Date.now.ISO8601Format())),
        ]
        if event == .start { all.append(.init("history_schema", .integer(History.schemaVersion))) }
        try file.write(Array((JSONValue.object(all + members).description + "\n").utf8))
    }

    /// Writes a row of the history as a `log` line, its losses, weights, errors, parameters and numbers of the method as objects by name.
    public func write(
        _ row: History.Row, terms: [String], unknowns: [String], parameters: [String] = [],
        quantities: [String] = []
    ) throws(ResultsError) {
        func object(_ names: [String], _ values: [Double]) -> JSONValue {
            .object(zip(names, values).map { .init($0, .number($1)) })
        }
        try write(
            .log,
            [
                .init("step", .integer(row.step)), .init("stage", .integer(row.stage)),
                .init("seconds", .number(row.seconds)), .init("loss", .number(row.loss)),
                .init("rate", .number(row.rate)), .init("losses", object(terms, row.losses)),
                .init("weights", object(terms, row.weights)), .init("relative_l2", object(unknowns, row.errors)),
                .init("parameters", object(parameters, row.parameters)),
                .init("method", object(quantities, row.quantities)),
            ])
    }
}
