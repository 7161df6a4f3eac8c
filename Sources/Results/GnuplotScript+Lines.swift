import Foundation

/// Curves and fields on one axis.
extension GnuplotScript {
    private static let leftRoom = 74.0
    private static let bottomRoom = 54.0
    static let ruling = "set grid ytics linecolor rgb \"#e4e4e4\" linewidth 0.6 linetype 1"

    // MARK: Fields along an axis

    /// A field on one axis with its reference dashed, and the absolute error below on a logarithmic axis.
    mutating func drawLines(_ field: PlottedField, reference: [Double]?) {
        let axis = field.axes[0]
        let error = reference.map { zip(field.values, $0).map { abs($0 - $1) } }
        let positive = (error ?? []).filter { $0 > 0 && $0.isFinite }
        data +=
            "# " + ([axis.label, "prediction"] + (error == nil ? [] : ["reference", "error"])).joined(separator: "\t")
            + "\n"
        for index in axis.values.indices {
            var row = "\(axis.values[index]) " + Self.datum(field.values[index])
            if let reference, let error { row += " \(Self.datum(reference[index])) \(Self.datum(error[index]))" }
            data += row + "\n"
        }
        let hasErrors = !positive.isEmpty
        let errorHeight = hasErrors ? 150.0 : 0
        width = 600
        height = Self.bottomRoom + errorHeight + 250 + 24 + titleHeight
        let inside = width - Self.leftRoom - 24
        add(Self.ruling)
        if hasErrors { add("set multiplot") }
        place(Frame(left: Self.leftRoom, bottom: Self.bottomRoom + errorHeight, width: inside, height: 250))
        let bounds = Self.range(axis.values)
        setAxis("x", from: bounds.lower, to: bounds.upper, intervals: 8)
        setValues("y", field.values + (reference ?? []))
        add("set ylabel \(Self.quoted(field.name)) noenhanced offset 1,0")
        add("set key top right reverse Left samplen 2.5 opaque")
        if hasErrors {
            add("set format x \"\"")
        } else {
            add("set xlabel \(Self.quoted(axis.label)) noenhanced offset 0,0.6")
        }
        var plot = "plot data using 1:2 with lines linewidth 2 linecolor rgb \"\(GnuplotColors.qualitative[0])\" "
        plot += reference == nil ? "notitle" : "title \"prediction\""
        if reference != nil {
            plot +=
                ", data using 1:3 with lines linewidth 1.4 dashtype (8,6) linecolor rgb \"black\" title \"reference\""
        }
        add(plot)
        guard hasErrors else { return }
        place(Frame(left: Self.leftRoom, bottom: Self.bottomRoom, width: inside, height: errorHeight - 30))
        setAxis("x", from: bounds.lower, to: bounds.upper, intervals: 8)
        add("set xlabel \(Self.quoted(axis.label)) noenhanced offset 0,0.6")
        add("set ylabel \"absolute error\" offset 1,0")
        // Where the curves cross the error is tiny; six decades show all that matters.
        let largest = positive.max() ?? 1
        setLogarithmic(positive.filter { $0 >= 1e-6 * largest }, intervals: 4)
        add("unset label 1000")
        add(
            "plot data using 1:(column(4) > 0 ? column(4) : NaN) with lines linewidth 1.6 linecolor rgb \"\(GnuplotColors.qualitative[1])\" notitle"
        )
        add("unset multiplot")
    }

    /// Snapshots along an axis in shades that follow their order, references dashed.
    mutating func drawSnapshots(_ snapshots: [Figure.Snapshot], along axis: PlotAxis, vertical label: String)
        throws(FigureProblem)
    {
        guard !snapshots.isEmpty else { throw FigureProblem("there are no snapshots") }
        for snapshot in snapshots {
            try PlottedField(snapshot.name, axes: [axis], values: snapshot.values).check()
            if let reference = snapshot.reference, reference.count != axis.values.count {
                throw FigureProblem(
                    "the reference of '\(snapshot.name)' has \(reference.count) values, not \(axis.values.count)")
            }
        }
        for (index, snapshot) in snapshots.enumerated() {
            data += (index > 0 ? "\n\n" : "") + "# \(snapshot.name)\n"
            for point in axis.values.indices {
                let reference = snapshot.reference.map { " " + Self.datum($0[point]) } ?? ""
                data += "\(axis.values[point]) \(Self.datum(snapshot.values[point]))\(reference)\n"
            }
        }
        let hasReference = snapshots.contains { $0.reference != nil }
        let names = snapshots.map(\.name) + (hasReference ? ["reference"] : [])
        width = 600 + keyWidth(names)
        height = 400 + titleHeight
        place(Frame(left: Self.leftRoom, bottom: Self.bottomRoom, width: 510, height: 330))
        add(Self.ruling)
        let bounds = Self.range(axis.values)
        setAxis("x", from: bounds.lower, to: bounds.upper, intervals: 8)
        setValues("y", snapshots.flatMap { $0.values + ($0.reference ?? []) })
        add("set xlabel \(Self.quoted(axis.label)) noenhanced offset 0,0.6")
        add("set ylabel \(Self.quoted(label)) noenhanced offset 1,0")
        placeKey()
        var plots: [String] = []
        for (index, snapshot) in snapshots.enumerated() {
            let shade = GnuplotColors.shade(snapshots.count == 1 ? 0.3 : Double(index) / Double(snapshots.count - 1))
            plots.append(
                "data index \(index) using 1:2 with lines linewidth 2.2 linecolor rgb \"\(shade)\" "
                    + "title \(Self.quoted(snapshot.name)) noenhanced")
        }
        for (index, snapshot) in snapshots.enumerated() where snapshot.reference != nil {
            plots.append(
                "data index \(index) using 1:3 with lines linewidth 1.2 dashtype (6,5) linecolor rgb \"black\" notitle")
        }
        if hasReference {
            plots.append("NaN with lines linewidth 1.2 dashtype (6,5) linecolor rgb \"black\" title \"reference\"")
        }
        add("plot " + plots.joined(separator: ", \\\n     "))
    }

