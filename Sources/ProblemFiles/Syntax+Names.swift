import Expressions

extension Syntax {
    /// All names that occur in the expression, as they are written (`u_xx` is one), first parts of dotted names.
    var names: Set<String> {
        var names: Set<String> = []
        collectNames(into: &names)
        return names
    }

    private func collectNames(into names: inout Set<String>) {
        switch kind {
        case .number: break
        case .name(let parts): if let first = parts.first { names.insert(first) }
        case .list(let parts), .and(let parts), .or(let parts):
            for part in parts { part.collectNames(into: &names) }
        case .negation(let part), .not(let part): part.collectNames(into: &names)
        case .sum(let terms), .product(let terms):
            for term in terms { term.value.collectNames(into: &names) }
        case .power(let first, let second), .comparison(_, let first, let second), .placement(let first, let second),
            .element(let first, let second):
            first.collectNames(into: &names)
            second.collectNames(into: &names)
        case .call(let function, let arguments):
            function.collectNames(into: &names)
            for argument in arguments {
                switch argument {
                case .plain(let part), .over(let part, _): part.collectNames(into: &names)
                case .range(_, let first, let second), .placement(let first, let second):
                    first.collectNames(into: &names)
                    second.collectNames(into: &names)
                case .drawn(_, _, let parts): for part in parts { part.collectNames(into: &names) }
                }
            }
        }
    }
}
