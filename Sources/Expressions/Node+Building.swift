import Synchronization

/// Constructors that keep a light normal form: nested sums and products are flattened, literal constants folded where
/// that neither overflows nor underflows, and the rules for 0 and 1 applied. Values that are finite stay the same up to
/// rounding.
extension Node {
    static func literal(_ value: Double) -> Node { Node(.constant(value == 0 ? 0 : value, name: nil)) }
    static let zero = literal(0)
    static let one = literal(1)

    private static let nextIndex = Atomic<Int>(1 << 40)

    /// An identifier for an index variable whose binder is not closed yet.
    static func freshIndex() -> Int { nextIndex.add(1, ordering: .relaxed).newValue }

    /// Nested sums and products are flattened up to this many operands, so that g(g(g(x))) with g(y) = y*y stays small.
    private static let flattenedCount = 1024

    static func sum(_ terms: [Node]) -> Node {
        var flat: [Node] = []
        var place: Int?
        var total = 0.0
        func add(_ term: Node) {
            if let value = term.literal {
                if place == nil { place = flat.count }
                total += value
            } else {
                flat.append(term)
            }
        }
        for term in terms {
            if case .sum = term.kind, flat.count + term.children.count <= flattenedCount {
                term.children.forEach(add)
            } else {
                add(term)
            }
        }
        if let place, total != 0 { flat.insert(.literal(total), at: place) }
        switch flat.count {
        case 0: return .zero
        case 1: return flat[0]
        default: return Node(.sum, flat)
        }
    }

    static func product(_ factors: [Node]) -> Node {
        var constant = 1.0
        var kept: [Node] = []
        var flat: [Node] = []
        func multiply(_ factor: Node) {
            guard let value = factor.literal else {
                flat.append(factor)
                return
            }
            let folded = constant * value
            if folded.isNormal || value == 0 {
                constant = folded
            } else {
                kept.append(factor)
            }
        }
        for factor in factors {
            if case .product = factor.kind, flat.count + factor.children.count <= flattenedCount {
                factor.children.forEach(multiply)
            } else {
                multiply(factor)
            }
        }
        if constant == 0 { return .zero }
        if constant != 1 { kept.insert(.literal(constant), at: 0) }
        flat.insert(contentsOf: kept, at: 0)
        switch flat.count {
        case 0: return .one
        case 1: return flat[0]
        default: return Node(.product, flat)
        }
    }

    static func negated(_ node: Node) -> Node { product([literal(-1), node]) }
    static func difference(_ left: Node, _ right: Node) -> Node { sum([left, negated(right)]) }

    static func quotient(_ left: Node, _ right: Node) -> Node {
        if right.isLiteral(1) { return left }
        if left.isLiteral(0), !right.isLiteral(0) { return .zero }
        if let a = left.literal, let b = right.literal, b != 0 {
            let exact = a / b
            if exact.isNormal, (-a).addingProduct(exact, b) == 0 { return .literal(exact) }
        }
        return Node(.quotient, [left, right])
    }

    static func power(_ base: Node, _ exponent: Node) -> Node {
        if exponent.isLiteral(1) { return base }
        if exponent.isLiteral(0) || base.isLiteral(1) { return .one }
        if let a = base.literal, let b = exponent.literal, let exact = exactInteger(raised(a, to: b)) {
            return .literal(exact)
        }
        return Node(.power, [base, exponent])
    }

    static func power(_ base: Node, _ exponent: Double) -> Node { power(base, .literal(exponent)) }

    static func call(_ function: Function, _ arguments: Node...) -> Node { call(function, arguments) }

    static func call(_ function: Function, _ arguments: [Node]) -> Node {
        if arguments.count > 2, function == .min || function == .max {
            return arguments.dropFirst().reduce(arguments[0]) { call(function, [$0, $1]) }
        }
        if arguments.allSatisfy({ $0.literal != nil }) {
            let values = arguments.compactMap(\.literal)
            if let exact = exactInteger(function.value(values[0], values.last!)) { return .literal(exact) }
        }
        return Node(.call(function), arguments)
    }

    /// Folding keeps √2 and 1/3 as they are written.
    private static func exactInteger(_ value: Double) -> Double? {
        value.isFinite && abs(value) < 1e6 && value == value.rounded() ? value : nil
    }

    static func choice(_ condition: Node, _ first: Node, _ second: Node) -> Node {
        if let truth = condition.literalTruth { return truth ? first : second }
        return first == second ? first : Node(.choice, [condition, first, second])
    }

    /// The truth value, if the condition compares two numbers.
    private var literalTruth: Bool? {
        guard case .comparison(let comparison) = kind, let a = children[0].literal, let b = children[1].literal else {
            return nil
        }
        return comparison.holds(a, b)
    }

    static func comparison(_ comparison: Syntax.Comparison, _ left: Node, _ right: Node) -> Node {
        Node(.comparison(comparison), [left, right])
    }

    static func member(_ family: Family, _ index: Node) -> Node {
        if let value = index.literal, value >= 1, value <= Double(family.count) {
            return Node(.coordinate(family.first + Int(value) - 1))
        }
        return Node(.member(first: family.first, count: family.count), [index])
    }

    static func element(_ index: Node, of components: [Node]) -> Node {
        if let value = index.literal, value >= 1, value <= Double(components.count) {
            return components[Int(value) - 1]
        }
        return Node(.element, [index] + components)
    }

