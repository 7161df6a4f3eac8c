import LinearSystems
import ProblemFiles
import Results

/// The figures of a linear solve.
struct LinearSystemFigures {
    /// Names and figures, in order.
    let figures: [(name: String, figure: Figure)]

    init(_ preparation: LinearSystemPreparation, _ outcome: LinearSystemOutcome, _ fields: FieldFile) {
        let statement = preparation.statement
        var figures: [(String, Figure)] = []
        for name in statement.output.plots ?? ["solution", "convergence"] {
            switch name {
            case "solution":
                if let figure = Self.solution(statement, fields) { figures.append((name, figure)) }
            default:
                // A direct hit has no curve.
                if outcome.iterations > 0 { figures.append((name, Self.convergence(outcome))) }
            }
        }
        self.figures = figures
    }

    /// The first solution: along the rows, in the plane, or on the middle cuts of a box.
    private static func solution(_ statement: LinearSystemStatement, _ fields: FieldFile) -> Figure? {
        guard let solution = fields.variable("solution") else { return nil }
        guard case .grid(let grid) = statement.matrix else {
            let rows = fields.axis("row")?.values ?? []
            guard rows.count >= 2 else { return nil }
            return Figure(
                .snapshots(
                    [Figure.Snapshot("solution", Array(solution.values.prefix(rows.count)))],
                    along: PlotAxis("row", rows), vertical: "solution"), title: statement.name)
        }
        let centres = grid.cells.indices.map(grid.places.centres)
        func axis(_ number: Int) -> PlotAxis {
            PlotAxis(LinearSystemStatement.Grid.coordinates[number], centres[number])
        }
        let (nx, ny) = (grid.cells[0], grid.cells[1])
        // Figures run their last axis from left to right.
        if grid.cells.count == 2 {
            let values = Array(solution.values.prefix(nx * ny))
            guard values.contains(where: \.isFinite) else { return nil }
            return Figure(
                .field(PlottedField("solution", axes: [axis(1), axis(0)], values: values), isSigned: false),
                title: statement.name)
        }
        let nz = grid.cells[2]
        func value(_ i: Int, _ j: Int, _ k: Int) -> Double { solution.values[i + nx * (j + ny * k)] }
        let (i, j, k) = (nx / 2, ny / 2, nz / 2)
        func name(_ number: Int, _ place: Int) -> String {
            "\(LinearSystemStatement.Grid.coordinates[number]) = \(NumberText.short(centres[number][place], digits: 3))"
        }
        let cuts = [
            PlottedField(
                name(2, k), axes: [axis(1), axis(0)],
                values: (0..<ny).flatMap { b in (0..<nx).map { value($0, b, k) } }),
            PlottedField(
                name(1, j), axes: [axis(2), axis(0)],
                values: (0..<nz).flatMap { b in (0..<nx).map { value($0, j, b) } }),
            PlottedField(
                name(0, i), axes: [axis(2), axis(1)],
                values: (0..<nz).flatMap { b in (0..<ny).map { value(i, $0, b) } }),
        ].filter { $0.values.contains(where: \.isFinite) }
        guard !cuts.isEmpty else { return nil }
        return Figure(.slices(cuts, isSigned: false), title: statement.name)
    }

    private static func convergence(_ outcome: LinearSystemOutcome) -> Figure {
        panels([("", outcome)], title: outcome.name)
    }

    /// Relative residuals against iterations and against seconds, set-up included, on the same axes for all members.
    static func panels(_ members: [(label: String, outcome: LinearSystemOutcome)], title: String) -> Figure {
        func curves(_ x: (LinearSystemHistory.Row, LinearSystemOutcome) -> Double) -> [Figure.Curve] {
            members.flatMap { label, outcome in
                let rows = LinearSystemHistory.rows(outcome.results)
                let count = outcome.results.count
                return (1...max(1, count)).map { number in
                    let own = rows.filter { $0.rightHandSide == number && $0.progress.relativeResidual > 0 }
                    let side = count > 1 ? "\(label.isEmpty ? "" : label + ", ")b \(number)" : label
                    return Figure.Curve(
                        side.isEmpty ? "residual" : side, x: own.map { x($0, outcome) },
                        y: own.map(\.progress.relativeResidual))
                }
            }
        }
        return Figure(
            .panels([
                Figure.CurvePanel(
                    curves { row, _ in Double(row.iteration) }, horizontal: "iterations", vertical: "relative residual",
                    scale: .logarithmic),
                Figure.CurvePanel(
                    curves { $1.setUpSeconds + $0.seconds }, horizontal: "seconds with set-up",
                    vertical: "relative residual", scale: .logarithmic),
            ]), title: title)
    }
}
