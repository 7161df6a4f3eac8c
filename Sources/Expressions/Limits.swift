/// Bounds that keep a hostile text from exhausting memory or the stack; far beyond anything a person writes.
enum Limits {
    /// Bytes of one text.
    static let textSize = 1 << 20
    /// Brackets, signs and powers within one another.
    static let nesting = 200
    /// Indices and argument lists behind one name or bracket.
    static let postfixes = 4
    /// Functions that call one another.
    static let callDepth = 32
    /// Places looked up while one text is resolved, definitions counted as often as they are used.
    static let resolutionSteps = 400_000
    /// Distinct nodes of the expression that is differentiated, multiplied by the order.
    static let differentiatedNodes = 200_000
    /// The order of a derivative.
    static let derivativeOrder = 16
    /// Components that are listed one by one.
    static let components = 1 << 20
    /// Operations of a tape.
    static let instructions = 2_000_000
    /// Nodes of the tree that is printed.
    static let printedNodes = 200_000
    /// Components of a coordinate family.
    static let familySize = 10_000_000
}
