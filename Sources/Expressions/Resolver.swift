/// A value while names are looked up: a kind and its components.
struct Value {
    var shape: Expression.Shape
    var storage: Expression.Storage

    init(_ shape: Expression.Shape, _ storage: Expression.Storage) {
        self.shape = shape
        self.storage = storage
    }

    init(_ node: Node, _ shape: Expression.Shape = .scalar) {
        self.init(shape, .list([node]))
    }

    init(vector: [Node]) { self.init(.vector(vector.count), .list(vector)) }
}

/// Looks up the names of one text and checks kinds of values; goes on after every slip.
///
/// A part that holds a slip has no value; whatever it is used in has none either and stays silent.
final class Resolver {
    enum Local {
        case value(Value)
        case index(Node)
        case drawn(sample: Int, count: Int)
        /// An argument of which nothing is known, while a function is checked by itself.
        case anything
    }

    let scope: Scope
    let context: Context
    /// Whether there is an outward normal where the text under the hand stands.
    var hasNormal: Bool
    var issues: [ExpressionIssue] = []
    var locals: [String: Local] = [:]
    var definitions: [String: Result<Value, ExpressionIssue>] = [:]
    var steps = 0
    var callDepth = 0
    /// Set while a function body is resolved, whose places are not places of this text.
    var callRange: SourceRange?
    var callee: String?

    init(_ scope: Scope, _ context: Context) {
        self.scope = scope
        self.context = context
        hasNormal = context == .condition
    }

    var names: Names { scope.names }

    /// Resolves a whole text.
    func resolveWhole(_ syntax: Syntax) -> Value? {
        prepareDefinitions(for: syntax)
        return resolve(syntax)
    }

    /// Resolves the definitions that a text needs, in an order in which none waits for another.
    func prepareDefinitions(for syntax: Syntax) {
        for name in scope.definitionsNeeded(by: syntax) {
            guard definitions[name] == nil, let definition = scope.definitions[name], definition.arguments.isEmpty
            else {
                continue
            }
            let outer = issues
            issues = []
            let value = resolve(definition.body)
            if let value, issues.isEmpty {
                definitions[name] = .success(named(name, value))
            } else {
                let first = issues.first ?? ExpressionIssue(message: "it has no value", range: .none)
                definitions[name] = .failure(first)
            }
            issues = outer
        }
    }

    private func named(_ name: String, _ value: Value) -> Value {
        guard value.shape == .scalar, case .list(let nodes) = value.storage else { return value }
        return Value(Node.named(name, nodes[0]))
    }

    @discardableResult
    func complain(_ message: String, at range: SourceRange, hint: String? = nil) -> Value? {
        if let callRange, let callee {
            let text = "in '\(callee)': \(message)"
            if !issues.contains(where: { $0.range == callRange && $0.message == text }) {
                issues.append(ExpressionIssue(message: text, range: callRange, hint: hint))
            }
        } else {
            issues.append(ExpressionIssue(message: message, range: range, hint: hint))
        }
        return nil
    }

    func resolve(_ syntax: Syntax) -> Value? {
        steps += 1
        guard steps <= Limits.resolutionSteps else {
            if steps == Limits.resolutionSteps + 1 {
                complain(
                    "the expression grows too large when its definitions are put in", at: syntax.range,
                    hint: "at most \(Limits.resolutionSteps) names, numbers and operators are followed")
            }
            return nil
        }
        switch syntax.kind {
        case .number(let value): return Value(.literal(value))
        case .name(let parts): return resolveName(parts, syntax)
        case .list(let parts):
            let values = parts.map(resolve)
            return list(values, syntax)
        case .negation(let operand):
            guard let value = number(operand, "negate") else { return nil }
            return map(value, Node.negated)
        case .sum(let terms): return resolveSum(terms, syntax)
        case .product(let factors): return resolveProduct(factors)
        case .power(let base, let exponent):
            let left = scalar(base, "the base of a power")
            let right = scalar(exponent, "the exponent of a power")
            guard let left, let right else { return nil }
            if let a = Evaluator.constant(left), let b = Evaluator.constant(right), !raised(a, to: b).isFinite {
                if a == 0, b < 0 { return complain("division by zero: 0 to a negative power", at: syntax.range) }
            }
            return Value(.power(left, right))
        case .comparison(let comparison, let a, let b):
            let left = scalar(a, "the left side of '\(comparison.rawValue)'")
            let right = scalar(b, "the right side of '\(comparison.rawValue)'")
            guard let left, let right else { return nil }
            return Value(.comparison(comparison, left, right), .truth)
        case .not(let operand):
            guard let value = truth(operand, "'not'") else { return nil }
            return Value(Node(.not, [value]), .truth)
        case .and(let parts): return logic(parts, "'and'", .and)
        case .or(let parts): return logic(parts, "'or'", .or)
        case .placement:
            return complain(
                "'=' says where a condition holds and cannot stand here", at: syntax.range,
                hint: "to compare two values write '=='")
        case .element(let base, let index): return resolveElement(base, index, syntax)
        case .call(let callee, let arguments): return resolveCall(callee, arguments, syntax)
        }
    }

