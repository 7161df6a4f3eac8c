/// Times as they are written in problem files: "90 s", "10 min", "1.5 h".
public enum TimeSpan {
    private static let units: [(name: String, seconds: Double)] = [
        ("ms", 1e-3), ("s", 1), ("min", 60), ("h", 3_600), ("d", 86_400),
    ]

    /// The units in a sentence.
    static let unitNames = units.map(\.name).joined(separator: ", ")

    /// Seconds, nil when the text is not a number above zero and a unit.
    public static func seconds(_ text: String) -> Double? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || ".+-_eE".contains($0)) }
        let unit = text.dropFirst(number.count).drop { $0 == " " }
        guard let value = Double(number.filter { $0 != "_" }), value > 0, value.isFinite,
            let factor = units.first(where: { $0.name == unit })?.seconds
        else { return nil }
        return value * factor
    }

    /// Text that reads back to the same number of seconds, in the largest unit that has a whole number of them.
    public static func text(_ seconds: Double) -> String {
        for unit in units.reversed() where unit.seconds >= 1 {
            let value = seconds / unit.seconds
            if value == value.rounded(), value >= 1, value * unit.seconds == seconds {
                return "\(value.shortText) \(unit.name)"
            }
        }
        return "\(seconds.shortText) s"
    }
}
