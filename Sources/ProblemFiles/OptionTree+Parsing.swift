import CTOML

extension OptionTree {
    /// The deepest nesting of arrays and inline tables that is accepted.
    static let deepestNesting = 48

    /// Reads TOML: one table, its keys in the order of the text, every key and value with its place.
    package static func parse(_ source: SourceText) throws(ProblemErrors) -> OptionTree {
        try parse(source, text: source.text, shift: 0)
    }

    /// Reads TOML whose first line is, in the source, preceded by `shift` more columns.
    static func parse(_ source: SourceText, text: String, shift: Int) throws(ProblemErrors) -> OptionTree {
        var text = text
        let document = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { ansatz_toml_parse($0.baseAddress, $0.count) }
        }
        guard let document else {
            throw ProblemErrors([Diagnostic(.error, "out of memory", file: source.name)])
        }
        defer { ansatz_toml_free(document) }
        if let message = ansatz_toml_error(document) {
            let origin = Origin(source, ansatz_toml_error_region(document), shift)
            throw ProblemErrors([TOMLComplaint.diagnostic(String(cString: message), at: origin)])
        }
        let entries = UnsafeBufferPointer(start: ansatz_toml_entries(document), count: ansatz_toml_count(document))
        return TreeBuilder(source: source, shift: shift, entries: entries).tree()
    }
}

/// Turns the flat list of the parser into a tree in the order of the text.
private struct TreeBuilder {
    let source: SourceText
    let shift: Int
    let entries: UnsafeBufferPointer<ansatz_toml_entry>
    private let children: [[Int]]

    init(source: SourceText, shift: Int, entries: UnsafeBufferPointer<ansatz_toml_entry>) {
        self.source = source
        self.shift = shift
        self.entries = entries
        var children = Array(repeating: [Int](), count: entries.count)
        for (index, entry) in entries.enumerated() where entry.parent >= 0 {
            children[Int(entry.parent)].append(index)
        }
        // The parser keeps keys sorted by name; the order of the text is that of the key positions.
        for index in children.indices where entries[index].kind == ANSATZ_TOML_TABLE {
            children[index].sort { first, second in
                let left = entries[first].key_region, right = entries[second].key_region
                return (left.begin_line, left.begin_column) < (right.begin_line, right.begin_column)
            }
        }
        self.children = children
    }

    func tree() -> OptionTree { entries.isEmpty ? .empty : tree(0) }

    private func tree(_ index: Int) -> OptionTree {
        let entry = entries[index]
        var tree = OptionTree(content(index), origin: origin(index))
        tree.isInline = entry.is_inline != 0
        return tree
    }

    private func content(_ index: Int) -> OptionTree.Content {
        let entry = entries[index]
        switch entry.kind {
        case ANSATZ_TOML_TABLE:
            return .table(
                children[index].map { child in
                    OptionTree.Entry(
                        string(entries[child].key, entries[child].key_length), tree(child), keyOrigin: keyOrigin(child))
                })
        case ANSATZ_TOML_ARRAY: return .list(children[index].map(tree))
        case ANSATZ_TOML_STRING: return .text(string(entry.text, entry.text_length))
        case ANSATZ_TOML_INTEGER: return .integer(Int(entry.integer))
        case ANSATZ_TOML_FLOAT: return .number(entry.number)
        case ANSATZ_TOML_BOOLEAN: return .boolean(entry.integer != 0)
        default: return .moment(string(entry.text, entry.text_length))
        }
    }

    /// The place of a value; for a table or an array of tables under headers, the (first) header.
    private func origin(_ index: Int) -> Origin {
        let entry = entries[index]
        if entry.kind == ANSATZ_TOML_ARRAY, let first = children[index].first,
            entries[first].kind == ANSATZ_TOML_TABLE, entries[first].is_inline == 0
        {
            return origin(first)
        }
        return Origin(source, entry.region, shift)
    }

