import Expressions

extension ProblemChecker {
    private static let unknownOptions = OptionTable(
        "a field to find",
        [
            .text("about", default: "", help: "what it is, for labels"),
            .text("units", default: "1", help: "its unit, for labels"),
        ])

    /// Reads `[unknowns]`.
    mutating func readUnknowns() {
        let entries = section("unknowns")
        if entries.isEmpty, root["unknowns"].map({ $0.isTable }) ?? true {
            diagnostics.append(
                Diagnostic(
                    .error, "[unknowns] is missing", hint: "it names the fields to find: u = {}", file: source.name))
        }
        for entry in entries {
            let options = Self.unknownOptions.resolve(entry.tree, path: "unknowns.\(entry.key)", into: &diagnostics)
            let isDeclared = declare(entry) { scope, place throws(ExpressionErrors) in
                try scope.declare(unknown: entry.key, origin: place)
            }
            guard isDeclared else { continue }
            unknowns.append(Unknown(entry.key, about: options.text("about"), units: options.text("units")))
        }
    }

    /// Reads `[definitions]`: `name = '…'` and `"g(y)" = '…'`.
    mutating func readDefinitions() {
        for entry in section("definitions") {
            let head: (name: String, arguments: [String])
            do {
                head = try Scope.definitionHead(entry.key)
            } catch {
                failedNames.insert(entry.key.prefix { $0 != "(" }.trimmed)
                complain(
                    entry.keyOrigin, "'\(entry.key)' cannot be defined",
                    hint: "write a name, or a function such as \"g(y)\"")
                continue
            }
            guard let text = text(entry.tree, "definitions.\(entry.key)"),
                let body = syntax(entry.tree, "definitions.\(entry.key)")
            else {
                failedNames.insert(head.name)
                continue
            }
            let isDeclared = declare(entry) { scope, place throws(ExpressionErrors) in
                try scope.define(head.name, arguments: head.arguments, body: body, origin: place)
            }
            guard isDeclared else {
                failedNames.insert(head.name)
                continue
            }
            definitions.append((Definition(head.name, arguments: head.arguments, text: text), entry))
        }
        // A definition may read later ones, so what their bodies say is looked up once all are known.
        guard domain != nil else { return }
        var wrong: [(name: String, errors: ExpressionErrors, origin: Origin)] = []
        for (definition, entry) in definitions {
            do {
                try scope.checkDefinition(definition.name)
            } catch {
                wrong.append((definition.name, error, entry.tree.origin))
            }
        }
        failedNames.formUnion(wrong.map(\.name))
        for (name, errors, origin) in wrong { report(errors, origin, except: name) }
    }

    /// Reads `[equations]`.
    mutating func readEquations() {
        let entries = section("equations")
        if entries.isEmpty, root["equations"].map({ $0.isTable }) ?? true {
            diagnostics.append(
                Diagnostic(
                    .error, "[equations] is missing", hint: "for example poisson = 'laplacian(u) = 1'",
                    file: source.name))
        }
        for entry in entries {
            guard isTermName(entry) else { continue }
            guard let text = entry.tree.text else {
                complain(
                    entry.tree.origin, "an equation must be a string, not \(entry.tree.kindName)",
                    hint: entry.tree.isTable ? "equations on a part of the region are not available yet" : nil)
                continue
            }
            // Interactions of gradient flows are integrals, which points of other methods know nothing of.
            let isFlow = root["method"]?["kind"]?.text == "wasserstein-flow"
            guard let (left, right) = sides(entry.tree, text, in: isFlow ? .output : .equation) else {
                failedNames.insert(entry.key)
                continue
            }
            let equation = Equation(entry.key, left, equals: right, text: text, origin: entry.tree.origin)
            guard checkIntegrals(equation.residual, entry.tree.origin) else {
                failedNames.insert(entry.key)
                continue
            }
            scope.declare(equation: entry.key, residual: equation.residual)
            equations.append(equation)
        }
    }

