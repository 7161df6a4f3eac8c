/// A range of UTF-8 byte offsets into the text an expression was written in.
public struct SourceRange: Hashable, Sendable {
    /// Offset of the first byte.
    public var lower: Int
    /// Offset just behind the last byte.
    public var upper: Int

    /// Creates the range `lower..<upper`.
    public init(lower: Int, upper: Int) {
        self.lower = lower
        self.upper = max(lower, upper)
    }

    /// The smallest range that covers both.
    public func union(_ other: SourceRange) -> SourceRange {
        SourceRange(lower: min(lower, other.lower), upper: max(upper, other.upper))
    }

    /// The range of a thing that was not written in any text.
    public static let none = SourceRange(lower: 0, upper: 0)
}

/// One slip in a text: what is wrong, where, and, when known, a way out.
public struct ExpressionIssue: Error, Hashable, Sendable {
    /// What is wrong, one line without a full stop.
    public var message: String
    /// Where it is wrong, in byte offsets of the text that was read.
    public var range: SourceRange
    /// A way out, such as `did you mean 'u_x', the derivative of u along x?`.
    public var hint: String?

    /// Creates an issue.
    public init(message: String, range: SourceRange, hint: String? = nil) {
        self.message = message
        self.range = range
        self.hint = hint
    }
}

/// All slips found in one text, in the order of their places; never empty.
public struct ExpressionErrors: Error, Hashable, Sendable {
    /// The slips.
    public let issues: [ExpressionIssue]

    /// Creates the error from at least one issue.
    public init(_ issues: [ExpressionIssue]) {
        precondition(!issues.isEmpty, "an error needs at least one issue")
        self.issues = issues.sorted { ($0.range.lower, $0.range.upper) < ($1.range.lower, $1.range.upper) }
    }

    /// Creates the error of a single slip.
    public init(_ message: String, at range: SourceRange = .none, hint: String? = nil) {
        issues = [ExpressionIssue(message: message, range: range, hint: hint)]
    }
}

extension ExpressionErrors: CustomStringConvertible {
    /// The messages, one per line, each with its byte range.
    public var description: String {
        issues.map { "\($0.range.lower)-\($0.range.upper): \($0.message)" + ($0.hint.map { " (\($0))" } ?? "") }
            .joined(separator: "\n")
    }
}