    /// The place of a key; for a table under a header, the header with its brackets.
    private func keyOrigin(_ index: Int) -> Origin {
        let key = Origin(source, entries[index].key_region, shift)
        let kind = entries[index].kind
        guard kind == ANSATZ_TOML_TABLE || kind == ANSATZ_TOML_ARRAY, entries[index].is_inline == 0 else { return key }
        let value = origin(index)
        let isHeader = (value.line, value.column) < (key.line, key.column)
        return isHeader && value.line == key.line ? value : key
    }

    private func string(_ bytes: UnsafePointer<CChar>?, _ count: Int) -> String {
        guard let bytes else { return "" }
        return bytes.withMemoryRebound(to: UInt8.self, capacity: count) {
            String(decoding: UnsafeBufferPointer(start: $0, count: count), as: UTF8.self)
        }
    }
}

extension Origin {
    /// The place that the parser reports; `shift` columns precede the first line of what it read.
    fileprivate init(_ source: SourceText, _ region: ansatz_toml_region, _ shift: Int) {
        self.init(
            source, line: Int(region.begin_line),
            column: Int(region.begin_column) + (region.begin_line == 1 ? shift : 0),
            endLine: Int(region.end_line), endColumn: Int(region.end_column) + (region.end_line == 1 ? shift : 0))
    }
}

/// Says the parser's complaints in the words of this program.
private enum TOMLComplaint {
    static func diagnostic(_ message: String, at origin: Origin) -> Diagnostic {
        var activity = ""
        var message = message
        let prefix = "Error while parsing "
        if message.hasPrefix(prefix), let colon = message.firstRange(of: ": ") {
            activity = String(message[message.index(message.startIndex, offsetBy: prefix.count)..<colon.lowerBound])
            message = String(message[colon.upperBound...])
        }
        let line = origin.source?.line(origin.line) ?? ""
        if message.hasPrefix("cannot redefine existing"), let name = message.split(separator: "'").dropFirst().first {
            let indentation = line.unicodeScalars.prefix { $0 == " " || $0 == "\t" }.count
            let isHeader = line.unicodeScalars.dropFirst(indentation).first == "["
            let end = isHeader ? line.unicodeScalars.count + 1 : origin.column
            let key = Origin(
                origin.source, line: origin.line, column: indentation + 1, endLine: origin.line,
                endColumn: max(end, indentation + 2))
            return key.diagnostic(.error, "the key '\(name)' is given twice")
        }
        if message.contains("maximum nested value depth") {
            return origin.diagnostic(.error, "arrays and tables are nested more than \(OptionTree.deepestNesting) deep")
        }
        if message == "could not determine value type" {
            return origin.diagnostic(.error, "this is not a value", hint: "text needs quotes: 'like this'")
        }
        let isAtLineEnd = origin.column > line.unicodeScalars.count
        if activity.hasSuffix("string"), isAtLineEnd {
            return origin.diagnostic(
                .error, "the string does not end on this line", hint: "close it with the quote it began with")
        }
        if activity == "inline table", isAtLineEnd {
            return origin.diagnostic(.error, "a table in braces ends on the line on which it begins")
        }
        if message == "encountered end-of-file" {
            return origin.diagnostic(.error, "the text ends too early (in: \(activity))")
        }
        if message.hasPrefix("expected keys, tables, whitespace or comments") {
            return origin.diagnostic(
                .error, "a key or a [section] must begin here",
                hint: "keys other than letters, digits, '_' and '-' need quotes")
        }
        return origin.before(message, in: line).diagnostic(
            .error, activity.isEmpty ? message : "\(message) (in: \(activity))")
    }
}

extension Origin {
    /// The word that a message quotes first, if it ends just before this place.
    fileprivate func before(_ message: String, in line: String) -> Origin {
        guard message.hasPrefix("'"), let word = message.split(separator: "'").first else { return self }
        let count = word.unicodeScalars.count
        let start = column - 1 - count
        guard start >= 0, line.unicodeScalars.dropFirst(start).starts(with: word.unicodeScalars) else { return self }
        return Origin(source, line: self.line, column: start + 1, endLine: self.line, endColumn: column)
    }
}
