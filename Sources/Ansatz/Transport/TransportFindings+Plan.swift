import Glibc
import OptimalTransport
import ProblemFiles

/// What is read from the plan, whichever way it was found.
extension TransportFindings {
    /// The entries that matter; nil on grids, unless they are asked for.
    func entries(_ preparation: TransportPreparation, always: Bool) -> PlanEntries? {
        let dropping = preparation.statement.output.dropping
        switch plan {
        case .entries(let entries): return entries
        case .rows(let problem):
            return last.solution.entries(of: problem, dropping: dropping, pool: preparation.pool)
        case .grid(let problem):
            guard always else { return nil }
            return problem.planEntries(
                rows: Array(0..<problem.source.count), of: last.solution, dropping: dropping)
        }
    }

    /// Where every source goes in the mean; along coordinates with a period by the shorter way.
    func map(_ preparation: TransportPreparation) -> [[Double]] {
        let statement = preparation.statement
        let periods = preparation.periods
        switch plan {
        case .rows(let problem):
            let isPeriodic = periods.contains { $0 > 0 } && statement.from.coordinates.count == periods.count
            return isPeriodic
                ? last.solution.displacementMap(
                    of: problem, sources: statement.from.points, targets: statement.to.points, periods: periods,
                    pool: preparation.pool)
                : last.solution.barycentricMap(of: problem, targets: statement.to.points, pool: preparation.pool)
        case .grid(let problem): return problem.barycentricMap(last.solution, pool: preparation.pool)
        case .entries(let entries):
            let hasPlaces = statement.from.coordinates.count == periods.count
            return statement.from.points.indices.map { row in
                var moment = [Double](repeating: 0, count: periods.count)
                var sum = 0.0
                for place in entries.rowStarts[row]..<entries.rowStarts[row + 1] {
                    let goal = statement.to.points[entries.columns[place]]
                    sum += entries.values[place]
                    for axis in periods.indices {
                        let start = hasPlaces ? statement.from.points[row][axis] : 0
                        moment[axis] +=
                            entries.values[place]
                            * (start + TransportInterpolation.difference(goal[axis] - start, periods[axis]))
                    }
                }
                return moment.map { sum > 0 ? $0 / sum : .nan }
            }
        }
    }

    /// All of a row of the plan.
    func row(_ row: Int) -> [Double] {
        switch plan {
        case .grid(let problem): return problem.planRow(row, last.solution)
        case .entries(let entries):
            var values = [Double](repeating: 0, count: last.solution.targetPotentials.count)
            for place in entries.rowStarts[row]..<entries.rowStarts[row + 1] {
                values[entries.columns[place]] = entries.values[place]
            }
            return values
        case .rows(let problem):
            let x = last.solution.sourcePotentials[row]
            var room = [Double](repeating: 0, count: problem.target.count)
            return room.withUnsafeMutableBufferPointer { buffer in
                guard let start = buffer.baseAddress else { return [] }
                let costs = problem.cost.row(row, room: start)
                return last.solution.targetPotentials.enumerated().map { column, y in
                    exp((x + y - costs[column]) / problem.epsilon)
                }
            }
        }
    }
}

extension TransportPreparation {
    /// The period of each coordinate of the targets, 0 where it has none.
    var periods: [Double] {
        if case .distance(_, let periods) = statement.cost { return periods }
        return [Double](repeating: 0, count: statement.to.coordinates.count)
    }
}
