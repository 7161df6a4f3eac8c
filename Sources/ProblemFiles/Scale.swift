/// Characteristic sizes of coordinates and unknowns: networks work on scaled quantities, everything else in the user's units.
public struct Scale: Sendable, Equatable {
    /// Lengths and times by flat coordinate; half the side of the domain's box where none is given.
    public var coordinates: [Int: Double]
    /// Sizes by unknown; one where none is given.
    public var unknowns: [Int: Double]

    /// No sizes, or some.
    public init(coordinates: [Int: Double] = [:], unknowns: [Int: Double] = [:]) {
        self.coordinates = coordinates
        self.unknowns = unknowns
    }

    /// Whether nothing is given.
    public var isEmpty: Bool { coordinates.isEmpty && unknowns.isEmpty }
}
