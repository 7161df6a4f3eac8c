/// Everything that is written with arguments in brackets.
extension Resolver {
    func resolveCall(_ callee: Syntax, _ arguments: [Syntax.Argument], _ syntax: Syntax) -> Value? {
        guard case .name(let parts) = callee.kind, parts.count == 1 else {
            if let placements = placements(arguments) { return resolveTrace(callee, placements, syntax) }
            return complain(
                "'\(shortText(callee) ?? "this")' cannot be called", at: callee.range,
                hint: "multiplication is written out, with '*'")
        }
        let name = parts[0]
        let isValue = locals[name] != nil || scope.entities[name] != nil || scope.derivativeReading(name) != nil
        if isValue, let placements = placements(arguments) { return resolveTrace(callee, placements, syntax) }
        if let definition = scope.definitions[name], !definition.arguments.isEmpty, locals[name] == nil {
            return apply(name, definition, arguments, syntax)
        }
        if Vocabulary.functions.contains(name) { return resolveBuiltIn(name, arguments, syntax) }
        if isValue {
            for argument in arguments { argument.parts.forEach { _ = resolve($0) } }
            guard locals[name] == nil, scope.entities[name]?.canBeDifferentiated ?? true else {
                return complain(
                    "'\(name)' is not a function", at: callee.range,
                    hint: "multiplication is written out: '\(name)*(…)'")
            }
            return complain(
                "'\(name)' takes no arguments", at: syntax.range,
                hint:
                    "to read it elsewhere name the coordinate, for instance '\(name)(\(names.coordinates.last?.name ?? "x") = 0)'"
            )
        }
        let functions = scope.definitions.filter { !$0.value.arguments.isEmpty }.map(\.key)
        let near = Vocabulary.nearest(to: name, among: Array(Vocabulary.functions) + functions)
        for argument in arguments {
            if case .plain(let value) = argument { _ = resolve(value) }
        }
        return complain(
            "there is no function '\(name)'", at: callee.range,
            hint: Self.otherNames[name].map { "write '\($0)'" } ?? near.map { "did you mean '\($0)'?" })
    }

    /// What other languages call it.
    private static let otherNames = [
        "ln": "log(x)", "lap": "laplacian(u)", "rot": "curl(w)", "pow": "a^b", "arctan": "atan(x)", "arcsin": "asin(x)",
        "arccos": "acos(x)", "heaviside": "step(s)", "where": "if(condition, a, b)", "nabla": "grad(u)",
        "diff": "d(u, x)",
        "dx": "d(u, x)", "dy": "d(u, y)", "dz": "d(u, z)", "D": "d(u, x)", "fabs": "abs(x)", "sgn": "sign(x)",
    ]

    private func placements(_ arguments: [Syntax.Argument]) -> [(target: Syntax, value: Syntax)]? {
        guard !arguments.isEmpty else { return nil }
        var result: [(target: Syntax, value: Syntax)] = []
        for argument in arguments {
            guard case .placement(let target, let value) = argument else { return nil }
            result.append((target, value))
        }
        return result
    }

    /// The arguments as plain expressions, or nothing after a complaint.
    private func plain(_ arguments: [Syntax.Argument], of name: String, _ syntax: Syntax) -> [Syntax]? {
        var result: [Syntax] = []
        for argument in arguments {
            guard case .plain(let value) = argument else {
                complain("'\(argument)' cannot stand in '\(name)(…)'", at: argument.parts.first?.range ?? syntax.range)
                return nil
            }
            result.append(value)
        }
        return result
    }

    private func apply(
        _ name: String, _ definition: Scope.Definition, _ arguments: [Syntax.Argument], _ syntax: Syntax
    ) -> Value? {
        guard let plain = plain(arguments, of: name, syntax) else { return nil }
        guard plain.count == definition.arguments.count else {
            return complain(
                "'\(name)' takes \(counted(definition.arguments.count, "argument")), not \(plain.count)",
                at: syntax.range,
                hint: "it is defined as '\(name)(\(definition.arguments.joined(separator: ", ")))'")
        }
        let values = plain.map { argument -> Local in resolve(argument).map(Local.value) ?? .anything }
        guard callDepth < Limits.callDepth else {
            return complain("functions call one another more than \(Limits.callDepth) deep", at: syntax.range)
        }
        let outer = (locals, callRange, callee)
        locals = Dictionary(uniqueKeysWithValues: zip(definition.arguments, values))
        if callRange == nil {
            callRange = syntax.range
            callee = name
        }
        callDepth += 1
        defer {
            callDepth -= 1
            (locals, callRange, callee) = outer
        }
        return resolve(definition.body)
    }

