import ProblemFiles

extension Listing {
    /// The tables that can be chosen by name at a path of options, over all methods.
    static func choices(_ path: [String]) -> [Entry] {
        options(at: path).flatMap { option -> [Entry] in
            guard case .oneOf(let choices, _, let standard) = option.kind else { return [] }
            return choices.map { choice in
                Entry(name: choice.name, summary: choice.table.summary + (choice.name == standard ? " (default)" : ""))
            }
        }
    }

    /// The words of an option, over all methods; a path leads through every choice on its way.
    static func words(_ path: [String]) -> [Entry] {
        var entries: [Entry] = []
        for option in options(at: path) {
            guard case .choice(let words) = option.kind else { continue }
            for word in words where !entries.contains(where: { $0.name == word }) {
                entries.append(Entry(name: word, summary: word == option.defaultValue?.text ? "(default)" : ""))
            }
        }
        return entries
    }

    /// The options of the first table at a path.
    static func options(of path: [String]) -> [Entry] {
        options(at: path).flatMap(\.kind.tables).first.map { lines(of: $0, prefix: "") } ?? []
    }

    /// Every method, each followed by its options with help, type and default.
    static var methods: [Entry] {
        MethodCatalog.methods.flatMap { method -> [Entry] in
            let table = method.options(for: nil)
            return [Entry(name: method.name, summary: table.summary)] + lines(of: table, prefix: "  ")
        }
            + TransportCatalog.tables.flatMap { choice in
                [Entry(name: choice.name, summary: choice.table.summary)] + lines(of: choice.table, prefix: "  ")
            }
            + LinearSystemCatalog.tables.flatMap { choice in
                [Entry(name: choice.name, summary: choice.table.summary)] + lines(of: choice.table, prefix: "  ")
            }
    }

    /// Every shape, each followed by its keys, then what may stand beside a shape.
    static var shapes: [Entry] {
        ShapeOptions.shapes.flatMap { shape in
            [Entry(name: shape.name, summary: shape.table.summary)] + lines(of: shape.table, prefix: "  ")
        } + lines(of: ShapeOptions.placement, prefix: "")
    }

    private static func options(at path: [String]) -> [OptionTable.Option] {
        var tables = MethodCatalog.methods.map { $0.options(for: nil) }
        for key in path.dropLast() { tables = tables.compactMap { $0[key] }.flatMap(\.kind.tables) }
        guard let last = path.last else { return [] }
        return tables.compactMap { $0[last] }
    }

    private static func lines(of table: OptionTable, prefix: String) -> [Entry] {
        table.options.flatMap { option -> [Entry] in
            let isShort = option.defaultValue.map { !$0.isTable && $0.inlineText.count <= 40 } ?? false
            let standard = isShort ? option.defaultValue.map { ", default \($0.inlineText)" } ?? "" : ""
            let entry = Entry(name: prefix + option.name, summary: option.help, source: option.kind.phrase + standard)
            return [entry] + lines(of: option.kind, prefix: prefix + "  ")
        }
    }

    private static func lines(of kind: OptionTable.Kind, prefix: String) -> [Entry] {
        switch kind {
        case .table(let table, _): lines(of: table, prefix: prefix)
        case .oneOf(let choices, let key, _):
            choices.flatMap { choice in
                [Entry(name: "\(prefix)\(key) = \"\(choice.name)\"", summary: choice.table.summary)]
                    + lines(of: choice.table, prefix: prefix + "  ")
            }
        case .list(let kind), .dictionary(let kind): lines(of: kind, prefix: prefix)
        case .integer, .number, .boolean, .text, .choice, .duration, .expression, .anything: []
        }
    }
}

extension OptionTable.Kind {
    /// The tables that a value may follow.
    fileprivate var tables: [OptionTable] {
        switch self {
        case .table(let table, _): [table]
        case .oneOf(let choices, _, _): choices.map(\.table)
        case .list(let kind), .dictionary(let kind): kind.tables
        case .integer, .number, .boolean, .text, .choice, .duration, .expression, .anything: []
        }
    }

    /// What may be written, in a few words.
    fileprivate var phrase: String {
        func limited(_ kind: String, _ limits: Limits) -> String {
            limits.description.isEmpty ? kind : "\(kind), \(limits)"
        }
        return switch self {
        case .integer(let limits): limited("whole number", limits)
        case .number(let limits): limited("number", limits)
        case .boolean: "true or false"
        case .text: "string"
        case .choice(let words): words.joined(separator: " | ")
        case .duration: "time, such as \"10 min\""
        case .expression: "expression"
        case .list(let kind): "list of: \(kind.phrase)"
        case .table: "table"
        case .oneOf(_, let key, _): "table with '\(key)'"
        case .dictionary(let kind): "table of: \(kind.phrase)"
        case .anything: "value"
        }
    }
}
