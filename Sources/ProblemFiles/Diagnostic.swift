/// A complaint about input: what is wrong, where, and a way out.
///
/// `description` is what a user reads:
///
/// ```text
/// burgers.toml:17:20: error: 'ux' is not declared
///    17 | burgers = 'u_t + u*ux = nu*u_xx'
///       |                    ^^
///    did you mean 'u_x', the derivative of u along x?
/// ```
public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
    /// How bad it is.
    public enum Severity: String, Sendable {
        /// The input cannot be used.
        case error
        /// The input can be used, but something in it is probably not meant.
        case warning
    }

    /// How bad it is.
    public var severity: Severity
    /// One sentence without a full stop.
    public var message: String
    /// A way out: a suggestion, or what the rule is. May have several lines.
    public var hint: String?
    /// The path of the file as the user wrote it, the key of a `--set`, or nil when the complaint is about no text.
    public var file: String?
    /// Whether `file` is the key of a `--set`.
    public var isSetting: Bool
    /// The line, from 1; 0 when the complaint is about the file as a whole.
    public var line: Int
    /// The column in code points, from 1.
    public var column: Int
    /// How many code points to mark; clamped to the line.
    public var length: Int
    /// The text of the line.
    public var sourceLine: String?

    /// A complaint about a stretch of a text, or without a place when `line` is 0.
    public init(
        _ severity: Severity, _ message: String, hint: String? = nil, file: String? = nil, isSetting: Bool = false,
        line: Int = 0, column: Int = 0, length: Int = 0, sourceLine: String? = nil
    ) {
        self.severity = severity
        self.message = message
        self.hint = hint
        self.file = file
        self.isSetting = isSetting
        self.line = line
        self.column = column
        self.length = length
        self.sourceLine = sourceLine
    }

    /// The complaint as the user reads it, without a line end.
    public var description: String {
        var lines = ["\(place)\(severity.rawValue): \(message.printable)"]
        if line > 0, let sourceLine {
            lines += markedLine(sourceLine)
        }
        if let hint {
            lines += hint.split(separator: "\n").map { "   " + String($0).printable }
        }
        return lines.joined(separator: "\n")
    }

    private var place: String {
        guard let file else { return "" }
        if isSetting { return "--set \(file.printable)=…: " }
        return line > 0 ? "\(file.printable):\(line):\(column): " : "\(file.printable): "
    }

    /// The line with its number, and the mark below it.
    private func markedLine(_ sourceLine: String) -> [String] {
        let number = isSetting ? "" : String(line)
        let margin = String(repeating: " ", count: max(0, 5 - number.count)) + number
        var scalars = Array(sourceLine.unicodeScalars)
        var start = min(max(0, column - 1), scalars.count)
        var count = min(max(1, length), max(1, scalars.count - start))
        // Of a very long line only the neighbourhood of the mark is shown.
        let widest = 160
        if scalars.count > widest {
            let first = max(0, start - 60)
            let last = min(scalars.count, first + widest)
            scalars =
                (first > 0 ? ["…"] : []) + scalars[first..<last] + (last < sourceLine.unicodeScalars.count ? ["…"] : [])
            start += (first > 0 ? 1 : 0) - first
            count = min(count, max(1, scalars.count - start))
        }
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        var mark = ""
        for scalar in scalars[..<start] { mark += scalar == "\t" ? "\t" : " " }
        mark += String(repeating: "^", count: count)
        return ["\(margin) | \(text.printable)", "      | \(mark)"]
    }
}

extension String {
    /// The text with control characters other than tabs replaced, so that input cannot steer a terminal.
    fileprivate var printable: String {
        guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control && $0 != "\t" }) else {
            return self
        }
        var result = ""
        for scalar in unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control && scalar != "\t"
            result.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
        }
        return result
    }
}

/// All that is wrong with a problem file; never without an error.
public struct ProblemErrors: Error, Sendable, CustomStringConvertible {
    /// Errors and warnings, in the order of the file.
    public let diagnostics: [Diagnostic]

    /// Gathers complaints: sorted by place, each said once.
    public init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics.inOrder
    }

    /// The complaints, an empty line between them.
    public var description: String {
        diagnostics.map(\.description).joined(separator: "\n\n")
    }
}

extension [Diagnostic] {
    /// Whether anything here makes the input unusable.
    public var hasErrors: Bool { contains { $0.severity == .error } }

    /// Sorted by place (complaints about settings last), without repetitions.
    public var inOrder: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        let unique = filter { seen.insert($0).inserted }
        return unique.enumerated().sorted { first, second in
            let left = (first.element.isSetting ? 1 : 0, first.element.line, first.element.column, first.offset)
            let right = (second.element.isSetting ? 1 : 0, second.element.line, second.element.column, second.offset)
            return left < right
        }.map(\.element)
    }
}
