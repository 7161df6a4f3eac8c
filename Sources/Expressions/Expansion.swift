import Glibc

extension Expression {
    /// Whether the expression is zero wherever it is defined, as expansion tells.
    ///
    /// Sums, products, quotients and powers are expanded into sums of products of powers of atoms: coordinates, fields and their derivatives,
    /// integrals, and functions of what is simplified. When all coefficients cancel (to 10⁻¹² of what was added up) the expression vanishes.
    /// The other way round nothing is said: functions may be related in ways that expansion does not know, as sin² + cos² = 1.
    public var vanishesByExpansion: Bool {
        nodes.allSatisfy { node in
            guard let sum = Expansion().expand(node) else { return false }
            return sum.isZero
        }
    }
}

/// Expands graphs into sums of products of powers of atoms.
private final class Expansion {
    /// A product of powers of atoms, by their digests.
    typealias Monomial = [Node: Double]

    /// A sum of monomials with coefficients.
    struct Sum {
        /// The coefficient, and the sum of the magnitudes that were added up to it.
        var terms: [Monomial: (value: Double, size: Double)] = [:]

        static func constant(_ value: Double) -> Sum { Sum(terms: [[:]: (value, abs(value))]) }
        static func atom(_ node: Node) -> Sum { Sum(terms: [[node: 1]: (1, 1)]) }

        var isZero: Bool { terms.values.allSatisfy { abs($0.value) <= 1e-12 * $0.size } }

        /// The only term; nil where there are several.
        var single: (monomial: Monomial, value: Double)? {
            guard terms.count == 1, let term = terms.first else { return nil }
            return (term.key, term.value.value)
        }

        mutating func add(_ monomial: Monomial, _ value: Double, _ size: Double) {
            let known = terms[monomial] ?? (0, 0)
            terms[monomial] = (known.value + value, known.size + size)
        }

        /// Without terms that cancelled.
        var cleaned: Sum { Sum(terms: terms.filter { abs($0.value.value) > 1e-12 * $0.value.size }) }
    }

    private static let mostTerms = 20_000
    private var known: [Node: Sum] = [:]

    /// The expanded sum; nil when it is too long.
    func expand(_ root: Node) -> Sum? {
        for node in root.postorder(enteringBinders: false) where known[node] == nil {
            guard let sum = expanded(node), sum.terms.count <= Self.mostTerms else { return nil }
            known[node] = sum
        }
        return known[root]
    }

    private func expanded(_ node: Node) -> Sum? {
        if let value = Evaluator.constant(node) { return .constant(value) }
        let inner = node.isBinder ? [] : node.children.compactMap { known[$0] }
        switch node.kind {
        case .named: return inner.first
        case .sum:
            var sum = Sum()
            for other in inner { for (monomial, term) in other.terms { sum.add(monomial, term.value, term.size) } }
            return sum.cleaned
        case .product:
            return inner.reduce(Optional(Sum.constant(1))) { result, other in
                result.flatMap { Self.product($0, other) }
            }
        case .quotient:
            guard let inverse = Self.power(inner[1], -1) else {
                return Self.product(inner[0], .atom(.power(node.children[1], -1)))
            }
            return Self.product(inner[0], inverse)
        case .power:
            guard let exponent = Evaluator.constant(node.children[1]) else { return .atom(node) }
            return Self.power(inner[0], exponent) ?? .atom(node)
        case .field(let field):
            guard case .laplacian(let axes) = field.derivative else { return .atom(node) }
            var sum = Sum()
            for axis in axes {
                var second = field
                second.derivative = .partial([axis, axis])
                sum.add([.field(second, along: node.children): 1], 1, 1)
            }
            return sum
        case .reduction(let isProduct, let index, let lower, let upper):
            guard upper - lower < 64 else { return .atom(node) }
            var result = Sum.constant(isProduct ? 1 : 0)
            for value in lower...upper {
                let body = node.children[0].replacing(index: index, by: .literal(Double(value)))
                guard let term = Expansion().expand(body) else { return nil }
                if isProduct {
                    guard let product = Self.product(result, term) else { return nil }
                    result = product
                } else {
                    for (monomial, part) in term.terms { result.add(monomial, part.value, part.size) }
                }
            }
            return result.cleaned
        case .integral(let isAverage, let place):
            // Linear in what is integrated: coefficients come out, products are brought into one order.
            guard let body = Expansion().expand(node.children[0]) else { return nil }
            var sum = Sum()
            for (monomial, term) in body.terms {
                let factors = monomial.sorted {
                    ($0.key.digest.high, $0.key.digest.low) < ($1.key.digest.high, $1.key.digest.low)
                }
                let product = Node.product(factors.map { Node.power($0.key, $0.value) })
                sum.add([Node(.integral(isAverage: isAverage, over: place), [product]): 1], term.value, term.size)
            }
            return sum
        default: return .atom(node)
        }
    }

    private static func product(_ left: Sum, _ right: Sum) -> Sum? {
        guard left.terms.count * right.terms.count <= 4 * mostTerms else { return nil }
        var result = Sum()
        for (first, a) in left.terms {
            for (second, b) in right.terms {
                var monomial = first
                for (atom, exponent) in second {
                    let total = (monomial[atom] ?? 0) + exponent
                    monomial[atom] = total == 0 ? nil : total
                }
                result.add(monomial, a.value * b.value, a.size * b.size)
            }
        }
        return result.cleaned
    }

    /// A power; nil where it is no sum of monomials.
    private static func power(_ base: Sum, _ exponent: Double) -> Sum? {
        if let (monomial, value) = base.single {
            // Roots of products of powers would need signs.
            let isWhole = exponent == exponent.rounded()
            guard isWhole || (value > 0 && monomial.count <= 1 && monomial.values.allSatisfy { $0 == 1 }) else {
                return nil
            }
            let factor = pow(value, exponent)
            guard factor.isFinite else { return nil }
            return Sum(terms: [monomial.mapValues { $0 * exponent }: (factor, abs(factor))])
        }
        guard exponent == exponent.rounded(), exponent >= 1, exponent <= 32 else { return nil }
        var result: Sum? = base
        for _ in 1..<Int(exponent) { result = result.flatMap { product($0, base) } }
        return result
    }
}
