import Expressions

extension ProblemChecker {
    /// Reads `[parameters]`: numbers, constant expressions of other parameters in any order, and numbers to find.
    mutating func readParameters() {
        var waiting: [(entry: OptionTree.Entry, syntax: Syntax)] = []
        var values: [String: Double] = [:]
        let entries = section("parameters")
        soughtParameters = entries.filter(\.tree.isTable)
        declareUnknownParameters()
        for entry in entries {
            switch entry.tree.content {
            case .integer, .number:
                if let value = constant(entry.tree, "parameters.\(entry.key)"), declare(parameter: entry, value) {
                    values[entry.key] = value
                } else {
                    failedNames.insert(entry.key)
                }
            case .text:
                if let syntax = syntax(entry.tree, "parameters.\(entry.key)") {
                    waiting.append((entry, syntax))
                } else {
                    failedNames.insert(entry.key)
                }
            case .table: break
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
            if let value = constant(entry.tree, "parameters.\(entry.key)"), declare(parameter: entry, value) {
                values[entry.key] = value
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
        readUnknownParameters()
    }

    private func isReady(_ candidate: (entry: OptionTree.Entry, syntax: Syntax), _ waiting: [String]) -> Bool {
        candidate.syntax.names.isDisjoint(with: waiting)
    }

    /// Puts a parameter into the scope; complains and returns false when its name cannot be used.
    mutating func declare(parameter entry: OptionTree.Entry, _ value: Double) -> Bool {
        declare(entry) { scope, place throws(ExpressionErrors) in
            try scope.declare(parameter: entry.key, value: value, origin: place)
        }
    }

    /// Puts the name that a key declares into the scope; complains at the key when that is not possible.
    mutating func declare(
        _ entry: OptionTree.Entry, _ body: (inout Scope, _ place: String?) throws(ExpressionErrors) -> Void
    ) -> Bool {
        let place = entry.keyOrigin.source?.kind == .file ? "declared on line \(entry.keyOrigin.line)" : nil
        do {
            try body(&scope, place)
            return true
        } catch {
            failedNames.insert(entry.key)
            for issue in error.issues { complain(entry.keyOrigin, issue.message, hint: issue.hint) }
            return false
        }
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
