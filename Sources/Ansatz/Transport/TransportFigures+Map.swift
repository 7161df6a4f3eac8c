import Results

/// Where mass goes: matched points, maps, and mass on its way.
extension TransportView {
    /// Beyond so many lines a figure of matched points is black.
    private static let mostSegments = 2_000
    /// Arrows along an axis of a grid, at most.
    private static let mostArrows = 18
    /// Moments in one figure, at most.
    private static let mostMoments = 6

    /// On a line the image of each place; in the plane lines between matched points, or arrows from nodes to their images.
    var map: Figure? {
        if source.coordinates.count == 1, target.coordinates.count == 1, let images {
            let order = source.places[0].indices.sorted { source.places[0][$0] < source.places[0][$1] }
            let places = order.map { source.places[0][$0] }
            guard places.count >= 2, zip(places, places.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
            return Figure(
                .snapshots(
                    [Figure.Snapshot("mean target", order.map { images[0][$0] }), Figure.Snapshot("source", places)],
                    along: PlotAxis(source.coordinates[0], places), vertical: source.coordinates[0]),
                title: title)
        }
        guard source.coordinates.count == 2, target.coordinates.count == 2 else { return nil }
        if let axes = source.axes { return images.flatMap { arrows(axes, $0) } }
        let segments = matches ?? []
        guard !segments.isEmpty else { return nil }
        return Figure(
            .clouds([
                Figure.CloudPanel(
                    [cloud(source), cloud(target)], segments: segments, horizontal: horizontal, vertical: vertical)
            ]), title: title)
    }

    /// Grids have their first coordinate upwards, as fields are drawn.
    private var isGridded: Bool { source.axes != nil && target.axes != nil }
    private var first: Int { isGridded || source.axes != nil ? 1 : 0 }
    private var horizontal: String { source.coordinates[first] }
    private var vertical: String { source.coordinates[1 - first] }

    private func cloud(_ side: Side) -> Figure.CloudPanel.Cloud {
        Figure.CloudPanel.Cloud(
            side.name, x: side.places[first], y: side.places[1 - first], masses: side.masses)
    }

    private func point(_ places: [[Double]], _ index: Int) -> [Double] {
        [places[first][index], places[1 - first][index]]
    }

    /// Lines of the entries that carry most; from points to their images where there is no plan.
    private var matches: [Figure.CloudPanel.Segment]? {
        if let entries {
            var largest = [Double](repeating: 0, count: source.count)
            for (row, mass) in zip(entries.sources, entries.masses) { largest[row] = max(largest[row], mass) }
            // What is thinner than a fifth of the thickest line of a point is left out.
            let kept = entries.masses.indices.filter { entries.masses[$0] > 0.2 * largest[entries.sources[$0]] }
                .sorted { entries.masses[$0] > entries.masses[$1] }.prefix(Self.mostSegments)
            return kept.map { entry in
                let start = point(source.places, entries.sources[entry])
                return Figure.CloudPanel.Segment(from: start, to: goal(of: start, entries.targets[entry]))
            }
        }
        return images.map { images in
            source.masses.indices.filter { source.masses[$0] > 0 }.prefix(Self.mostSegments).map {
                Figure.CloudPanel.Segment(from: point(source.places, $0), to: point(images, $0))
            }
        }
    }

    /// The end of an entry's way, which with periods may lie beyond the box.
    private func goal(of start: [Double], _ target: Int) -> [Double] {
        let goal = point(self.target.places, target)
        guard case .numbers(let periods)? = file.attribute("periods"), periods.count == 2 else { return goal }
        let own = [periods[first], periods[1 - first]]
        return (0..<2).map { start[$0] + TransportInterpolation.difference(goal[$0] - start[$0], own[$0]) }
    }

    private func arrows(_ axes: [[Double]], _ images: [[Double]]) -> Figure? {
        let counts = axes.map(\.count)
        let strides = counts.map { max(1, ($0 + Self.mostArrows - 1) / Self.mostArrows) }
        let largest = source.masses.max() ?? 0
        var segments: [Figure.CloudPanel.Segment] = []
        for row in stride(from: strides[0] / 2, to: counts[0], by: strides[0]) {
            for column in stride(from: strides[1] / 2, to: counts[1], by: strides[1]) {
                let node = row * counts[1] + column
                guard source.masses[node] > 0.03 * largest, images.allSatisfy({ $0[node].isFinite }) else { continue }
                segments.append(.init(from: point(source.places, node), to: point(images, node)))
            }
        }
        guard !segments.isEmpty else { return nil }
        let starts = Figure.CloudPanel.Cloud(
            "node of the source", x: segments.map { $0.from[0] }, y: segments.map { $0.from[1] })
        return Figure(
            .clouds([
                Figure.CloudPanel(
                    [starts], segments: segments, hasHeads: true, title: "from nodes to their mean targets",
                    horizontal: horizontal, vertical: vertical)
            ]), title: title)
    }

    // MARK: On its way

    /// Mass at some moments: curves on a line, pictures in the plane, or points.
    var interpolation: Figure? {
        guard let times = file.axis("moment")?.values, times.count >= 2 else { return nil }
        let count = min(times.count, Self.mostMoments)
        let chosen = (0..<count).map { $0 * (times.count - 1) / (count - 1) }
        func name(_ moment: Int) -> String { "t = \(NumberText.short(times[moment], digits: 3))" }
        if let field = file.variable("interpolation") {
            let axes = file.axes(of: field).dropFirst().map { PlotAxis($0.longName, $0.values) }
            let size = axes.reduce(1) { $0 * $1.values.count }
            func values(_ moment: Int) -> [Double] { Array(field.values[moment * size..<(moment + 1) * size]) }
            switch axes.count {
            case 1:
                return Figure(
                    .snapshots(
                        chosen.map { Figure.Snapshot(name($0), values($0)) }, along: axes[0], vertical: "mass of a node"
                    ),
                    title: title)
            case 2:
                return Figure(
                    .slices(
                        chosen.map { PlottedField(name($0), axes: axes, values: values($0)) }, isSigned: false),
                    title: title)
            default: return nil
            }
        }
        let places = source.coordinates.compactMap { file.variable("moved_\($0)")?.values }
        guard places.count == 2, let masses = entries?.masses else { return nil }
        let panels = chosen.map { moment in
            let range = moment * masses.count..<(moment + 1) * masses.count
            return Figure.CloudPanel(
                [.init("mass", x: Array(places[0][range]), y: Array(places[1][range]), masses: masses)],
                title: name(moment), horizontal: source.coordinates[0], vertical: source.coordinates[1])
        }
        return Figure(.clouds(panels), title: title)
    }
}
