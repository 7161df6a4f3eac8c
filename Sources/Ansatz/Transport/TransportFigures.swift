import Glibc
import OptimalTransport
import ProblemFiles
import Results

/// The figures of a transport run.
struct TransportFigures {
    /// Names and figures, in order.
    let figures: [(name: String, figure: Figure)]

    /// Beyond so many rows or columns the plan is shown in bins.
    private static let mostCells = 500

    init(
        _ preparation: TransportPreparation, _ points: [RegularisationPath.Point], _ entries: PlanEntries?
    ) {
        let statement = preparation.statement
        let wanted = statement.output.plots ?? ["plan", "potentials", "convergence", "path"]
        var figures: [(String, Figure)] = []
        for name in wanted {
            switch name {
            case "plan":
                let plan =
                    entries
                    ?? points[points.count - 1].solution.entries(of: preparation.problem, pool: preparation.pool)
                if let figure = Self.plan(statement, plan) { figures.append((name, figure)) }
            case "potentials": figures += Self.potentials(statement, points[points.count - 1].solution)
            case "convergence":
                figures.append((name, Self.convergence(points, title: statement.name)))
            case "path": if points.count > 1 { figures.append((name, Self.path(points, title: statement.name))) }
            default: break
            }
        }
        self.figures = figures
    }

    // MARK: The plan

    private static func plan(_ statement: TransportStatement, _ plan: PlanEntries) -> Figure? {
        let (n, m) = (statement.from.count, statement.to.count)
        guard n >= 2, m >= 2 else { return nil }
        let (rows, columns) = (min(n, mostCells), min(m, mostCells))
        var values = [Double](repeating: 0, count: rows * columns)
        for (row, (column, mass)) in zip(plan.rows, zip(plan.columns, plan.values)) {
            values[row * rows / n * columns + column * columns / m] += mass
        }
        func axis(_ measure: TransportStatement.Measure, _ name: String, _ count: Int) -> PlotAxis {
            if let line = measure.axes, line.count == 1, count == measure.count {
                return PlotAxis("\(measure.coordinates[0]) of the \(name)", line[0])
            }
            let scale = Double(measure.count) / Double(count)
            return PlotAxis("\(name)", (0..<count).map { 1 + scale * Double($0) })
        }
        let isBinned = rows < n || columns < m
        return Figure(
            .magnitudes([
                PlottedField(
                    isBinned ? "plan, summed in bins" : "plan",
                    axes: [axis(statement.from, "source", rows), axis(statement.to, "target", columns)], values: values)
            ]), title: statement.name)
    }

    // MARK: Potentials

    private static func potentials(
        _ statement: TransportStatement, _ solution: TransportSolution
    ) -> [(String, Figure)] {
        func line(_ measure: TransportStatement.Measure, _ name: String, _ values: [Double]) -> Figure? {
            let values = values.map { $0.isFinite ? $0 : .nan }
            guard values.count >= 2, values.contains(where: \.isFinite) else { return nil }
            if let axes = measure.axes, axes.count == 2 {
                let plotted = zip(measure.coordinates, axes).map { PlotAxis($0, $1) }
                return Figure(
                    .field(PlottedField("potential of the \(name)", axes: plotted, values: values), isSigned: true),
                    title: statement.name)
            }
            var (places, label) = ((1...values.count).map(Double.init), "number of the \(name)")
            var ordered = values
            if measure.coordinates.count == 1 {
                let order = values.indices.sorted { measure.points[$0][0] < measure.points[$1][0] }
                let sorted = order.map { measure.points[$0][0] }
                if zip(sorted, sorted.dropFirst()).allSatisfy({ $0 < $1 }) {
                    (places, label) = (sorted, measure.coordinates[0])
                    ordered = order.map { values[$0] }
                }
            }
            return Figure(
                .snapshots([Figure.Snapshot(name, ordered)], along: PlotAxis(label, places), vertical: "potential"),
                title: statement.name)
        }
        let (from, to) = (statement.from, statement.to)
        if let axes = from.axes, axes.count == 1, to.axes == from.axes {
            func finite(_ values: [Double]) -> [Double] { values.map { $0.isFinite ? $0 : .nan } }
            let snapshots = [
                Figure.Snapshot("source", finite(solution.sourcePotentials)),
                Figure.Snapshot("target", finite(solution.targetPotentials)),
            ]
            return [
                (
                    "potentials",
                    Figure(
                        .snapshots(snapshots, along: PlotAxis(from.coordinates[0], axes[0]), vertical: "potential"),
                        title: statement.name)
                )
            ]
        }
        return [
            line(from, "source", solution.sourcePotentials).map { ("potential-source", $0) },
            line(to, "target", solution.targetPotentials).map { ("potential-target", $0) },
        ].compactMap { $0 }
    }

    // MARK: Curves

    private static func convergence(_ points: [RegularisationPath.Point], title: String) -> Figure {
        let rows = TransportHistory.rows(points).filter { ($0.progress.marginalError ?? 0) > 0 }
        return Figure(
            .curves(
                [
                    Figure.Curve(
                        "marginal error", x: rows.map { Double($0.iteration) },
                        y: rows.map { $0.progress.marginalError ?? .nan })
                ], horizontal: "sweeps and Newton steps", vertical: "marginal error (L1)"), title: title)
    }

    private static func path(_ points: [RegularisationPath.Point], title: String) -> Figure {
        func line(_ name: String, _ value: (TransportCertificate) -> Double) -> Figure.Snapshot {
            Figure.Snapshot(name, points.reversed().map { value($0.solution.certificate) })
        }
        return Figure(
            .snapshots(
                [
                    line("lower bound") { $0.lowerBound }, line("cost of the plan") { $0.transportCost },
                    line("with KL(P | ab)") { $0.relativeEntropyCost },
                ], along: PlotAxis("log10 of epsilon", points.reversed().map { log10($0.epsilon) }), vertical: "cost"),
            title: title)
    }
}
