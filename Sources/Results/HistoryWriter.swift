/// Writes `history.csv`, row by row; each row reaches the operating system before `append` returns.
///
/// See `History` for the schema. Not for use by several threads at a time.
public final class HistoryWriter {
    private let file: OutputFile
    private let path: String
    private let history: History

    /// Creates the file, or empties it, and writes the header.
    public init(path: String, terms: [String], unknowns: [String]) throws(ResultsError) {
        self.path = path
        history = History(terms: terms, unknowns: unknowns)
        file = try OutputFile(path: path)
        try file.write(Array(CSV.line(history.columns).utf8))
    }

    /// Writes a row. Throws when the disk is full, or when the row has not one number per term and unknown.
    public func append(_ row: History.Row) throws(ResultsError) {
        guard row.losses.count == history.terms.count, row.weights.count == history.terms.count,
            row.errors.count == history.unknowns.count
        else {
            throw ResultsError(
                .inconsistent, path: path,
                "the header names \(history.terms.count) terms and \(history.unknowns.count) unknowns, "
                    + "but a row has \(row.losses.count) losses, \(row.weights.count) weights and \(row.errors.count) errors"
            )
        }
        try file.write(Array(CSV.line(row.cells).utf8))
    }
}

extension History {
    /// Columns that every file has.
    static let fixedColumns = ["step", "stage", "seconds", "loss", "rate"]
    static let lossPrefix = "loss_"
    static let weightPrefix = "weight_"
    static let errorPrefix = "relative_l2_"

    /// The header.
    var columns: [String] {
        History.fixedColumns + terms.map { History.lossPrefix + $0 } + terms.map { History.weightPrefix + $0 }
            + unknowns.map { History.errorPrefix + $0 }
    }
}

extension History.Row {
    /// The cells, in the order of the header.
    var cells: [String] {
        func cell(_ value: Double) -> String { value.isNaN ? "" : "\(value)" }
        return [String(step), String(stage), cell(seconds), cell(loss), cell(rate)]
            + (losses + weights + errors).map(cell)
    }
}
