import Glibc

/// Several coloured images in one picture.
extension GnuplotScript {
    /// One image and its place in the row.
    struct Panel {
        /// Its axes.
        var grid: ImageGrid
        /// The block of the data and the column in it.
        var block: Int, column: Int
        /// Printed above it.
        var title: String
        /// The inside of its axes.
        var size: (width: Double, height: Double)
        /// Its colours.
        var scale: Scale
        /// Whether the vertical axis has numbers and a label; neighbours on the same axes go without.
        var isLabelled: Bool
        /// Whether it has a colour bar.
        var hasBar: Bool
    }

    /// How values become colours.
    struct Scale {
        var range: (lower: Double, upper: Double)
        var colors: [String]
        var isLogarithmic: Bool
        /// The power of ten that the numbers at the bar are to be multiplied with.
        var exponent: Int

        init(
            _ range: (lower: Double, upper: Double), _ colors: [String] = GnuplotColors.viridis,
            isLogarithmic: Bool = false
        ) {
            exponent = isLogarithmic ? 0 : GnuplotScript.exponent(range)
            self.range = range
            self.colors = colors
            self.isLogarithmic = isLogarithmic
        }

        /// A scale for values of either sign, white at zero.
        static func signed(_ values: [Double]) -> Scale {
            let range = GnuplotScript.range(values)
            let largest = max(abs(range.lower), abs(range.upper))
            return Scale((-largest, largest), GnuplotColors.diverging)
        }

        /// A logarithmic scale for magnitudes: the largest, and at most five decades below it.
        static func magnitudes(_ values: [Double]) -> Scale {
            let positive = values.filter { $0 > 0 && $0.isFinite }
            guard let largest = positive.max(), let smallest = positive.min() else {
                return Scale((1e-1, 1), isLogarithmic: true)
            }
            let lower = max(smallest, 1e-5 * largest)
            return Scale((lower < largest ? lower : 0.1 * largest, largest), isLogarithmic: true)
        }
    }

    private static let leftRoom = 62.0
    private static let bottomRoom = 54.0
    private static let barRoom = 84.0
    private static let gap = 30.0
    private static let headRoom = 34.0

    /// Draws panels in rows, from the upper left to the lower right.
    mutating func draw(_ panels: [Panel], perRow: Int) {
        let rows = stride(from: 0, to: panels.count, by: perRow).map {
            Array(panels[$0..<min($0 + perRow, panels.count)])
        }
        let heights = rows.map { row in Self.bottomRoom + (row.map(\.size.height).max() ?? 0) + Self.headRoom }
        let lefts = rows.map { Self.lefts(of: $0) }
        let widths = zip(rows, lefts).map { row, lefts in
            zip(row, lefts).map { $1 + $0.size.width + ($0.hasBar ? Self.barRoom : Self.gap) }.max() ?? 0
        }
        width = widths.max() ?? 0
        height = heights.reduce(titleHeight, +)
        if panels.count > 1 { add("set multiplot") }
        var top = height - titleHeight
        var isFirst = true
        for (row, (lefts, rowHeight)) in zip(rows, zip(lefts, heights)) {
            for (panel, left) in zip(row, lefts) {
                let bottom = top - Self.headRoom - panel.size.height
                draw(
                    panel, in: Frame(left: left, bottom: bottom, width: panel.size.width, height: panel.size.height))
                // The title of the picture is a label, which every further panel would draw again.
                if isFirst { add("unset label 1000") }
                isFirst = false
            }
            top -= rowHeight
        }
        if panels.count > 1 { add("unset multiplot") }
    }

    /// Where the axes of a row's panels begin.
    private static func lefts(of row: [Panel]) -> [Double] {
        var edge = 0.0
        var lefts: [Double] = []
        for (index, panel) in row.enumerated() {
            let room = panel.isLabelled ? leftRoom + (index > 0 ? 14 : 0) : index > 0 && row[index - 1].hasBar ? 0 : gap
            lefts.append(edge + room)
            edge += room + panel.size.width + (panel.hasBar ? barRoom : 0)
        }
        return lefts
    }

    private mutating func draw(_ panel: Panel, in frame: Frame) {
        let (grid, scale) = (panel.grid, panel.scale)
        place(frame)
        add(GnuplotColors.palette(scale.colors))
        let unit = Double("1e\(scale.exponent)") ?? 1
        if scale.isLogarithmic {
            add("set logscale cb")
            add("set cbrange [\(scale.range.lower):\(scale.range.upper)]")
            add("set cbtics 1e\(Int(log10(scale.range.lower).rounded(.down))),10")
            add("set format cb \"10^{%T}\"")
        } else {
            add("unset logscale cb")
            setAxis("cb", from: scale.range.lower / unit, to: scale.range.upper / unit, intervals: 5)
        }
        // Half a cell lies outside the outermost points.
        for (axis, line) in [("x", grid.horizontal), ("y", grid.vertical)] {
            let length = axis == "x" ? frame.width : frame.height
            setAxis(
                axis, from: line.lower, to: line.upper, beyond: line.spacing / 2,
                intervals: length < 60 ? 1 : length < 150 ? 2 : 4)
        }
        add("set xlabel \(Self.quoted(grid.horizontal.label)) noenhanced offset 0,0.6")
        if panel.isLabelled {
            // The wider the numbers beside the axis, the closer its name has to move, or the edge cuts it off.
            let line = grid.vertical
            let step = GnuplotScript.step(line.upper - line.lower, intervals: frame.height < 150 ? 2 : 4)
            let isWide = step != step.rounded() || max(abs(line.lower), abs(line.upper)) >= 100
            add("set ylabel \(Self.quoted(line.label)) noenhanced offset \(isWide ? 1.2 : 0.2),0")
        } else {
            add("unset ylabel")
            add("set format y \"\"")
        }
        add("set title \(Self.quoted(panel.title)) noenhanced offset 0,-0.4")
        add("unset label 1")
        if panel.hasBar {
            let bar = frame.left + frame.width + 12
            add(
                "set colorbox vertical user origin screen \(horizontal(bar)), screen \(vertical(frame.bottom)) "
                    + "size screen \(horizontal(12)), screen \(vertical(frame.height)) border 101")
            if scale.exponent != 0 {
                add(
                    "set label 1 \"×10^{\(scale.exponent)}\" at screen \(horizontal(bar)), "
                        + "screen \(vertical(frame.bottom + frame.height + 14)) left")
            }
        } else {
            add("unset colorbox")
        }
        let divisor = scale.exponent == 0 ? "" : "/1e\(scale.exponent)"
        add("plot data index \(panel.block) using 1:2:(column(\(panel.column))\(divisor)) with image notitle")
    }

    /// Writes a block of data: the coordinates and the values of images on one grid, rows from bottom to top.
    mutating func addBlock(_ grid: ImageGrid, _ columns: [[Double]], names: [String]) {
        if !data.isEmpty { data += "\n" }
        data += "# " + ([grid.horizontal.label, grid.vertical.label] + names).joined(separator: "\t") + "\n"
        var index = 0
        for y in grid.vertical.values {
            for x in grid.horizontal.values {
                data += "\(x) \(y)"
                for column in columns { data += " " + Self.datum(column[index]) }
                data += "\n"
                index += 1
            }
            data += "\n"
        }
    }
}
