/// The names that expressions may use, and what they stand for.
///
/// Every `declare` throws when the name is taken, reserved, not a name, or would also read as a derivative.
public struct Scope: Sendable {
    enum Entity: Sendable {
        case coordinate(Int)
        case parameter(Double)
        case unknownParameter(Int)
        case unknown(Int)
        case definition
        case table(TabulatedFunction, coordinates: [Int])

        var noun: String {
            switch self {
            case .coordinate: "a coordinate"
            case .parameter, .unknownParameter: "a parameter"
            case .unknown: "an unknown"
            case .definition: "a definition"
            case .table: "a coefficient from data"
            }
        }
    }

    struct Definition: Sendable {
        var arguments: [String]
        var body: Syntax
    }

    /// The coordinates in order of declaration.
    public let coordinates: [CoordinateDeclaration]
    /// The names of the unknown fields in order of declaration.
    public private(set) var unknowns: [String] = []
    /// The values of the known parameters.
    public private(set) var parameters: [String: Double] = [:]

    var entities: [String: Entity] = [:]
    var definitions: [String: Definition] = [:]
    var equations: [String: Expression] = [:]
    private(set) var names: Names
    private(set) var origins: [String: String] = [:]
    private var unknownParameters: [Int: String] = [:]

    /// Creates a scope over coordinates with distinct names; `issues(in:)` says what is wrong with a list.
    public init(coordinates: [CoordinateDeclaration]) {
        self.coordinates = coordinates
        names = Names(coordinates: coordinates, unknowns: [], parameters: [:])
        for (index, coordinate) in coordinates.enumerated() where entities[coordinate.name] == nil {
            entities[coordinate.name] = .coordinate(index)
        }
    }

    /// What is wrong with a list of coordinates: repeated, reserved or ill-formed names, empty or huge families.
    public static func issues(in coordinates: [CoordinateDeclaration]) -> [ExpressionIssue] {
        var seen = Set<String>()
        var issues: [ExpressionIssue] = []
        for coordinate in coordinates {
            let range = SourceRange(lower: 0, upper: coordinate.name.utf8.count)
            if let message = problem(withName: coordinate.name) {
                issues.append(ExpressionIssue(message: message, range: range))
            } else if !seen.insert(coordinate.name).inserted {
                issues.append(ExpressionIssue(message: "'\(coordinate.name)' is declared twice", range: range))
            }
            if let count = coordinate.count, count < 1 || count > Limits.familySize {
                issues.append(
                    ExpressionIssue(
                        message: "'\(coordinate.name)' has \(count) components; 1 to \(Limits.familySize) are possible",
                        range: range))
            }
        }
        return issues
    }

    /// The flat index of the time, if there is one.
    public var time: Int? { names.time }

    /// What a name is, such as `a coordinate`; nil if it is not declared.
    public func kind(of name: String) -> String? { entities[name]?.noun }

    /// Declares a known parameter.
    ///
    /// - Parameter origin: where that is, as messages should say it, such as `declared on line 7`.
    public mutating func declare(
        parameter name: String, value: Double, origin: String? = nil
    ) throws(ExpressionErrors) {
        try add(name, .parameter(value), origin)
        parameters[name] = value
    }

    /// Declares an unknown parameter, which tapes read as input `index`.
    public mutating func declare(
        unknownParameter name: String, index: Int, origin: String? = nil
    ) throws(ExpressionErrors) {
        try add(name, .unknownParameter(index), origin)
        unknownParameters[index] = name
        renewNames()
    }

    /// Declares an unknown scalar field; they are numbered in order of declaration.
    public mutating func declare(unknown name: String, origin: String? = nil) throws(ExpressionErrors) {
        try add(name, .unknown(unknowns.count), origin)
        unknowns.append(name)
        renewNames()
    }

    /// Declares a function of some coordinates that is known on a grid, by flat index, one for each axis of the grid.
    public mutating func declare(
        table function: TabulatedFunction, coordinates: [Int], origin: String? = nil
    ) throws(ExpressionErrors) {
        precondition(coordinates.count == function.axes.count, "a coordinate for each axis")
        try add(function.name, .table(function, coordinates: coordinates), origin)
    }