    static func named(_ name: String, _ node: Node) -> Node {
        node.number != nil && node.literal == nil ? node : Node(.named(name), [node])
    }

    /// A derivative of an unknown along fixed coordinates and along components of families.
    static func field(_ field: Field, along indices: [Node] = []) -> Node {
        var field = field
        var fixed: [Int] = []
        var symbolic: [(family: Family, index: Node)] = []
        for (family, index) in zip(field.families, indices) {
            if let value = index.literal, value >= 1, value <= Double(family.count) {
                fixed.append(family.first + Int(value) - 1)
            } else {
                symbolic.append((family, index))
            }
        }
        if case .partial(let coordinates) = field.derivative {
            field.derivative = .partial((coordinates + fixed).sorted())
        } else {
            precondition(fixed.isEmpty && symbolic.isEmpty, "a Laplacian is expanded before it is differentiated")
        }
        symbolic.sort {
            ($0.family.first, $0.index.digest.high, $0.index.digest.low)
                < ($1.family.first, $1.index.digest.high, $1.index.digest.low)
        }
        field.families = symbolic.map(\.family)
        return Node(.field(field), symbolic.map(\.index))
    }

    static func mean(_ sample: Int, count: Int, _ body: Node) -> Node {
        guard body.freeIndices.contains(sample) else { return body }
        let canonical = body.canonicalBinder(closing: sample)
        return Node(.mean(canonical, count: count), [body.replacing(sample: sample, by: canonical)])
    }

    static func integral(isAverage: Bool, over region: String, _ body: Node) -> Node {
        if isAverage, body.number != nil { return body }
        return body.isLiteral(0) ? .zero : Node(.integral(isAverage: isAverage, over: region), [body])
    }

    /// An identifier above those of all binders within and of all closed index variables that stay free.
    func canonicalBinder(closing index: Int) -> Int {
        max(binders, freeIndices.filter { $0 < 1 << 40 && $0 != index }.max() ?? 0) + 1
    }

    /// The same operation on other operands.
    func rebuilt(_ operands: [Node]) -> Node {
        if operands.count == children.count, zip(operands, children).allSatisfy({ $0 === $1 }) { return self }
        switch kind {
        case .constant, .parameter, .coordinate, .index, .normal, .datum: return self
        case .member(let first, let count): return .member(Family(first: first, count: count), operands[0])
        case .field(let field): return .field(field, along: operands)
        case .normalMember(let count): return .normalMember(operands[0], count: count)
        case .sum: return .sum(operands)
        case .product: return .product(operands)
        case .quotient: return .quotient(operands[0], operands[1])
        case .power: return .power(operands[0], operands[1])
        case .call(let function): return .call(function, operands)
        case .choice: return .choice(operands[0], operands[1], operands[2])
        case .reduction(let isProduct, let index, let lower, let upper):
            return .reduction(isProduct: isProduct, index: index, from: lower, to: upper, operands[0])
        case .mean(let sample, let count): return .mean(sample, count: count, operands[0])
        case .integral(let isAverage, let region): return .integral(isAverage: isAverage, over: region, operands[0])
        case .element: return .element(operands[0], of: Array(operands.dropFirst()))
        case .named(let name): return .named(name, operands[0])
        case .sample, .comparison, .not, .and, .or, .tabulated: return Node(kind, operands)
        }
    }

    static func normalMember(_ index: Node, count: Int) -> Node {
        if let value = index.literal, value >= 1, value <= Double(count) { return Node(.normal(Int(value) - 1)) }
        return Node(.normalMember(count: count), [index])
    }

    /// The graph with every node replaced by what `transform` makes of it and its finished operands.
    ///
    /// Subtrees for which `isAffected` is false are kept as they are.
    func rewritten(where isAffected: (Node) -> Bool = { _ in true }, _ transform: (Node, [Node]) -> Node) -> Node {
        guard isAffected(self) else { return self }
        var results: [ObjectIdentifier: Node] = [:]
        for node in postorder() {
            let operands = node.children.map { results[ObjectIdentifier($0)]! }
            results[ObjectIdentifier(node)] = isAffected(node) ? transform(node, operands) : node
        }
        return results[ObjectIdentifier(self)]!
    }

    /// The graph with a free index variable replaced.
    func replacing(index: Int, by replacement: Node) -> Node {
        rewritten(where: { $0.freeIndices.contains(index) }) { node, operands in
            if case .index(index, _, _) = node.kind { return replacement }
            return node.rebuilt(operands)
        }
    }

    /// The graph with a drawn vector renamed.
    func replacing(sample: Int, by renamed: Int) -> Node {
        rewritten(where: { $0.freeIndices.contains(sample) }) { node, operands in
            if case .sample(sample) = node.kind { return Node(.sample(renamed), operands) }
            return node.rebuilt(operands)
        }
    }
}

extension Syntax.Comparison {
    /// Whether the comparison holds between two numbers.
    func holds(_ a: Double, _ b: Double) -> Bool {
        switch self {
        case .less: a < b
        case .lessOrEqual: a <= b
        case .greater: a > b
        case .greaterOrEqual: a >= b
        case .equal: a == b
        case .notEqual: a != b
        }
    }
}
