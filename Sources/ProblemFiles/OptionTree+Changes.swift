/// A value that differs between two trees.
public struct OptionChange: Sendable, Equatable {
    /// The dotted key, elements of arrays counted from 1: `method.stages[2].steps`.
    public var path: String
    /// The value in the first tree, as TOML; nil if it has none.
    public var before: String?
    /// The value in the second tree; nil if it has none.
    public var after: String?

    /// Joins the three.
    public init(_ path: String, before: String?, after: String?) {
        self.path = path
        self.before = before
        self.after = after
    }
}

extension OptionTree {
    /// What differs in another tree, key by key, in the order of this tree; what only the other has comes last.
    ///
    /// Arrays of tables are compared element by element, other arrays as a whole.
    public func changes(to other: OptionTree, path: String = "") -> [OptionChange] {
        if self == other { return [] }
        if isTable, other.isTable {
            let prefix = path.isEmpty ? "" : path + "."
            let keys = entries.map(\.key) + other.entries.map(\.key).filter { self[$0] == nil }
            return keys.flatMap { Self.changes(from: self[$0], to: other[$0], path: prefix + $0) }
        }
        if let left = elements, let right = other.elements, (left + right).allSatisfy(\.isTable) {
            return (0..<max(left.count, right.count)).flatMap { index in
                Self.changes(
                    from: left.indices.contains(index) ? left[index] : nil,
                    to: right.indices.contains(index) ? right[index] : nil, path: "\(path)[\(index + 1)]")
            }
        }
        return [OptionChange(path, before: inlineText, after: other.inlineText)]
    }

    private static func changes(from left: OptionTree?, to right: OptionTree?, path: String) -> [OptionChange] {
        if let left, let right { return left.changes(to: right, path: path) }
        return [OptionChange(path, before: left?.inlineText, after: right?.inlineText)]
    }
}
