import Expressions

extension OptionTable {
    /// Checks a tree against the table and fills in the defaults.
    ///
    /// - Parameters:
    ///   - tree: the section; nil when the file does not have it.
    ///   - path: the dotted name of the section, for messages.
    ///   - diagnostics: takes what is wrong. Where something is, the result holds the default instead.
    public func resolve(
        _ tree: OptionTree?, path: String, into diagnostics: inout [Diagnostic]
    ) -> ResolvedOptions {
        var resolver = OptionResolver()
        let options = resolver.resolve(self, tree ?? .empty, path: path, selector: nil)
        diagnostics += resolver.diagnostics
        return options
    }
}

extension OptionTable.Kind {
    /// Checks a value on its own, such as a whole section that chooses among methods; nil when it cannot be used.
    public func resolveSelection(
        _ tree: OptionTree?, path: String, into diagnostics: inout [Diagnostic]
    ) -> ResolvedOptions.Selection? {
        var resolver = OptionResolver()
        let result = resolver.resolve(self, tree ?? .empty, path: path)
        diagnostics += resolver.diagnostics
        if case .selection(let selection)? = result?.value { return selection }
        return nil
    }
}

/// One pass over a tree, gathering complaints.
private struct OptionResolver {
    typealias Resolved = (value: ResolvedOptions.Value, tree: OptionTree)

    var diagnostics: [Diagnostic] = []

    /// A table; `selector` is the key, already dealt with, that chose it.
    mutating func resolve(
        _ table: OptionTable, _ tree: OptionTree, path: String, selector: (key: String, value: String)?
    ) -> ResolvedOptions {
        let names = table.options.map(\.name)
        var result = ResolvedOptions(
            tree: .empty, origin: tree.origin, values: [:], declared: Set(names), given: [])
        guard tree.isTable else {
            complain(tree.origin, "'\(path)' must be a table, not \(tree.kindName)")
            return resolve(table, .empty, path: path, selector: selector)
        }
        for entry in tree.entries where entry.key != selector?.key && !result.declared.contains(entry.key) {
            complainUnknown(entry, names: names + (selector.map { [$0.key] } ?? []), path: path)
        }
        var entries: [OptionTree.Entry] = []
        if let selector { entries.append(OptionTree.Entry(selector.key, OptionTree(.text(selector.value)))) }
        for option in table.options {
            let given = tree[option.name]
            if given != nil { result.given.insert(option.name) }
            if given == nil, option.isRequired {
                complain(tree.origin, "'\(join(path, option.name))' is missing", hint: option.help)
            }
            guard let resolved = resolve(option, given, path: join(path, option.name)) else { continue }
            result.values[option.name] = resolved.value
            entries.append(OptionTree.Entry(option.name, resolved.tree))
        }
        result.tree = OptionTree(.table(entries), origin: tree.origin)
        return result
    }

    /// An option: what was given, or else its default, or else (after an error) a harmless value.
    private mutating func resolve(_ option: OptionTable.Option, _ given: OptionTree?, path: String) -> Resolved? {
        if let given, let resolved = resolve(option.kind, given, path: path) { return resolved }
        if let value = option.defaultValue { return resolve(option.kind, value, path: path) }
        guard option.isRequired || given != nil else { return nil }
        var silent = OptionResolver()
        return silent.resolve(option.kind, option.kind.harmless, path: path)
    }

    mutating func resolve(_ kind: OptionTable.Kind, _ tree: OptionTree, path: String) -> Resolved? {
        switch kind {
        case .integer(let limits): return integer(limits, tree, path)
        case .number(let limits):
            guard let number = tree.number else { return wrongType(tree, "a number", path) }
            guard check(number, limits, tree, path) else { return nil }
            return (.plain(tree), tree)
        case .boolean:
            guard tree.boolean != nil else { return wrongType(tree, "true or false", path) }
            return (.plain(tree), tree)
        case .text:
            guard tree.text != nil else { return wrongType(tree, "a string", path) }
            return (.plain(tree), tree)
        case .choice(let words):
            guard let word = tree.text else { return wrongType(tree, "a string", path) }
            guard words.contains(word) else { return unknownWord(word, words, tree.origin, path) }
            return (.plain(tree), tree)
        case .duration: return duration(tree, path)
        case .expression: return expression(tree, path)
        case .list(let element): return list(element, tree, path)
        case .table(let table, let shorthand):
            var tree = tree
            if let shorthand, !tree.isTable { tree = OptionTree(.table([.init(shorthand, tree)]), origin: tree.origin) }
            let options = resolve(table, tree, path: path, selector: nil)
            return (.table(options), options.tree)
        case .oneOf(let choices, let key, let fallback): return oneOf(choices, key, fallback, tree, path)
        case .dictionary(let element): return dictionary(element, tree, path)
        case .anything: return (.plain(tree), tree)
        }
    }

    private mutating func integer(_ limits: Limits, _ tree: OptionTree, _ path: String) -> Resolved? {
        // 1e6 is a number with an exponent in TOML; as a count it is just as clear as 1_000_000.
        guard let number = tree.number, let integer = tree.integer ?? Int(exactly: number) else {
            return wrongType(tree, "a whole number", path)
        }
        guard check(number, limits, tree, path) else { return nil }
        let whole = OptionTree(.integer(integer), origin: tree.origin)
        return (.plain(whole), whole)
    }

    private mutating func duration(_ tree: OptionTree, _ path: String) -> Resolved? {
        if let text = tree.text, let seconds = TimeSpan.seconds(text) { return (.seconds(seconds), tree) }
        if let number = tree.number, number > 0, number.isFinite { return (.seconds(number), tree) }
        complain(
            tree.origin, "'\(path)' must be a time",
            hint: "for example \"90 s\", \"10 min\" or \"1 h\"; the units are \(TimeSpan.unitNames)")
        return nil
    }

