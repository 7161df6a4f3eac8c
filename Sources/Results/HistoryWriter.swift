import Foundation

/// Writes `history.csv`, row by row; each row reaches the operating system before `append` returns.
///
/// See `History` for the schema. Not for use by several threads at a time.
public final class HistoryWriter {
    private let file: OutputFile
    private let path: String
    private let history: History
    private var rows = 0

    /// Creates the file with its header, in place of one that is there.
    ///
    /// It gets its name once the header is in it: whoever looks, or goes on after the program was killed, finds no empty history.
    public init(
        path: String, terms: [String], unknowns: [String], parameters: [String] = [], quantities: [String] = []
    ) throws(ResultsError) {
        self.path = path
        history = History(terms: terms, unknowns: unknowns, parameters: parameters, quantities: quantities)
        file = try OutputFile(path: path, beginningWith: Array(CSV.line(history.columns).utf8))
    }

    /// Goes on with a file behind its first `rows` rows, which take `bytes` bytes; what it holds beyond is forgotten.
    ///
    /// Throws when the file is shorter or has other columns: it then is not the one that was written.
    ///
    /// - Parameter header: the names of the columns; its rows play no part.
    public init(path: String, header: History, continuingAt bytes: Int, rows: Int) throws(ResultsError) {
        self.path = path
        history = header
        try HistoryWriter.check(path: path, header: header, bytes: bytes)
        file = try OutputFile(path: path, continuingAt: bytes)
        self.rows = rows
    }

    /// Throws unless the file has these columns and at least so many bytes.
    public static func check(path: String, header: History, bytes: Int) throws(ResultsError) {
        let header = Array(CSV.line(header.columns).utf8)
        guard let contents = FileManager.default.contents(atPath: path) else { throw ResultsError.cannotRead(path) }
        guard contents.starts(with: header) else {
            throw ResultsError(.unreadable, path: path, "has other columns than the run that is to go on")
        }
        guard contents.count >= bytes, bytes >= header.count, contents[bytes - 1] == UInt8(ascii: "\n") else {
            throw ResultsError(
                .unreadable, path: path, "was changed: it lacks rows that the checkpoint knows of")
        }
    }

    /// How many rows, and bytes, the file holds.
    public var position: (rows: Int, bytes: Int) { (rows, file.size) }

    /// Waits until what was written is on the disk.
    public func synchronize() throws(ResultsError) { try file.synchronize() }

    /// Writes a row. Throws when the disk is full, or when the row has not one number for each name in the header.
    public func append(_ row: History.Row) throws(ResultsError) {
        guard row.losses.count == history.terms.count, row.weights.count == history.terms.count,
            row.errors.count == history.unknowns.count, row.parameters.count == history.parameters.count,
            row.quantities.count == history.quantities.count
        else {
            throw ResultsError(
                .inconsistent, path: path,
                "the header names \(history.terms.count) terms, \(history.unknowns.count) unknowns, "
                    + "\(history.parameters.count) parameters and \(history.quantities.count) other numbers, but a row has "
                    + "\(row.losses.count) losses, \(row.weights.count) weights, \(row.errors.count) errors, "
                    + "\(row.parameters.count) parameters and \(row.quantities.count) other numbers"
            )
        }
        try file.write(Array(CSV.line(row.cells).utf8))
        rows += 1
    }
}

extension History {
    /// Columns that every file has.
    static let fixedColumns = ["step", "stage", "seconds", "loss", "rate"]
    static let lossPrefix = "loss_"
    static let weightPrefix = "weight_"
    static let errorPrefix = "relative_l2_"
    static let parameterPrefix = "parameter_"
    static let quantityPrefix = "method_"

    /// The header.
    var columns: [String] {
        History.fixedColumns + terms.map { History.lossPrefix + $0 } + terms.map { History.weightPrefix + $0 }
            + unknowns.map { History.errorPrefix + $0 } + parameters.map { History.parameterPrefix + $0 }
            + quantities.map { History.quantityPrefix + $0 }
    }
}

extension History.Row {
    /// The cells, in the order of the header.
    var cells: [String] {
        func cell(_ value: Double) -> String { value.isNaN ? "" : "\(value)" }
        return [String(step), String(stage), cell(seconds), cell(loss), cell(rate)]
            + (losses + weights + errors + parameters + quantities).map(cell)
    }
}