    private func resolveBuiltIn(_ name: String, _ arguments: [Syntax.Argument], _ syntax: Syntax) -> Value? {
        switch name {
        case "sum", "prod": return resolveReduction(name, arguments, syntax)
        case "mean": return resolveMean(arguments, syntax)
        case "integral", "average": return resolveIntegral(name, arguments, syntax)
        default: break
        }
        guard let plain = plain(arguments, of: name, syntax) else { return nil }
        func needs(_ count: Int, _ example: String) -> Bool {
            if plain.count == count { return true }
            complain(
                "'\(name)' takes \(counted(count, "argument")), not \(plain.count)", at: syntax.range,
                hint: "write '\(example)'")
            return false
        }
        switch name {
        case "d": return resolveDerivative(plain, syntax)
        case "grad": return needs(1, "grad(u)") ? resolve(plain[0]).flatMap { gradient($0, syntax) } : nil
        case "div": return needs(1, "div(w)") ? resolve(plain[0]).flatMap { divergence($0, syntax) } : nil
        case "curl": return needs(1, "curl(w)") ? resolve(plain[0]).flatMap { curl($0, syntax) } : nil
        case "laplacian": return needs(1, "laplacian(u)") ? resolve(plain[0]).flatMap { laplacian($0, syntax) } : nil
        case "dn": return needs(1, "dn(u)") ? resolve(plain[0]).flatMap { normalDerivative($0, syntax) } : nil
        case "dt":
            guard needs(1, "dt(u)"), let value = resolve(plain[0]) else { return nil }
            guard let time = names.time else {
                return complain("'dt' needs a time, and none is declared", at: syntax.range)
            }
            return differentiate(value, [.flat(time)], syntax)
        case "if":
            guard needs(3, "if(x < 0, a, b)") else { return nil }
            let condition = truth(plain[0], "the first argument of 'if'")
            let first = resolve(plain[1])
            let second = resolve(plain[2])
            guard let condition, let first, let second else { return nil }
            guard first.shape == second.shape, first.shape != .truth else {
                return complain(
                    "both values of 'if' must be of one kind", at: syntax.range,
                    hint: "\(reason(plain[1], first)); \(reason(plain[2], second))")
            }
            return combine(first, second) { .choice(condition, $0, $1) }
        case "clamp":
            guard needs(3, "clamp(v, low, high)") else { return nil }
            let nodes = plain.map { scalar($0, "an argument of 'clamp'") }
            guard let v = nodes[0], let low = nodes[1], let high = nodes[2] else { return nil }
            return Value(.call(.min, .call(.max, v, low), high))
        case "dot": return needs(2, "dot(a, b)") ? product(plain, syntax) : nil
        case "cross": return needs(2, "cross(a, b)") ? cross(plain, syntax) : nil
        case "norm", "norm2":
            guard needs(1, "\(name)(a)"), let value = resolve(plain[0]) else { return nil }
            let squares = sumOfProducts(value, value)
            return Value(name == "norm" ? .call(.sqrt, squares) : squares)
        case "residual": return resolveResidual(plain, syntax)
        default: return resolveFunction(Function(rawValue: name)!, plain, syntax)
        }
    }

    private func resolveFunction(_ function: Function, _ arguments: [Syntax], _ syntax: Syntax) -> Value? {
        let name = function.rawValue
        let takesMany = function == .min || function == .max
        guard takesMany ? arguments.count >= 2 : arguments.count == function.argumentCount else {
            let wanted = takesMany ? "two or more arguments" : counted(function.argumentCount, "argument")
            return complain("'\(name)' takes \(wanted), not \(arguments.count)", at: syntax.range)
        }
        let nodes = arguments.map { scalar($0, "the argument of '\(name)'") }
        let complete = nodes.compactMap { $0 }
        guard complete.count == arguments.count else { return nil }
        if function == .mod, Evaluator.constant(complete[1]) == 0 {
            return complain("division by zero in 'mod'", at: arguments[1].range)
        }
        return Value(.call(function, complete))
    }

