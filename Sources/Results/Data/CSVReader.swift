import Foundation

/// Reads columns of numbers from a table of comma-separated values (RFC 4180), record by record.
///
/// The first record names the columns. Blank lines and lines that begin with `#` are skipped; numbers are written as in
/// C, whatever the language of the machine.
struct CSVReader {
    private let path: String
    private let records: CSVRecords

    init(_ path: String) throws(ResultsError) {
        self.path = path
        records = try CSVRecords(path)
    }

    /// The names of the columns.
    func header() throws(ResultsError) -> [String] {
        guard try records.next() else {
            throw ResultsError(.unreadable, path: path, "is empty, where a line with the names of columns is needed")
        }
        let names = (0..<records.cellCount).map { records.text($0).trimmingCharacters(in: .whitespaces) }
        if names.allSatisfy({ Double($0) != nil }) {
            throw ResultsError(
                .unreadable, path: path,
                "line \(records.line) holds numbers, where the names of the columns are needed; "
                    + "put a line such as x,y,u above them\(records.commentHint)")
        }
        if names.count == 1, let separator = ";\t".first(where: { names[0].contains($0) }) {
            let word = separator == ";" ? "semicolons" : "tabs"
            throw ResultsError(
                .unreadable, path: path, "separates columns by \(word); separate them by commas, with points in numbers"
            )
        }
        var seen: Set<String> = []
        for name in names where !name.isEmpty && !seen.insert(name).inserted {
            throw ResultsError(.unreadable, path: path, "has two columns called '\(name)'")
        }
        return names
    }

    /// The numbers in some columns, in the order given.
    ///
    /// Throws when a column is missing, a row is longer or shorter than the header, or a cell of these columns is not a
    /// number: the message names line, column and text.
    func columns(_ names: [String]) throws(ResultsError) -> [[Double]] {
        let header = try header()
        let places = try names.map { name throws(ResultsError) in
            guard let place = header.firstIndex(of: name) else {
                throw ResultsError.missing(name, "column", among: header, path: path)
            }
            return place
        }
        var columns = names.map { _ in [Double]() }
        while try records.next() {
            guard records.cellCount == header.count else {
                throw ResultsError(
                    .wrongShape, path: path,
                    "line \(records.line) has \(records.cellCount) cell\(records.cellCount == 1 ? "" : "s"), "
                        + "the header has \(header.count)")
            }
            for (index, place) in places.enumerated() {
                guard let number = records.number(place) else {
                    let text = records.text(place).trimmingCharacters(in: .whitespaces)
                    let found = text.isEmpty ? "the cell is empty" : "'\(text.prefix(40))' is not a number"
                    throw ResultsError(
                        .unreadable, path: path,
                        "line \(records.line), column \(place + 1) ('\(names[index])'): \(found)")
                }
                columns[index].append(number)
            }
        }
        return columns
    }
}

/// Cuts a stream of bytes into records and cells.
private final class CSVRecords {
    private let path: String
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    /// Where the next record begins in the buffer.
    private var position = 0
    private var isAtEnd = false
    private var nextLine = 1
    private var cells: [(start: Int, end: Int, isQuoted: Bool)] = []
    private var lastComment = ""

    /// The line on which the present record begins.
    private(set) var line = 1

    private static let chunk = 1 << 20
    /// A longer record is a quote that was never closed.
    private static let longestRecord = 1 << 26

    init(_ path: String) throws(ResultsError) {
        self.path = path
        guard let handle = FileHandle(forReadingAtPath: path) else { throw ResultsError.cannotRead(path) }
        self.handle = handle
        try refill()
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    var cellCount: Int { cells.count }

    /// Help for tables whose header was written as a comment, as `numpy.savetxt` does.
    var commentHint: String {
        lastComment.contains(",") ? ", or remove the '#' before '\(lastComment.prefix(40))'" : ""
    }

    /// Goes to the next record; false at the end of the file.
    func next() throws(ResultsError) -> Bool {
        while true {
            guard try hasMore() else { return false }
            line = nextLine
            switch buffer[position] {
            case UInt8(ascii: "\n"):
                position += 1
                nextLine += 1
            case UInt8(ascii: "\r"):
                position += 1
                if try !hasMore() || buffer[position] != UInt8(ascii: "\n") { nextLine += 1 }
            case UInt8(ascii: "#"): try skipComment()
            default:
                while try !cut() { try refill() }
                return true
            }
        }
    }

    private func hasMore() throws(ResultsError) -> Bool {
        while position >= buffer.count {
            if isAtEnd { return false }
            try refill()
        }
        return true
    }

    private func skipComment() throws(ResultsError) {
        var text: [UInt8] = []
        while try hasMore(), buffer[position] != UInt8(ascii: "\n"), buffer[position] != UInt8(ascii: "\r") {
            if text.count < 200, buffer[position] != UInt8(ascii: "#") { text.append(buffer[position]) }
            position += 1
        }
        lastComment = String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespaces)
    }

