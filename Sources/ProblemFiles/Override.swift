/// A new value for a dotted key: from `--set KEY=VALUE`, or a line of `[variants.NAME]`.
struct Override {
    /// One step of a key.
    enum Part: Equatable {
        /// A key of a table.
        case key(String)
        /// An element of an array, counted from 1 as in expressions.
        case element(Int)
    }

    /// The key as the user wrote it.
    var name: String
    var path: [Part]
    var tree: OptionTree
    var keyOrigin: Origin

    /// Reads `KEY=VALUE`; the value is TOML.
    static func parse(setting: String) throws(ProblemErrors) -> Override {
        guard let equals = separator(in: setting) else {
            let source = SourceText(setting, name: setting, kind: .setting)
            throw complaint(
                Origin(source, line: 1, column: 1, endLine: 1, endColumn: setting.unicodeScalars.count + 1),
                "a setting has the form KEY=VALUE", hint: "for example --set run.seed=7")
        }
        let name = setting[..<equals].trimmed
        let value = String(setting[setting.index(after: equals)...])
        // The marks under a setting point into this text, so it is kept without the spaces around the sign.
        let source = SourceText("\(name)=\(value)", name: name, kind: .setting)
        let columns = name.unicodeScalars.count
        let keyOrigin = Origin(source, line: 1, column: 1, endLine: 1, endColumn: columns + 1)
        guard let path = path(name) else {
            throw complaint(keyOrigin, "'\(name)' is not a dotted key", hint: "for example method.network.layers")
        }
        let lines = value.split(separator: "\n", omittingEmptySubsequences: false)
        let valueOrigin = Origin(
            source, line: 1, column: columns + 2, endLine: 1,
            endColumn: columns + 2 + (lines.first?.unicodeScalars.count ?? 0))
        do {
            let root = try OptionTree.parse(source, text: "v=" + value, shift: columns - 1)
            guard root.entries.count == 1, let entry = root.entries.first, entry.key == "v" else {
                throw complaint(valueOrigin, "one value is expected", hint: nil)
            }
            return Override(name: name, path: path, tree: entry.tree, keyOrigin: keyOrigin)
        } catch {
            let word = value.trimmed
            let isWord = !word.isEmpty && !word.contains { "\"'[]{},\n".contains($0) }
            throw complaint(
                valueOrigin, word.isEmpty ? "the value is missing" : "the value is not TOML",
                hint: isWord
                    ? "text needs quotes, and the shell needs its own around them: --set '\(name)=\"\(word)\"'"
                    : "values are written as in the file, for example [64, 64] or \"tanh\"")
        }
    }

    /// Reads a dotted key: bare parts, quoted parts, and elements of arrays as in `method.stages[1]`.
    static func path(_ text: String) -> [Part]? {
        var parts: [Part] = []
        var rest = Substring(text)
        while true {
            guard let first = rest.first else { return nil }
            if first == "\"" || first == "'" {
                rest = rest.dropFirst()
                guard let end = rest.firstIndex(of: first) else { return nil }
                parts.append(.key(String(rest[..<end])))
                rest = rest[rest.index(after: end)...]
            } else {
                let word = rest.prefix { !".[\"'=".contains($0) }
                guard !word.trimmed.isEmpty else { return nil }
                parts.append(.key(word.trimmed))
                rest = rest.dropFirst(word.count)
            }
            while rest.first == "[" {
                guard let end = rest.firstIndex(of: "]"), let index = Int(rest[..<end].dropFirst()), index >= 1 else {
                    return nil
                }
                parts.append(.element(index))
                rest = rest[rest.index(after: end)...]
            }
            if rest.isEmpty { return parts.count <= 64 ? parts : nil }
            guard rest.first == "." else { return nil }
            rest = rest.dropFirst()
        }
    }

    /// The lines of a variant: tables under headers or from dotted keys lead further down, other values are new values.
    static func settings(of variant: OptionTree) -> [OptionTree.Entry] {
        variant.entries.flatMap { entry -> [OptionTree.Entry] in
            guard entry.tree.isTable, !entry.tree.isInline, entry.tree.origin.source != nil else { return [entry] }
            return settings(of: entry.tree).map { inner in
                OptionTree.Entry("\(entry.key).\(inner.key)", inner.tree, keyOrigin: inner.keyOrigin)
            }
        }
    }

    /// Puts the value in its place, making the tables on the way; complains when the way leads through a plain value.
    func apply(to root: inout OptionTree) throws(ProblemErrors) {
        try apply(path[...], to: &root)
    }

    private func apply(_ rest: ArraySlice<Part>, to node: inout OptionTree) throws(ProblemErrors) {
        guard let part = rest.first else {
            node = tree
            return
        }
        let next = rest.dropFirst()
        switch part {
        case .key(let key):
            guard node.isTable else { throw blocked(before: rest, node) }
            var entries = node.entries
            let index = entries.firstIndex { $0.key == key } ?? entries.count
            if index == entries.count {
                entries.append(OptionTree.Entry(key, .empty, keyOrigin: keyOrigin))
                entries[index].tree.origin = keyOrigin
            } else if next.isEmpty {
                entries[index].keyOrigin = keyOrigin
            }
            try apply(next, to: &entries[index].tree)
            node.content = .table(entries)
        case .element(let number):
            guard var elements = node.elements else { throw blocked(before: rest, node) }
            guard number <= elements.count else {
                throw Self.complaint(
                    keyOrigin, "'\(name)' asks for element \(number) of an array with \(elements.count)", hint: nil)
            }
            try apply(next, to: &elements[number - 1])
            node.content = .list(elements)
        }
    }

    private func blocked(before rest: ArraySlice<Part>, _ node: OptionTree) -> ProblemErrors {
        var before = ""
        for part in path[..<rest.startIndex] {
            switch part {
            case .key(let key): before += before.isEmpty ? key : "." + key
            case .element(let index): before += "[\(index)]"
            }
        }
        let wanted: String
        if case .element = rest.first { wanted = "an array" } else { wanted = "a table" }
        return Self.complaint(
            keyOrigin, "'\(name)' cannot be set: '\(before)' is \(node.kindName), not \(wanted)", hint: nil)
    }

    /// The first `=` outside quotes.
    private static func separator(in text: String) -> String.Index? {
        var quote: Character?
        for index in text.indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "=" {
                return index
            }
        }
        return nil
    }

    private static func complaint(_ origin: Origin, _ message: String, hint: String?) -> ProblemErrors {
        ProblemErrors([origin.diagnostic(.error, message, hint: hint)])
    }
}

extension StringProtocol {
    /// The text without spaces and tabs at its ends.
    var trimmed: String {
        let start = firstIndex { $0 != " " && $0 != "\t" } ?? endIndex
        guard let last = lastIndex(where: { $0 != " " && $0 != "\t" }), start <= last else { return "" }
        return String(self[start...last])
    }
}