    private func sumOfProducts(_ left: Value, _ right: Value) -> Node {
        let products = combine(left, right) { $0 == $1 ? .power($0, 2) : .product([$0, $1]) }
        if case .family(let index, let body) = products.storage, case .vector(let count) = products.shape {
            return .reduction(isProduct: false, index: index, from: 1, to: count, body)
        }
        return .sum(nodes(products))
    }

    private func product(_ arguments: [Syntax], _ syntax: Syntax) -> Value? {
        let left = resolve(arguments[0])
        let right = resolve(arguments[1])
        guard let left, let right else { return nil }
        guard case .vector = left.shape, left.shape == right.shape else {
            return complain(
                "'dot' needs two vectors with equally many components", at: syntax.range,
                hint: "\(reason(arguments[0], left)); \(reason(arguments[1], right))")
        }
        return Value(sumOfProducts(left, right))
    }

    private func cross(_ arguments: [Syntax], _ syntax: Syntax) -> Value? {
        let left = resolve(arguments[0])
        let right = resolve(arguments[1])
        guard let left, let right else { return nil }
        func minor(_ a: [Node], _ b: [Node], _ i: Int, _ j: Int) -> Node {
            .difference(.product([a[i], b[j]]), .product([a[j], b[i]]))
        }
        switch (left.shape, right.shape) {
        case (.vector(3), .vector(3)):
            let (a, b) = (nodes(left), nodes(right))
            return Value(vector: [minor(a, b, 1, 2), minor(a, b, 2, 0), minor(a, b, 0, 1)])
        case (.vector(2), .vector(2)): return Value(minor(nodes(left), nodes(right), 0, 1))
        default:
            return complain(
                "'cross' needs two vectors with two or three components", at: syntax.range,
                hint: "\(reason(arguments[0], left)); \(reason(arguments[1], right))")
        }
    }

    private func resolveReduction(_ name: String, _ arguments: [Syntax.Argument], _ syntax: Syntax) -> Value? {
        guard arguments.count == 2, case .range(let index, let lower, let upper) = arguments[0],
            case .plain(let body) = arguments[1]
        else {
            return complain(
                "'\(name)' needs an index with its range and what to \(name == "sum" ? "add" : "multiply")",
                at: syntax.range, hint: "write '\(name)(i in 1:d, x[i]^2)'")
        }
        let bounds = -Limits.familySize...Limits.familySize
        let first = wholeNumber(lower, "the lower end of '\(index)'", in: bounds)
        let last = wholeNumber(upper, "the upper end of '\(index)'", in: bounds)
        let fresh = Node.freshIndex()
        let value = withLocal(index, .index(Node(.index(fresh, lower: first ?? 1, upper: last ?? first ?? 1)))) {
            first == nil || last == nil ? nil : scalar(body, "what '\(name)' runs over")
        }
        guard let value, let first, let last else { return nil }
        return Value(.reduction(isProduct: name == "prod", index: fresh, from: first, to: last, value))
    }

    private func withLocal<Result>(_ name: String, _ local: Local, _ body: () -> Result) -> Result {
        let outer = locals[name]
        locals[name] = local
        defer { locals[name] = outer }
        return body()
    }

    private func resolveMean(_ arguments: [Syntax.Argument], _ syntax: Syntax) -> Value? {
        guard arguments.count == 2, case .drawn(let name, let distribution, let parameters) = arguments[0],
            case .plain(let body) = arguments[1]
        else {
            return complain(
                "'mean' needs a random vector and an expression", at: syntax.range,
                hint: "write 'mean(z ~ normal(d), f(x + z))'")
        }
        guard context == .reference || context == .output else {
            return complain(
                "'mean' is an estimate and cannot stand here", at: syntax.range,
                hint: "it may be used in references and outputs")
        }
        guard distribution == "normal" else {
            return complain(
                "there is no distribution '\(distribution)'", at: syntax.range,
                hint: "'normal(d)' is a vector of d independent standard normal numbers")
        }
        guard parameters.count == 1 else {
            return complain(
                "'normal' takes 1 argument, the number of components, not \(parameters.count)", at: syntax.range)
        }
        guard let count = wholeNumber(parameters[0], "the number of components", in: 1...Limits.familySize) else {
            return nil
        }
        let fresh = Node.freshIndex()
        guard let value = withLocal(name, .drawn(sample: fresh, count: count), { scalar(body, "what 'mean' averages") })
        else { return nil }
        return Value(.mean(fresh, count: count, value))
    }

