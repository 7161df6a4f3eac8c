extension Figure {
    /// Points of the equations, the residual at uniform points and the density of points, at three looks at most: the first, a
    /// middle one and the last.
    ///
    /// Areas of dots are in proportion to the residual and to the density. Of more than two coordinates the first two are shown,
    /// with time the first and the time. On a line, steps take the place of the second coordinate.
    public static func sampling(_ history: SamplingHistory, title: String? = nil) -> Figure {
        let rows = history.rows, width = history.coordinates.count
        let looks = rows.count <= 3 ? rows : [rows[0], rows[rows.count / 2], rows[rows.count - 1]]
        guard width > 1 else { return Figure(.clouds(lines(history)), title: title) }
        let second = history.coordinates.firstIndex(of: "t") ?? 1
        func panel(_ look: SamplingHistory.Row, _ name: String, _ points: [[Double]], _ masses: [Double]) -> CloudPanel
        {
            CloudPanel(
                [.init(name, x: points.map { $0[0] }, y: points.map { $0[second] }, masses: masses)],
                title: "\(name), step \(look.step)", horizontal: history.coordinates[0],
                vertical: history.coordinates[second])
        }
        var panels = looks.map { panel($0, "points", $0.points, []) }
        panels += looks.map { panel($0, "residual", history.probes, $0.residuals.map { $0.isFinite ? $0 : 0 }) }
        if looks.contains(where: { !$0.densities.isEmpty }) {
            panels += looks.map {
                panel($0, "density", history.probes, $0.densities.isEmpty ? [] : $0.densities.map { max(0, $0) })
            }
        }
        return Figure(.clouds(panels), title: title)
    }

    /// Points over steps, scaled to the length of the line.
    private static func lines(_ history: SamplingHistory) -> [CloudPanel] {
        let places = history.probes.map { $0[0] }
        let length = max(1e-300, (places.max() ?? 1) - (places.min() ?? 0))
        let last = Double(max(1, history.rows.last?.step ?? 1))
        func panel(_ name: String, _ values: (SamplingHistory.Row) -> (x: [Double], masses: [Double])) -> CloudPanel {
            var cloud = CloudPanel.Cloud(name, x: [], y: [])
            for row in history.rows {
                let (x, masses) = values(row)
                cloud.x += x
                cloud.y += x.map { _ in length * Double(row.step) / last }
                let largest = masses.max() ?? 0
                cloud.masses += masses.map { largest > 0 ? max(0, $0 / largest) : 1 }
            }
            return CloudPanel(
                [cloud], title: name, horizontal: history.coordinates[0], vertical: "part of the steps")
        }
        return [
            panel("points") { ($0.points.map { $0[0] }, $0.points.map { _ in 1 }) },
            panel("residual") { (places, $0.residuals.map { $0.isFinite ? $0 : 0 }) },
        ]
    }
}
