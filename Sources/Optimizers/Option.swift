/// A value that a user may set.
public struct OptionDescription: Sendable, Equatable {
    /// What values an option takes.
    public enum Kind: Sendable, Equatable {
        /// A real number; integers are accepted.
        case number
        /// An integer.
        case integer
        /// `true` or `false`.
        case truth
        /// One of these words.
        case choice([String])
    }

    /// The name; a dot stands for a table: `stop.gradient` is `gradient` in the table `stop`.
    public let name: String
    /// What values it takes.
    public let kind: Kind
    /// The value when none is given.
    public let defaultValue: OptionValue
    /// Numbers that are allowed; `nil` allows every finite one.
    public let range: OptionRange?
    /// One line.
    public let help: String

    /// A real number.
    public static func number(
        _ name: String, default value: Double, in range: OptionRange? = nil, help: String
    ) -> OptionDescription {
        OptionDescription(name: name, kind: .number, defaultValue: .number(value), range: range, help: help)
    }

    /// An integer.
    public static func integer(
        _ name: String, default value: Int, in range: OptionRange? = nil, help: String
    ) -> OptionDescription {
        OptionDescription(name: name, kind: .integer, defaultValue: .integer(value), range: range, help: help)
    }

    /// A yes or no.
    public static func truth(_ name: String, default value: Bool, help: String) -> OptionDescription {
        OptionDescription(name: name, kind: .truth, defaultValue: .truth(value), range: nil, help: help)
    }

    /// One of a few words.
    public static func choice(
        _ name: String, of words: [String], default value: String, help: String
    ) -> OptionDescription {
        precondition(words.contains(value), "the default is one of the words")
        return OptionDescription(
            name: name, kind: .choice(words), defaultValue: .word(value), range: nil, help: help)
    }
}

/// A value of an option.
public enum OptionValue: Sendable, Equatable, CustomStringConvertible {
    /// A real number.
    case number(Double)
    /// An integer.
    case integer(Int)
    /// A yes or no.
    case truth(Bool)
    /// A word.
    case word(String)

    /// The value as written in a problem file, words without quotes.
    public var description: String {
        switch self {
        case .number(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .truth(let value): "\(value)"
        case .word(let value): value
        }
    }
}

/// An interval of numbers.
public struct OptionRange: Sendable, Equatable, CustomStringConvertible {
    /// The lower end; `nil` for none.
    public let lower: Double?
    /// Whether the lower end belongs to the interval.
    public let includesLower: Bool
    /// The upper end; `nil` for none.
    public let upper: Double?
    /// Whether the upper end belongs to the interval.
    public let includesUpper: Bool

    /// Numbers from `value` on.
    public static func atLeast(_ value: Double) -> OptionRange {
        OptionRange(lower: value, includesLower: true, upper: nil, includesUpper: false)
    }

    /// Numbers above `value`.
    public static func above(_ value: Double) -> OptionRange {
        OptionRange(lower: value, includesLower: false, upper: nil, includesUpper: false)
    }

    /// Numbers from `lower` to `upper` without `upper`.
    public static func from(_ lower: Double, below upper: Double) -> OptionRange {
        OptionRange(lower: lower, includesLower: true, upper: upper, includesUpper: false)
    }

    /// Numbers from `lower` to `upper`.
    public static func from(_ lower: Double, to upper: Double) -> OptionRange {
        OptionRange(lower: lower, includesLower: true, upper: upper, includesUpper: true)
    }

    /// Numbers above `lower`, up to and with `upper`.
    public static func above(_ lower: Double, to upper: Double) -> OptionRange {
        OptionRange(lower: lower, includesLower: false, upper: upper, includesUpper: true)
    }

    /// Numbers between `lower` and `upper` without these.
    public static func between(_ lower: Double, and upper: Double) -> OptionRange {
        OptionRange(lower: lower, includesLower: false, upper: upper, includesUpper: false)
    }

    /// Whether the number is finite and in the interval.
    public func contains(_ value: Double) -> Bool {
        guard value.isFinite else { return false }
        if let lower, value < lower || (value == lower && !includesLower) { return false }
        if let upper, value > upper || (value == upper && !includesUpper) { return false }
        return true
    }

    /// The interval in words: `at least 0 and below 1`.
    public var description: String {
        func text(_ value: Double) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }
        let parts = [
            lower.map { (includesLower ? "at least " : "above ") + text($0) },
            upper.map { (includesUpper ? "at most " : "below ") + text($0) },
        ]
        return parts.compactMap { $0 }.joined(separator: " and ")
    }
}
