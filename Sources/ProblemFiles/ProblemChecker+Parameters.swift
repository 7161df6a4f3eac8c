import Expressions

extension ProblemChecker {
    /// Reads `[parameters]`: numbers, and constant expressions of other parameters in any order.
    mutating func readParameters() {
        var waiting: [(entry: OptionTree.Entry, syntax: Syntax)] = []
        var values: [String: Double] = [:]
        let entries = section("parameters")
        for entry in entries {
            guard isFreeName(entry) else { continue }
            switch entry.tree.content {
            case .integer, .number:
                if let value = constant(entry.tree, "parameters.\(entry.key)") {
                    values[entry.key] = value
                    declare(parameter: entry, value)
                } else {
                    failedNames.insert(entry.key)
                }
            case .text:
                if let syntax = syntax(entry.tree, "parameters.\(entry.key)") {
                    waiting.append((entry, syntax))
                } else {
                    failedNames.insert(entry.key)
                }
            case .table where entry.tree["unknown"] != nil:
                failedNames.insert(entry.key)
                complain(
                    entry.tree.origin, "unknown parameters are not available yet",
                    hint: "give '\(entry.key)' a value")
            default:
                failedNames.insert(entry.key)
                complain(
                    entry.tree.origin,
                    "'parameters.\(entry.key)' must be a number or a constant expression, not \(entry.tree.kindName)")
            }
        }
        // A parameter is computed once all those that it reads are known.
        while let index = waiting.firstIndex(where: { isReady($0, waiting.map(\.entry.key)) }) {
            let (entry, _) = waiting.remove(at: index)
            if let value = constant(entry.tree, "parameters.\(entry.key)") {
                values[entry.key] = value
                declare(parameter: entry, value)
            } else {
                failedNames.insert(entry.key)
            }
        }
        for (entry, _) in waiting {
            failedNames.insert(entry.key)
            complain(
                entry.tree.origin, "the value of '\(entry.key)' depends on itself",
                hint: "in a circle with: \(waiting.map(\.entry.key).joined(separator: ", "))")
        }
        parameters = entries.compactMap { entry in
            values[entry.key].map { Parameter(entry.key, $0, text: entry.tree.text) }
        }
    }

    private func isReady(_ candidate: (entry: OptionTree.Entry, syntax: Syntax), _ waiting: [String]) -> Bool {
        candidate.syntax.names.isDisjoint(with: waiting)
    }

    private mutating func declare(parameter entry: OptionTree.Entry, _ value: Double) {
        scope.declare(parameter: entry.key, value: value)
    }

    /// Whether a key can be the name of something in expressions; complains when it cannot.
    mutating func isFreeName(_ entry: OptionTree.Entry) -> Bool {
        guard let issue = nameIssue(entry.key) else {
            declaredNames.insert(entry.key)
            return true
        }
        failedNames.insert(entry.key)
        complain(entry.keyOrigin, issue.message, hint: issue.hint)
        return false
    }

    /// What is wrong with a name, nil when nothing is.
    func nameIssue(_ name: String) -> (message: String, hint: String?)? {
        guard Self.isName(name) else {
            return ("'\(name)' is not a name", "a name is a letter followed by letters, digits or underscores")
        }
        if declaredNames.contains(name) { return ("'\(name)' is declared twice", "give one of the two another name") }
        return nil
    }

    /// A letter followed by letters, digits or underscores.
    static func isName(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, first.properties.isAlphabetic else { return false }
        return name.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || $0 == "_" || $0.properties.generalCategory == .decimalNumber
                || $0.properties.generalCategory == .nonspacingMark
        }
    }
}
