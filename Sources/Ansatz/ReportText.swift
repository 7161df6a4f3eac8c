/// The columns of reports.
enum ReportText {
    /// `  title              text`, the second column at a fixed place.
    static func row(_ title: String, _ text: String, width: Int = 19) -> String {
        "  " + padded(title, width) + text
    }

    /// The text filled up with blanks, and always followed by at least two unless the width is zero.
    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, min(width, 2)))
    }

    /// Rows of cells in columns that are as wide as their widest cell, two blanks between them, none at the end.
    ///
    /// Cells longer than `widest` do not widen their column; what follows them is pushed to the right.
    static func table(_ rows: [[String]], margin: String = "  ", widest: Int = .max) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.compactMap { column < $0.count ? $0[column].count : nil }.filter { $0 <= widest }.max() ?? 0
        }
        return rows.map { cells in
            var line = margin
            for (column, cell) in cells.enumerated() where widths[column] > 0 || !cell.isEmpty {
                line += cell
                guard column + 1 < cells.count else { continue }
                line += String(repeating: " ", count: max(widths[column] - cell.count, 0) + 2)
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }
}
