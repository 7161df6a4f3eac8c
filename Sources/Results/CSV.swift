/// Comma-separated values as in RFC 4180.
package enum CSV {
    /// A line with its line feed; cells are quoted where they must be.
    package static func line(_ cells: [String]) -> String {
        cells.map(quoted).joined(separator: ",") + "\n"
    }

    private static func quoted(_ cell: String) -> String {
        guard cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
        return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// The rows of a text. A last line without line feed is kept; a quote that is never closed gives `nil`.
    static func rows(_ text: String) -> [[String]]? {
        var rows: [[String]] = []
        var cells: [String] = []
        var cell = ""
        var isQuoted = false
        var index = text.startIndex
        func next() -> Character? { index < text.endIndex ? text[index] : nil }
        while let character = next() {
            index = text.index(after: index)
            if isQuoted {
                if character != "\"" {
                    cell.append(character)
                } else if next() == "\"" {
                    cell.append("\"")
                    index = text.index(after: index)
                } else {
                    isQuoted = false
                }
            } else if character == "\"", cell.isEmpty {
                isQuoted = true
            } else if character == "," {
                cells.append(cell)
                cell = ""
            } else if character.isNewline {
                rows.append(cells + [cell])
                cells = []
                cell = ""
            } else {
                cell.append(character)
            }
        }
        if isQuoted { return nil }
        if !cell.isEmpty || !cells.isEmpty { rows.append(cells + [cell]) }
        return rows
    }
}