    private func logic(_ parts: [Syntax], _ place: String, _ kind: Node.Kind) -> Value? {
        let values = parts.map { truth($0, place) }
        let nodes = values.compactMap { $0 }
        guard nodes.count == parts.count else { return nil }
        return Value(Node(kind, nodes), .truth)
    }

    /// A value that is a number, a vector or a matrix.
    func number(_ syntax: Syntax, _ verb: String) -> Value? {
        guard let value = resolve(syntax) else { return nil }
        guard value.shape != .truth else {
            return complain("cannot \(verb) a truth value", at: syntax.range)
        }
        return value
    }

    func scalar(_ syntax: Syntax, _ place: String) -> Node? {
        guard let value = resolve(syntax) else { return nil }
        guard value.shape == .scalar else {
            complain("\(place) must be a scalar, not \(value.shape)", at: syntax.range, hint: reason(syntax, value))
            return nil
        }
        return value.node
    }

    func truth(_ syntax: Syntax, _ place: String) -> Node? {
        guard let value = resolve(syntax) else { return nil }
        guard value.shape == .truth else {
            complain(
                "\(place) needs a truth value, not \(value.shape)", at: syntax.range,
                hint: "compare it with something, for instance '\(shortText(syntax) ?? "x") > 0'")
            return nil
        }
        return value.node
    }

    /// A whole number made of known parameters.
    func wholeNumber(_ syntax: Syntax, _ place: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = scalar(syntax, place) else { return nil }
        guard let value = Evaluator.constant(node) else {
            complain(
                "\(place) must be a constant", at: syntax.range,
                hint: "only numbers and known parameters may occur in it")
            return nil
        }
        guard let whole = Int(exactly: value), range.contains(whole) else {
            let bounds = range.upperBound > 1 << 40 ? "" : " from \(range.lowerBound) to \(range.upperBound)"
            complain("\(place) must be a whole number\(bounds), not \(value.shortText)", at: syntax.range)
            return nil
        }
        return whole
    }

    private func resolveSum(_ terms: [Syntax.Term], _ syntax: Syntax) -> Value? {
        var total = resolve(terms[0].value)
        var isComplete = total != nil
        if let first = total, first.shape == .truth {
            complain("cannot \(terms[1].isInverse ? "subtract from" : "add") a truth value", at: terms[0].value.range)
            isComplete = false
            total = nil
        }
        // All terms are added at once where they are scalars, since a sum may have thousands.
        var scalars: [Node] = []
        if let first = total, first.shape == .scalar { scalars = [first.node] }
        for (index, term) in terms.enumerated().dropFirst() {
            guard let value = resolve(term.value) else {
                isComplete = false
                continue
            }
            guard let left = total else {
                if !isComplete, value.shape != .truth { total = value }
                continue
            }
            guard value.shape != .truth, left.shape == value.shape else {
                let verb = term.isInverse ? "subtract" : "add"
                let pair =
                    term.isInverse ? "\(kind(value)) from \(kind(left))" : "\(kind(left)) and \(kind(value))"
                let leftText =
                    index == 1 ? reason(terms[0].value, left) : "what stands before is \(left.shape)"
                complain(
                    "cannot \(verb) \(pair)", at: term.operatorRange,
                    hint: "\(leftText); \(reason(term.value, value))")
                isComplete = false
                continue
            }
            if left.shape == .scalar {
                scalars.append(term.isInverse ? .negated(value.node) : value.node)
            } else {
                total = combine(left, value) { term.isInverse ? .difference($0, $1) : .sum([$0, $1]) }
            }
        }
        guard isComplete, let total else { return nil }
        return total.shape == .scalar ? Value(.sum(scalars)) : total
    }

