import Expressions

/// Where a key or a value was written: a stretch of a source text, or nowhere for values built in a program.
///
/// Lines and columns count from 1, columns count code points, the end is exclusive. Two values are compared without
/// their origins, so an origin takes no part in equality.
public struct Origin: Sendable {
    /// The text, nil for a value that was built in a program or filled in as a default.
    public let source: SourceText?
    /// The line and column at which the stretch begins.
    public let line: Int, column: Int
    /// The line and column just after the stretch.
    public let endLine: Int, endColumn: Int

    /// A stretch of a text.
    public init(_ source: SourceText?, line: Int, column: Int, endLine: Int, endColumn: Int) {
        self.source = source
        self.line = line
        self.column = column
        self.endLine = endLine
        self.endColumn = endColumn
    }

    /// The origin of values that no text holds.
    public static let none = Origin(nil, line: 0, column: 0, endLine: 0, endColumn: 0)

    /// A complaint that points here.
    ///
    /// `range` marks a part of a string value by UTF-8 offsets into the string, not into its quoted and escaped form.
    public func diagnostic(
        _ severity: Diagnostic.Severity, _ message: String, at range: SourceRange? = nil, hint: String? = nil
    ) -> Diagnostic {
        guard let source else { return Diagnostic(severity, message, hint: hint) }
        let place = range.map { mapped($0, in: source) } ?? self
        let length = place.line == place.endLine ? place.endColumn - place.column : Int.max
        return Diagnostic(
            severity, message, hint: hint, file: source.name, isSetting: source.kind == .setting, line: place.line,
            column: place.column, length: length, sourceLine: source.line(place.line))
    }

    /// The stretch of the text that a part of a string value was written as.
    private func mapped(_ range: SourceRange, in source: SourceText) -> Origin {
        let literal = StringLiteral(source.text, at: source.offset(line: line, column: column))
        let lower = source.position(of: literal.sourceOffset(of: range.lower))
        let upper = source.position(of: literal.sourceOffset(of: range.upper))
        return Origin(source, line: lower.line, column: lower.column, endLine: upper.line, endColumn: upper.column)
    }
}
