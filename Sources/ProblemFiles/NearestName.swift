/// Finds what a misspelt name was meant to be.
package enum NearestName {
    /// The name at the smallest edit distance, when it is near enough to be a slip.
    static func of(_ name: String, in names: [String]) -> String? {
        let limit = max(1, name.count / 3)
        var best: (name: String, distance: Int)?
        for candidate in names where abs(candidate.count - name.count) <= limit {
            let distance = distance(Array(name.lowercased()), Array(candidate.lowercased()))
            // A word of which no letter is left is not a misspelling.
            let isSimilar = distance <= limit && distance < name.count
            if isSimilar, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// A suggestion: the nearest name, or else all of them.
    package static func hint(for name: String, among names: [String], prefix: String = "", label: String) -> String? {
        if let nearest = of(name, in: names) { return "did you mean '\(prefix)\(nearest)'?" }
        return names.isEmpty ? nil : "\(label): \(names.prefix(30).joined(separator: ", "))"
    }

    /// Insertions, deletions, substitutions and swaps of neighbours that lead from one word to the other.
    private static func distance(_ first: [Character], _ second: [Character]) -> Int {
        var rows = Array(repeating: Array(repeating: 0, count: second.count + 1), count: first.count + 1)
        for i in 0...first.count { rows[i][0] = i }
        for j in 0...second.count { rows[0][j] = j }
        guard !first.isEmpty, !second.isEmpty else { return max(first.count, second.count) }
        for i in 1...first.count {
            for j in 1...second.count {
                let change = first[i - 1] == second[j - 1] ? 0 : 1
                rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + change)
                if i > 1, j > 1, first[i - 1] == second[j - 2], first[i - 2] == second[j - 1] {
                    rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
                }
            }
        }
        return rows[first.count][second.count]
    }
}
