/// The options that a section or a method understands: name, type, range, default and a line of help each.
///
/// The table is the only place where an option is declared. Unknown keys, nearest names, type and range checks, the
/// completed text of `check --resolved` and the listings all come from it:
///
/// ```swift
/// static let options = OptionTable("Adam: momentum and a running second moment per parameter", [
///     .integer("steps", .atLeast(1), default: 10_000, help: "optimizer steps"),
///     .number("rate", .positive, default: 1e-3, help: "step length"),
///     .choice("precision", ["float32", "float64"], default: "float64", help: "type of the moments"),
///     .list("layers", of: .integer(.atLeast(1)), default: [64, 64], help: "widths of the hidden layers"),
///     .table("stop", StoppingRule.options, help: "when to stop early"),
/// ])
/// ```
public struct OptionTable: Sendable {
    /// One line that says what the section or method is.
    public var summary: String
    /// The options in the order in which they are listed and printed.
    public var options: [Option]

    /// A table of options.
    public init(_ summary: String = "", _ options: [Option] = []) {
        self.summary = summary
        self.options = options
    }

    /// The option of a name.
    public subscript(name: String) -> Option? { options.first { $0.name == name } }

    /// A table that can be chosen by name: a method among its kind.
    public struct Choice: Sendable {
        /// The name by which a file chooses it.
        public var name: String
        /// What it understands; its summary is the line in listings.
        public var table: OptionTable

        /// A named table.
        public init(_ name: String, _ table: OptionTable) {
            self.name = name
            self.table = table
        }
    }

    /// The type of an option.
    public indirect enum Kind: Sendable {
        /// A whole number.
        case integer(Limits)
        /// A number, whole or not.
        case number(Limits)
        /// `true` or `false`.
        case boolean
        /// A string.
        case text
        /// One of some words.
        case choice([String])
        /// A time: "90 s", "10 min", "1 h"; a bare number is in seconds.
        case duration
        /// An expression in the language of equations; only its grammar is checked here.
        case expression
        /// An array of values of one type.
        case list(Kind)
        /// A table. With a shorthand, a plain value stands for the table with just that key.
        case table(OptionTable, shorthand: String?)
        /// A table whose own key `by` says which of several tables it follows. A plain string stands for the table
        /// with just that key.
        case oneOf([Choice], by: String, default: String?)
        /// A table with free keys (names of coordinates, say) and values of one type.
        case dictionary(Kind)
        /// Anything; whoever asks for it checks it.
        case anything
    }

    /// One option.
    public struct Option: Sendable {
        /// The key.
        public var name: String
        /// The type of its value.
        public var kind: Kind
        /// The value when the file gives none; nil when the option then stays unset.
        public var defaultValue: OptionTree?
        /// Whether a file must give it.
        public var isRequired: Bool
        /// What it means, in a line.
        public var help: String

        /// An option of any type.
        public init(
            _ name: String, _ kind: Kind, default defaultValue: OptionTree? = nil, isRequired: Bool = false,
            help: String
        ) {
            self.name = name
            self.kind = kind
            self.defaultValue = defaultValue
            self.isRequired = isRequired
            self.help = help
        }

        /// A whole number.
        public static func integer(
            _ name: String, _ limits: Limits = .any, default value: Int?, help: String
        ) -> Option {
            Option(name, .integer(limits), default: value.map { OptionTree(.integer($0)) }, help: help)
        }

        /// A number.
        public static func number(
            _ name: String, _ limits: Limits = .any, default value: Double?, help: String
        ) -> Option {
            Option(name, .number(limits), default: value.map { OptionTree(.number($0)) }, help: help)
        }

        /// `true` or `false`.
        public static func boolean(_ name: String, default value: Bool, help: String) -> Option {
            Option(name, .boolean, default: OptionTree(.boolean(value)), help: help)
        }

        /// A string.
        public static func text(_ name: String, default value: String?, help: String) -> Option {
            Option(name, .text, default: value.map { OptionTree(.text($0)) }, help: help)
        }

        /// One of some words.
        public static func choice(
            _ name: String, _ words: [String], default value: String?, help: String
        ) -> Option {
            Option(name, .choice(words), default: value.map { OptionTree(.text($0)) }, help: help)
        }

        /// A time, "10 min"; the default is in the same form.
        public static func duration(_ name: String, default value: String?, help: String) -> Option {
            Option(name, .duration, default: value.map { OptionTree(.text($0)) }, help: help)
        }

        /// An expression in the language of equations.
        public static func expression(_ name: String, default value: String?, help: String) -> Option {
            Option(name, .expression, default: value.map { OptionTree(.text($0)) }, help: help)
        }

        /// An array of values of one type.
        public static func list(
            _ name: String, of kind: Kind, default value: OptionTree?, help: String
        ) -> Option {
            Option(name, .list(kind), default: value, help: help)
        }

        /// A table that is always there, with its own defaults.
        public static func table(
            _ name: String, _ table: OptionTable, shorthand: String? = nil, help: String
        ) -> Option {
            Option(name, .table(table, shorthand: shorthand), default: .empty, help: help)
        }

        /// A table that is only there when the file gives it.
        public static func optionalTable(
            _ name: String, _ table: OptionTable, shorthand: String? = nil, help: String
        ) -> Option {
            Option(name, .table(table, shorthand: shorthand), help: help)
        }

        /// A table whose key `by` chooses among methods.
        public static func oneOf(
            _ name: String, _ choices: [Choice], by key: String = "kind", default value: String?, help: String
        ) -> Option {
            Option(
                name, .oneOf(choices, by: key, default: value), default: value == nil ? nil : .empty, help: help)
        }
    }
}