    /// Declares an equation whose residual may be asked back as `residual(NAME)`.
    public mutating func declare(equation name: String, residual: Expression) {
        equations[name] = residual
    }

    /// Defines a named expression, or a function when there are arguments.
    ///
    /// The body may use names that are declared later; `checkDefinition` looks them up.
    ///
    /// - Throws: when the name cannot be declared or the definitions now form a cycle.
    public mutating func define(
        _ name: String, arguments: [String] = [], body: Syntax, origin: String? = nil
    ) throws(ExpressionErrors) {
        if !arguments.isEmpty, Vocabulary.functions.contains(name) {
            throw ExpressionErrors(
                "'\(name)' is a function of the language and cannot be defined", at: Self.whole(name))
        }
        for (index, argument) in arguments.enumerated() {
            if let message = Self.problem(withName: argument) { throw ExpressionErrors(message, at: Self.whole(name)) }
            if arguments[..<index].contains(argument) {
                throw ExpressionErrors("argument '\(argument)' of '\(name)' is given twice", at: Self.whole(name))
            }
        }
        let definition = Definition(arguments: arguments, body: body)
        if let cycle = cycle(through: name, definition) {
            throw ExpressionErrors(
                cycle.count == 1
                    ? "the definition of '\(name)' refers to itself"
                    : "the definition of '\(name)' refers to itself: \((cycle + [name]).joined(separator: " → "))",
                at: body.range)
        }
        try add(name, .definition, origin)
        definitions[name] = definition
    }

    /// Reads the left side of a definition, `q` or `g(y)`.
    public static func definitionHead(
        _ text: String
    ) throws(ExpressionErrors) -> (name: String, arguments: [String]) {
        let syntax = try Syntax.parse(text)
        switch syntax.kind {
        case .name(let parts) where parts.count == 1: return (parts[0], [])
        case .call(let callee, let arguments):
            guard case .name(let parts) = callee.kind, parts.count == 1, !arguments.isEmpty else { break }
            let names = arguments.compactMap { argument -> String? in
                guard case .plain(let value) = argument, case .name(let parts) = value.kind else { return nil }
                return parts.count == 1 ? parts[0] : nil
            }
            if names.count == arguments.count { return (parts[0], names) }
        default: break
        }
        throw ExpressionErrors(
            "'\(text)' cannot be defined", at: whole(text), hint: "write a name, or a function such as 'g(y)'")
    }

    private mutating func add(_ name: String, _ entity: Entity, _ origin: String?) throws(ExpressionErrors) {
        if let message = Self.problem(withName: name) { throw ExpressionErrors(message, at: Self.whole(name)) }
        if let existing = entities[name] {
            let place = origins[name].map { ", \($0)" } ?? ""
            throw ExpressionErrors(
                "'\(name)' is declared twice: it is already \(existing.noun)\(place)", at: Self.whole(name))
        }
        var extended = self
        extended.entities[name] = entity
        if let reading = extended.derivativeReading(name, evenIfDeclared: true) {
            throw ExpressionErrors(
                "'\(name)' already means \(reading.description)", at: Self.whole(name), hint: "choose another name")
        }
        if entity.canBeDifferentiated {
            let clashes = entities.keys.filter { $0.hasPrefix(name + "_") }.sorted()
            for other in clashes {
                if let reading = extended.derivativeReading(other, evenIfDeclared: true) {
                    throw ExpressionErrors(
                        "with '\(name)' declared, '\(other)' would mean \(reading.description), but it is already "
                            + entities[other]!.noun, at: Self.whole(name), hint: "rename one of them")
                }
            }
        }
        entities[name] = entity
        if let origin { origins[name] = origin }
    }

    private mutating func renewNames() {
        names = Names(coordinates: coordinates, unknowns: unknowns, parameters: unknownParameters)
    }

    private static func problem(withName name: String) -> String? {
        if name == "n" { return "'n' is the outward normal and cannot be declared" }
        if name == "pi" || name == "π" { return "'\(name)' is known and cannot be declared" }
        if Parser.words.contains(name) || name == "if" { return "'\(name)' is a word of the language" }
        if !isName(name) { return "'\(name)' is not a name: a letter, then letters, digits or underscores" }
        return nil
    }

