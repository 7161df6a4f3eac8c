/// A number to find together with the fields.
public struct UnknownParameter: Sendable, Equatable {
    /// What is searched in.
    public enum Scale: String, Sendable, CaseIterable {
        /// The number itself.
        case linear
        /// Its logarithm; the number is positive.
        case logarithmic = "log"
    }

    /// The name.
    public var name: String
    /// The value at the start of the search.
    public var start: Double
    /// The ends between which the value stays; nil without. The start lies between them.
    public var range: ClosedRange<Double>?
    /// What is searched in.
    public var scale: Scale
    /// How far a step of an optimizer moves it, relative to what it does without.
    public var rate: Double
    /// The value that the found one is compared with; nil when there is none.
    public var reference: Double?
    /// The expression that the reference was computed from; nil for a plain number.
    public var referenceText: String?

    /// A number to find.
    public init(
        _ name: String, start: Double, range: ClosedRange<Double>? = nil, scale: Scale = .linear, rate: Double = 1,
        reference: Double? = nil
    ) {
        self.name = name
        self.start = start
        self.range = range
        self.scale = scale
        self.rate = rate
        self.reference = reference
    }
}

extension UnknownParameter {
    /// The entry of `[parameters]` as a file has it.
    var tree: OptionTree {
        var tree: OptionTree = ["unknown": true, "start": .shortest(start)]
        if let range { tree["range"] = OptionTree(.list([.shortest(range.lowerBound), .shortest(range.upperBound)])) }
        tree["scale"] = OptionTree(.text(scale.rawValue))
        tree["rate"] = .shortest(rate)
        return tree
    }
}