    /// Whether a key can name a loss term, a column of the history and a variable in a file.
    mutating func isTermName(_ entry: OptionTree.Entry) -> Bool {
        guard Self.isName(entry.key) else {
            complain(
                entry.keyOrigin, "'\(entry.key)' is not a name",
                hint: "a name is a letter followed by letters, digits or underscores")
            return false
        }
        guard termNames.insert(entry.key).inserted else {
            complain(
                entry.keyOrigin, "'\(entry.key)' names an equation already",
                hint: "names of equations and conditions are those of the loss terms")
            return false
        }
        return true
    }

    /// The two sides of an equation, of one shape; nil after an error.
    mutating func sides(
        _ tree: OptionTree, _ text: String, in context: Context
    ) -> (left: Expression, right: Expression)? {
        let equation: EquationSyntax
        do {
            equation = try EquationSyntax.parse(text)
        } catch {
            report(error, tree.origin)
            return nil
        }
        usedNames.formUnion(equation.left.names)
        usedNames.formUnion(equation.right.names)
        guard domain != nil else { return nil }
        let left = resolve(equation.left, in: context, tree.origin)
        let right = resolve(equation.right, in: context, tree.origin)
        guard let left, let right else { return nil }
        if left.shape == right.shape, left.shape != .truth { return (left, right) }
        // A plain 0 stands for the zero vector.
        if case .vector(let count) = left.shape, right.constantValue == 0 {
            return (left, .vector(Array(repeating: 0, count: count)))
        }
        if case .vector(let count) = right.shape, left.constantValue == 0 {
            return (.vector(Array(repeating: 0, count: count)), right)
        }
        let truth = left.shape == .truth || right.shape == .truth
        complain(
            tree.origin, truth ? "a side of an equation cannot be a truth value" : "the two sides differ in kind",
            at: equation.left.range.union(equation.right.range),
            hint: "the left side is \(left.shape), the right side is \(right.shape)")
        return nil
    }

    // MARK: - Conditions

    private static let conditionOptions = OptionTable(
        "what holds on faces",
        [
            .text("on", default: nil, help: "where: a selector of faces"),
            OptionTable.Option("equation", .text, isRequired: true, help: "what holds there"),
            .choice(
                "enforce", Condition.Enforcement.allCases.map(\.rawValue),
                default: Condition.Enforcement.penalty.rawValue, help: "by a loss term, or exactly by the ansatz"),
        ])

    /// Reads `[conditions]`.
    mutating func readConditions() {
        for entry in section("conditions") {
            guard isTermName(entry) else { continue }
            let path = "conditions.\(entry.key)"
            guard entry.tree.isTable else {
                complain(
                    entry.tree.origin, "'\(path)' must be a table, not \(entry.tree.kindName)",
                    hint: "\(entry.key) = { on = \"boundary\", equation = 'u = 0' }")
                continue
            }
            let options = Self.conditionOptions.resolve(entry.tree, path: path, into: &diagnostics)
            var place: ConditionLocation?
            if let on = entry.tree["on"] {
                if on.text != nil { place = location(on, subject: "condition '\(entry.key)'")?.location }
            }
            guard let equation = entry.tree["equation"], let text = equation.text,
                let (left, right) = sides(equation, text, in: .condition)
            else { continue }
            if entry.tree["on"] == nil { place = globalPlace(left - right, entry, options) }
            guard let place, checkIntegrals(left - right, equation.origin) else { continue }
            let hasPlacesWithoutNormal = place.pieces.contains { $0.place.face == nil }
            if hasPlacesWithoutNormal, left.usesNormal || right.usesNormal {
                complain(
                    equation.origin, "the normal is known on faces only, and this condition also holds elsewhere",
                    hint: "write the derivative along a coordinate, or hold the condition on faces")
            }
            conditions.append(
                Condition(
                    entry.key, on: place, left, equals: right,
                    enforcement: Condition.Enforcement(rawValue: options.text("enforce")) ?? .penalty, text: text,
                    origin: equation.origin))
        }
    }
}
