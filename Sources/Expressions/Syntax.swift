/// The parse tree of a text: structure only, names not looked up.
///
/// Two trees are equal if they have the same structure; the places in the text do not count.
public struct Syntax: Sendable {
    /// What stands here.
    public indirect enum Kind: Hashable, Sendable {
        /// A number.
        case number(Double)
        /// A name; more than one part for a dotted name such as `hole.rim`.
        case name([String])
        /// A vector in brackets, `[a, b]`.
        case list([Syntax])
        /// `-a`.
        case negation(Syntax)
        /// Two or more terms that are added or subtracted from the left.
        case sum([Term])
        /// Two or more factors that are multiplied or divided from the left.
        case product([Term])
        /// `a^b`.
        case power(Syntax, Syntax)
        /// `a < b` and its kin.
        case comparison(Comparison, Syntax, Syntax)
        /// `not a`.
        case not(Syntax)
        /// `a and b and …`.
        case and([Syntax])
        /// `a or b or …`.
        case or([Syntax])
        /// `t = 0` in a selector.
        case placement(Syntax, Syntax)
        /// `a[i]`.
        case element(Syntax, Syntax)
        /// `f(…)`, also the trace `u(t = 0)`.
        case call(Syntax, [Argument])
    }

    /// A member of a sum or product.
    public struct Term: Hashable, Sendable {
        /// Whether the term is subtracted, or the factor divides; never so for the first one.
        public var isInverse: Bool
        /// The term or factor.
        public var value: Syntax
        /// The place of the operator in front.
        public var operatorRange: SourceRange

        /// Creates a member.
        public init(isInverse: Bool, value: Syntax, operatorRange: SourceRange = .none) {
            self.isInverse = isInverse
            self.value = value
            self.operatorRange = operatorRange
        }

        /// Equality without places.
        public static func == (left: Term, right: Term) -> Bool {
            left.isInverse == right.isInverse && left.value == right.value
        }

        /// Hashes the structure.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(isInverse)
            hasher.combine(value)
        }
    }

    /// What stands between the brackets of a call.
    public indirect enum Argument: Hashable, Sendable {
        /// A plain expression.
        case plain(Syntax)
        /// `i in 1:d`.
        case range(name: String, lower: Syntax, upper: Syntax)
        /// `z ~ normal(d)`.
        case drawn(name: String, distribution: String, [Syntax])
        /// `t = 0`, with a name or `x[2]` on the left.
        case placement(Syntax, Syntax)
        /// `v over hole.rim`.
        case over(Syntax, region: [String])
    }

    /// The operators that compare two scalars.
    public enum Comparison: String, Hashable, Sendable, CaseIterable {
        /// `<`
        case less = "<"
        /// `<=`
        case lessOrEqual = "<="
        /// `>`
        case greater = ">"
        /// `>=`
        case greaterOrEqual = ">="
        /// `==`
        case equal = "=="
        /// `!=`
        case notEqual = "!="
    }

    /// What stands here.
    public var kind: Kind
    /// The bytes it was read from.
    public var range: SourceRange

    /// Creates a tree.
    public init(_ kind: Kind, range: SourceRange = .none) {
        self.kind = kind
        self.range = range
    }

    /// Reads an expression.
    ///
    /// - Throws: all slips from which the parser can recover.
    public static func parse(_ text: String) throws(ExpressionErrors) -> Syntax {
        var parser = Parser(text)
        return try parser.parseWhole { $0.parseExpression() }
    }

    /// Reads a selector: an expression that may also say `t = 0` and name faces with dots.
    public static func parseSelector(_ text: String) throws(ExpressionErrors) -> Syntax {
        var parser = Parser(text, allowsPlacement: true)
        return try parser.parseWhole { $0.parseExpression() }
    }
}

extension Syntax: Hashable {
    /// Equality of structure, without places.
    public static func == (left: Syntax, right: Syntax) -> Bool { left.kind == right.kind }

    /// Hashes the structure.
    public func hash(into hasher: inout Hasher) { hasher.combine(kind) }
}

/// An equation: two expressions with one `=` between them.
public struct EquationSyntax: Hashable, Sendable {
    /// Left of the equals sign.
    public var left: Syntax
    /// Right of the equals sign.
    public var right: Syntax

    /// Creates an equation.
    public init(left: Syntax, right: Syntax) {
        self.left = left
        self.right = right
    }

    /// Reads an equation: exactly one `=` at the outer level.
    public static func parse(_ text: String) throws(ExpressionErrors) -> EquationSyntax {
        var parser = Parser(text)
        return try parser.parseEquation()
    }
}

extension EquationSyntax: CustomStringConvertible {
    /// The equation in the input language.
    public var description: String { "\(left) = \(right)" }
}
