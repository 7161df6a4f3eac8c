import Expressions
import Geometry

/// Turns the tree of a file into a problem, section by section, gathering everything that is wrong.
struct ProblemChecker {
    let source: SourceText
    let root: OptionTree
    var variants: [Variant] = []
    var variant: String?

    var diagnostics: [Diagnostic] = []
    var scope = Scope(coordinates: [])
    var parameters: [Parameter] = []
    var unknownParameters: [UnknownParameter] = []
    /// The entries of `[parameters]` that are to be found; their place is their index in expressions.
    var soughtParameters: [OptionTree.Entry] = []
    var domain: Domain?
    /// Whether the bounds of the domain are those of the file, not stand-ins after an error.
    var boundsAreKnown = true
    var unknowns: [Unknown] = []
    var definitions: [(definition: Definition, entry: OptionTree.Entry)] = []
    var equations: [Equation] = []
    var conditions: [Condition] = []
    var data: [DataSet] = []
    /// Definitions over unknowns that the reference knows.
    var comparedQuantities: [Quantity] = []
    /// Where the reference is compared; nil for everywhere.
    var referenceBox: ReferenceBox?
    /// The shape in `[domain.shapes]` that is the region, for names of faces such as `plate.left`.
    var shapeName: String?
    /// What `[domain.faces]` declares, in order.
    var ownFaces: [(name: String, selector: FaceSelector)] = []
    /// Names of equations and conditions.
    var termNames: Set<String> = []
    /// Names whose declaration is wrong; that they are then unknown elsewhere is not said again.
    var failedNames: Set<String> = []
    /// Names that occur in expressions.
    var usedNames: Set<String> = []

    init(source: SourceText, root: OptionTree) {
        self.source = source
        self.root = root
    }

    /// The problem, or all that is wrong.
    mutating func problem() throws(ProblemErrors) -> Problem {
        let header = readHeader()
        readParameters()
        readDomain()
        readUnknowns()
        readCoefficients()
        readDefinitions()
        readEquations()
        readNamedFaces()
        readConditions()
        readObservations()
        let scale = readScale()
        let reference = readReference()
        let output = readOutput(name: header.name, reference: reference)
        let run = RunSettings(resolve(RunSettings.options, "run"))
        let names = unknowns.map(\.name) + comparedQuantities.map(\.name)
        let sought = unknownParameters.map(\.name)
        let expectations = Expectations(
            resolve(Expectations.options(unknowns: names, parameters: sought), "expect"), unknowns: names,
            parameters: sought)
        checkExpectedParameters(expectations)
        checkUnknownParameters(readBy: equations.map(\.residual) + conditions.map(\.residual))
        let method = root["method"] ?? .empty
        if !method.isTable { complain(method.origin, "'method' must be a table, not \(method.kindName)") }
        noteNames(inOptions: method)
        warn()
        guard !diagnostics.hasErrors, let domain else {
            throw ProblemErrors(
                diagnostics.hasErrors ? diagnostics : [Diagnostic(.error, "the domain is missing", file: source.name)])
        }
        var problem = Problem(
            name: header.name, title: header.title, citations: header.citations, parameters: parameters,
            unknownParameters: unknownParameters, scope: scope, domain: domain, unknowns: unknowns,
            definitions: definitions.map(\.definition), equations: equations, conditions: conditions,
            reference: reference, method: method, output: output, run: run, expectations: expectations)
        problem.scale = scale
        problem.data = data
        problem.comparedQuantities = comparedQuantities
        problem.referenceBox = referenceBox
        problem.source = source
        problem.variants = variants
        problem.variant = variant
        problem.warnings = diagnostics.inOrder
        return problem
    }

    // MARK: - The top of the file

    static let sections = [
        "format", "kind", "name", "title", "cite", "parameters", "domain", "unknowns", "definitions", "equations",
        "conditions", "data", "reference", "scale", "method", "variants", "output", "run", "expect",
    ]
    private static let sectionsToCome: Set<String> = ["family"]
    private static let kinds = ["pde", "transport", "linear-system"]
    private static let kindsToCome: Set<String> = ["operator"]

    /// Reads name, title and sources; complains of sections other than those that the kind of problem has.
    mutating func readHeader(
        sections: [String] = sections
    ) -> (name: String, title: String, citations: [String]) {
        if let kind = root["kind"], !Self.kinds.contains(kind.text ?? "") {
            let known = kind.text.map { Self.kindsToCome.contains($0) } ?? false
            complain(
                kind.origin,
                known ? "problems of kind '\(kind.text ?? "")' are not available yet" : "unknown kind of problem",
                hint: "available: \(Self.kinds.joined(separator: ", "))")
        }
        for entry in root.entries where !sections.contains(entry.key) {
            if Self.sectionsToCome.contains(entry.key) {
                complain(entry.keyOrigin, "'\(entry.key)' is not available yet")
            } else {
                diagnostics.append(.unknownKey(entry, in: "", names: sections))
            }
        }
        let name = string("name") ?? ""
        if root["name"] == nil {
            diagnostics.append(
                Diagnostic(
                    .error, "'name' is missing", hint: "it names the run folder: name = \"my-problem\"",
                    file: source.name))
        } else if let given = root["name"], given.text != nil, !Self.isFileName(name) {
            complain(
                given.origin, "'name' must consist of letters, digits, '-', '_' and '.', since it names the run folder")
        }
        var citations: [String] = []
        switch root["cite"]?.content {
        case nil: break
        case .text(let text): citations = [text]
        case .list(let elements) where elements.allSatisfy({ $0.text != nil }): citations = elements.compactMap(\.text)
        default: complain(root["cite"]?.origin ?? .none, "'cite' must be a string or an array of strings")
        }
        return (name, string("title") ?? "", citations)
    }

