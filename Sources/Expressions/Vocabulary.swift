/// The words that can be called.
enum Vocabulary {
    static let operators: Set<String> = ["d", "grad", "div", "curl", "laplacian", "dn", "dt"]
    static let forms: Set<String> = [
        "if", "clamp", "dot", "cross", "norm", "norm2", "sum", "prod", "integral", "average", "mean", "residual",
    ]
    static let functions: Set<String> = operators.union(forms).union(Function.allCases.map(\.rawValue))

    /// The nearest of some words, if it is near enough to be a likely slip of the pen.
    static func nearest(to word: String, among words: some Sequence<String>) -> String? {
        let limit = max(1, word.count / 3)
        var best: (word: String, distance: Int)?
        for candidate in words where candidate != word && abs(candidate.count - word.count) <= limit {
            let distance = candidate.lowercased() == word.lowercased() ? 0 : distance(word, candidate, limit: limit)
            if distance > limit || distance >= max(word.count, candidate.count) { continue }
            if let known = best, (known.distance, known.word) <= (distance, candidate) { continue }
            best = (candidate, distance)
        }
        return best?.word
    }

    /// Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other.
    static func distance(_ first: String, _ second: String, limit: Int) -> Int {
        let a = Array(first.prefix(64))
        let b = Array(second.prefix(64))
        var before = [Int](repeating: 0, count: b.count + 1)
        var previous = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var cost = min(row[j] + 1, previous[j + 1] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
                row.append(cost)
            }
            before = previous
            previous = row
        }
        return previous[b.count]
    }
}
