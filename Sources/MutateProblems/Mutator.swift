import Randomness

/// Changes texts of problem files as careless fingers and broken disks do: a few changes each, the same for the same seed.
struct Mutator {
    private let texts: [String]
    private var stream: RandomStream

    /// - Parameters:
    ///   - texts: whole files; pieces of one may end up in another.
    ///   - index: which of the very many mutated files follow.
    init(texts: [String], seed: UInt64, index: Int) {
        self.texts = texts
        stream = RandomStream(seed: seed, name: "mutate-problems", index: UInt64(index))
    }

    /// One of the texts, by number, after one to three changes; as bytes, since some are no text any more.
    mutating func mutate(_ number: Int) -> [UInt8] {
        var text = texts[number]
        for _ in 0...Int(stream.next() % 3) { change(&text) }
        var bytes = Array(text.utf8)
        // Now and then a broken byte, or a broken end.
        switch stream.next() % 40 {
        case 0 where !bytes.isEmpty: bytes[below(bytes.count)] = UInt8(truncatingIfNeeded: stream.next())
        case 1: bytes.removeLast(below(bytes.count + 1))
        default: break
        }
        return bytes
    }

    private mutating func below(_ count: Int) -> Int { count > 0 ? Int(stream.next() % UInt64(count)) : 0 }

    private mutating func pick<T>(_ values: [T]) -> T { values[below(values.count)] }

    private mutating func change(_ text: inout String) {
        switch stream.next() % 14 {
        case 0: replaceNumber(in: &text)
        case 1: replaceValue(in: &text)
        case 2: replaceWord(in: &text)
        case 3: insert(pick(Self.snippets), into: &text)
        case 4: removeStretch(of: &text)
        case 5: changeLines(of: &text) { mutator, lines in lines.remove(at: mutator.below(lines.count)) }
        case 6:
            changeLines(of: &text) { mutator, lines in
                lines.insert(lines[mutator.below(lines.count)], at: mutator.below(lines.count))
            }
        case 7:
            changeLines(of: &text) { mutator, lines in
                lines.swapAt(mutator.below(lines.count), mutator.below(lines.count))
            }
        case 8:
            let donor = pick(texts).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            changeLines(of: &text) { mutator, lines in
                lines.insert(donor[mutator.below(donor.count)], at: mutator.below(lines.count))
            }
        case 9: misspell(&text)
        case 10: replaceNumber(in: &text)
        case 11: replaceOperator(in: &text)
        case 12:
            let depth = pick([3, 40, 3_000])
            insert(String(repeating: pick(["(", "[", "{ a = ", "-", "not "]), count: depth), into: &text)
        default: insert(pick(Self.characters), into: &text)
        }
    }

