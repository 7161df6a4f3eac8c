/// Fields on two axes as coloured images.
extension GnuplotScript {
    /// A colour scale.
    private struct Scale {
        var range: (lower: Double, upper: Double)
        var colors: [String]
        var exponent: Int

        init(_ range: (lower: Double, upper: Double), _ colors: [String] = GnuplotColors.viridis) {
            exponent = GnuplotScript.exponent(range)
            self.range = range
            self.colors = colors
        }
    }

    private static let leftRoom = 62.0
    private static let bottomRoom = 54.0
    private static let barRoom = 84.0
    private static let gap = 30.0
    private static let headRoom = 34.0

    /// Reference, prediction and absolute error; the prediction alone without a reference.
    mutating func drawImages(_ prediction: PlottedField, reference: [Double]?) {
        guard let reference else { return drawImage(prediction, isSigned: false) }
        let error = zip(prediction.values, reference).map { abs($0 - $1) }
        let grid = ImageGrid(prediction)
        let columns = [reference, prediction.values, error].map(grid.resample)
        writeData(grid, columns, names: ["reference", "prediction", "error"])

        let size = grid.panelSize(widest: 250, highest: 300)
        width = Self.leftRoom + 3 * size.width + Self.gap + 2 * Self.barRoom
        height = Self.bottomRoom + size.height + Self.headRoom + titleHeight
        let shared = Scale(Self.range(columns[0] + columns[1]))
        var largest = Self.range(columns[2])
        largest.lower = 0
        let errors = Scale(largest)
        let step = size.width + Self.gap
        let third = Self.leftRoom + step + size.width + Self.barRoom
        add("set multiplot")
        drawPanel(
            grid, column: 3, title: "\(prediction.name), reference", at: Self.leftRoom, size: size, scale: shared,
            isFirst: true, hasBar: false)
        drawPanel(
            grid, column: 4, title: "\(prediction.name), prediction", at: Self.leftRoom + step, size: size,
            scale: shared, isFirst: false, hasBar: true)
        drawPanel(
            grid, column: 5, title: "absolute error", at: third, size: size, scale: errors, isFirst: false, hasBar: true
        )
        add("unset multiplot")
    }

    /// One field.
    mutating func drawImage(_ field: PlottedField, isSigned: Bool) {
        let grid = ImageGrid(field)
        let values = grid.resample(field.values)
        writeData(grid, [values], names: [field.name])
        let size = grid.panelSize(widest: 420, highest: 420)
        width = Self.leftRoom + size.width + Self.barRoom
        height = Self.bottomRoom + size.height + Self.headRoom + titleHeight
        var range = Self.range(values)
        if isSigned {
            let largest = max(abs(range.lower), abs(range.upper))
            range = (-largest, largest)
        }
        let scale = Scale(range, isSigned ? GnuplotColors.diverging : GnuplotColors.viridis)
        drawPanel(
            grid, column: 3, title: field.name, at: Self.leftRoom, size: size, scale: scale, isFirst: true, hasBar: true
        )
    }

    private mutating func writeData(_ grid: ImageGrid, _ columns: [[Double]], names: [String]) {
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

    private mutating func drawPanel(
        _ grid: ImageGrid, column: Int, title: String, at left: Double, size: (width: Double, height: Double),
        scale: Scale, isFirst: Bool, hasBar: Bool
    ) {
        let frame = Frame(left: left, bottom: Self.bottomRoom, width: size.width, height: size.height)
        place(frame)
        add(GnuplotColors.palette(scale.colors))
        let divisor = scale.exponent == 0 ? "" : "/1e\(scale.exponent)"
        let unit = Double("1e\(scale.exponent)") ?? 1
        setAxis("cb", from: scale.range.lower / unit, to: scale.range.upper / unit, intervals: 5)
        // Half a cell lies outside the outermost points.
        for (axis, line) in [("x", grid.horizontal), ("y", grid.vertical)] {
            setAxis(axis, from: line.lower, to: line.upper, beyond: line.spacing / 2)
        }
        add("set xlabel \(Self.quoted(grid.horizontal.label)) noenhanced offset 0,0.6")
        add(isFirst ? "set ylabel \(Self.quoted(grid.vertical.label)) noenhanced offset 1.2,0" : "unset ylabel")
        if !isFirst {
            add("set format y \"\"")
            add("unset label 1000")
        }
        add("set title \(Self.quoted(title)) noenhanced offset 0,-0.4")
        add("unset label 1")
        if hasBar {
            let bar = left + size.width + 12
            add(
                "set colorbox vertical user origin screen \(horizontal(bar)), screen \(vertical(frame.bottom)) "
                    + "size screen \(horizontal(12)), screen \(vertical(size.height)) border 101")
            if scale.exponent != 0 {
                add(
                    "set label 1 \"×10^{\(scale.exponent)}\" at screen \(horizontal(bar)), "
                        + "screen \(vertical(frame.bottom + size.height + 14)) left")
            }
        } else {
            add("unset colorbox")
        }
        add("plot data using 1:2:(column(\(column))\(divisor)) with image notitle")
    }
}
