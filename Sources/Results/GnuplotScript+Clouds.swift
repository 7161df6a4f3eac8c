/// Points of the plane.
extension Figure {
    /// Sets of points, and lines between them.
    public struct CloudPanel: Sendable, Equatable {
        /// A set of points.
        public struct Cloud: Sendable, Equatable {
            /// Name in the key.
            public var name: String
            /// The coordinates.
            public var x: [Double], y: [Double]
            /// Areas of the dots relative to each other; empty for equal ones.
            public var masses: [Double]

            /// Joins the parts.
            public init(_ name: String, x: [Double], y: [Double], masses: [Double] = []) {
                (self.name, self.x, self.y, self.masses) = (name, x, y, masses)
            }
        }

        /// A line from one place to another.
        public struct Segment: Sendable, Equatable {
            /// Where it begins.
            public var from: [Double]
            /// Where it ends.
            public var to: [Double]

            /// Joins two places of the plane.
            public init(from: [Double], to: [Double]) { (self.from, self.to) = (from, to) }
        }

        /// The points; clouds of one name have one colour in all panels.
        public var clouds: [Cloud]
        /// The lines, drawn below the points.
        public var segments: [Segment]
        /// Whether lines have heads.
        public var hasHeads: Bool
        /// Printed above the axes.
        public var title: String
        /// Printed beside the axes.
        public var horizontal: String, vertical: String

        /// Joins the parts.
        public init(
            _ clouds: [Cloud], segments: [Segment] = [], hasHeads: Bool = false, title: String = "",
            horizontal: String, vertical: String
        ) {
            (self.clouds, self.segments, self.hasHeads, self.title) = (clouds, segments, hasHeads, title)
            (self.horizontal, self.vertical) = (horizontal, vertical)
        }
    }
}

extension GnuplotScript {
    private static let leftRoom = 66.0
    private static let bottomRoom = 50.0

    /// Panels in rows of three, all with the same ranges and one scale of lengths, with a key to the right of the first row.
    mutating func drawClouds(_ panels: [Figure.CloudPanel]) throws(FigureProblem) {
        for cloud in panels.flatMap(\.clouds) {
            guard cloud.x.count == cloud.y.count, cloud.masses.isEmpty || cloud.masses.count == cloud.x.count else {
                throw FigureProblem("the points of '\(cloud.name)' have different numbers of coordinates")
            }
        }
        let xs = panels.flatMap { $0.clouds.flatMap(\.x) + $0.segments.flatMap { [$0.from[0], $0.to[0]] } }
        let ys = panels.flatMap { $0.clouds.flatMap(\.y) + $0.segments.flatMap { [$0.from[1], $0.to[1]] } }
        guard xs.contains(where: \.isFinite), ys.contains(where: \.isFinite) else {
            throw FigureProblem("there are no points")
        }
        let (horizontal, vertical) = (Self.range(xs), Self.range(ys))
        let lengths = (horizontal.upper - horizontal.lower, vertical.upper - vertical.lower)
        let side = panels.count == 1 ? 440.0 : 250
        // Lengths of both axes are alike, unless one would be too thin to see.
        let scale = side / max(lengths.0, lengths.1)
        let size = (width: max(lengths.0 * scale, side / 4), height: max(lengths.1 * scale, side / 4))
        var names: [String] = []
        for cloud in panels.flatMap(\.clouds) where !names.contains(cloud.name) { names.append(cloud.name) }
        let columns = min(3, panels.count), rows = (panels.count + columns - 1) / columns
        let headRoom = panels.contains { !$0.title.isEmpty } ? 30.0 : 14
        let rowHeight = Self.bottomRoom + size.height + headRoom
        let hasKey = names.count > 1
        width = Double(columns) * (Self.leftRoom + size.width) + 16 + (hasKey ? keyWidth(names) : 0)
        height = Double(rows) * rowHeight + titleHeight
        if panels.count > 1 { add("set multiplot") }
        var block = 0
        for (index, panel) in panels.enumerated() {
            let (row, column) = (index / columns, index % columns)
            place(
                Frame(
                    left: Double(column) * (Self.leftRoom + size.width) + Self.leftRoom,
                    bottom: height - titleHeight - Double(row + 1) * rowHeight + Self.bottomRoom, width: size.width,
                    height: size.height))
            setAxis("x", from: horizontal.lower, to: horizontal.upper, beyond: 0.03 * lengths.0)
            setAxis("y", from: vertical.lower, to: vertical.upper, beyond: 0.03 * lengths.1)
            add("set title \(Self.quoted(panel.title)) noenhanced offset 0,-0.6")
            add("set xlabel \(Self.quoted(panel.horizontal)) noenhanced offset 0,0.6")
            add("set ylabel \(Self.quoted(column == 0 ? panel.vertical : "")) noenhanced offset 1,0")
            if hasKey, index == columns - 1 {
                let left = Double(columns) * (Self.leftRoom + size.width) + 16
                add(
                    "set key at screen \(self.horizontal(left)), graph 1 left top reverse Left samplen 1 spacing 1.2")
            } else {
                add("unset key")
            }
            add("plot " + plots(panel, names: names, block: &block).joined(separator: ", \\\n     "))
            if index == 0 { add("unset label 1000") }
        }
        if panels.count > 1 { add("unset multiplot") }
    }

    private mutating func plots(_ panel: Figure.CloudPanel, names: [String], block: inout Int) -> [String] {
        var plots: [String] = []
        if !panel.segments.isEmpty {
            data += (data.isEmpty ? "" : "\n\n") + "# lines\tx\ty\tdx\tdy\n"
            for segment in panel.segments {
                let numbers = [
                    segment.from[0], segment.from[1], segment.to[0] - segment.from[0], segment.to[1] - segment.from[1],
                ]
                data += numbers.map(Self.datum).joined(separator: " ") + "\n"
            }
            let style = panel.hasHeads ? "filled head size screen 0.009,18" : "nohead"
            plots.append(
                "data index \(block) using 1:2:3:4 with vectors \(style) linewidth 0.7 linecolor rgb \"#808080\" notitle"
            )
            block += 1
        }
        let colors = GnuplotColors.qualitative
        for cloud in panel.clouds {
            let largest = cloud.masses.max() ?? 1
            data += (data.isEmpty ? "" : "\n\n") + "# \(cloud.name)\tx\ty\tsize\n"
            let count = Double(max(cloud.x.count, 1))
            let size = min(0.9, max(0.25, 11 / count.squareRoot()))
            for index in cloud.x.indices {
                let share =
                    cloud.masses.isEmpty || largest <= 0 ? 1 : (max(0, cloud.masses[index]) / largest).squareRoot()
                // Scales are written with two digits, and a scale of 0 is an error in viewers.
                let visible = max(0.05, size * share)
                data += [cloud.x[index], cloud.y[index], visible].map(Self.datum).joined(separator: " ") + "\n"
            }
            let color = colors[(names.firstIndex(of: cloud.name) ?? 0) % colors.count]
            plots.append(
                "data index \(block) using 1:2:3 with points pointtype 7 pointsize variable linecolor rgb \"\(color)\" "
                    + (names.count > 1 ? "title \(Self.quoted(cloud.name)) noenhanced" : "notitle"))
            block += 1
        }
        return plots
    }
}
