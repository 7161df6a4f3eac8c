extension Syntax: CustomStringConvertible {
    /// The tree in the input language, with no more brackets than needed; parsing it gives the tree back.
    public var description: String { text(.anything) }

    /// How tightly an operand must bind to stand without brackets.
    enum Binding: Int, Comparable {
        case anything, conjunct, negatable, comparand, term, factor, signed, base
        static func < (left: Binding, right: Binding) -> Bool { left.rawValue < right.rawValue }
    }

    private var binding: Binding {
        switch kind {
        case .or: .anything
        case .and: .conjunct
        case .not: .negatable
        case .comparison, .placement: .negatable
        case .sum: .term
        case .product: .factor
        case .negation: .signed
        case .power: .signed
        case .number(let value): value < 0 || (value == 0 && value.sign == .minus) ? .signed : .base
        case .name, .list, .element, .call: .base
        }
    }

    private func text(_ needed: Binding) -> String {
        let inner = plainText
        return binding < needed ? "(\(inner))" : inner
    }

    private var plainText: String {
        switch kind {
        case .number(let value): return value.isFinite ? value.shortText : value > 0 ? "1e999" : "?"
        case .name(let parts): return parts.joined(separator: ".")
        case .list(let parts): return "[\(parts.map(\.description).joined(separator: ", "))]"
        case .negation(let operand): return "-" + operand.text(.signed)
        case .sum(let terms): return chain(terms, " + ", " - ", .factor)
        case .product(let factors): return chain(factors, "*", "/", .signed)
        case .power(let base, let exponent): return base.text(.base) + "^" + exponent.text(.signed)
        case .comparison(let sign, let left, let right):
            return "\(left.text(.term)) \(sign.rawValue) \(right.text(.term))"
        case .placement(let left, let right): return "\(left.text(.term)) = \(right.text(.term))"
        case .not(let operand): return "not " + operand.text(.negatable)
        case .and(let parts): return parts.map { $0.text(.negatable) }.joined(separator: " and ")
        case .or(let parts): return parts.map { $0.text(.conjunct) }.joined(separator: " or ")
        case .element(let base, let index): return "\(base.text(.base))[\(index)]"
        case .call(let callee, let arguments):
            return "\(callee.text(.base))(\(arguments.map(\.description).joined(separator: ", ")))"
        }
    }

    private func chain(_ terms: [Term], _ direct: String, _ inverse: String, _ needed: Binding) -> String {
        var result = ""
        for (index, term) in terms.enumerated() {
            if index > 0 { result += term.isInverse ? inverse : direct }
            result += term.value.text(needed)
        }
        return result
    }
}

extension Syntax.Argument: CustomStringConvertible {
    /// The argument in the input language.
    public var description: String {
        switch self {
        case .plain(let value): "\(value)"
        case .range(let name, let lower, let upper): "\(name) in \(lower):\(upper)"
        case .drawn(let name, let distribution, let values):
            "\(name) ~ \(distribution)(\(values.map(\.description).joined(separator: ", ")))"
        case .placement(let target, let value): "\(target) = \(value)"
        case .over(let value, let region): "\(value) over \(region.joined(separator: "."))"
        }
    }
}
