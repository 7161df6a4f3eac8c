/// A complete set of option values: those given, checked, and defaults for the rest.
public struct OptionValues: Sendable, Equatable {
    private var values: [String: OptionValue]
    private var given: Set<String>

    /// Defaults for everything.
    public init(defaults descriptions: [OptionDescription]) {
        values = Dictionary(uniqueKeysWithValues: descriptions.map { ($0.name, $0.defaultValue) })
        given = []
    }

    /// Checks the given values against the descriptions; throws all that is wrong, in the order of the names.
    public init(
        _ given: [String: OptionValue], checkedAgainst descriptions: [OptionDescription]
    ) throws(OptionErrors) {
        self.init(defaults: descriptions)
        var errors: [OptionError] = []
        for (name, value) in given.sorted(by: { $0.key < $1.key }) {
            guard let description = descriptions.first(where: { $0.name == name }) else {
                errors.append(.unknown(name: name, known: descriptions.map(\.name)))
                continue
            }
            do {
                values[name] = try description.checked(value)
                self.given.insert(name)
            } catch {
                errors.append(error)
            }
        }
        if !errors.isEmpty { throw OptionErrors(errors: errors) }
    }

    /// Whether the user set this option.
    public func isGiven(_ name: String) -> Bool { given.contains(name) }

    /// Whether the option has its default value, given or not.
    public func isDefault(_ description: OptionDescription) -> Bool {
        values[description.name] == description.defaultValue
    }

    /// The number of this name, which must be declared as one.
    public func number(_ name: String) -> Double {
        guard case .number(let value)? = values[name] else { preconditionFailure("no number option '\(name)'") }
        return value
    }

    /// The integer of this name, which must be declared as one.
    public func integer(_ name: String) -> Int {
        guard case .integer(let value)? = values[name] else { preconditionFailure("no integer option '\(name)'") }
        return value
    }

    /// The truth value of this name, which must be declared as one.
    public func truth(_ name: String) -> Bool {
        guard case .truth(let value)? = values[name] else { preconditionFailure("no truth option '\(name)'") }
        return value
    }

    /// The word of this name, which must be declared as a choice.
    public func word(_ name: String) -> String {
        guard case .word(let value)? = values[name] else { preconditionFailure("no choice option '\(name)'") }
        return value
    }
}

/// What is wrong with one option.
public enum OptionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is no such option.
    case unknown(name: String, known: [String])
    /// A value of another kind is wanted.
    case wrongKind(name: String, value: OptionValue, wanted: String)
    /// A number outside the range.
    case outOfRange(name: String, value: OptionValue, wanted: String)
    /// Options that do not go together.
    case inconsistent(name: String, message: String)

    /// The option that is meant.
    public var name: String {
        switch self {
        case .unknown(let name, _), .wrongKind(let name, _, _), .outOfRange(let name, _, _),
            .inconsistent(let name, _):
            name
        }
    }

    /// One sentence that says what is wrong and what would be right.
    public var description: String {
        switch self {
        case .unknown(let name, let known):
            "there is no option '\(name)'; there "
                + (known.isEmpty ? "are none" : "is " + known.map { "'\($0)'" }.joined(separator: ", "))
        case .wrongKind(let name, let value, let wanted): "'\(name)' must be \(wanted), not '\(value)'"
        case .outOfRange(let name, let value, let wanted): "'\(name)' must be \(wanted); it is \(value)"
        case .inconsistent(_, let message): message
        }
    }
}

/// Everything that is wrong with a set of options; never empty.
public struct OptionErrors: Error, Sendable, Equatable, CustomStringConvertible {
    /// The single mistakes.
    public let errors: [OptionError]

    /// Joins mistakes.
    package init(errors: [OptionError]) {
        precondition(!errors.isEmpty, "there is a mistake")
        self.errors = errors
    }

    /// The sentences of all mistakes, a line each.
    public var description: String { errors.map(\.description).joined(separator: "\n") }
}

extension OptionDescription {
    /// The value in the option's own kind, if it is of that kind and in range.
    public func checked(_ value: OptionValue) throws(OptionError) -> OptionValue {
        switch (kind, value) {
        case (.number, .integer(let integer)): try checked(.number(Double(integer)))
        case (.number, .number(let number)): try inRange(number, value)
        case (.integer, .integer(let integer)): try inRange(Double(integer), value)
        case (.truth, .truth): value
        case (.choice(let words), .word(let word)) where words.contains(word): value
        case (.number, _): throw .wrongKind(name: name, value: value, wanted: "a number")
        case (.integer, _): throw .wrongKind(name: name, value: value, wanted: "an integer")
        case (.truth, _): throw .wrongKind(name: name, value: value, wanted: "true or false")
        case (.choice(let words), _):
            throw .wrongKind(
                name: name, value: value, wanted: "one of " + words.map { "'\($0)'" }.joined(separator: ", "))
        }
    }

    private func inRange(_ number: Double, _ value: OptionValue) throws(OptionError) -> OptionValue {
        guard number.isFinite else { throw .outOfRange(name: name, value: value, wanted: "finite") }
        if let range, !range.contains(number) {
            throw .outOfRange(name: name, value: value, wanted: range.description)
        }
        return value
    }
}
