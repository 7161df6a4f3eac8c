/// A recursive-descent parser that goes on after a slip where it can.
struct Parser {
    private let tokens: [Token]
    private let allowsPlacement: Bool
    private var position = 0
    private var depth = 0
    private var issues: [ExpressionIssue]

    /// Words with a meaning of their own.
    static let words: Set<String> = ["and", "or", "not", "in", "over"]

    init(_ text: String, allowsPlacement: Bool = false) {
        let lexer = Lexer(text)
        tokens = lexer.tokens
        issues = lexer.issues
        self.allowsPlacement = allowsPlacement
    }

    mutating func parseWhole(_ read: (inout Parser) -> Syntax) throws(ExpressionErrors) -> Syntax {
        if current.kind == .end, issues.isEmpty { complain("an expression is missing", at: current.range) }
        let syntax = read(&self)
        finish()
        if !issues.isEmpty { throw ExpressionErrors(issues) }
        return syntax
    }

    mutating func parseEquation() throws(ExpressionErrors) -> EquationSyntax {
        let left = parseExpression()
        guard take("=") != nil else {
            if current.kind == .end {
                complain(
                    "an equation needs one '='", at: SourceRange(lower: 0, upper: current.range.upper),
                    hint: "write the right side, for instance '= 0'")
            }
            finish()
            throw ExpressionErrors(issues)
        }
        let right = parseExpression()
        while let second = take("=") {
            complain("an equation has exactly one '='", at: second.range, hint: "to compare two values write '=='")
            _ = parseExpression()
        }
        finish()
        if !issues.isEmpty { throw ExpressionErrors(issues) }
        return EquationSyntax(left: left, right: right)
    }

    /// An expression at any level; the weakest operators are `or` and `and`.
    mutating func parseExpression() -> Syntax {
        let start = current.range
        guard enter() else { return invalid(start) }
        defer { depth -= 1 }
        let first = parseConjunction()
        guard isWord("or") else { return first }
        var parts = [first]
        while takeWord("or") { parts.append(parseConjunction()) }
        return Syntax(.or(parts), range: start.union(previous.range))
    }

    private mutating func parseConjunction() -> Syntax {
        let start = current.range
        let first = parseNegatable()
        guard isWord("and") else { return first }
        var parts = [first]
        while takeWord("and") { parts.append(parseNegatable()) }
        return Syntax(.and(parts), range: start.union(previous.range))
    }

    private mutating func parseNegatable() -> Syntax {
        let start = current.range
        guard takeWord("not") else { return parseComparison() }
        guard enter() else { return invalid(start) }
        defer { depth -= 1 }
        let operand = parseNegatable()
        return Syntax(.not(operand), range: start.union(previous.range))
    }

    private mutating func parseComparison() -> Syntax {
        let start = current.range
        let left = parseSum()
        if allowsPlacement, take("=") != nil {
            let right = parseSum()
            return Syntax(.placement(left, right), range: start.union(previous.range))
        }
        guard let comparison = takeComparison() else { return left }
        let right = parseSum()
        let result = Syntax(.comparison(comparison, left, right), range: start.union(previous.range))
        if case .sign(let sign) = current.kind, Syntax.Comparison(rawValue: sign) != nil {
            complain(
                "comparisons cannot be chained", at: current.range,
                hint: "write 'a < b and b < c' instead of 'a < b < c'")
            while takeComparison() != nil { _ = parseSum() }
        }
        return result
    }

    private mutating func takeComparison() -> Syntax.Comparison? {
        guard case .sign(let sign) = current.kind, let comparison = Syntax.Comparison(rawValue: sign) else {
            return nil
        }
        position += 1
        return comparison
    }

    private mutating func parseSum() -> Syntax {
        parseChain(direct: "+", inverse: "-", Syntax.Kind.sum) { $0.parseProduct() }
    }

    private mutating func parseProduct() -> Syntax {
        parseChain(direct: "*", inverse: "/", Syntax.Kind.product) { $0.parseSigned() }
    }

    private mutating func parseChain(
        direct: String, inverse: String, _ make: ([Syntax.Term]) -> Syntax.Kind, _ operand: (inout Parser) -> Syntax
    ) -> Syntax {
        let start = current.range
        let first = operand(&self)
        var terms = [Syntax.Term(isInverse: false, value: first)]
        while true {
            if let sign = take(direct) ?? take(inverse) {
                let isInverse = sign.kind == .sign(inverse)
                terms.append(Syntax.Term(isInverse: isInverse, value: operand(&self), operatorRange: sign.range))
            } else if direct == "*", startsPrimary, let last = terms.last {
                terms.append(Syntax.Term(isInverse: false, value: implicitFactor(after: last.value)))
            } else {
                break
            }
        }
        return terms.count == 1 ? first : Syntax(make(terms), range: start.union(previous.range))
    }

