import Glibc
import OptimalTransport
import ProblemFiles

/// Mass on its way from source to target: at the time t every entry of the plan has gone the part t of its way (McCann 1997).
///
/// Between measures on grids the mass is laid down on a grid, each part on the nodes around it by their nearness, which keeps the mass and
/// its centre. Otherwise the places themselves are kept, one for each entry of the plan.
struct TransportInterpolation {
    /// From 0 to 1.
    let times: [Double]
    /// The axes of the grid; nil for places.
    let axes: [[Double]]?
    /// Masses of the nodes, moment after moment; empty for places.
    let masses: [Double]
    /// Places by coordinate, each moment after moment; empty for grids.
    let places: [[Double]]

    /// Follows the entries of a plan.
    init(_ statement: TransportStatement, count: Int, periods: [Double], entries: PlanEntries) {
        let (from, to) = (statement.from.points, statement.to.points)
        guard let grid = Self.axes(statement) else {
            let way = DisplacementInterpolation(entries, from: from, to: to, periods: periods)
            let times = Self.times(count)
            let moments = times.map(way.points)
            self.init(
                times: times, axes: nil, masses: [],
                places: periods.indices.map { axis in moments.flatMap { $0.map { $0[axis] } } })
            return
        }
        self.init(grid, count: count, periods: periods) { visit in
            for index in entries.rows.indices {
                visit(entries.values[index], from[entries.rows[index]], to[entries.columns[index]])
            }
        }
    }

    /// Follows the entries of a plan on grids, row by row, without ever holding it: those above 10⁻⁴ of a row's largest, scaled to the
    /// mass of the row.
    init(
        _ statement: TransportStatement, count: Int, periods: [Double], problem: GridProblem,
        solution: TransportSolution, map: [[Double]]
    ) {
        guard let grid = Self.axes(statement) else { preconditionFailure("measures on grids have axes") }
        self.init(grid, count: count, periods: periods) { visit in
            for row in map.indices where problem.source[row] > 0 {
                let entries = problem.rowEntries(row, of: solution, around: map[row])
                let largest = entries.reduce(0) { max($0, $1.mass) }
                var sum = 0.0, kept = 0.0
                for entry in entries {
                    sum += entry.mass
                    if entry.mass > 1e-4 * largest { kept += entry.mass }
                }
                for entry in entries where entry.mass > 1e-4 * largest {
                    visit(entry.mass * (sum / kept), statement.from.points[row], statement.to.points[entry.target])
                }
            }
        }
    }

    private init(
        _ axes: [[Double]], count: Int, periods: [Double], forEach: ((Double, [Double], [Double]) -> Void) -> Void
    ) {
        let times = Self.times(count)
        let size = axes.reduce(1) { $0 * $1.count }
        var field = Field(axes, periods, count: count * size)
        forEach { mass, start, goal in
            for (moment, time) in times.enumerated() {
                field.lay(mass, from: start, to: goal, at: time, first: moment * size)
            }
        }
        self.init(times: times, axes: axes, masses: field.masses, places: [])
    }

    private init(times: [Double], axes: [[Double]]?, masses: [Double], places: [[Double]]) {
        (self.times, self.axes, self.masses, self.places) = (times, axes, masses, places)
    }

    private static func times(_ count: Int) -> [Double] { (0..<count).map { Double($0) / Double(count - 1) } }

    /// A difference the shorter way round.
    static func difference(_ difference: Double, _ period: Double) -> Double {
        period > 0 ? difference - period * (difference / period).rounded() : difference
    }

    /// A grid over both measures' grids with the finer spacing of the two; nil when either is not on a grid.
    private static func axes(_ statement: TransportStatement) -> [[Double]]? {
        guard let first = statement.from.axes, let second = statement.to.axes, first.count == second.count else {
            return nil
        }
        return zip(first, second).map { rows, columns in
            if rows == columns { return rows }
            let low = min(rows[0], columns[0]), high = max(rows[rows.count - 1], columns[columns.count - 1])
            let steps = [rows, columns].map { ($0[$0.count - 1] - $0[0]) / Double($0.count - 1) }
            let count = min(100_000, Int(((high - low) / min(steps[0], steps[1])).rounded(.up)) + 1)
            return (0..<count).map { low + (high - low) * Double($0) / Double(count - 1) }
        }
    }

    /// Masses of the nodes of a grid.
    private struct Field {
        var masses: [Double]
        private let axes: [[Double]]
        private let periods: [Double]
        private let steps: [Double]
        private let strides: [Int]
        /// Along each axis the nodes around a place, and the share of the second.
        private var lower: [Int], upper: [Int]
        private var shares: [Double]

        init(_ axes: [[Double]], _ periods: [Double], count: Int) {
            (self.axes, self.periods) = (axes, periods)
            masses = [Double](repeating: 0, count: count)
            steps = axes.map { ($0[$0.count - 1] - $0[0]) / Double($0.count - 1) }
            strides = axes.indices.map { axis in axes[(axis + 1)...].reduce(1) { $0 * $1.count } }
            (lower, upper) = (axes.map { _ in 0 }, axes.map { _ in 0 })
            shares = axes.map { _ in 0 }
        }

        /// Lays mass on the nodes around the place where it is at a time.
        mutating func lay(_ mass: Double, from start: [Double], to goal: [Double], at time: Double, first: Int) {
            for axis in axes.indices {
                let last = axes[axis].count - 1, period = periods[axis]
                let way = TransportInterpolation.difference(goal[axis] - start[axis], period)
                var offset = start[axis] + time * way - axes[axis][0]
                if period > 0 { offset -= period * (offset / period).rounded(.down) }
                let length = axes[axis][last] - axes[axis][0]
                if period > 0, offset > length {
                    // Between the last node and the first, one period on.
                    (lower[axis], upper[axis]) = (last, 0)
                    shares[axis] = (offset - length) / (period - length)
                } else {
                    let position = min(max(offset / steps[axis], 0), Double(last))
                    lower[axis] = min(Int(position), last - 1)
                    upper[axis] = lower[axis] + 1
                    shares[axis] = position - Double(lower[axis])
                }
            }
            for corner in 0..<(1 << axes.count) {
                var node = first
                var share = mass
                for axis in axes.indices {
                    let isUpper = corner >> axis & 1 == 1
                    node += (isUpper ? upper[axis] : lower[axis]) * strides[axis]
                    share *= isUpper ? shares[axis] : 1 - shares[axis]
                }
                masses[node] += share
            }
        }
    }
}
