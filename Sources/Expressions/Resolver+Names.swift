extension Resolver {
    func resolveName(_ parts: [String], _ syntax: Syntax) -> Value? {
        let name = parts.joined(separator: ".")
        guard parts.count == 1 else {
            return complain(
                "'\(name)' is not a value", at: syntax.range,
                hint: "dotted names are faces; they stand in selectors and after 'over'")
        }
        if let local = locals[name] {
            switch local {
            case .value(let value): return value
            case .index(let node): return Value(node)
            case .anything: return nil
            case .drawn(let sample, let count):
                let index = Node.freshIndex()
                let variable = Node(.index(index, lower: 1, upper: count))
                return Value(.vector(count), .family(index: index, body: Node(.sample(sample), [variable])))
            }
        }
        if let entity = scope.entities[name] { return resolve(entity, name, syntax) }
        if name == "pi" || name == "π" { return Value(Node(.constant(.pi, name: "pi"))) }
        if name == "n" { return normal(syntax) }
        if let reading = scope.derivativeReading(name) {
            guard let value = resolve(scope.entities[reading.base]!, reading.base, syntax) else { return nil }
            guard reading.coordinates.count <= Limits.derivativeOrder else { return tooHigh(syntax) }
            let directions = reading.coordinates.map { Direction.flat(names.starts[$0]) }
            return differentiate(value, directions, syntax)
        }
        return complainAboutUnknown(name, syntax)
    }

    private func resolve(_ entity: Scope.Entity, _ name: String, _ syntax: Syntax) -> Value? {
        switch entity {
        case .parameter(let value): return Value(Node(.constant(value, name: name)))
        case .unknownParameter(let index):
            guard allows(.unknownParameters) else { return refuse(name, "an unknown parameter", syntax) }
            return Value(Node(.parameter(index)))
        case .coordinate(let place):
            guard allows(.coordinates) else { return refuse(name, "a coordinate", syntax) }
            let start = names.starts[place]
            guard let count = scope.coordinates[place].count else { return Value(Node(.coordinate(start))) }
            let index = Node.freshIndex()
            let variable = Node(.index(index, lower: 1, upper: count))
            let body = Node.member(Node.Family(first: start, count: count), variable)
            return Value(.vector(count), .family(index: index, body: body))
        case .unknown(let index):
            guard allows(.unknowns) else { return refuse(name, "an unknown", syntax) }
            return Value(.field(Node.Field(unknown: index, derivative: .value)))
        case .table(let function, let coordinates):
            guard allows(.coordinates) else { return refuse(name, "a function of the coordinates", syntax) }
            return Value(.tabulated(function, coordinates: coordinates))
        case .definition:
            if let arguments = scope.definitions[name]?.arguments, !arguments.isEmpty {
                return complain(
                    "'\(name)' is a function and needs \(counted(arguments.count, "argument"))", at: syntax.range,
                    hint: "write '\(name)(\(arguments.joined(separator: ", ")))'")
            }
            switch definitions[name] {
            case .success(let value)?: return value
            case .failure(let issue)?:
                return complain(
                    "the definition of '\(name)' cannot be used here: \(issue.message)", at: syntax.range,
                    hint: issue.hint)
            case nil: return nil
            }
        }
    }

    private func normal(_ syntax: Syntax) -> Value? {
        guard hasNormal else {
            return complain(
                "'n', the outward normal, has a meaning on faces only", at: syntax.range,
                hint: "it may be used in conditions, and in integrals over faces")
        }
        if let family = names.onlyFamily {
            let index = Node.freshIndex()
            let variable = Node(.index(index, lower: 1, upper: family.count))
            return Value(
                .vector(family.count), .family(index: index, body: .normalMember(variable, count: family.count)))
        }
        return Value(vector: names.space.map { Node(.normal($0)) })
    }

    private struct Needs: OptionSet {
        let rawValue: Int
        static let coordinates = Needs(rawValue: 1)
        static let unknowns = Needs(rawValue: 2)
        static let unknownParameters = Needs(rawValue: 4)
    }

    private func allows(_ needs: Needs) -> Bool {
        let allowed: Needs =
            switch context {
            case .constant: []
            case .coefficient: [.coordinates]
            case .equation, .condition, .output: [.coordinates, .unknowns, .unknownParameters]
            case .reference: [.coordinates]
            }
        return allowed.contains(needs)
    }

    private func refuse(_ name: String, _ noun: String, _ syntax: Syntax) -> Value? {
        let allowed =
            switch context {
            case .constant where noun == "an unknown parameter":
                "its value is found by solving; what is computed from it belongs into [definitions]"
            case .constant: "only numbers and known parameters may stand here"
            case .coefficient: "only coordinates and known parameters may stand here"
            case .reference: "only coordinates and known parameters may stand in a reference"
            case .equation, .condition, .output: ""
            }
        return complain("'\(name)' is \(noun) and cannot be used here", at: syntax.range, hint: allowed)
    }

    private func complainAboutUnknown(_ name: String, _ syntax: Syntax) -> Value? {
        if Vocabulary.functions.contains(name) {
            return complain(
                "'\(name)' is a function and needs arguments", at: syntax.range, hint: "write '\(name)(…)'")
        }
        if let bar = name.lastIndex(of: "_"), bar != name.startIndex {
            let base = String(name[..<bar])
            let tail = String(name[name.index(after: bar)...])
            if !tail.isEmpty, scope.entities[base]?.canBeDifferentiated == true {
                if case .coordinate(let place)? = scope.entities[tail] {
                    let index = scope.coordinates[place].count == nil ? tail : "\(tail)[1]"
                    return complain(
                        "'\(name)' is not declared", at: syntax.range, hint: "did you mean 'd(\(base), \(index))'?")
                }
                let missing = tail.first { letter in
                    if case .coordinate? = scope.entities[String(letter)] { return false }
                    return true
                }
                let known = scope.coordinates.map { $0.count == nil ? $0.name : "\($0.name)[1:\($0.count!)]" }
                return complain(
                    "'\(name)' is not declared" + (missing.map { ": '\($0)' is not a coordinate" } ?? ""),
                    at: syntax.range, hint: known.isEmpty ? nil : "the coordinates are \(known.joined(separator: ", "))"
                )
            }
        }
        return complain("'\(name)' is not declared", at: syntax.range, hint: suggestion(for: name))
    }

    /// A way out for a name that is not declared: a derivative without its underscore, or the nearest name.
    func suggestion(for name: String) -> String? {
        for split in name.indices.dropFirst() {
            if let reading = scope.derivativeReading(String(name[..<split]), letters: name[split...]) {
                return "did you mean '\(reading.base)_\(reading.letters.joined())', \(reading.description)?"
            }
        }
        let known = Array(scope.entities.keys) + Array(locals.keys) + ["pi"]
        if let near = Vocabulary.nearest(to: name, among: known) { return "did you mean '\(near)'?" }
        if let bar = name.lastIndex(of: "_") {
            let base = String(name[..<bar])
            let candidates = scope.entities.filter { $0.value.canBeDifferentiated }.map(\.key)
            if let near = Vocabulary.nearest(to: base, among: candidates),
                scope.derivativeReading(near, letters: name[name.index(after: bar)...]) != nil
            {
                return "did you mean '\(near)\(name[bar...])'?"
            }
        }
        return nil
    }

    func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    func resolveElement(_ base: Syntax, _ index: Syntax, _ syntax: Syntax) -> Value? {
        let value = resolve(base)
        let place = scalar(index, "an index")
        guard let value, let place else { return nil }
        let count: Int
        switch value.shape {
        case .vector(let components): count = components
        case .matrix(let rows, _): count = rows
        default:
            return complain(
                "\(shortText(base).map { "'\($0)'" } ?? "this") is \(value.shape) and has no components",
                at: syntax.range)
        }
        guard let whole = wholeIndex(place) else {
            return complain(
                "an index must be a whole number or an index of a sum", at: index.range,
                hint: "it may be made of whole numbers, known parameters and indices with '+', '-' and '*'")
        }
        guard let range = whole.indexRange, range.lowerBound >= 1, range.upperBound <= count else {
            let range = whole.indexRange ?? 0...0
            let value =
                range.count == 1 ? "is \(range.lowerBound)" : "runs from \(range.lowerBound) to \(range.upperBound)"
            return complain(
                "the index \(value), but \(shortText(base).map { "'\($0)'" } ?? "the vector") has "
                    + counted(count, "component"), at: index.range)
        }
        if case .matrix(_, let columns) = value.shape {
            let nodes = nodes(value)
            if case .constant(let row, _) = whole.kind {
                return Value(vector: Array(nodes[(Int(row) - 1) * columns..<Int(row) * columns]))
            }
            return Value(
                vector: (0..<columns).map { column in
                    .element(whole, of: stride(from: column, to: nodes.count, by: columns).map { nodes[$0] })
                })
        }
        return Value(component(value, whole))
    }

    /// An index with parameters replaced by their values; nil if it is not made of whole numbers and indices.
    private func wholeIndex(_ node: Node) -> Node? {
        let literal = node.rewritten { node, operands in
            if case .constant(let value, _?) = node.kind { return .literal(value) }
            if case .named = node.kind { return operands[0] }
            return node.rebuilt(operands)
        }
        if literal.freeIndices.isEmpty, let value = Evaluator.constant(literal), value == value.rounded(),
            abs(value) < 1e9
        {
            return .literal(value)
        }
        return literal.indexRange == nil ? nil : literal
    }
}