    private func resolveIntegral(_ name: String, _ arguments: [Syntax.Argument], _ syntax: Syntax) -> Value? {
        guard arguments.count == 1, case .over(let body, let region) = arguments[0] else {
            return complain(
                "'\(name)' needs an expression and where to integrate it", at: syntax.range,
                hint: "write '\(name)(u over region)', or name a face")
        }
        guard context == .condition || context == .output else {
            return complain(
                "'\(name)' cannot stand here", at: syntax.range, hint: "it may be used in conditions and outputs")
        }
        // On faces there is a normal, whatever stands around the integral; inside there is none.
        let outer = hasNormal
        hasNormal = region != ["region"] && region != ["interior"]
        defer { hasNormal = outer }
        guard let value = scalar(body, "what '\(name)' runs over") else { return nil }
        return Value(.integral(isAverage: name == "average", over: region.joined(separator: "."), value))
    }

    private func resolveResidual(_ arguments: [Syntax], _ syntax: Syntax) -> Value? {
        guard arguments.count == 1, case .name(let parts) = arguments[0].kind else {
            return complain("'residual' takes the name of an equation", at: syntax.range)
        }
        guard context == .output else {
            return complain("'residual' cannot stand here", at: syntax.range, hint: "it may be used in outputs")
        }
        let name = parts.joined(separator: ".")
        guard let residual = scope.equations[name] else {
            let near = Vocabulary.nearest(to: name, among: scope.equations.keys)
            let all = scope.equations.keys.sorted().joined(separator: ", ")
            return complain(
                "there is no equation '\(name)'", at: arguments[0].range,
                hint: near.map { "did you mean '\($0)'?" } ?? (all.isEmpty ? nil : "the equations are \(all)"))
        }
        return Value(residual.shape, residual.storage)
    }

    // MARK: Traces

    private func resolveTrace(
        _ callee: Syntax, _ placements: [(target: Syntax, value: Syntax)], _ syntax: Syntax
    ) -> Value? {
        let value = resolve(callee)
        var entries: [Trace.Entry] = []
        var isComplete = value != nil
        for (target, place) in placements {
            guard let coordinates = coordinates(target) else {
                isComplete = false
                continue
            }
            guard let node = scalar(place, "the value of a coordinate") else {
                isComplete = false
                continue
            }
            guard let number = Evaluator.constant(node), number.isFinite else {
                complain(
                    "a coordinate can be held at a constant only", at: place.range,
                    hint: "numbers and known parameters may occur in it")
                isComplete = false
                continue
            }
            if entries.contains(where: { coordinates.contains($0.coordinate) }) {
                complain("'\(shortText(target) ?? "a coordinate")' is given twice", at: target.range)
                isComplete = false
            }
            entries += coordinates.map { Trace.Entry(coordinate: $0, value: number) }
        }
        guard isComplete, let value else { return nil }
        let trace = Trace(entries)
        return map(value) { $0.held(trace) }
    }

    /// The flat indices that `x` or `x[2]` stands for.
    private func coordinates(_ syntax: Syntax) -> Range<Int>? {
        if case .name(let parts) = syntax.kind, parts.count == 1,
            case .coordinate(let place)? = scope.entities[parts[0]]
        {
            return names.starts[place]..<names.starts[place] + (scope.coordinates[place].count ?? 1)
        }
        if case .element(let base, _) = syntax.kind, case .name(let parts) = base.kind, parts.count == 1,
            case .coordinate? = scope.entities[parts[0]]
        {
            guard let value = resolve(syntax) else { return nil }
            if case .coordinate(let flat) = value.node.kind { return flat..<flat + 1 }
        }
        let known = scope.coordinates.map(\.name).joined(separator: ", ")
        complain(
            "'\(shortText(syntax) ?? "this")' is not a coordinate", at: syntax.range,
            hint: known.isEmpty ? nil : "the coordinates are \(known)")
        return nil
    }
}