    /// Whether something starts here that would be a factor if multiplication could be left out.
    private var startsPrimary: Bool {
        switch current.kind {
        case .number: true
        case .name(let name): !Self.words.contains(name)
        case .sign(let sign): sign == "("
        case .end: false
        }
    }

    private mutating func implicitFactor(after last: Syntax) -> Syntax {
        let before = previous
        let after = current
        let issue = issues.count
        let factor = parsePower()
        let isShort = factor.range.upper - factor.range.lower <= 20 && last.range.upper - last.range.lower <= 20
        let suggestion =
            isShort ? "\(last)*\(factor)" : "\(before.text)*\(after.text)"
        issues.insert(
            ExpressionIssue(
                message: "an operator is missing between '\(before.text)' and '\(after.text)'",
                range: before.range.union(after.range),
                hint: "multiplication is written out: '\(suggestion)'"), at: issue)
        return factor
    }

    private mutating func parseSigned() -> Syntax {
        let start = current.range
        if take("+") != nil || current.kind == .sign("-") {
            guard enter() else { return invalid(start) }
            defer { depth -= 1 }
            guard take("-") != nil else { return parseSigned() }
            let operand = parseSigned()
            return Syntax(.negation(operand), range: start.union(previous.range))
        }
        return parsePower()
    }

    private mutating func parsePower() -> Syntax {
        let start = current.range
        let base = parsePostfix()
        guard take("^") ?? take("**") != nil else { return base }
        guard enter() else { return invalid(start) }
        defer { depth -= 1 }
        let exponent = parseSigned()
        return Syntax(.power(base, exponent), range: start.union(previous.range))
    }

    private mutating func parsePostfix() -> Syntax {
        let start = current.range
        var value = parsePrimary()
        var links = 0
        while true {
            if current.kind == .sign("["), links < Limits.postfixes {
                position += 1
                let index = parseExpression()
                close("]", openedBy: "[", at: start)
                value = Syntax(.element(value, index), range: start.union(previous.range))
            } else if current.kind == .sign("("), value.isCallable, links < Limits.postfixes {
                let arguments = parseArguments()
                value = Syntax(.call(value, arguments), range: start.union(previous.range))
            } else {
                return value
            }
            links += 1
        }
    }

    private mutating func parsePrimary() -> Syntax {
        let token = current
        switch token.kind {
        case .number(let value):
            position += 1
            return Syntax(.number(value), range: token.range)
        case .name(let name) where !Self.words.contains(name):
            position += 1
            var parts = [name]
            while current.kind == .sign("."), case .name(let part) = tokens[position + 1].kind {
                position += 2
                parts.append(part)
            }
            return Syntax(.name(parts), range: token.range.union(previous.range))
        case .sign("("):
            position += 1
            var inner = parseExpression()
            close(")", openedBy: "(", at: token.range)
            inner.range = token.range.union(previous.range)
            return inner
        case .sign("["):
            position += 1
            var elements: [Syntax] = []
            repeat { elements.append(parseExpression()) } while take(",") != nil
            close("]", openedBy: "[", at: token.range)
            return Syntax(.list(elements), range: token.range.union(previous.range))
        default:
            complainAboutMissingOperand()
            return startsPrimary ? parsePrimary() : invalid(token.range)
        }
    }

    private mutating func complainAboutMissingOperand() {
        switch current.kind {
        case .end:
            let after = position > 0 ? " after '\(previous.text)'" : ""
            complain("the expression ends too early\(after)", at: position > 0 ? previous.range : current.range)
        case .sign(")"), .sign("]"):
            if position > 0, previous.kind == .sign("(") || previous.kind == .sign("[") {
                complain("there is nothing between the brackets", at: previous.range.union(current.range))
            } else if depth <= 1 {
                complain("'\(current.text)' closes a bracket that was not opened", at: current.range)
                position += 1
            } else {
                complain("something is missing before '\(current.text)'", at: current.range)
            }
        default:
            complain("something is missing before '\(current.text)'", at: current.range)
            skipOperators()
        }
    }

    /// Goes on behind operators that have nothing in front of them.
    private mutating func skipOperators() {
        while case .sign(let sign) = current.kind, ["*", "/", "^", "**", "."].contains(sign) { position += 1 }
    }

