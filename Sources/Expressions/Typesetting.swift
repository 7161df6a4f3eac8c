extension Expression {
    /// The expression as on paper, in Unicode: `∂²u/∂x² + k² u`, `Δu`, `√(x + 1)`, `Σ_{i=1}^{d}`.
    ///
    /// Definitions appear by name. The names come from the scope that the expression was resolved in.
    public var typeset: String { typeset(with: names) }

    /// The expression as on paper, with the names of a scope.
    public func typeset(_ scope: Scope) -> String { typeset(with: scope.names) }

    private func typeset(with names: Names) -> String {
        if case .family(let index, let body) = storage, case .member(let first, _) = body.kind,
            case .index(index, _, _) = body.children[0].kind, let place = names.declaration(of: first)
        {
            return Typesetter.greek(names.coordinates[place].name)
        }
        let size = componentSizes
        guard size.tree <= Limits.printedNodes / 20, size.depth <= 400 else {
            return "(\(shape.description) of \(size.tree) operations)"
        }
        let roots = nodes
        let typesetter = Typesetter(names, roots)
        let texts = roots.map { typesetter.text($0).text }
        switch shape {
        case .scalar, .truth: return texts[0]
        case .vector: return "(\(texts.joined(separator: ", ")))"
        case .matrix(let rows, let columns):
            let lines = (0..<rows).map { row in
                "(\(texts[row * columns..<(row + 1) * columns].joined(separator: ", ")))"
            }
            return "(\(lines.joined(separator: ", ")))"
        }
    }
}

/// Writes graphs in the notation of the field.
struct Typesetter {
    /// How tightly a text binds.
    enum Binding: Int, Comparable {
        case logic, comparison, sum, negative, product, quotient, power, atom
        static func < (left: Binding, right: Binding) -> Bool { left.rawValue < right.rawValue }
    }

    struct Piece {
        var text: String
        var binding: Binding
        /// The text to use inside a sum, if it differs.
        var spelledOut: String?

        func bracketed(below needed: Binding) -> String { binding < needed ? "(\(text))" : text }
    }

    private let names: Names
    private let bound: BoundNames

    init(_ names: Names, _ roots: [Node]) {
        self.names = names
        bound = BoundNames(names, roots)
    }

    func text(_ root: Node) -> Piece {
        var results: [ObjectIdentifier: Piece] = [:]
        for node in root.postorder(enteringNames: false) {
            results[ObjectIdentifier(node)] = piece(node, node.children.compactMap { results[ObjectIdentifier($0)] })
        }
        var result = results[ObjectIdentifier(root)]!
        if let spelledOut = result.spelledOut { result.text = spelledOut }
        return result
    }

    /// Greek letters for their names, as far as a name is nothing else.
    static func greek(_ name: String) -> String {
        let letters = [
            "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η",
            "theta": "θ",
            "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "rho": "ρ", "sigma": "σ", "tau": "τ",
            "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "pi": "π", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
            "Lambda": "Λ", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
        ]
        return letters[name] ?? name
    }

    static func superscript(_ number: Int) -> String {
        let digits: [Character: Character] = [
            "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
            "-": "⁻",
        ]
        return String(String(number).map { digits[$0] ?? $0 })
    }

    private func coordinate(_ flat: Int) -> String {
        guard let place = names.declaration(of: flat), names.coordinates[place].count != nil else {
            return Self.greek(names.coordinate(flat))
        }
        return subscripted(names.coordinates[place].name, "\(flat - names.starts[place] + 1)")
    }

    private func subscripted(_ name: String, _ index: String) -> String {
        index.count == 1 ? "\(Self.greek(name))_\(index)" : "\(Self.greek(name))_{\(index)}"
    }

    private func familyName(_ first: Int) -> String {
        names.declaration(of: first).map { names.coordinates[$0].name } ?? "x"
    }

    private func atom(_ text: String) -> Piece { Piece(text: text, binding: .atom) }

    private func piece(_ node: Node, _ operands: [Piece]) -> Piece {
        switch node.kind {
        case .constant(let value, let name):
            if let name { return atom(Self.greek(name)) }
            return Piece(
                text: value < 0 ? "−" + (-value).shortText : value.shortText, binding: value < 0 ? .negative : .atom)
        case .parameter(let index): return atom(Self.greek(names.parameter(index)))
        case .coordinate(let flat): return atom(coordinate(flat))
        case .member(let first, _): return atom(subscripted(familyName(first), operands[0].text))
        case .index(let index, _, _): return atom(bound.name(index))
        case .sample(let index): return atom(subscripted(bound.name(index), operands[0].text))
        case .field(let field): return piece(field, operands)
        case .tabulated(let table):
            let letters = zip(table.coordinates, table.orders).map { flat, order in
                String(repeating: coordinate(flat), count: order)
            }.joined()
            let held = table.coordinates.indices.filter {
                node.children[$0].unnamed.kind != .coordinate(table.coordinates[$0])
            }.map { "\(coordinate(table.coordinates[$0])) = \(operands[$0].text)" }
            let base = Self.greek(table.function.name) + (letters.isEmpty ? "" : "_\(letters)")
            return atom(held.isEmpty ? base : "\(base)(\(held.joined(separator: ", ")))")
        case .datum(let place): return atom("datum \(place + 1)")
        case .normal(let axis): return atom("n_\(coordinate(axis))")
        case .normalMember: return atom(subscripted("n", operands[0].text))
        case .sum: return sum(node, operands)
        case .product: return product(node, operands)
        case .quotient:
            return Piece(
                text: operands[0].bracketed(below: .product) + "/" + operands[1].bracketed(below: .power),
                binding: .quotient)
        case .power: return power(node, operands)
        case .call(let function): return call(function, operands)
        case .choice:
            return atom("if(\(operands[0].text), \(operands[1].text), \(operands[2].text))")
        case .comparison(let comparison):
            let signs: [Syntax.Comparison: String] = [
                .lessOrEqual: "≤", .greaterOrEqual: "≥", .equal: "=", .notEqual: "≠",
            ]
            return Piece(
                text: "\(operands[0].text) \(signs[comparison] ?? comparison.rawValue) \(operands[1].text)",
                binding: .comparison)
        case .not: return Piece(text: "not \(operands[0].bracketed(below: .atom))", binding: .comparison)
        case .and: return logic(operands, " and ")
        case .or: return logic(operands, " or ")
        case .reduction(let isProduct, let index, let lower, let upper):
            let sign = isProduct ? "Π" : "Σ"
            return Piece(
                text: "\(sign)_{\(bound.name(index))=\(lower)}^{\(upper)} \(operands[0].bracketed(below: .product))",
                binding: .product)
        case .mean(let sample, let count):
            return atom("mean[\(operands[0].text), \(bound.name(sample)) ~ normal(\(count))]")
        case .integral(let isAverage, let region):
            let text =
                isAverage
                ? "average[\(operands[0].text), \(region)]" : "∫_{\(region)} \(operands[0].bracketed(below: .product))"
            return Piece(text: text, binding: isAverage ? .atom : .product)
        case .element:
            return atom("(\(operands.dropFirst().map(\.text).joined(separator: ", ")))_{\(operands[0].text)}")
        case .named(let name): return atom(Self.greek(name))
        }
    }

