import Results

extension JSONValue {
    /// The value over several lines, two spaces per level.
    package var lines: String { lines(level: 0) }

    /// An object with one number per name.
    package static func numbers(_ values: [NamedValue]) -> JSONValue {
        .object(values.map { Member($0.name, .number($0.value)) })
    }

    /// The member of that name, if this is an object that has one.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    private func lines(level: Int) -> String {
        switch self {
        case .list(let values): enclosed("[", values.map { $0.lines(level: level + 1) }, "]", level)
        case .object(let members):
            enclosed(
                "{", members.map { JSONValue.text($0.name).description + ": " + $0.value.lines(level: level + 1) }, "}",
                level)
        default: description
        }
    }

    private func enclosed(_ open: String, _ parts: [String], _ close: String, _ level: Int) -> String {
        guard !parts.isEmpty else { return open + close }
        let margin = String(repeating: "  ", count: level)
        return open + "\n" + parts.map { margin + "  " + $0 }.joined(separator: ",\n") + "\n" + margin + close
    }
}