    private mutating func parseArguments() -> [Syntax.Argument] {
        let open = current.range
        position += 1
        if take(")") != nil { return [] }
        var arguments: [Syntax.Argument] = []
        repeat { arguments.append(parseArgument()) } while take(",") != nil
        close(")", openedBy: "(", at: open)
        return arguments
    }

    private mutating func parseArgument() -> Syntax.Argument {
        if case .name(let name) = current.kind {
            if tokens[position + 1].kind == .name("in") {
                position += 2
                let lower = parseExpression()
                if take(":") == nil {
                    complain("the range of '\(name)' needs a ':'", at: current.range, hint: "write '\(name) in 1:d'")
                }
                return .range(name: name, lower: lower, upper: parseExpression())
            }
            if tokens[position + 1].kind == .sign("~") {
                position += 2
                guard case .name(let distribution) = current.kind else {
                    complain(
                        "the distribution of '\(name)' is missing", at: current.range,
                        hint: "write '\(name) ~ normal(d)'")
                    return .plain(parseExpression())
                }
                position += 1
                guard current.kind == .sign("(") else { return .drawn(name: name, distribution: distribution, []) }
                let values = parseArguments().compactMap { argument -> Syntax? in
                    if case .plain(let value) = argument { return value }
                    return nil
                }
                return .drawn(name: name, distribution: distribution, values)
            }
        }
        let value = parseExpression()
        switch current.kind {
        case .sign("="):
            position += 1
            return .placement(value, parseExpression())
        case .name("over"):
            position += 1
            guard case .name(let first) = current.kind else {
                complain("the face or region after 'over' is missing", at: current.range)
                return .plain(value)
            }
            position += 1
            var region = [first]
            while current.kind == .sign("."), case .name(let part) = tokens[position + 1].kind {
                position += 2
                region.append(part)
            }
            return .over(value, region: region)
        default:
            if case .placement(let target, let place) = value.kind { return .placement(target, place) }
            return .plain(value)
        }
    }

    private mutating func close(_ sign: String, openedBy open: String, at place: SourceRange) {
        if take(sign) != nil { return }
        if current.kind == .end {
            complain("the bracket '\(open)' is not closed", at: SourceRange(lower: place.lower, upper: place.lower + 1))
        } else {
            complain(
                "'\(current.text)' was not expected here", at: current.range,
                hint: "'\(sign)' or an operator may stand here")
        }
        skip(to: sign)
    }

    /// Goes on behind the closing bracket that belongs here, if there is one.
    private mutating func skip(to sign: String) {
        var open = 0
        while current.kind != .end {
            if case .sign(let text) = current.kind {
                if open == 0, text == sign {
                    position += 1
                    return
                }
                if text == "(" || text == "[" { open += 1 }
                if text == ")" || text == "]" { open -= 1 }
                if open < 0 { return }
            }
            position += 1
        }
    }

    /// Complains about whatever is left over.
    private mutating func finish() {
        guard current.kind != .end else { return }
        switch current.kind {
        case .sign(")"), .sign("]"):
            complain("'\(current.text)' closes a bracket that was not opened", at: current.range)
        case .sign("="):
            complain("'=' cannot stand here", at: current.range, hint: "to compare two values write '=='")
        default: complain("'\(current.text)' was not expected here", at: current.range)
        }
        position = tokens.count - 1
    }

    private mutating func enter() -> Bool {
        depth += 1
        guard depth > Limits.nesting else { return true }
        depth -= 1
        if position < tokens.count - 1 {
            complain("brackets, signs and powers are nested more than \(Limits.nesting) deep", at: current.range)
            position = tokens.count - 1
        }
        return false
    }

    private func invalid(_ range: SourceRange) -> Syntax { Syntax(.number(.nan), range: range) }

    private mutating func complain(_ message: String, at range: SourceRange, hint: String? = nil) {
        // One slip often shows up twice at one place; at the end of the text only the first complaint helps.
        if let last = issues.last, last.range == range || current.kind == .end && last.range.lower >= range.lower {
            return
        }
        issues.append(ExpressionIssue(message: message, range: range, hint: hint))
    }

    private var current: Token { tokens[position] }
    private var previous: Token { tokens[max(0, position - 1)] }

    private mutating func take(_ sign: String) -> Token? {
        guard current.kind == .sign(sign) else { return nil }
        defer { position += 1 }
        return current
    }

    private func isWord(_ word: String) -> Bool { current.kind == .name(word) }

    private mutating func takeWord(_ word: String) -> Bool {
        guard isWord(word) else { return false }
        position += 1
        return true
    }
}
