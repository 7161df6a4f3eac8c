import Glibc
import Results

/// The figures of a transport run.
extension TransportView {
    /// Beyond so many rows or columns the plan is shown in bins.
    private static let mostCells = 500

    /// Names and figures, in order: those that are wanted, or all that there are data for.
    func figures(_ wanted: [String]?) -> [(name: String, figure: Figure)] {
        var figures: [(String, Figure)] = []
        for name in wanted ?? ["plan", "potentials", "map", "interpolation", "convergence", "path"] {
            switch name {
            case "plan": if let figure = plan { figures.append((name, figure)) }
            case "potentials": figures += potentials
            case "map": if let figure = map { figures.append((name, figure)) }
            case "interpolation": if let figure = interpolation { figures.append((name, figure)) }
            case "convergence": if !history.isEmpty { figures.append((name, convergence)) }
            case "path": if let figure = path { figures.append((name, figure)) }
            default: break
            }
        }
        return figures
    }

    // MARK: The plan

    private var plan: Figure? {
        let (n, m) = (source.count, target.count)
        guard n >= 2, m >= 2, let entries else { return nil }
        let (rows, columns) = (min(n, Self.mostCells), min(m, Self.mostCells))
        var values = [Double](repeating: 0, count: rows * columns)
        for (row, (column, mass)) in zip(entries.sources, zip(entries.targets, entries.masses)) {
            values[row * rows / n * columns + column * columns / m] += mass
        }
        func axis(_ side: Side, _ count: Int) -> PlotAxis {
            if let line = side.axes, line.count == 1, count == side.count {
                return PlotAxis("\(side.coordinates[0]) of the \(side.name)", line[0])
            }
            let scale = Double(side.count) / Double(count)
            return PlotAxis(side.name, (0..<count).map { 1 + scale * Double($0) })
        }
        let isBinned = rows < n || columns < m
        return Figure(
            .magnitudes([
                PlottedField(
                    isBinned ? "plan, summed in bins" : "plan", axes: [axis(source, rows), axis(target, columns)],
                    values: values)
            ]), title: title)
    }

    // MARK: Potentials

    private var potentials: [(String, Figure)] {
        if let axes = source.axes, axes.count == 1, target.axes == source.axes {
            let snapshots = [source, target].map { Figure.Snapshot($0.name, $0.potentials) }
            return [
                (
                    "potentials",
                    Figure(
                        .snapshots(snapshots, along: PlotAxis(source.coordinates[0], axes[0]), vertical: "potential"),
                        title: title)
                )
            ]
        }
        return [source, target].compactMap { side in potential(side).map { ("potential-\(side.name)", $0) } }
    }

    private func potential(_ side: Side) -> Figure? {
        guard side.count >= 2, side.potentials.contains(where: \.isFinite) else { return nil }
        if let axes = side.axes, axes.count == 2 {
            let plotted = zip(side.coordinates, axes).map { PlotAxis($0, $1) }
            return Figure(
                .field(
                    PlottedField("potential of the \(side.name)", axes: plotted, values: side.potentials),
                    isSigned: true),
                title: title)
        }
        let line = Self.along(side, side.potentials)
        return Figure(
            .snapshots([Figure.Snapshot(side.name, line.values)], along: line.axis, vertical: "potential"), title: title
        )
    }

    /// Values along the only coordinate where there is one and places differ, otherwise along the numbers of points.
    private static func along(_ side: Side, _ values: [Double]) -> (axis: PlotAxis, values: [Double]) {
        if side.coordinates.count == 1 {
            let order = values.indices.sorted { side.places[0][$0] < side.places[0][$1] }
            let sorted = order.map { side.places[0][$0] }
            if zip(sorted, sorted.dropFirst()).allSatisfy({ $0 < $1 }) {
                return (PlotAxis(side.coordinates[0], sorted), order.map { values[$0] })
            }
        }
        return (PlotAxis("number of the \(side.name)", values.indices.map { Double($0 + 1) }), values)
    }

    // MARK: Curves

    private var convergence: Figure {
        Figure(
            .curves(
                [Figure.Curve("marginal error", x: history.map(\.iteration), y: history.map(\.error))],
                horizontal: "sweeps and Newton steps", vertical: "marginal error (L1)"), title: title)
    }

    private var path: Figure? {
        guard let epsilons = file.axis("epsilon")?.values, epsilons.count > 1 else { return nil }
        func line(_ name: String, _ variable: String) -> Figure.Snapshot? {
            file.variable(variable).map { Figure.Snapshot(name, $0.values.reversed()) }
        }
        let lines = [
            line("lower bound", "path_lower_bound"), line("cost of the plan", "path_cost"),
            line("with KL(P | ab)", "path_relative_entropy_cost"),
        ]
        return Figure(
            .snapshots(
                lines.compactMap(\.self),
                along: PlotAxis("log10 of epsilon", epsilons.reversed().map { log10($0) }), vertical: "cost"),
            title: title)
    }
}