    /// Drops what has been read and appends the next piece of the file.
    private func refill() throws(ResultsError) {
        buffer.removeFirst(position)
        position = 0
        guard buffer.count < Self.longestRecord else {
            throw ResultsError(.unreadable, path: path, "line \(line): a quote is never closed")
        }
        guard let data = try? handle.read(upToCount: Self.chunk) ?? Data() else { throw ResultsError.cannotRead(path) }
        if data.isEmpty { isAtEnd = true } else { buffer.append(contentsOf: data) }
    }

    /// Cuts the record at `position` into cells and goes behind it; false if the buffer does not hold all of it.
    private func cut() throws(ResultsError) -> Bool {
        cells.removeAll(keepingCapacity: true)
        let outcome: Scan = buffer.withUnsafeBufferPointer { scan($0) }
        switch outcome {
        case .complete(let end, let lines):
            position = end
            nextLine += lines
            return true
        case .incomplete: return false
        case .openQuote: throw ResultsError(.unreadable, path: path, "line \(line): a quote is never closed")
        case .textAfterQuote:
            throw ResultsError(
                .unreadable, path: path, "line \(line), column \(cells.count + 1): text follows a closing quote")
        }
    }

    private enum Scan {
        case complete(end: Int, lines: Int)
        case incomplete
        case openQuote
        case textAfterQuote
    }

    private func scan(_ bytes: UnsafeBufferPointer<UInt8>) -> Scan {
        let (comma, quote) = (UInt8(ascii: ","), UInt8(ascii: "\""))
        let (feed, carriage, space) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: " "))
        var lines = 0
        var index = position
        while true {
            // One cell.
            while index < bytes.count, bytes[index] == space { index += 1 }
            var start = index
            var end = index
            let isQuoted = index < bytes.count && bytes[index] == quote
            if isQuoted {
                start += 1
                index += 1
                while true {
                    guard index < bytes.count else { return isAtEnd ? .openQuote : .incomplete }
                    if bytes[index] == quote {
                        guard index + 1 < bytes.count || isAtEnd else { return .incomplete }
                        guard index + 1 < bytes.count, bytes[index + 1] == quote else { break }
                        index += 1
                    } else if bytes[index] == feed {
                        lines += 1
                    }
                    index += 1
                }
                end = index
                index += 1
                while index < bytes.count, bytes[index] == space { index += 1 }
                if index < bytes.count, bytes[index] != comma, bytes[index] != feed, bytes[index] != carriage {
                    return .textAfterQuote
                }
            } else {
                while index < bytes.count, bytes[index] != comma, bytes[index] != feed, bytes[index] != carriage {
                    index += 1
                }
                end = index
            }
            guard index < bytes.count || isAtEnd else { return .incomplete }
            cells.append((start, end, isQuoted))
            if index >= bytes.count { return .complete(end: index, lines: lines) }
            let separator = bytes[index]
            index += 1
            if separator == comma { continue }
            if separator == carriage {
                guard index < bytes.count || isAtEnd else { return .incomplete }
                if index < bytes.count, bytes[index] == feed { index += 1 }
            }
            return .complete(end: index, lines: lines + 1)
        }
    }

    /// The text of a cell of the present record, quotes undone.
    func text(_ index: Int) -> String {
        let cell = cells[index]
        let text = String(decoding: buffer[cell.start..<cell.end], as: UTF8.self)
        return cell.isQuoted
            ? text.split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"") : text
    }

    /// The number in a cell of the present record; nil if it is none.
    func number(_ index: Int) -> Double? {
        let cell = cells[index]
        return buffer.withUnsafeBufferPointer { DecimalNumber.parse($0[cell.start..<cell.end]) }
    }
}
