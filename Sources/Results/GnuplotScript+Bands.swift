import Glibc

/// Medians in bands, for comparisons.
extension GnuplotScript {
    private static let leftRoom = 74.0
    private static let bottomRoom = 54.0
    private static let headRoom = 24.0
    private static let panel = (width: 380.0, height: 300.0)

    /// Panels in rows of two, their vertical axes logarithmic, with one key to the right of the first row.
    mutating func drawBands(_ panels: [Figure.BandPanel]) throws(FigureProblem) {
        let names = panels.flatMap { $0.bands.map(\.name) }
        guard panels.contains(where: { !$0.points.isEmpty }) else {
            throw FigureProblem("no value is positive and finite")
        }
        let columns = min(2, panels.count)
        let rows = (panels.count + columns - 1) / columns
        let rowHeight = Self.bottomRoom + Self.panel.height + Self.headRoom
        width = Double(columns) * (Self.leftRoom + Self.panel.width) + 12 + keyWidth(names)
        height = Double(rows) * rowHeight + titleHeight
        add(Self.ruling)
        add("set style fill transparent solid 0.2 noborder")
        if panels.count > 1 { add("set multiplot") }
        var block = 0
        for (index, panel) in panels.enumerated() {
            let (row, column) = (index / columns, index % columns)
            place(
                Frame(
                    left: Double(column) * (Self.leftRoom + Self.panel.width) + Self.leftRoom,
                    bottom: height - titleHeight - Double(row + 1) * rowHeight + Self.bottomRoom,
                    width: Self.panel.width, height: Self.panel.height))
            // Panels of one row share their vertical axis.
            let neighbours = panels[(row * columns)..<min((row + 1) * columns, panels.count)]
            setLogarithmic(neighbours.flatMap { $0.points.map(\.y) }, intervals: 8)
            let range = Self.range(panel.points.map(\.x))
            if panel.isLogarithmic {
                setLogarithmicAbscissa(panel.points.map(\.x))
            } else {
                if panels.contains(where: \.isLogarithmic) { add("unset logscale x") }
                setCounts("x", (range.lower > 0 && range.lower < 0.05 * range.upper ? 0 : range.lower, range.upper))
            }
            add("set xlabel \(Self.quoted(panel.horizontal)) noenhanced offset 0,0.6")
            add("set ylabel \(Self.quoted(column == 0 ? panel.vertical : "")) noenhanced offset 1,0")
            if index == columns - 1 {
                let left = Double(columns) * (Self.leftRoom + Self.panel.width) + 12
                add(
                    "set key at screen \(horizontal(left)), graph 1 left top reverse Left samplen 2 spacing 1.2")
            } else {
                add("unset key")
            }
            add("plot " + plots(panel, block: &block).joined(separator: ", \\\n     "))
            if index == 0 { add("unset label 1000") }
        }
        if panels.count > 1 { add("unset multiplot") }
    }

    /// A logarithmic horizontal axis over whole decades, or parts of the first and last.
    private mutating func setLogarithmicAbscissa(_ values: [Double]) {
        let (low, high) = (log10(values.min() ?? 1), log10(values.max() ?? 1))
        let room = max(0.02 * (high - low), 0.02)
        add("set logscale x")
        add("set xrange [\(pow(10, low - room)):\(pow(10, high + room))]")
        let decades = max(1, Int(((high - low) / 6).rounded(.up)))
        add("set xtics 1e\(Int(low.rounded(.down))),1e\(decades)")
        add("set mxtics \(decades == 1 ? 10 : decades)")
        add("set format x \"10^{%T}\"")
    }

    /// The bands below, the medians above them.
    private mutating func plots(_ panel: Figure.BandPanel, block: inout Int) -> [String] {
        var fills: [String] = []
        var lines: [String] = []
        let colors = GnuplotColors.qualitative
        for (index, band) in panel.bands.enumerated() {
            data += (data.isEmpty ? "" : "\n\n") + "# \(band.name)\t\(panel.horizontal)\tmedian\tleast\tlargest\n"
            for point in band.x.indices {
                let values = [band.middle[point], band.lower[point], band.upper[point]].map { value in
                    value > 0 && value.isFinite ? "\(value)" : "nan"
                }
                data += "\(band.x[point]) \(values.joined(separator: " "))\n"
            }
            let color = "linecolor rgb \"\(colors[index % colors.count])\""
            let dash = index < colors.count ? "dashtype 1" : "dashtype (8,5)"
            if band.lower != band.upper {
                fills.append("data index \(block) using 1:3:4 with filledcurves \(color) notitle")
            }
            lines.append(
                "data index \(block) using 1:2 with lines linewidth 1.8 \(dash) \(color) "
                    + "title \(Self.quoted(band.name)) noenhanced")
            block += 1
        }
        return fills + lines
    }
}

extension Figure.BandPanel {
    /// All that can be drawn.
    fileprivate var points: [(x: Double, y: Double)] {
        bands.flatMap { band in
            [band.middle, band.lower, band.upper].flatMap { values in
                zip(band.x, values).filter {
                    $0.0.isFinite && $0.1.isFinite && $0.1 > 0 && (!isLogarithmic || $0.0 > 0)
                }.map { (x: $0.0, y: $0.1) }
            }
        }
    }
}
