extension Expression: CustomStringConvertible {
    /// The expression in the input language; resolving it in the same scope gives an equal expression.
    ///
    /// Texts that would be longer than any use for them are replaced by a remark.
    public var description: String {
        if case .family(let index, let body) = storage {
            if case .member(let first, _) = body.kind, case .index(index, _, _) = body.children[0].kind,
                let place = names.declaration(of: first)
            {
                return names.coordinates[place].name
            }
            if case .normalMember = body.kind, case .index(index, _, _) = body.children[0].kind { return "n" }
        }
        let size = componentSizes
        guard size.tree <= Limits.printedNodes, size.depth <= 400 else {
            return "(\(shape.description) of \(size.tree) operations)"
        }
        let roots = nodes
        let printer = SyntaxPrinter(names, roots)
        let texts = roots.map { printer.syntax($0).description }
        switch shape {
        case .scalar, .truth: return texts[0]
        case .vector: return "[\(texts.joined(separator: ", "))]"
        case .matrix(let rows, let columns):
            let lines = (0..<rows).map { row in
                "[\(texts[row * columns..<(row + 1) * columns].joined(separator: ", "))]"
            }
            return "[\(lines.joined(separator: ", "))]"
        }
    }

    /// The size of the tree to print, sharing undone, and its depth.
    var componentSizes: (tree: Int, depth: Int) {
        switch storage {
        case .list(let nodes):
            let total = nodes.reduce(0) {
                $0.addingReportingOverflow($1.printedSize).overflow ? .max : $0 + $1.printedSize
            }
            return (total, nodes.map(\.printedDepth).max() ?? 0)
        case .family(_, let body):
            let product = body.printedSize.multipliedReportingOverflow(by: shape.componentCount)
            return (product.overflow ? .max : product.partialValue, body.printedDepth)
        }
    }
}

/// Names for bound variables that clash with nothing else in an expression.
struct BoundNames {
    private let free: [String]

    init(_ names: Names, _ roots: [Node]) {
        var taken = Set(names.coordinates.map(\.name) + names.unknowns + names.parameters.values + ["n", "pi"])
        for node in roots.flatMap({ $0.postorder(enteringNames: false) }) {
            if case .constant(_, let name?) = node.kind { taken.insert(name) }
            if case .named(let name) = node.kind { taken.insert(name) }
        }
        let candidates = ["i", "j", "k", "l", "m", "p", "q", "r", "s"] + (1...400).map { "i\($0)" }
        free = candidates.filter { !taken.contains($0) }
    }

    func name(_ binder: Int) -> String {
        binder >= 1 && binder <= free.count ? free[binder - 1] : "i_\(binder)"
    }
}

/// Turns graphs into parse trees.
struct SyntaxPrinter {
    private let names: Names
    private let bound: BoundNames

    init(_ names: Names, _ roots: [Node]) {
        self.names = names
        bound = BoundNames(names, roots)
    }

    func syntax(_ root: Node) -> Syntax {
        var results: [ObjectIdentifier: Syntax] = [:]
        for node in root.postorder(enteringNames: false) {
            results[ObjectIdentifier(node)] = syntax(node, node.children.compactMap { results[ObjectIdentifier($0)] })
        }
        return results[ObjectIdentifier(root)]!
    }

    private func name(_ text: String) -> Syntax { Syntax(.name([text])) }

    private func number(_ value: Double) -> Syntax {
        value < 0 ? Syntax(.negation(Syntax(.number(-value)))) : Syntax(.number(value))
    }

    private func call(_ function: String, _ arguments: [Syntax]) -> Syntax {
        Syntax(.call(name(function), arguments.map(Syntax.Argument.plain)))
    }

    private func coordinate(_ flat: Int) -> Syntax {
        guard let place = names.declaration(of: flat), names.coordinates[place].count != nil else {
            return name(names.coordinate(flat))
        }
        return Syntax(.element(name(names.coordinates[place].name), number(Double(flat - names.starts[place] + 1))))
    }

    private func familyName(_ first: Int) -> Syntax {
        name(names.declaration(of: first).map { names.coordinates[$0].name } ?? "x\(first)")
    }

    private func syntax(_ node: Node, _ operands: [Syntax]) -> Syntax {
        switch node.kind {
        case .constant(let value, let name): return name.map { self.name($0) } ?? number(value)
        case .parameter(let index): return name(names.parameter(index))
        case .coordinate(let flat): return coordinate(flat)
        case .member(let first, _): return Syntax(.element(familyName(first), operands[0]))
        case .index(let index, _, _): return name(bound.name(index))
        case .sample(let index): return Syntax(.element(name(bound.name(index)), operands[0]))
        case .field(let field): return syntax(field, operands)
        case .tabulated(let table): return syntax(table, node.children, operands)
        case .datum(let place): return name("datum\(place + 1)")
        case .normal(let axis):
            return Syntax(.element(name("n"), number(Double((names.space.firstIndex(of: axis) ?? axis) + 1))))
        case .normalMember: return Syntax(.element(name("n"), operands[0]))
        case .sum: return sum(node, operands)
        case .product:
            return product(node, operands, negated: false)
        case .quotient:
            var factors = Self.factors(operands[0])
            factors.append(Syntax.Term(isInverse: true, value: operands[1]))
            return Syntax(.product(factors))
        case .power: return Syntax(.power(operands[0], operands[1]))
        case .call(let function): return call(function.rawValue, operands)
        case .choice: return call("if", operands)
        case .comparison(let comparison): return Syntax(.comparison(comparison, operands[0], operands[1]))
        case .not: return Syntax(.not(operands[0]))
        case .and: return Syntax(.and(operands))
        case .or: return Syntax(.or(operands))
        case .reduction(let isProduct, let index, let lower, let upper):
            let range = Syntax.Argument.range(
                name: bound.name(index), lower: number(Double(lower)), upper: number(Double(upper)))
            return Syntax(.call(name(isProduct ? "prod" : "sum"), [range, .plain(operands[0])]))
        case .mean(let sample, let count):
            let drawn = Syntax.Argument.drawn(
                name: bound.name(sample), distribution: "normal", [number(Double(count))])
            return Syntax(.call(name("mean"), [drawn, .plain(operands[0])]))
        case .integral(let isAverage, let region):
            let parts = region.split(separator: ".").map(String.init)
            return Syntax(.call(name(isAverage ? "average" : "integral"), [.over(operands[0], region: parts)]))
        case .element: return Syntax(.element(Syntax(.list(Array(operands.dropFirst()))), operands[0]))
        case .named(let text): return name(text)
        }
    }

