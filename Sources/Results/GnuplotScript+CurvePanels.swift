/// Panels of curves on linear or logarithmic axes, side by side.
extension Figure {
    /// Curves over one abscissa, with a title of their own.
    public struct CurvePanel: Sendable, Equatable {
        /// The curves; those of one name have one colour in all panels.
        public var curves: [Curve]
        /// Printed above the axes.
        public var title: String
        /// Printed beside the axes.
        public var horizontal: String, vertical: String
        /// The scale of the vertical axis.
        public var scale: Scale
        /// Whether abscissae are powers of ten, written as such.
        public var hasExponents: Bool

        /// How the vertical axis runs.
        public enum Scale: Sendable, Equatable {
            /// Linear over the values.
            case linear
            /// Linear from one number to another.
            case between(Double, Double)
            /// Logarithmic; values that are not positive are not drawn.
            case logarithmic
        }

        /// Joins the parts.
        public init(
            _ curves: [Curve], title: String = "", horizontal: String, vertical: String, scale: Scale,
            hasExponents: Bool = false
        ) {
            self.curves = curves
            self.title = title
            self.horizontal = horizontal
            self.vertical = vertical
            self.scale = scale
            self.hasExponents = hasExponents
        }
    }
}

extension GnuplotScript {
    private static let leftRoom = 72.0
    private static let bottomRoom = 50.0
    private static let headRoom = 30.0
    private static let panel = (width: 250.0, height: 180.0)

    /// Panels in rows of three, with one key to the right of the first row.
    mutating func drawPanels(_ panels: [Figure.CurvePanel]) throws(FigureProblem) {
        guard panels.contains(where: { $0.curves.contains { $0.y.contains(where: \.isFinite) } }) else {
            throw FigureProblem("no value is finite")
        }
        var names: [String] = []
        for curve in panels.flatMap(\.curves) where !names.contains(curve.name) { names.append(curve.name) }
        let columns = min(3, panels.count)
        let rows = (panels.count + columns - 1) / columns
        let rowHeight = Self.bottomRoom + Self.panel.height + Self.headRoom
        width = Double(columns) * (Self.leftRoom + Self.panel.width) + 12 + keyWidth(names)
        height = Double(rows) * rowHeight + titleHeight
        add(Self.ruling)
        add("set multiplot")
        var block = 0
        for (index, panel) in panels.enumerated() {
            let (row, column) = (index / columns, index % columns)
            place(
                Frame(
                    left: Double(column) * (Self.leftRoom + Self.panel.width) + Self.leftRoom,
                    bottom: height - titleHeight - Double(row + 1) * rowHeight + Self.bottomRoom,
                    width: Self.panel.width, height: Self.panel.height))
            setAxes(of: panel)
            add("set title \(Self.quoted(panel.title)) noenhanced offset 0,-0.6")
            add("set xlabel \(Self.quoted(panel.horizontal)) noenhanced offset 0,0.6")
            add("set ylabel \(Self.quoted(panel.vertical)) noenhanced offset 1,0")
            add("unset key")
            if index == 0 { drawKey(names, columns: columns) }
            add("plot " + plots(panel, names: names, block: &block).joined(separator: ", \\\n     "))
            // Labels and arrows would be drawn again by every further panel.
            if index == 0 {
                add("unset label")
                add("unset arrow")
            }
        }
        add("unset multiplot")
    }

    private mutating func setAxes(of panel: Figure.CurvePanel) {
        let points = panel.curves.flatMap { curve in zip(curve.x, curve.y).filter { $0.1.isFinite } }
        add("unset logscale y")
        add("set mytics 1")
        switch panel.scale {
        case .linear:
            let range = Self.range(points.map(\.1))
            setAxis("y", from: min(0, range.lower), to: range.upper * 1.05, intervals: 5)
        case .between(let lower, let upper): setAxis("y", from: lower, to: upper, intervals: 4)
        case .logarithmic:
            let positive = points.map(\.1).filter { $0 > 0 }
            setLogarithmic(positive.isEmpty ? [1] : positive, intervals: 5)
        }
        let range = Self.range(points.map(\.0))
        if panel.hasExponents {
            let decades = max(1, Int(((range.upper - range.lower) / 5).rounded(.up)))
            setAxis("x", from: range.lower, to: range.upper)
            add("set xtics \(decades)")
            add("set format x \"10^{%.0f}\"")
        } else {
            setCounts("x", range)
        }
    }

    /// The key as labels and strokes of its own, because no single panel has all curves.
    private mutating func drawKey(_ names: [String], columns: Int) {
        let left = Double(columns) * (Self.leftRoom + Self.panel.width) + 12
        let colors = GnuplotColors.qualitative
        for (index, name) in names.enumerated() {
            let level = vertical(height - titleHeight - Self.headRoom - 10 - 18 * Double(index))
            let tag = 1100 + index
            add(
                "set arrow \(tag) from screen \(horizontal(left)), screen \(level) to screen \(horizontal(left + 24)), "
                    + "screen \(level) nohead linewidth 2 linecolor rgb \"\(colors[index % colors.count])\"")
            add(
                "set label \(tag) \(Self.quoted(name)) at screen \(horizontal(left + 30)), screen \(level) left noenhanced"
            )
        }
    }

    private mutating func plots(_ panel: Figure.CurvePanel, names: [String], block: inout Int) -> [String] {
        let colors = GnuplotColors.qualitative
        return panel.curves.map { curve in
            data += (data.isEmpty ? "" : "\n\n") + "# \(curve.name)\t\(panel.title)\n"
            for (x, y) in zip(curve.x, curve.y) {
                let isShown = y.isFinite && (panel.scale != .logarithmic || y > 0)
                data += "\(x) " + (isShown ? "\(y)" : "nan") + "\n"
            }
            let color = colors[(names.firstIndex(of: curve.name) ?? 0) % colors.count]
            let style = curve.x.count == 1 ? "points pointtype 7 pointsize 0.6" : "lines linewidth 1.6"
            defer { block += 1 }
            return "data index \(block) using 1:2 with \(style) linecolor rgb \"\(color)\" notitle"
        }
    }
}
