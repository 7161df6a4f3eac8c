import Glibc
import LinearAlgebra
import Parallelism

/// What is read from the plan of a solution on a grid, which is never made.
extension GridProblem {
    /// The mean target of every source, Σ_j P_ij q_j / Σ_j P_ij, as rows of coordinates; not a number where a source has no mass.
    ///
    /// An application of the kernel for each coordinate. Along an axis with a period, displacements are averaged the shorter way round.
    public func barycentricMap(_ solution: TransportSolution, pool: WorkerPool) -> [[Double]] {
        let plan = GridPlan(cost, pool: pool)
        var potentials = solution.sourcePotentials
        _ = plan.measure(&potentials, solution.targetPotentials, epsilon: epsilon)
        let image = AlignedBuffer<Double>(count: plan.rows)
        var map = [[Double]](repeating: [], count: source.count)
        for (number, axis) in cost.axes.enumerated() {
            let after = cost.axes[(number + 1)...].reduce(1) { $0 * $1.targets.count }
            func average(_ value: (Double) -> Double) -> [Double] {
                let places = (0..<target.count).map { value(axis.targets[$0 / after % axis.targets.count]) }
                plan.product(places, image.baseAddress)
                return (0..<source.count).map { row in
                    let sum = plan.rowSums.baseAddress[row]
                    return sum > 0 ? image.baseAddress[row] / sum : .nan
                }
            }
            if axis.period > 0 {
                // On a circle the mean direction: for plans that are narrow against the period, the mean displacement.
                let turn = 2 * Double.pi / axis.period
                let (sines, cosines) = (average { sin(turn * $0) }, average { cos(turn * $0) })
                let lower = axis.sources[0]
                for row in map.indices {
                    let place = atan2(sines[row], cosines[row]) / turn
                    map[row].append(place - ((place - lower) / axis.period).rounded(.down) * axis.period)
                }
            } else {
                let means = average { $0 }
                for row in map.indices { map[row].append(means[row]) }
            }
        }
        return map
    }

    /// The entries of some rows of the plan without the smallest, whose sum is at most a share of the row's mass.
    public func planEntries(
        rows: [Int], of solution: TransportSolution, dropping share: Double = 1e-9
    ) -> PlanEntries {
        var result = PlanEntries(rowStarts: [0], columns: [], values: [], droppedMass: 0)
        for row in rows {
            let entries = planRow(row, solution)
            let budget = share * entries.reduce(0, +)
            // From the smallest up, as long as the budget lasts.
            var dropped = 0.0
            var kept = [Bool](repeating: true, count: entries.count)
            for column in entries.indices.sorted(by: { (entries[$0], $0) < (entries[$1], $1) }) {
                guard dropped + entries[column] <= budget else { break }
                dropped += entries[column]
                kept[column] = false
            }
            for column in entries.indices where kept[column] && entries[column] > 0 {
                result.columns.append(column)
                result.values.append(entries[column])
            }
            result.rowStarts.append(result.values.count)
            result.droppedMass += dropped
        }
        return result
    }

    /// The entries of a row of the plan near a place, when they hold all but a share of the row's mass; all of the row otherwise.
    ///
    /// - Parameter place: where the row's mass lies in the mean, as ``barycentricMap(_:pool:)`` has it.
    public func rowEntries(
        _ row: Int, of solution: TransportSolution, around place: [Double], missing share: Double = 1e-6
    ) -> [(target: Int, mass: Double)] {
        let x = solution.sourcePotentials[row]
        guard x > -.infinity else { return [] }
        let mass = source[row] * (sourceStrength.map { exp(-x / $0) } ?? 1)
        if place.allSatisfy(\.isFinite) {
            let near = entries(row, x, solution.targetPotentials, around: place)
            if near.reduce(0, { $0 + $1.mass }) >= (1 - share) * mass { return near }
        }
        return planRow(row, solution).enumerated().filter { $1 > 0 }.map { (target: $0, mass: $1) }
    }

    /// Entries to nodes that are at most as far from a place, along each axis, as a squared distance of 49 ε goes.
    private func entries(
        _ row: Int, _ x: Double, _ y: [Double], around place: [Double]
    ) -> [(target: Int, mass: Double)] {
        var rest = row, stride = 1
        var found: [(target: Int, cost: Double)] = [(0, 0)]
        for (number, axis) in cost.axes.enumerated().reversed() {
            let index = rest % axis.sources.count
            rest /= axis.sources.count
            let nodes = axis.targets
            let step = nodes.count > 1 ? (nodes[nodes.count - 1] - nodes[0]) / Double(nodes.count - 1) : 0
            let reach = 7 * epsilon.squareRoot() + 2 * step
            var next: [(target: Int, cost: Double)] = []
            for node in nodes.indices where axis.distance(nodes[node] - place[number]) <= reach {
                let own = axis.cost(index, node)
                for part in found { next.append((node * stride + part.target, own + part.cost)) }
            }
            found = next
            stride *= nodes.count
        }
        return found.map { ($0.target, exp((x + y[$0.target] - $0.cost) / epsilon)) }
    }

    /// Σ a_i b_j c_ij over the product of the masses.
    public var meanCost: Double { cost.bilinear(source, target) / (source.reduce(0, +) * target.reduce(0, +)) }
}