    private func resolveProduct(_ factors: [Syntax.Term]) -> Value? {
        var total = number(factors[0].value, "multiply")
        var isComplete = total != nil
        var pending: [Node] = []
        if let first = total, first.shape == .scalar { pending = [first.node] }
        for (index, factor) in factors.enumerated().dropFirst() {
            guard let value = number(factor.value, factor.isInverse ? "divide by" : "multiply") else {
                isComplete = false
                continue
            }
            if factor.isInverse, value.shape == .scalar, Evaluator.constant(value.node) == 0 {
                complain("division by zero", at: factor.operatorRange.union(factor.value.range))
                isComplete = false
            }
            guard let left = total else { continue }
            let leftText = index == 1 ? reason(factors[0].value, left) : "what stands before is \(left.shape)"
            switch (left.shape, value.shape) {
            case (_, .scalar) where factor.isInverse:
                let right = value.node
                if left.shape == .scalar {
                    pending = [.quotient(.product(pending), right)]
                } else {
                    total = map(left) { .quotient($0, right) }
                }
            case (_, _) where factor.isInverse:
                complain(
                    "cannot divide by \(kind(value))", at: factor.operatorRange,
                    hint: reason(factor.value, value))
                isComplete = false
            case (.scalar, .scalar): pending.append(value.node)
            case (.scalar, _):
                let scale = Node.product(pending)
                total = map(value) { .product([scale, $0]) }
            case (_, .scalar): total = map(left) { .product([$0, value.node]) }
            case (.matrix(let rows, let inner), .vector(let count)) where inner == count:
                let a = nodes(left)
                let b = nodes(value)
                total = Value(
                    vector: (0..<rows).map { row in .sum((0..<inner).map { .product([a[row * inner + $0], b[$0]]) }) })
            default:
                complain(
                    "cannot multiply \(kind(left)) and \(kind(value))", at: factor.operatorRange,
                    hint: "\(leftText); \(reason(factor.value, value)); for a scalar product write 'dot(a, b)'")
                isComplete = false
            }
        }
        guard isComplete, let total else { return nil }
        return total.shape == .scalar ? Value(.product(pending)) : total
    }

    private func list(_ values: [Value?], _ syntax: Syntax) -> Value? {
        guard case .list(let parts) = syntax.kind, values.allSatisfy({ $0 != nil }) else { return nil }
        let values = values.compactMap { $0 }
        let shape = values[0].shape
        for (part, value) in zip(parts, values) where value.shape != shape || value.shape == .truth {
            return complain(
                value.shape == .truth
                    ? "a vector cannot hold a truth value"
                    : "the components of a vector must be of one kind", at: part.range,
                hint: value.shape == .truth ? nil : "\(reason(parts[0], values[0])); \(reason(part, value))")
        }
        switch shape {
        case .scalar: return Value(vector: values.map(\.node))
        case .vector(let count): return Value(.matrix(values.count, count), .list(values.flatMap { nodes($0) }))
        default: return complain("the components of a vector must be scalars or vectors", at: syntax.range)
        }
    }

    // MARK: Values

    func map(_ value: Value, _ transform: (Node) -> Node) -> Value {
        switch value.storage {
        case .list(let nodes): Value(value.shape, .list(nodes.map(transform)))
        case .family(let index, let body): Value(value.shape, .family(index: index, body: transform(body)))
        }
    }

    func combine(_ left: Value, _ right: Value, _ operation: (Node, Node) -> Node) -> Value {
        if case .family(let i, let a) = left.storage, case .family(let j, let b) = right.storage,
            case .vector(let count) = left.shape
        {
            let variable = Node(.index(i, lower: 1, upper: count))
            return Value(left.shape, .family(index: i, body: operation(a, b.replacing(index: j, by: variable))))
        }
        return Value(left.shape, .list(zip(nodes(left), nodes(right)).map(operation)))
    }

    /// The components one by one.
    func nodes(_ value: Value) -> [Node] {
        Expression(shape: value.shape, storage: value.storage, names: .empty).nodes
    }

    /// Component i of a vector for an index variable or number.
    func component(_ value: Value, _ index: Node) -> Node {
        switch value.storage {
        case .family(let variable, let body): body.replacing(index: variable, by: index)
        case .list(let nodes): .element(index, of: nodes)
        }
    }

    // MARK: Words for messages

    func kind(_ value: Value) -> String {
        switch value.shape {
        case .scalar: "a scalar"
        case .vector: "a vector"
        case .matrix: "a matrix"
        case .truth: "a truth value"
        }
    }

    func shortText(_ syntax: Syntax) -> String? {
        guard syntax.range.upper - syntax.range.lower <= 60, callRange == nil else { return nil }
        let text = "\(syntax)"
        return text.count <= 40 ? text : nil
    }

    /// Such as `f is a scalar (declared on line 7)`.
    func reason(_ syntax: Syntax, _ value: Value) -> String {
        var text = "\(shortText(syntax) ?? "this") is \(value.shape)"
        if case .name(let parts) = syntax.kind, let origin = scope.origins[parts.joined(separator: ".")] {
            text += " (\(origin))"
        }
        return text
    }
}

extension Value {
    /// The node of a scalar or truth value.
    var node: Node {
        guard case .list(let nodes) = storage, nodes.count == 1 else {
            preconditionFailure("a scalar is needed here")
        }
        return nodes[0]
    }
}
