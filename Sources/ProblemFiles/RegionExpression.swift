import Expressions

/// How `domain.region` puts shapes together: `plate - hole`, `(a + b) & c`.
///
/// `+` is the union, `-` the difference, both from the left; `&`, the intersection, binds more tightly.
indirect enum RegionExpression {
    /// A shape, and where it is named.
    case shape(String, SourceRange)
    /// Points of either.
    case union(RegionExpression, RegionExpression)
    /// Points of the first that do not belong to the second.
    case difference(RegionExpression, RegionExpression)
    /// Points of both.
    case intersection(RegionExpression, RegionExpression)

    /// More shapes than this, or deeper brackets, are refused.
    static let mostShapes = 256

    /// The shapes in the order of the text.
    var shapes: [(name: String, range: SourceRange)] {
        switch self {
        case .shape(let name, let range): [(name, range)]
        case .union(let left, let right), .difference(let left, let right), .intersection(let left, let right):
            left.shapes + right.shapes
        }
    }

    /// Reads the text.
    static func parse(_ text: String) throws(ExpressionErrors) -> RegionExpression {
        var parser = Parser(tokens: try tokens(text), length: text.utf8.count)
        let expression = try parser.sum()
        guard let rest = parser.next else { return expression }
        throw ExpressionErrors(
            "'\(rest.text)' is not expected here", at: rest.range,
            hint: "shapes are joined by '+', '-' and '&': \"plate - hole\"")
    }

    private struct Token {
        var text: String
        var range: SourceRange
        var isName: Bool
    }

    private static func tokens(_ text: String) throws(ExpressionErrors) -> [Token] {
        var tokens: [Token] = []
        var offset = 0
        var isInName = false
        for scalar in text.unicodeScalars {
            let width = UTF8.width(scalar)
            defer { offset += width }
            let isNamePart =
                scalar.properties.isAlphabetic || scalar == "_"
                || (isInName
                    && (scalar.properties.generalCategory == .decimalNumber
                        || scalar.properties.generalCategory == .nonspacingMark))
            if isNamePart, isInName, let last = tokens.indices.last {
                tokens[last].text.unicodeScalars.append(scalar)
                tokens[last].range = SourceRange(lower: tokens[last].range.lower, upper: offset + width)
                continue
            }
            isInName = isNamePart
            guard !scalar.properties.isWhitespace else { continue }
            let range = SourceRange(lower: offset, upper: offset + width)
            guard isNamePart || "+-&()".unicodeScalars.contains(scalar) else {
                throw ExpressionErrors(
                    "'\(scalar)' has no meaning in a region", at: range,
                    hint: "a region is a shape, or shapes joined by '+', '-' and '&': \"plate - hole\"")
            }
            tokens.append(Token(text: String(scalar), range: range, isName: isNamePart))
        }
        if let surplus = tokens.filter(\.isName).dropFirst(mostShapes).first {
            throw ExpressionErrors("a region has at most \(mostShapes) shapes", at: surplus.range)
        }
        return tokens
    }

    private struct Parser {
        let tokens: [Token]
        let length: Int
        var place = 0
        var depth = 0

        init(tokens: [Token], length: Int) {
            self.tokens = tokens
            self.length = length
        }

        var next: Token? { place < tokens.count ? tokens[place] : nil }

        mutating func sum() throws(ExpressionErrors) -> RegionExpression {
            var left = try product()
            while let next, next.text == "+" || next.text == "-" {
                place += 1
                let right = try product()
                left = next.text == "+" ? .union(left, right) : .difference(left, right)
            }
            return left
        }

        private mutating func product() throws(ExpressionErrors) -> RegionExpression {
            var left = try primary()
            while next?.text == "&" {
                place += 1
                left = .intersection(left, try primary())
            }
            return left
        }

        private mutating func primary() throws(ExpressionErrors) -> RegionExpression {
            guard let token = next else {
                throw ExpressionErrors(
                    tokens.isEmpty ? "the region is empty text" : "a shape is missing at the end",
                    at: SourceRange(lower: length, upper: length), hint: "for example \"plate - hole\"")
            }
            place += 1
            if token.isName { return .shape(token.text, token.range) }
            guard token.text == "(" else {
                throw ExpressionErrors(
                    "a shape is expected before '\(token.text)'", at: token.range, hint: "for example \"plate - hole\"")
            }
            depth += 1
            guard depth <= mostShapes else { throw ExpressionErrors("too many brackets", at: token.range) }
            let inner = try sum()
            guard next?.text == ")" else {
                throw ExpressionErrors("this bracket is not closed", at: token.range, hint: "add ')'")
            }
            place += 1
            depth -= 1
            return inner
        }
    }
}
