import Foundation

/// A gnuplot script under construction, with the data that it reads. Lengths are in points of the picture (1/96 inch).
package struct GnuplotScript {
    /// Formats of pictures, by extension.
    enum Terminal: String, CaseIterable {
        case svg, png, pdf
    }

    /// The commands so far, after the head that `text` adds.
    private var commands: [String] = []
    /// The data file so far.
    var data = ""
    /// Size of the picture.
    var width = 640.0
    var height = 400.0

    private let terminal: Terminal
    private let picture: String
    private let dataName: String
    private let title: String?

    init(terminal: Terminal, picture: String, data: String, title: String?) {
        self.terminal = terminal
        self.picture = picture
        dataName = data
        self.title = title
    }

    /// The whole script.
    var text: String {
        let name = dataName.dropLast(4)
        var head = [
            "# Draws \(picture) from \(dataName); run: gnuplot \(name).gp",
            "if (!exists(\"output\")) output = \(GnuplotScript.quoted(picture))",
            "data = \(GnuplotScript.quoted(dataName))",
            "set encoding utf8",
            terminalCommand,
            "set output output",
            "set minussign",
            "set style line 101 linewidth 0.8 linecolor rgb \"#404040\"",
            "set border linewidth 0.8 linecolor rgb \"#404040\"",
            "set tics nomirror out scale 0.6 textcolor rgb \"#202020\"",
            "set xtics offset 0,0.3",
        ]
        if let title, !title.isEmpty {
            head.append(
                "set label 1000 \(GnuplotScript.quoted(title)) at screen 0.5, screen \(vertical(height - 20)) center "
                    + "noenhanced font \",15\" front")
        }
        return (head + commands + ["unset output"]).joined(separator: "\n") + "\n"
    }

    private var terminalCommand: String {
        let font = "\"Helvetica,12\""
        let size = "\(Int(width.rounded())),\(Int(height.rounded()))"
        switch terminal {
        case .svg: return "set terminal svg size \(size) font \(font) enhanced background rgb \"white\""
        case .png:
            let doubled = "\(Int((2 * width).rounded())),\(Int((2 * height).rounded()))"
            return "set terminal pngcairo size \(doubled) font \(font) fontscale 2 linewidth 2 pointscale 2 enhanced"
        case .pdf:
            let inches = "\(GnuplotScript.short(width / 96))in,\(GnuplotScript.short(height / 96))in"
            return "set terminal pdfcairo size \(inches) font \"Helvetica,9\" enhanced"
        }
    }

    /// Room for the title above everything else.
    var titleHeight: Double { title?.isEmpty ?? true ? 0 : 30 }

    mutating func add(_ command: String) { commands.append(command) }

    // MARK: Places

    /// A rectangle for the inside of the axes, from the lower left corner of the picture.
    struct Frame {
        var left: Double
        var bottom: Double
        var width: Double
        var height: Double
    }

    /// Puts the next plot's axes at a place.
    mutating func place(_ frame: Frame) {
        add("set lmargin at screen \(horizontal(frame.left))")
        add("set rmargin at screen \(horizontal(frame.left + frame.width))")
        add("set bmargin at screen \(vertical(frame.bottom))")
        add("set tmargin at screen \(vertical(frame.bottom + frame.height))")
    }

    /// A length as a fraction of the picture's width.
    func horizontal(_ length: Double) -> String { GnuplotScript.short(length / width) }

    /// A length as a fraction of the picture's height.
    func vertical(_ length: Double) -> String { GnuplotScript.short(length / height) }

    // MARK: Texts and numbers

    /// A text in gnuplot's single quotes, where nothing but the quote itself is special.
    static func quoted(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return "'" + line.replacingOccurrences(of: "'", with: "''") + "'"
    }

    /// A number with at most five decimals.
    static func short(_ value: Double) -> String {
        let rounded = (value * 1e5).rounded() / 1e5
        return rounded == rounded.rounded() && abs(rounded) < 1e9 ? "\(Int(rounded))" : "\(rounded)"
    }

    /// A value as data, with the precision that a picture can show; "nan" if it is not finite.
    static func datum(_ value: Double) -> String {
        let single = Float(value)
        return single.isFinite ? "\(single)" : "nan"
    }

    // MARK: Axes

    /// Range and tick marks of a linear axis (`x`, `y` or `cb`) over at most `intervals` intervals; the axis goes on for
    /// `beyond` at both ends.
    mutating func setAxis(
        _ axis: String, from lower: Double, to upper: Double, beyond: Double = 0, intervals: Int = 4
    ) {
        add("set \(axis)range [\(lower - beyond):\(upper + beyond)]")
        add("set \(axis)tics \(GnuplotScript.step(upper - lower, intervals: intervals))")
        add("set format \(axis) \"%g\"")
    }

    /// The smallest of 1, 2, 2.5, 5 times a power of ten that cuts a length into at most so many intervals.
    package static func step(_ length: Double, intervals: Int) -> Double {
        let power = pow(10, floor(log10(length / Double(intervals))))
        let multiple = [1, 2, 2.5, 5, 10].first { length <= $0 * power * Double(intervals) * (1 + 1e-9) } ?? 10
        return multiple * power
    }

    /// The finite range of some values, widened where it has no length.
    static func range(_ values: [Double]) -> (lower: Double, upper: Double) {
        let finite = values.lazy.filter(\.isFinite)
        guard let lower = finite.min(), let upper = finite.max() else { return (0, 1) }
        if upper - lower > 1e-12 * max(abs(lower), abs(upper)) { return (lower, upper) }
        let slack = lower == 0 ? 1 : 0.5 * abs(lower)
        return (lower - slack, upper + slack)
    }

    /// The power of ten to divide values by so that tick marks stay short; 0 for ordinary magnitudes.
    static func exponent(_ range: (lower: Double, upper: Double)) -> Int {
        let largest = max(abs(range.lower), abs(range.upper))
        guard largest > 0, largest < 0.01 || largest >= 10_000 else { return 0 }
        return Int(floor(log10(largest)))
    }
}

/// Colours.
enum GnuplotColors {
    /// The viridis map of matplotlib, perceptually even.
    static let viridis = [
        "#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725",
    ]
    /// Blue to red with white in the middle.
    static let diverging = [
        "#053061", "#2166ac", "#4393c3", "#92c5de", "#ffffff", "#f4a582", "#d6604d", "#b2182b", "#67001f",
    ]
    /// Colours of Okabe and Ito that readers with colour-blindness can tell apart, the palest left out.
    static let qualitative = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000"]

    /// The command that makes a list of colours the palette.
    static func palette(_ colors: [String]) -> String {
        "set palette defined ("
            + colors.enumerated().map { "\($0.offset) \"\($0.element)\"" }.joined(separator: ", ") + ")"
    }

    /// A colour of viridis at a place between 0 and 1, without its palest end.
    static func shade(_ place: Double) -> String {
        let position = 0.88 * place * Double(viridis.count - 1)
        let index = min(viridis.count - 2, Int(position))
        let fraction = position - Double(index)
        func channel(_ color: String, _ number: Int) -> Double {
            let start = color.index(color.startIndex, offsetBy: 1 + 2 * number)
            return Double(Int(color[start..<color.index(start, offsetBy: 2)], radix: 16) ?? 0)
        }
        let mixed = (0..<3).map { number in
            let low = channel(viridis[index], number)
            return Int((low + fraction * (channel(viridis[index + 1], number) - low)).rounded())
        }
        return "#" + mixed.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
