/// A value of a problem file that nobody has interpreted yet, with the place where it was written.
///
/// It is also what a program hands over in place of text:
///
/// ```swift
/// problem.method = ["kind": "pinn", "network": ["layers": [64, 64], "activation": "tanh"]]
/// ```
///
/// Trees are equal when their values are; where they were written plays no part, the order of keys does not either.
public struct OptionTree: Sendable {
    /// What can be written in TOML.
    public indirect enum Content: Sendable {
        /// A whole number.
        case integer(Int)
        /// A number with a point or exponent; may be infinite or not a number.
        case number(Double)
        /// `true` or `false`.
        case boolean(Bool)
        /// A string.
        case text(String)
        /// A date or time, which nothing in a problem file uses, as text.
        case moment(String)
        /// An array.
        case list([OptionTree])
        /// A table, in the order of the file.
        case table([Entry])
    }

    /// A key of a table and what it holds.
    public struct Entry: Sendable {
        /// The key, unquoted.
        public var key: String
        /// Where the key was written.
        public var keyOrigin: Origin
        /// What it holds.
        public var tree: OptionTree

        /// A key and its value.
        public init(_ key: String, _ tree: OptionTree, keyOrigin: Origin = .none) {
            self.key = key
            self.keyOrigin = keyOrigin
            self.tree = tree
        }
    }

    /// What was written.
    public var content: Content
    /// Where the value was written; for a table under a header, the header.
    public var origin: Origin
    /// Whether a table was written in one piece, `{ … }`: as a new value in a variant it then replaces the whole table.
    var isInline = false

    /// A value, without a place when a program builds it.
    public init(_ content: Content, origin: Origin = .none) {
        self.content = content
        self.origin = origin
    }

    /// An empty table.
    public static let empty = OptionTree(.table([]))

    /// The entries of a table, in the order of the file; none for anything else.
    public var entries: [Entry] {
        get { if case .table(let entries) = content { entries } else { [] } }
        set { content = .table(newValue) }
    }

    /// The value of a key of a table; setting appends, replaces, or removes when nil.
    public subscript(key: String) -> OptionTree? {
        get { entries.first { $0.key == key }?.tree }
        set {
            var entries = entries
            let index = entries.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let tree?): entries[index].tree = tree
            case (let index?, nil): entries.remove(at: index)
            case (nil, let tree?): entries.append(Entry(key, tree))
            case (nil, nil): break
            }
            content = .table(entries)
        }
    }

    /// The text of a string.
    public var text: String? { if case .text(let text) = content { text } else { nil } }

    /// The value of a whole number.
    public var integer: Int? { if case .integer(let integer) = content { integer } else { nil } }

    /// The value of a number, whole or not.
    public var number: Double? {
        switch content {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }

    /// The value of a boolean.
    public var boolean: Bool? { if case .boolean(let boolean) = content { boolean } else { nil } }

    /// The elements of an array.
    public var elements: [OptionTree]? { if case .list(let elements) = content { elements } else { nil } }

    /// Whether this is a table.
    public var isTable: Bool { if case .table = content { true } else { false } }

    /// What kind of value this is, for messages: "a whole number", "a string", …
    public var kindName: String {
        switch content {
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "a boolean"
        case .text: "a string"
        case .moment: "a date or time"
        case .list: "an array"
        case .table: "a table"
        }
    }
}

extension OptionTree: Equatable {
    /// Compares values, not places; tables whatever the order of their keys.
    public static func == (left: OptionTree, right: OptionTree) -> Bool {
        switch (left.content, right.content) {
        case (.integer(let a), .integer(let b)): return a == b
        case (.number(let a), .number(let b)): return a == b || (a.isNaN && b.isNaN)
        case (.boolean(let a), .boolean(let b)): return a == b
        case (.text(let a), .text(let b)), (.moment(let a), .moment(let b)): return a == b
        case (.list(let a), .list(let b)): return a == b
        case (.table(let a), .table(let b)):
            return a.count == b.count && a.allSatisfy { right[$0.key] == $0.tree }
        default: return false
        }
    }
}

extension OptionTree: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Keys are strings.
    public typealias Key = String

    /// A whole number.
    public init(integerLiteral value: Int) { self.init(.integer(value)) }
    /// A number.
    public init(floatLiteral value: Double) { self.init(.number(value)) }
    /// A boolean.
    public init(booleanLiteral value: Bool) { self.init(.boolean(value)) }
    /// A string.
    public init(stringLiteral value: String) { self.init(.text(value)) }
    /// An array.
    public init(arrayLiteral elements: OptionTree...) { self.init(.list(elements)) }
    /// A table; the keys keep their order.
    public init(dictionaryLiteral elements: (String, OptionTree)...) {
        self.init(.table(elements.map { Entry($0.0, $0.1) }))
    }
}