    private static func whole(_ name: String) -> SourceRange { SourceRange(lower: 0, upper: name.utf8.count) }
}

extension Scope.Entity {
    var canBeDifferentiated: Bool {
        switch self {
        case .unknown, .definition, .table: true
        default: false
        }
    }
}

extension Scope {
    /// A name such as `u_xy` read as a derivative.
    struct DerivativeReading {
        var base: String
        /// Declared coordinates, by position.
        var coordinates: [Int]
        var letters: [String]

        var description: String {
            "the derivative of \(base) along \(letters.count == 1 ? letters[0] : letters.joined(separator: " and "))"
        }
    }

    /// Reads a name as a derivative, if its head is an unknown or a definition and all letters of its tail are coordinates.
    func derivativeReading(_ name: String, evenIfDeclared: Bool = false) -> DerivativeReading? {
        guard evenIfDeclared || entities[name] == nil, let bar = name.lastIndex(of: "_") else { return nil }
        return derivativeReading(String(name[..<bar]), letters: name[name.index(after: bar)...])
    }

    func derivativeReading(_ base: String, letters: Substring) -> DerivativeReading? {
        guard !letters.isEmpty, entities[base]?.canBeDifferentiated == true else { return nil }
        if definitions[base]?.arguments.isEmpty == false { return nil }
        var coordinates: [Int] = []
        for letter in letters {
            guard case .coordinate(let index)? = entities[String(letter)], self.coordinates[index].count == nil else {
                return nil
            }
            coordinates.append(index)
        }
        return DerivativeReading(base: base, coordinates: coordinates, letters: letters.map(String.init))
    }

    /// The definitions that a tree refers to, directly.
    func definitionsUsed(in syntax: Syntax, except locals: [String] = []) -> [String] {
        syntax.names.compactMap { name in
            if locals.contains(name) { return nil }
            if definitions[name] != nil { return name }
            guard entities[name] == nil, let bar = name.lastIndex(of: "_") else { return nil }
            let base = String(name[..<bar])
            return definitions[base] != nil ? base : nil
        }.sorted()
    }

    /// The definitions needed by a tree, each after those it needs itself.
    func definitionsNeeded(by syntax: Syntax) -> [String] {
        var order: [String] = []
        var seen = Set<String>()
        var stack: [(name: String, isExpanded: Bool)] = definitionsUsed(in: syntax).map { ($0, false) }
        while let (name, isExpanded) = stack.popLast() {
            if isExpanded {
                order.append(name)
                continue
            }
            guard seen.insert(name).inserted, let definition = definitions[name] else { continue }
            stack.append((name, true))
            stack += definitionsUsed(in: definition.body, except: definition.arguments).map { ($0, false) }
        }
        return order
    }

    /// The chain of definitions that leads from a new one back to itself.
    private func cycle(through name: String, _ definition: Definition) -> [String]? {
        var extended = self
        extended.definitions[name] = definition
        extended.entities[name] = entities[name] ?? .definition
        var stack: [[String]] = [[name]]
        var seen = Set<String>()
        while let path = stack.popLast() {
            guard let last = path.last, let current = extended.definitions[last] else { continue }
            for next in extended.definitionsUsed(in: current.body, except: current.arguments) {
                if next == name { return path }
                if seen.insert(next).inserted { stack.append(path + [next]) }
            }
        }
        return nil
    }
}

extension Names {
    /// The flat index of the time.
    var time: Int? {
        coordinates.firstIndex(where: \.isTime).map { starts[$0] }
    }

    /// The flat indices of the other coordinates.
    var space: [Int] {
        coordinates.indices.filter { !coordinates[$0].isTime }.flatMap { index in
            starts[index]..<starts[index] + (coordinates[index].count ?? 1)
        }
    }

    /// The family that all space coordinates belong to, if there is nothing else.
    var onlyFamily: Node.Family? {
        let places = coordinates.indices.filter { !coordinates[$0].isTime }
        guard places.count == 1, let count = coordinates[places[0]].count else { return nil }
        return Node.Family(first: starts[places[0]], count: count)
    }
}
