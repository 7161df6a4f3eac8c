import Foundation

extension History {
    /// Reads a `history.csv`, also of a run that is still going: a last line that is not complete is left out.
    public init(contentsOf path: String) throws(ResultsError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ResultsError.cannotRead(path)
        }
        // Cutting after the last line feed drops a row that is being written.
        let complete = data.lastIndex(of: UInt8(ascii: "\n")).map { data[...$0] } ?? Data()
        guard let table = CSV.rows(String(decoding: complete, as: UTF8.self)), let header = table.first else {
            throw ResultsError(.unreadable, path: path, "is not a history: it has no header line")
        }
        func names(_ prefix: String) -> [String] {
            header.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        }
        self.init(
            terms: names(History.lossPrefix), unknowns: names(History.errorPrefix),
            parameters: names(History.parameterPrefix), quantities: names(History.quantityPrefix))
        guard header == columns else {
            throw ResultsError(
                .unreadable, path: path,
                "is not a history of version \(History.schemaVersion): its columns are \(header.joined(separator: ", "))"
            )
        }
        for (index, cells) in table.enumerated().dropFirst() {
            let numbers = cells.map { $0.isEmpty ? Double.nan : Double($0) }
            guard cells.count == header.count, let step = Int(cells[0]), let stage = Int(cells[1]),
                !numbers.contains(nil)
            else {
                throw ResultsError(.unreadable, path: path, "line \(index + 1) is not a row of \(header.count) numbers")
            }
            let values = numbers.compactMap { $0 }
            let fixed = History.fixedColumns.count
            let known = fixed + 2 * terms.count + unknowns.count
            let others = known + parameters.count
            rows.append(
                Row(
                    step: step, stage: stage, seconds: values[2], loss: values[3], rate: values[4],
                    losses: Array(values[fixed..<fixed + terms.count]),
                    weights: Array(values[fixed + terms.count..<fixed + 2 * terms.count]),
                    errors: Array(values[fixed + 2 * terms.count..<known]), parameters: Array(values[known..<others]),
                    quantities: Array(values[others...])))
        }
    }
}

extension ResultsError {
    /// Tells a file that is not there from one that cannot be read.
    static func cannotRead(_ path: String) -> ResultsError {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            return ResultsError(.missingFile, path: path, "there is no such file")
        }
        return ResultsError(
            .unreadable, path: path, isFolder.boolValue ? "is a folder, not a file" : "cannot be read: no permission")
    }
}
