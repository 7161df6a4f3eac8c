extension Syntax {
    /// Whether brackets behind this can be the arguments of a call.
    var isCallable: Bool {
        switch kind {
        case .name, .call: true
        case .element(let base, _): base.isCallable
        default: false
        }
    }

    /// Every name that occurs, whatever it refers to, dotted names whole; arguments of calls included.
    public var names: Set<String> {
        var result = Set<String>()
        collectNames(into: &result)
        return result
    }

    private func collectNames(into result: inout Set<String>) {
        switch kind {
        case .number: break
        case .name(let parts): result.insert(parts.joined(separator: "."))
        case .list(let parts), .and(let parts), .or(let parts): for part in parts { part.collectNames(into: &result) }
        case .negation(let a), .not(let a): a.collectNames(into: &result)
        case .sum(let terms), .product(let terms): for term in terms { term.value.collectNames(into: &result) }
        case .power(let a, let b), .comparison(_, let a, let b), .placement(let a, let b), .element(let a, let b):
            a.collectNames(into: &result)
            b.collectNames(into: &result)
        case .call(let callee, let arguments):
            callee.collectNames(into: &result)
            for argument in arguments {
                for part in argument.parts { part.collectNames(into: &result) }
                if case .over(_, let region) = argument { result.insert(region.joined(separator: ".")) }
            }
        }
    }
}

extension Syntax.Argument {
    /// The expressions within.
    var parts: [Syntax] {
        switch self {
        case .plain(let value), .over(let value, _): [value]
        case .range(_, let lower, let upper): [lower, upper]
        case .drawn(_, _, let values): values
        case .placement(let target, let value): [target, value]
        }
    }
}