    private mutating func expression(_ tree: OptionTree, _ path: String) -> Resolved? {
        guard let text = tree.text else { return wrongType(tree, "an expression in quotes", path) }
        do {
            _ = try Syntax.parse(text)
        } catch {
            diagnostics += error.diagnostics(in: tree.origin)
            return nil
        }
        return (.plain(tree), tree)
    }

    private mutating func list(_ element: OptionTable.Kind, _ tree: OptionTree, _ path: String) -> Resolved? {
        guard let elements = tree.elements else { return wrongType(tree, "an array", path) }
        let resolved = elements.enumerated().map { resolve(element, $1, path: "\(path)[\($0 + 1)]") }
        guard !resolved.contains(where: { $0 == nil }) else { return nil }
        return (
            .list(resolved.compactMap { $0?.value }),
            OptionTree(.list(resolved.compactMap { $0?.tree }), origin: tree.origin)
        )
    }

    private mutating func dictionary(_ element: OptionTable.Kind, _ tree: OptionTree, _ path: String) -> Resolved? {
        guard tree.isTable else { return wrongType(tree, "a table", path) }
        var values: [(String, ResolvedOptions.Value)] = []
        var entries: [OptionTree.Entry] = []
        for entry in tree.entries {
            guard let resolved = resolve(element, entry.tree, path: join(path, entry.key)) else { continue }
            values.append((entry.key, resolved.value))
            entries.append(OptionTree.Entry(entry.key, resolved.tree, keyOrigin: entry.keyOrigin))
        }
        return (.dictionary(values), OptionTree(.table(entries), origin: tree.origin))
    }

    private mutating func oneOf(
        _ choices: [OptionTable.Choice], _ key: String, _ fallback: String?, _ tree: OptionTree, _ path: String
    ) -> Resolved? {
        var tree = tree
        if tree.text != nil { tree = OptionTree(.table([.init(key, tree)]), origin: tree.origin) }
        guard tree.isTable else { return wrongType(tree, "a table", path) }
        let names = choices.map(\.name)
        let word: String
        if let given = tree[key] {
            guard let text = given.text else { return wrongType(given, "a string", join(path, key)) }
            guard names.contains(text) else { return unknownWord(text, names, given.origin, join(path, key)) }
            word = text
        } else if let fallback {
            word = fallback
        } else {
            complain(
                tree.origin, "'\(join(path, key))' is missing", hint: "available: \(names.joined(separator: ", "))")
            return nil
        }
        guard let table = choices.first(where: { $0.name == word })?.table else { return nil }
        let options = resolve(table, tree, path: path, selector: (key, word))
        return (.selection(.init(name: word, options: options)), options.tree)
    }

    private mutating func check(_ number: Double, _ limits: Limits, _ tree: OptionTree, _ path: String) -> Bool {
        if limits.contains(number) { return true }
        complain(tree.origin, "'\(path)' must be \(limits == .any || !number.isFinite ? "finite" : limits.description)")
        return false
    }

    private mutating func wrongType(_ tree: OptionTree, _ wanted: String, _ path: String) -> Resolved? {
        var hint: String?
        if let text = tree.text, wanted.contains("number"), Double(text) != nil {
            hint = "write \(text) without quotes"
        }
        complain(tree.origin, "'\(path)' must be \(wanted), not \(tree.kindName)", hint: hint)
        return nil
    }

    private mutating func unknownWord(
        _ word: String, _ words: [String], _ origin: Origin, _ path: String
    ) -> Resolved? {
        complain(
            origin, "unknown value '\(word)' for '\(path)'",
            hint: NearestName.hint(for: word, among: words, label: "available"))
        return nil
    }

    private mutating func complainUnknown(_ entry: OptionTree.Entry, names: [String], path: String) {
        diagnostics.append(.unknownKey(entry, in: path, names: names))
    }

    private mutating func complain(_ origin: Origin, _ message: String, hint: String? = nil) {
        diagnostics.append(origin.diagnostic(.error, message, hint: hint))
    }

    private func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}

extension OptionTable.Kind {
    /// A value that passes for the type, to carry on with after an error.
    fileprivate var harmless: OptionTree {
        switch self {
        case .integer(let limits), .number(let limits):
            let bound = limits.lower.isFinite ? limits.lower : min(0, limits.upper)
            let value = limits.contains(bound) ? bound : (limits.upper.isFinite ? limits.upper : bound + 1)
            return OptionTree(.integer(Int(value.rounded(.up))))
        case .boolean: return false
        case .text, .expression: return "0"
        case .choice(let words): return OptionTree(.text(words.first ?? ""))
        case .duration: return "1 s"
        case .list: return []
        case .table, .dictionary, .anything: return .empty
        case .oneOf(let choices, let key, let fallback):
            return OptionTree(.table([.init(key, OptionTree(.text(fallback ?? choices.first?.name ?? "")))]))
        }
    }
}

extension Diagnostic {
    /// The complaint about a key that nothing reads.
    static func unknownKey(_ entry: OptionTree.Entry, in path: String, names: [String]) -> Diagnostic {
        let prefix = path.isEmpty ? "" : path + "."
        return entry.keyOrigin.diagnostic(
            .error, "unknown key '\(prefix)\(entry.key)'",
            hint: NearestName.hint(for: entry.key, among: names, prefix: prefix, label: "known keys here"))
    }
}

extension ExpressionErrors {
    /// The slips of an expression as complaints about the string that holds it.
    package func diagnostics(in origin: Origin) -> [Diagnostic] {
        issues.map { origin.diagnostic(.error, $0.message, at: $0.range, hint: $0.hint) }
    }
}
