/// A word, number or sign of a text.
struct Token: Equatable {
    enum Kind: Equatable {
        case number(Double)
        case name(String)
        /// An operator, bracket or separator.
        case sign(String)
        case end
    }

    var kind: Kind
    var range: SourceRange

    /// The token as it may be quoted in a message.
    var text: String {
        switch kind {
        case .number(let value): value.shortText
        case .name(let name): name
        case .sign(let sign): sign
        case .end: "the end"
        }
    }
}

/// Cuts a text into tokens.
struct Lexer {
    private(set) var tokens: [Token] = []
    private(set) var issues: [ExpressionIssue] = []

    private static let pairs: Set<String> = ["**", "<=", ">=", "==", "!="]
    private static let singles: [Unicode.Scalar: String] = Dictionary(
        uniqueKeysWithValues: "+-*/^()[],:~=<>.".unicodeScalars.map { ($0, String($0)) })

    /// The sign that starts with these characters, the longer one if there are two.
    private static func sign(_ first: Unicode.Scalar, _ second: Unicode.Scalar?) -> String? {
        if let second, second == "=" || second == "*" {
            let pair = String(first) + String(second)
            if pairs.contains(pair) { return pair }
        }
        return singles[first]
    }

    init(_ text: String) {
        let size = text.utf8.count
        guard size <= Limits.textSize else {
            issues.append(
                ExpressionIssue(
                    message: "the text is too long: \(size) bytes, at most \(Limits.textSize) are read",
                    range: SourceRange(lower: 0, upper: size)))
            tokens.append(Token(kind: .end, range: SourceRange(lower: size, upper: size)))
            return
        }
        let scalars = Array(text.unicodeScalars)
        var offsets = [0]
        offsets.reserveCapacity(scalars.count + 1)
        for scalar in scalars { offsets.append(offsets[offsets.count - 1] + UTF8.width(scalar)) }
        func range(_ from: Int, _ to: Int) -> SourceRange { SourceRange(lower: offsets[from], upper: offsets[to]) }
        func isDigit(_ index: Int) -> Bool { index < scalars.count && ("0"..."9").contains(scalars[index]) }
        var at = 0
        while at < scalars.count {
            let scalar = scalars[at]
            if scalar.properties.isWhitespace {
                at += 1
                continue
            }
            let start = at
            if isDigit(at) || (scalar == "." && isDigit(at + 1)) {
                while isDigit(at) { at += 1 }
                if at < scalars.count, scalars[at] == ".", !(at + 1 < scalars.count && scalars[at + 1].startsName) {
                    at += 1
                    while isDigit(at) { at += 1 }
                }
                if at < scalars.count, scalars[at] == "e" || scalars[at] == "E" {
                    let hasSign = at + 1 < scalars.count && (scalars[at + 1] == "+" || scalars[at + 1] == "-")
                    if isDigit(at + (hasSign ? 2 : 1)) {
                        at += hasSign ? 2 : 1
                        while isDigit(at) { at += 1 }
                    }
                }
                var word = ""
                word.unicodeScalars.append(contentsOf: scalars[start..<at])
                let value = Double(word.hasSuffix(".") ? word + "0" : word) ?? .infinity
                if !value.isFinite {
                    issues.append(
                        ExpressionIssue(message: "the number \(word) is too large", range: range(start, at)))
                }
                tokens.append(Token(kind: .number(value), range: range(start, at)))
            } else if scalar.startsName {
                while at < scalars.count, scalars[at].continuesName { at += 1 }
                var word = ""
                word.unicodeScalars.append(contentsOf: scalars[start..<at])
                tokens.append(Token(kind: .name(word), range: range(start, at)))
            } else if let sign = Self.sign(scalar, at + 1 < scalars.count ? scalars[at + 1] : nil) {
                at += sign.unicodeScalars.count
                tokens.append(Token(kind: .sign(sign), range: range(start, at)))
            } else {
                at += 1
                let replacements: [Unicode.Scalar: String] = [
                    "·": "*", "×": "*", "−": "-", "–": "-", "÷": "/", "≤": "<=", "≥": ">=", "≠": "!=", "&": "and",
                    "|": "or", "!": "not",
                ]
                issues.append(
                    ExpressionIssue(
                        message: "unexpected character '\(scalar)'", range: range(start, at),
                        hint: replacements[scalar].map { "write '\($0)'" }))
                if let sign = replacements[scalar], !sign.first!.isLetter {
                    tokens.append(Token(kind: .sign(sign), range: range(start, at)))
                }
            }
        }
        tokens.append(Token(kind: .end, range: SourceRange(lower: size, upper: size)))
    }
}

extension Unicode.Scalar {
    var startsName: Bool { properties.isAlphabetic || properties.generalCategory == .modifierLetter }
    var continuesName: Bool {
        startsName || self == "_" || ("0"..."9").contains(self)
            || properties.generalCategory == .nonspacingMark || properties.generalCategory == .otherNumber
    }
}

/// Whether a text is a single name of the language.
package func isName(_ text: String) -> Bool {
    let scalars = text.unicodeScalars
    guard let first = scalars.first, first.startsName else { return false }
    return scalars.allSatisfy(\.continuesName) && !Parser.words.contains(text)
}
