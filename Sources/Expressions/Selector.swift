/// Where a condition holds, with all names looked up.
public indirect enum Selector: Sendable {
    /// A named face.
    case face(String, SourceRange)
    /// All faces of the region.
    case boundary(SourceRange)
    /// The inside of the region.
    case interior(SourceRange)
    /// A coordinate (by flat index) has a value, such as `t = 0`.
    case coordinateEquals(coordinate: Int, value: Double, SourceRange)
    /// A single point, `point(0, 0)`.
    case point([Double], SourceRange)
    /// A truth value over the coordinates, such as `y > 0.25`.
    case comparison(Expression, SourceRange)
    /// Where all hold.
    case and([Selector])
    /// Where any holds.
    case or([Selector])
    /// Where it does not hold.
    case not(Selector)
}

extension Selector: CustomStringConvertible {
    /// The selector in the input language, coordinates by their flat index in `t = 0`.
    public var description: String { text(.min) }

    private enum Level: Int { case min, and, not }

    private func text(_ level: Level) -> String {
        switch self {
        case .face(let name, _): name
        case .boundary: "boundary"
        case .interior: "interior"
        case .coordinateEquals(let coordinate, let value, _): "coordinate \(coordinate) = \(value.shortText)"
        case .point(let values, _): "point(\(values.map(\.shortText).joined(separator: ", ")))"
        case .comparison(let expression, _): "\(expression)"
        case .and(let parts): bracket(parts.map { $0.text(.not) }.joined(separator: " and "), level == .not)
        case .or(let parts): bracket(parts.map { $0.text(.and) }.joined(separator: " or "), level != .min)
        case .not(let part): "not " + part.text(.not)
        }
    }

    private func bracket(_ text: String, _ needed: Bool) -> String { needed ? "(\(text))" : text }
}
