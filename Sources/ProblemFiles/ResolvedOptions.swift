/// Options checked against their table, with every default filled in.
///
/// Asking for a name that the table does not declare, or for the wrong type, is a mistake in the program and stops it.
public struct ResolvedOptions: Sendable {
    /// The complete tree: every option with a value, in the order of the table. Feeding it to the table again gives
    /// the same options.
    public internal(set) var tree: OptionTree
    /// Where the section was written.
    public let origin: Origin
    /// Values by name; options without a value are absent.
    var values: [String: Value]
    let declared: Set<String>
    /// The names that the file gives, as opposed to those filled in.
    var given: Set<String>

    indirect enum Value: Sendable {
        case plain(OptionTree)
        case seconds(Double)
        case table(ResolvedOptions)
        case selection(Selection)
        case list([Value])
        case dictionary([(String, Value)])
    }

    /// A method chosen by name, with its options.
    public struct Selection: Sendable {
        /// The name that the file chose.
        public let name: String
        /// Its options.
        public let options: ResolvedOptions
    }

    /// Whether the option has a value, given or by default.
    public func has(_ name: String) -> Bool { value(name) != nil }

    /// Whether the table has an option of this name.
    public func declares(_ name: String) -> Bool { declared.contains(name) }

    /// Whether the file gives the option itself.
    public func isGiven(_ name: String) -> Bool { given.contains(name) }

    /// Where the value was written, for complaints; the section's place when it was filled in.
    public func origin(of name: String) -> Origin {
        guard given.contains(name), let found = tree[name]?.origin, found.source != nil else { return origin }
        return found
    }

    /// A whole number.
    public func integer(_ name: String) -> Int { need(optionalInteger(name), name) }
    /// A whole number, nil when unset.
    public func optionalInteger(_ name: String) -> Int? { plain(name)?.integer }
    /// A number.
    public func number(_ name: String) -> Double { need(optionalNumber(name), name) }
    /// A number, nil when unset.
    public func optionalNumber(_ name: String) -> Double? { plain(name)?.number }
    /// A boolean.
    public func boolean(_ name: String) -> Bool { need(plain(name)?.boolean, name) }
    /// A string, a word of a choice, or the text of an expression.
    public func text(_ name: String) -> String { need(optionalText(name), name) }
    /// A string, a word of a choice, or the text of an expression; nil when unset.
    public func optionalText(_ name: String) -> String? { plain(name)?.text }
    /// A time in seconds, nil when unset.
    public func seconds(_ name: String) -> Double? {
        if case .seconds(let seconds) = value(name) { seconds } else { nil }
    }
    /// The value as it was written or filled in, with its place; nil when unset.
    public func optionTree(_ name: String) -> OptionTree? {
        _ = value(name)
        return tree[name]
    }
    /// An array of whole numbers, empty when unset.
    public func integers(_ name: String) -> [Int] { plainList(name).compactMap(\.integer) }
    /// An array of numbers, empty when unset.
    public func numbers(_ name: String) -> [Double] { plainList(name).compactMap(\.number) }
    /// An array of strings, empty when unset.
    public func texts(_ name: String) -> [String] { plainList(name).compactMap(\.text) }
    /// A table.
    public func table(_ name: String) -> ResolvedOptions { need(optionalTable(name), name) }
    /// A table, nil when unset.
    public func optionalTable(_ name: String) -> ResolvedOptions? {
        if case .table(let table) = value(name) { table } else { nil }
    }
    /// The tables of an array of tables, empty when unset.
    public func tables(_ name: String) -> [ResolvedOptions] {
        list(name).compactMap { if case .table(let table) = $0 { table } else { nil } }
    }
    /// A method chosen by name.
    public func selection(_ name: String) -> Selection { need(optionalSelection(name), name) }
    /// A method chosen by name, nil when unset.
    public func optionalSelection(_ name: String) -> Selection? {
        if case .selection(let selection) = value(name) { selection } else { nil }
    }
    /// The methods of an array of such tables, empty when unset.
    public func selections(_ name: String) -> [Selection] {
        list(name).compactMap { if case .selection(let selection) = $0 { selection } else { nil } }
    }
    /// The strings of a table with free keys, in the order of the file.
    public func textsByName(_ name: String) -> [(name: String, value: String)] {
        dictionary(name).compactMap { key, value in plain(value)?.text.map { (key, $0) } }
    }

    private func value(_ name: String) -> Value? {
        precondition(declared.contains(name), "the option '\(name)' is not declared")
        return values[name]
    }

    private func plain(_ value: Value?) -> OptionTree? {
        if case .plain(let tree) = value { tree } else { nil }
    }

    private func plain(_ name: String) -> OptionTree? { plain(value(name)) }

    private func list(_ name: String) -> [Value] {
        if case .list(let values) = value(name) { values } else { [] }
    }

    private func plainList(_ name: String) -> [OptionTree] { list(name).compactMap { plain($0) } }

    private func dictionary(_ name: String) -> [(String, Value)] {
        if case .dictionary(let pairs) = value(name) { pairs } else { [] }
    }

    private func need<T>(_ value: T?, _ name: String) -> T {
        guard let value else {
            preconditionFailure("the option '\(name)' has no value of this type")
        }
        return value
    }
}