    private mutating func string(_ key: String) -> String? {
        guard let given = root[key] else { return nil }
        guard let text = given.text else {
            complain(given.origin, "'\(key)' must be a string, not \(given.kindName)")
            return nil
        }
        return text
    }

    /// Whether a name can be used as the name of a file in one folder.
    static func isFileName(_ name: String) -> Bool {
        guard let first = name.first, first != ".", first != "-", name.utf8.count <= 128 else { return false }
        return name.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
    }

    // MARK: - What all sections use

    mutating func complain(_ origin: Origin, _ message: String, at range: SourceRange? = nil, hint: String? = nil) {
        diagnostics.append(origin.diagnostic(.error, message, at: range, hint: hint))
    }

    /// The entries of a section; a section that is not a table is an error.
    mutating func section(_ name: String) -> [OptionTree.Entry] {
        guard let tree = root[name] else { return [] }
        guard tree.isTable else {
            complain(tree.origin, "'\(name)' must be a table, not \(tree.kindName)")
            return []
        }
        return tree.entries
    }

    mutating func resolve(_ table: OptionTable, _ section: String) -> ResolvedOptions {
        table.resolve(root[section], path: section, into: &diagnostics)
    }

    /// The text of an expression; a plain number is one, too.
    mutating func text(_ tree: OptionTree, _ path: String) -> String? {
        switch tree.content {
        case .text(let text): return text
        case .integer(let integer): return String(integer)
        case .number(let number) where number.isFinite: return "\(number)"
        default:
            complain(tree.origin, "'\(path)' must be an expression in quotes, not \(tree.kindName)")
            return nil
        }
    }

    /// Parses an expression and notes the names in it.
    mutating func syntax(_ tree: OptionTree, _ path: String) -> Syntax? {
        guard let text = text(tree, path) else { return nil }
        do {
            let syntax = try Syntax.parse(text)
            usedNames.formUnion(syntax.names)
            return syntax
        } catch {
            diagnostics += error.diagnostics(in: tree.origin)
            return nil
        }
    }

    /// Looks up the names of an expression; nil after an error, or when there is no domain to look them up in.
    mutating func resolve(_ syntax: Syntax, in context: Context, _ origin: Origin) -> Expression? {
        do {
            return try scope.resolve(syntax, in: context)
        } catch {
            report(error, origin)
            return nil
        }
    }

    /// Adds the slips of an expression, but not that names are unknown whose declaration was already complained about.
    mutating func report(_ errors: ExpressionErrors, _ origin: Origin, except own: String? = nil) {
        let issues = errors.issues.filter { issue in
            !failedNames.contains { $0 != own && issue.message.contains("'\($0)'") }
        }
        diagnostics += issues.map { origin.diagnostic(.error, $0.message, at: $0.range, hint: $0.hint) }
    }

    /// A constant: a number, or an expression of parameters.
    mutating func constant(_ tree: OptionTree, _ path: String) -> Double? {
        if let number = tree.number {
            guard number.isFinite else {
                complain(tree.origin, "'\(path)' must be finite")
                return nil
            }
            return number
        }
        guard tree.text != nil else {
            complain(tree.origin, "'\(path)' must be a number or a constant expression, not \(tree.kindName)")
            return nil
        }
        guard let syntax = syntax(tree, path), let expression = resolve(syntax, in: .constant, tree.origin) else {
            return nil
        }
        guard let value = expression.constantValue, value.isFinite else {
            complain(tree.origin, "'\(path)' has no finite value")
            return nil
        }
        return value
    }

    /// Notes the names in strings of options that may be expressions, so that definitions used there count as used.
    private mutating func noteNames(inOptions tree: OptionTree) {
        switch tree.content {
        case .text(let text): if let syntax = try? Syntax.parse(text) { usedNames.formUnion(syntax.names) }
        case .list(let elements): for element in elements { noteNames(inOptions: element) }
        case .table(let entries): for entry in entries { noteNames(inOptions: entry.tree) }
        default: break
        }
    }

    private mutating func warn() {
        for (definition, entry) in definitions where !usedNames.contains(definition.name) {
            let isDerivativeUsed = usedNames.contains { $0.hasPrefix(definition.name + "_") }
            guard !isDerivativeUsed else { continue }
            diagnostics.append(
                entry.keyOrigin.diagnostic(.warning, "the definition '\(definition.name)' is not used"))
        }
        let count = equations.reduce(0) { $0 + $1.residual.components.count }
        // Data may stand for equations that are missing, in inverse problems.
        let isMadeUpForByData = count < unknowns.count && root["data"] != nil
        if !equations.isEmpty, !diagnostics.hasErrors, count != unknowns.count, !isMadeUpForByData {
            let given = "\(count) equation\(count == 1 ? "" : "s")"
            let sought = "\(unknowns.count) unknown\(unknowns.count == 1 ? "" : "s")"
            let origin = root.entries.first { $0.key == "equations" }?.keyOrigin ?? .none
            diagnostics.append(
                origin.diagnostic(
                    .warning, "\(given) for \(sought)",
                    hint: "the two numbers usually agree; components count, and data may stand for equations"))
        }
    }
}