    // MARK: Curves on a logarithmic axis

    /// Curves over steps or seconds; errors dashed.
    mutating func drawCurves(_ curves: [Figure.Curve], horizontal: String, vertical: String) throws(FigureProblem) {
        let points = curves.flatMap { curve in
            zip(curve.x, curve.y).filter { $0.0.isFinite && $0.1.isFinite && $0.1 > 0 }
        }
        guard !points.isEmpty else { throw FigureProblem("no value is positive and finite") }
        for (index, curve) in curves.enumerated() {
            data += (index > 0 ? "\n\n" : "") + "# \(curve.name)\n"
            for (x, y) in zip(curve.x, curve.y) { data += "\(x) " + (y > 0 && y.isFinite ? "\(y)" : "nan") + "\n" }
        }
        width = 600 + keyWidth(curves.map(\.name))
        height = 400 + titleHeight
        place(Frame(left: Self.leftRoom, bottom: Self.bottomRoom, width: 510, height: 330))
        add(Self.ruling)
        setCounts("x", Self.range(points.map(\.0)))
        setLogarithmic(points.map(\.1), intervals: 8)
        add("set xlabel \(Self.quoted(horizontal)) noenhanced offset 0,0.6")
        add("set ylabel \(Self.quoted(vertical)) noenhanced offset 1,0")
        placeKey()
        let colors = GnuplotColors.qualitative
        let plots = curves.enumerated().map { index, curve in
            let dash = curve.isError ? "dashtype (8,5)" : index < colors.count ? "dashtype 1" : "dashtype (2,3)"
            // A curve of one point is a dot.
            let style = curve.x.count == 1 ? "points pointtype 7 pointsize 0.6" : "lines linewidth 1.6 \(dash)"
            return "data index \(index) using 1:2 with \(style) linecolor rgb \"\(colors[index % colors.count])\" "
                + "title \(Self.quoted(curve.name)) noenhanced"
        }
        add("plot " + plots.joined(separator: ", \\\n     "))
    }

    // MARK: Pieces

    /// Room for a key to the right of the axes.
    func keyWidth(_ names: [String]) -> Double {
        56 + 7.2 * Double(names.map(\.count).max() ?? 0)
    }

    private mutating func placeKey() {
        add(
            "set key at screen \(horizontal(Self.leftRoom + 510 + 12)), graph 1 left top reverse Left samplen 2 spacing 1.2"
        )
    }

    /// A range with a little room above and below, and tick marks.
    private mutating func setValues(_ axis: String, _ values: [Double]) {
        let range = Self.range(values)
        let room = 0.05 * (range.upper - range.lower)
        setAxis(axis, from: range.lower - room, to: range.upper + room, intervals: 6)
        if Self.exponent(range) != 0 { add("set format \(axis) \"%.1t×10^{%T}\"") }
    }

    /// An axis of counts, whose thousands are set apart.
    mutating func setCounts(_ axis: String, _ range: (lower: Double, upper: Double)) {
        setAxis(axis, from: range.lower, to: range.upper, intervals: 6)
        let step = Self.step(range.upper - range.lower, intervals: 6)
        guard step >= 1, range.upper >= 10_000, range.upper < 1e12 else { return }
        var marks: [String] = []
        var value = (range.lower / step).rounded(.up) * step
        while value <= range.upper * (1 + 1e-12) {
            marks.append("\"\(Self.grouped(Int(value)))\" \(Int(value))")
            value += step
        }
        add("set \(axis)tics (\(marks.joined(separator: ", ")))")
    }

    /// Digits in groups of three, with thin spaces between.
    static func grouped(_ value: Int) -> String {
        let digits = Array(String(abs(value)))
        var text = value < 0 ? "−" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "\u{2009}" }
            text.append(digit)
        }
        return text
    }

    /// A logarithmic vertical axis that shows at least two labelled decades.
    mutating func setLogarithmic(_ values: [Double], intervals: Int) {
        let smallest = log10(values.min() ?? 1)
        let largest = log10(values.max() ?? 1)
        let room = max(0.05 * (largest - smallest), 0.05)
        var (lower, upper) = (smallest - room, largest + room)
        if floor(upper) - ceil(lower) < 1 {
            (lower, upper) = (floor(lower), ceil(upper))
        }
        let decades = max(1, Int(((upper - lower) / Double(intervals)).rounded(.up)))
        add("set logscale y")
        add("set yrange [\(pow(10, lower)):\(pow(10, upper))]")
        // Without a start gnuplot may count its steps from the lower end of the range instead of from 1.
        let start = Int((lower / Double(decades)).rounded(.down)) * decades
        add("set ytics 1e\(start),1e\(decades)")
        add("set mytics \(decades == 1 ? 10 : decades)")
        add("set format y \"10^{%T}\"")
    }
}