    private func sum(_ node: Node, _ operands: [Syntax]) -> Syntax {
        var terms: [Syntax.Term] = []
        for (place, child) in node.children.enumerated() {
            let negative = place > 0 ? Self.negativeCoefficient(child) : nil
            if let value = child.literal, value < 0, place > 0 {
                terms.append(Syntax.Term(isInverse: true, value: Syntax(.number(-value))))
            } else if negative != nil {
                // The coefficient is printed without its sign.
                let inner = Self.withoutSign(operands[place])
                terms.append(Syntax.Term(isInverse: true, value: inner))
            } else {
                terms.append(Syntax.Term(isInverse: false, value: operands[place]))
            }
        }
        return Syntax(.sum(terms))
    }

    /// The literal first factor of a product, if it is negative.
    private static func negativeCoefficient(_ node: Node) -> Double? {
        guard case .product = node.kind, let value = node.children[0].literal, value < 0 else { return nil }
        return value
    }

    /// A printed product without the minus in front of its first factor.
    private static func withoutSign(_ syntax: Syntax) -> Syntax {
        switch syntax.kind {
        case .negation(let inner): return inner
        case .product(var factors):
            if case .negation(let inner) = factors[0].value.kind {
                // A product in front is written factor by factor, so that a - b*c needs no brackets.
                factors.replaceSubrange(0...0, with: Self.factors(inner))
            }
            return Syntax(.product(factors))
        default: return syntax
        }
    }

    private static func factors(_ syntax: Syntax) -> [Syntax.Term] {
        if case .product(let factors) = syntax.kind { return factors }
        return [Syntax.Term(isInverse: false, value: syntax)]
    }

    private func product(_ node: Node, _ operands: [Syntax], negated: Bool) -> Syntax {
        var rest = operands[...]
        var isNegative = false
        if node.children[0].isLiteral(-1) {
            isNegative = true
            rest = rest.dropFirst()
        }
        guard let first = rest.first else { return number(-1) }
        if rest.count == 1 {
            return isNegative ? Syntax(.negation(first)) : first
        }
        var factors: [Syntax.Term]
        if isNegative {
            factors = [Syntax.Term(isInverse: false, value: Syntax(.negation(first)))]
        } else {
            factors = Self.factors(first)
        }
        factors += rest.dropFirst().map { Syntax.Term(isInverse: false, value: $0) }
        return Syntax(.product(factors))
    }

    private func syntax(_ table: Node.Table, _ places: [Node], _ operands: [Syntax]) -> Syntax {
        var arguments = [name(table.function.name)]
        var letters = ""
        for (flat, order) in zip(table.coordinates, table.orders) where order > 0 {
            arguments.append(coordinate(flat))
            if order > 1 { arguments.append(number(Double(order))) }
            letters += String(repeating: names.coordinate(flat), count: order)
        }
        var result = arguments[0]
        if !letters.isEmpty {
            let isShort = zip(table.coordinates, table.orders).allSatisfy { names.coordinate($0).count == 1 || $1 == 0 }
            result = isShort ? name("\(table.function.name)_\(letters)") : call("d", arguments)
        }
        let moved = table.coordinates.indices.filter { places[$0].unnamed.kind != .coordinate(table.coordinates[$0]) }
        guard !moved.isEmpty else { return result }
        return Syntax(.call(result, moved.map { .placement(coordinate(table.coordinates[$0]), operands[$0]) }))
    }

    private func syntax(_ field: Node.Field, _ indices: [Syntax]) -> Syntax {
        let base = name(names.unknown(field.unknown))
        var result: Syntax
        switch field.derivative {
        case .partial(let coordinates):
            let texts = coordinates.map { names.coordinate($0) }
            if coordinates.isEmpty && indices.isEmpty {
                result = base
            } else if indices.isEmpty && texts.allSatisfy({ $0.count == 1 }) {
                result = name(names.unknown(field.unknown) + "_" + texts.joined())
            } else {
                var arguments = [base]
                var rest = coordinates[...]
                while let first = rest.first {
                    let count = rest.prefix { $0 == first }.count
                    arguments.append(coordinate(first))
                    if count > 1 { arguments.append(number(Double(count))) }
                    rest = rest.dropFirst(count)
                }
                for (family, index) in zip(field.families, indices) {
                    arguments.append(Syntax(.element(familyName(family.first), index)))
                }
                result = call("d", arguments)
            }
        case .laplacian(let coordinates):
            if coordinates == names.space {
                result = call("laplacian", [base])
            } else {
                result = Syntax(
                    .sum(
                        coordinates.map {
                            Syntax.Term(isInverse: false, value: call("d", [base, coordinate($0), number(2)]))
                        }))
            }
        }
        guard field.trace != .none else { return result }
        return Syntax(
            .call(result, field.trace.entries.map { .placement(coordinate($0.coordinate), number($0.value)) }))
    }
}