    private mutating func changeLines(of text: inout String, _ body: (inout Mutator, inout [String]) -> Void) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        body(&self, &lines)
        text = lines.joined(separator: "\n")
    }

    /// Stretches of characters that satisfy a condition.
    private func stretches(of text: String, where condition: (Character) -> Bool) -> [Range<String.Index>] {
        var ranges: [Range<String.Index>] = []
        var start: String.Index?
        for index in text.indices {
            if condition(text[index]) {
                start = start ?? index
            } else if let first = start {
                ranges.append(first..<index)
                start = nil
            }
        }
        if let start { ranges.append(start..<text.endIndex) }
        return ranges
    }

    private mutating func replaceNumber(in text: inout String) {
        let places = stretches(of: text) { $0.isNumber || $0 == "." || $0 == "_" }.filter {
            text[$0].contains(where: \.isNumber)
        }
        guard !places.isEmpty else { return }
        text.replaceSubrange(pick(places), with: pick(Self.numbers))
    }

    private mutating func replaceWord(in text: inout String) {
        let places = stretches(of: text) { $0.isLetter || $0.isNumber || $0 == "_" }
        let source = pick(texts)
        let words = stretches(of: source) { $0.isLetter || $0.isNumber || $0 == "_" }
        guard !places.isEmpty, !words.isEmpty else { return }
        text.replaceSubrange(pick(places), with: source[pick(words)])
    }

    private mutating func misspell(_ text: inout String) {
        let places = stretches(of: text) { $0.isLetter }.filter { text[$0].count > 1 }
        guard !places.isEmpty else { return }
        let place = pick(places)
        var letters = Array(text[place])
        letters.swapAt(below(letters.count), below(letters.count))
        if stream.next() % 2 == 0 { letters.remove(at: below(letters.count)) }
        text.replaceSubrange(place, with: String(letters))
    }

    /// What stands after an equals sign becomes something else.
    private mutating func replaceValue(in text: inout String) {
        let places = text.indices.filter { text[$0] == "=" }
        guard !places.isEmpty else { return }
        let start = text.index(after: pick(places))
        let end = text[start...].firstIndex { ",}\n".contains($0) } ?? text.endIndex
        text.replaceSubrange(start..<end, with: " " + pick(Self.values))
    }

    private mutating func replaceOperator(in text: inout String) {
        let places = text.indices.filter { "+-*/^=<>()[]{},.'\"&:".contains(text[$0]) }
        guard !places.isEmpty else { return }
        let place = pick(places)
        text.replaceSubrange(place..<text.index(after: place), with: pick(Self.operators))
    }

    private mutating func removeStretch(of text: inout String) {
        guard !text.isEmpty else { return }
        let start = text.index(text.startIndex, offsetBy: below(text.count))
        let end = text.index(start, offsetBy: 1 + below(pick([3, 30, 300])), limitedBy: text.endIndex) ?? text.endIndex
        text.removeSubrange(start..<end)
    }

    private mutating func insert(_ piece: String, into text: inout String) {
        text.insert(contentsOf: piece, at: text.index(text.startIndex, offsetBy: below(text.count + 1)))
    }

    private static let numbers = [
        "0", "-1", "1", "2", "3", "7", "0.5", "-0.0", "1e-300", "1e300", "1e308", "nan", "inf", "-inf", "1_000_000",
        "9223372036854775807", "9223372036854775808", "99999999999999999999999", "1e-12", "65536", "1e999", "007",
        "0x10",
    ]

    private static let values = [
        "0", "-1", "1e308", "true", "\"\"", "\"left\"", "\"x\"", "'u'", "'u_x'", "'pi'", "'1/0'", "'sqrt(-1)'", "[]",
        "[1]",
        "[[]]", "{}", "{ a = 1 }", "1979-05-27", "nan", "'x + y'", "[\"x\", \"x\"]", "\"x[1:3]\"",
        "\"boundary and interior\"",
        "'u(t = 0)'", "'n'", "\"\\u0000\"", "\"a - b\"",
    ]

    private static let operators = [
        "+", "-", "*", "/", "^", "=", "==", "<", "(", ")", "[", "]", "{", "}", ",", ".", "'", "\"", "&", ":", "", " ",
        "**",
        "^^", "..", "''",
    ]

    private static let snippets = [
        "\n[domain]\n", "\n[method.stages]\n", "\n[[method.stages]]\n", "\n[variants.a]\n", "\n[domain.shapes]\n",
        " and left", " or point(0, 0)", "laplacian(u)", "d(u, x, 9)", "u_xxxxxxxx", "sum(i in 1:1000000, x[i])",
        "mean(z ~ normal(3), z[1])", "integral(u over region)", "u(x = 0)", "^2^2^2^2", "\n# \u{1F600}\n", "\"\"\"",
        "'''",
        "\nseed = -1\n", "grad(", "exp(exp(exp(exp(9))))", "x[0]", "x[-1]", "if(", " - plate", " & (",
    ]

    private static let characters = [
        "\u{0}", "\u{1B}[31m", "\u{FEFF}", "\u{202E}", "é", "ν", "\u{1F600}", "\t", "\r\n", "\\", "#", "%", "\"", "'",
        "\u{7F}",
        "e\u{301}", "\u{2028}", "²", "·", "−",
    ]
}
