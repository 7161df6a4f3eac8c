/// The range that a number may lie in.
public struct Limits: Sendable, Equatable, CustomStringConvertible {
    /// The ends; infinite where there is none.
    public var lower: Double, upper: Double
    /// Whether the ends themselves are allowed.
    public var includesLower: Bool, includesUpper: Bool

    /// A range from its ends.
    public init(lower: Double, upper: Double, includesLower: Bool = true, includesUpper: Bool = true) {
        self.lower = lower
        self.upper = upper
        self.includesLower = includesLower
        self.includesUpper = includesUpper
    }

    /// Every finite number.
    public static let any = Limits(lower: -.infinity, upper: .infinity)
    /// Above zero.
    public static let positive = above(0)
    /// Zero and above.
    public static let nonNegative = atLeast(0)

    /// `bound` and above.
    public static func atLeast(_ bound: Double) -> Limits { Limits(lower: bound, upper: .infinity) }
    /// Above `bound`.
    public static func above(_ bound: Double) -> Limits { Limits(lower: bound, upper: .infinity, includesLower: false) }
    /// From one number to another, both allowed.
    public static func between(_ lower: Double, _ upper: Double) -> Limits { Limits(lower: lower, upper: upper) }
    /// From `lower`, which is allowed, to `upper`, which is not.
    public static func from(_ lower: Double, below upper: Double) -> Limits {
        Limits(lower: lower, upper: upper, includesUpper: false)
    }
    /// Above `lower`, which is not allowed, up to `upper`, which is.
    public static func above(_ lower: Double, upTo upper: Double) -> Limits {
        Limits(lower: lower, upper: upper, includesLower: false)
    }

    /// Whether a number is finite and lies in the range.
    public func contains(_ number: Double) -> Bool {
        number.isFinite && (number > lower || (includesLower && number == lower))
            && (number < upper || (includesUpper && number == upper))
    }

    /// The range in words: "at least 1", "above 0 and below 1"; empty when every number is allowed.
    public var description: String {
        var parts: [String] = []
        if lower.isFinite { parts.append((includesLower ? "at least " : "above ") + lower.shortText) }
        if upper.isFinite { parts.append((includesUpper ? "at most " : "below ") + upper.shortText) }
        return parts.joined(separator: " and ")
    }
}

extension Double {
    /// The shortest text that reads back to the same number, without ".0" for whole numbers.
    var shortText: String {
        if self == rounded(), abs(self) < 1e15 { return String(Int(self)) }
        return "\(self)"
    }
}
