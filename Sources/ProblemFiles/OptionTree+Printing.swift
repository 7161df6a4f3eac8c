extension OptionTree {
    /// The table as TOML text, which reads back to an equal table.
    ///
    /// Tables at the top become sections; those inside `method`, `output`, `variants` and `domain` become sections of
    /// their own, arrays of tables there repeated ones; everything deeper is written in place.
    public var tomlText: String {
        var sections = [TOMLText.keyLines(entries.filter { !$0.tree.isTable })]
        for entry in entries where entry.tree.isTable {
            sections += TOMLText.sections(entry)
        }
        return sections.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// The value in one line, as it stands after a `=`.
    public var inlineText: String {
        switch content {
        case .integer(let integer): return String(integer)
        case .number(let number): return number.isNaN ? "nan" : "\(number)"
        case .boolean(let boolean): return boolean ? "true" : "false"
        case .text(let text): return TOMLText.quoted(text)
        case .moment(let text): return text
        case .list(let elements): return "[" + elements.map(\.inlineText).joined(separator: ", ") + "]"
        case .table(let entries):
            guard !entries.isEmpty else { return "{}" }
            return "{ "
                + entries.map { "\(TOMLText.key($0.key)) = \($0.tree.inlineText)" }.joined(separator: ", ") + " }"
        }
    }
}

private enum TOMLText {
    static let deepSections: Set<String> = ["method", "output", "variants", "domain"]

    /// A section and those inside it, each as text that ends with a line end.
    static func sections(_ entry: OptionTree.Entry) -> [String] {
        let name = key(entry.key)
        guard deepSections.contains(entry.key) else {
            return ["[\(name)]\n" + keyLines(entry.tree.entries)]
        }
        var plain: [OptionTree.Entry] = []
        var inner: [String] = []
        for child in entry.tree.entries {
            let path = "\(name).\(key(child.key))"
            if child.tree.isTable, !(entry.key == "domain" && child.key != "faces") {
                inner.append("[\(path)]\n" + keyLines(child.tree.entries))
            } else if let elements = child.tree.elements, !elements.isEmpty, elements.allSatisfy(\.isTable) {
                inner += elements.map { "[[\(path)]]\n" + keyLines($0.entries) }
            } else {
                plain.append(child)
            }
        }
        return (plain.isEmpty && !inner.isEmpty ? [] : ["[\(name)]\n" + keyLines(plain)]) + inner
    }

    /// Lines `key = value` with the signs below each other.
    static func keyLines(_ entries: [OptionTree.Entry]) -> String {
        let keys = entries.map { key($0.key) }
        let width = keys.map(\.count).max() ?? 0
        return zip(keys, entries).map { key, entry in
            key + String(repeating: " ", count: width - key.count) + " = " + entry.tree.inlineText + "\n"
        }.joined()
    }

    static func key(_ key: String) -> String {
        let isBare =
            !key.isEmpty
            && key.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        return isBare ? key : quoted(key, escaped: true)
    }

    /// A string: plain in double quotes, literal in single quotes when that saves escapes.
    static func quoted(_ text: String, escaped: Bool = false) -> String {
        let hasControls = text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        let isAwkward = text.contains { $0 == "\"" || $0 == "\\" }
        if !hasControls, isAwkward, !text.contains("'"), !escaped { return "'\(text)'" }
        guard hasControls || isAwkward else { return "\"\(text)\"" }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            default:
                if scalar.properties.generalCategory == .control {
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
