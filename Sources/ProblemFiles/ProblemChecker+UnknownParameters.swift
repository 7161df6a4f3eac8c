import Expressions

extension ProblemChecker {
    private static let unknownParameterOptions = OptionTable(
        "a number to find",
        [
            .boolean("unknown", default: true, help: "that the number is to be found"),
            OptionTable.Option("start", .anything, isRequired: true, help: "the value at the start of the search"),
            OptionTable.Option("range", .anything, help: "the ends between which the value stays"),
            .choice(
                "scale", UnknownParameter.Scale.allCases.map(\.rawValue),
                default: UnknownParameter.Scale.linear.rawValue, help: "search in the number, or in its logarithm"),
            .number("rate", .positive, default: 1, help: "how far a step of an optimizer moves it; a factor"),
        ])

    /// Puts the names of unknown parameters into the scope, so that what reads them can say so.
    mutating func declareUnknownParameters() {
        for (index, entry) in soughtParameters.enumerated() where !failedNames.contains(entry.key) {
            _ = declare(entry) { scope, place throws(ExpressionErrors) in
                try scope.declare(unknownParameter: entry.key, index: index, origin: place)
            }
        }
    }

    /// Reads `{ unknown = true, start = … }`; numbers may be constant expressions of the known parameters.
    mutating func readUnknownParameters() {
        for entry in soughtParameters {
            let path = "parameters.\(entry.key)"
            let example = "\(entry.key) = { unknown = true, start = 0.01 }"
            guard let flag = entry.tree["unknown"] else {
                complain(
                    entry.tree.origin, "'\(path)' must be a number or a constant expression, not a table",
                    hint: "a parameter to be found is written \(example)")
                continue
            }
            if flag.boolean == false {
                complain(
                    flag.origin, "'\(path).unknown' is false",
                    hint: "a known parameter is a plain number: \(entry.key) = 0.01")
                continue
            }
            let count = diagnostics.count
            let options = Self.unknownParameterOptions.resolve(entry.tree, path: path, into: &diagnostics)
            guard diagnostics.count == count, let start = entry.tree["start"],
                let value = constant(start, path + ".start")
            else { continue }
            let scale = UnknownParameter.Scale(rawValue: options.text("scale")) ?? .linear
            var range: ClosedRange<Double>?
            if let tree = entry.tree["range"] {
                guard let bounds = bounds(tree, path + ".range") else { continue }
                range = bounds
            }
            let parameter = UnknownParameter(
                entry.key, start: value, range: range, scale: scale, rate: options.number("rate"))
            guard isConsistent(parameter, entry.tree, path) else { continue }
            unknownParameters.append(parameter)
        }
    }

    /// Reads `[from, to]` with constants that rise.
    private mutating func bounds(_ tree: OptionTree, _ path: String) -> ClosedRange<Double>? {
        guard let elements = tree.elements, elements.count == 2 else {
            complain(tree.origin, "'\(path)' must be an array of two numbers, [from, to]")
            return nil
        }
        let ends = elements.compactMap { constant($0, path) }
        guard ends.count == 2 else { return nil }
        guard ends[0] < ends[1] else {
            complain(tree.origin, "'\(path)' must rise", hint: "it is [\(ends[0].shortText), \(ends[1].shortText)]")
            return nil
        }
        return ends[0]...ends[1]
    }

    private mutating func isConsistent(_ parameter: UnknownParameter, _ tree: OptionTree, _ path: String) -> Bool {
        let start = tree["start"]?.origin ?? tree.origin
        if parameter.scale == .logarithmic {
            let way = "give a positive number, or leave out scale = \"log\""
            guard parameter.start > 0 else {
                complain(start, "'\(path).start' must be positive to be searched for in its logarithm", hint: way)
                return false
            }
            guard parameter.range.map({ $0.lowerBound > 0 }) ?? true else {
                complain(
                    tree["range"]?.origin ?? tree.origin,
                    "'\(path).range' must be positive to be searched in by the logarithm", hint: way)
                return false
            }
        }
        if let range = parameter.range, !(range.lowerBound < parameter.start && parameter.start < range.upperBound) {
            complain(
                start, "'\(path).start' must lie inside the range, not on its ends",
                hint: "the range is [\(range.lowerBound.shortText), \(range.upperBound.shortText)]")
            return false
        }
        return true
    }

    /// An unknown parameter that no equation and no condition reads keeps its start for ever: an error.
    mutating func checkUnknownParameters(readBy residuals: [Expression]) {
        guard !unknownParameters.isEmpty, !diagnostics.hasErrors else { return }
        let used = Set(residuals.flatMap(\.unknownParameters))
        for (index, parameter) in unknownParameters.enumerated() where !used.contains(index) {
            let origin = root["parameters"]?.entries.first { $0.key == parameter.name }?.keyOrigin ?? .none
            complain(
                origin, "nothing depends on the unknown parameter '\(parameter.name)'",
                hint: "an equation or a condition must read it, or it cannot be found")
        }
    }

    /// Takes true values of unknown parameters out of `[reference]` and returns the other entries.
    mutating func readParameterReferences(_ entries: [OptionTree.Entry]) -> [OptionTree.Entry] {
        var rest: [OptionTree.Entry] = []
        for entry in entries {
            guard let index = unknownParameters.firstIndex(where: { $0.name == entry.key }) else {
                rest.append(entry)
                continue
            }
            guard let value = constant(entry.tree, "reference.\(entry.key)") else { continue }
            unknownParameters[index].reference = value
            unknownParameters[index].referenceText = entry.tree.text
        }
        return rest
    }

    /// Complains of expected errors of parameters that have nothing to be compared with.
    mutating func checkExpectedParameters(_ expectations: Expectations) {
        guard !diagnostics.hasErrors else { return }
        for parameter in unknownParameters
        where expectations.parameters[parameter.name] != nil && parameter.reference == nil {
            let origin = root["expect"]?["parameter"]?.entries.first { $0.key == parameter.name }?.keyOrigin ?? .none
            complain(
                origin, "'expect.parameter.\(parameter.name)' has nothing to compare with",
                hint: "add [reference] \(parameter.name) = its true value")
        }
    }
}