    private func logic(_ operands: [Piece], _ word: String) -> Piece {
        Piece(text: operands.map { $0.bracketed(below: .comparison) }.joined(separator: word), binding: .logic)
    }

    private func sum(_ node: Node, _ operands: [Piece]) -> Piece {
        var text = ""
        for (place, operand) in operands.enumerated() {
            let term = operand.spelledOut ?? operand.bracketed(below: .negative)
            if place == 0 {
                text = term
            } else if term.hasPrefix("−") {
                text += " − " + term.dropFirst()
            } else {
                text += " + " + term
            }
        }
        return Piece(text: text, binding: .sum)
    }

    private func product(_ node: Node, _ operands: [Piece]) -> Piece {
        var text = ""
        var isNegative = false
        for (place, operand) in operands.enumerated() {
            var piece = operand.bracketed(below: place == operands.count - 1 ? .product : .power)
            if place == 0, let value = node.children[0].literal, value < 0 {
                isNegative = true
                if value == -1 { continue }
                piece = (-value).shortText
            }
            if text.isEmpty {
                text = piece
            } else {
                let startsWithDigit = piece.first?.isNumber == true
                text += (startsWithDigit ? "·" : " ") + piece
            }
        }
        return Piece(text: isNegative ? "−" + text : text, binding: isNegative ? .negative : .product)
    }

    private func power(_ node: Node, _ operands: [Piece]) -> Piece {
        var base = operands[0].bracketed(below: .atom)
        if case .field(let field) = node.children[0].kind, field.derivative != .value || !field.families.isEmpty {
            base = "(\(operands[0].text))"
        }
        if let value = node.children[1].literal, value == value.rounded(), abs(value) < 1000 {
            return Piece(text: base + Self.superscript(Int(value)), binding: .power)
        }
        return Piece(text: base + "^" + operands[1].bracketed(below: .atom), binding: .power)
    }

    private func call(_ function: Function, _ operands: [Piece]) -> Piece {
        switch function {
        case .sqrt:
            let inner = operands[0].text
            let isShort = operands[0].binding == .atom && !inner.contains(" ") && !inner.contains("/")
            return Piece(text: isShort ? "√\(inner)" : "√(\(inner))", binding: .power)
        case .abs: return atom("|\(operands[0].text)|")
        case .floor: return atom("⌊\(operands[0].text)⌋")
        default: return atom("\(function.rawValue)(\(operands.map(\.text).joined(separator: ", ")))")
        }
    }

    private func piece(_ field: Node.Field, _ indices: [Piece]) -> Piece {
        let base = Self.greek(names.unknown(field.unknown))
        var result: Piece
        switch field.derivative {
        case .partial(let coordinates):
            let along =
                coordinates.map { coordinate($0) }
                + zip(field.families, indices).map { subscripted(familyName($0.first), $1.text) }
            result = along.isEmpty ? atom(base) : Piece(text: Self.partial(base, along), binding: .quotient)
        case .laplacian(let coordinates):
            result = atom("Δ\(base)")
            if coordinates.count <= 3, field.trace == .none {
                result.spelledOut = coordinates.map { Self.partial(base, [coordinate($0), coordinate($0)]) }
                    .joined(separator: " + ")
            }
        }
        guard field.trace != .none else { return result }
        let places = field.trace.entries.map { "\(coordinate($0.coordinate)) = \($0.value.shortText)" }
        return atom("\(result.bracketed(below: .atom))(\(places.joined(separator: ", ")))")
    }

    /// Such as ∂⁴u/∂x²∂y².
    private static func partial(_ base: String, _ along: [String]) -> String {
        var below = ""
        var rest = along[...]
        while let first = rest.first {
            let count = rest.prefix { $0 == first }.count
            below += "∂\(first)" + (count > 1 ? superscript(count) : "")
            rest = rest.dropFirst(count)
        }
        return "∂" + (along.count > 1 ? superscript(along.count) : "") + base + "/" + below
    }
}
