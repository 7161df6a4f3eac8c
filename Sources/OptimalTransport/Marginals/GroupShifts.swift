import Glibc
import LinearAlgebra

/// A change of long Newton steps, for plans that all but fall apart into groups of points.
///
/// Between such groups little mass moves, e^s times as much after a shift s of their potentials. Where the masses of groups do not
/// fit yet, 1 + s for e^s is far off, and a Newton step too long by orders of magnitude; damping it stops all other
/// groups, too. Groups are therefore read off the step v itself, whose values within a group are alike, and their means m are replaced by
/// shifts s that do to the plan between groups what the linear step claims to do:
///
///     c_k(s) = c_k(0) + (S m)_k,   c_k(s) = e^{s_k} Σ_l Q_lk a_l / Σ_k′ Q_lk′ e^{s_k′},
///
/// with Q the masses moved from groups of rows l to groups of columns k, S the derivative of c at 0. For small m both are the same. The
/// equations are those of a small transport problem with balanced rows, solved by damped Newton steps of its own.
final class GroupShifts {
    private let plan: any PlanOperator
    private let plainX, plainY, keptX, keptY: AlignedBuffer<Double>
    /// The least gap between the steps of two groups, in units of ε.
    private static let gap = 0.05
    /// The most groups.
    private static let most = 128
    /// The range of a step from which on it is long.
    private static let long = 2.0
    /// The longest step within a group.
    private static let longest = 3.0

    init(_ plan: any PlanOperator) {
        self.plan = plan
        let (rows, columns) = plan.balancesRows ? (plan.rows, plan.columns) : (0, 0)
        (plainX, keptX) = (AlignedBuffer(count: rows), AlignedBuffer(count: rows))
        (plainY, keptY) = (AlignedBuffer(count: columns), AlignedBuffer(count: columns))
    }

    /// Whether a step, in units of ε, is so long that it may be changed.
    func isLong(_ stepY: AlignedBuffer<Double>) -> Bool {
        let c = plan.columnSums.baseAddress, v = stepY.baseAddress
        var least = Double.infinity, largest = -Double.infinity
        for column in 0..<plan.columns where c[column] > 0 {
            (least, largest) = (min(least, v[column]), max(largest, v[column]))
        }
        return largest - least > Self.long && largest.isFinite && least.isFinite
    }

    /// Changes a step in units of ε; says whether it did.
    func change(
        _ stepX: AlignedBuffer<Double>, _ stepY: AlignedBuffer<Double>, _ x: AlignedBuffer<Double>,
        _ y: AlignedBuffer<Double>, epsilon: Double
    ) -> Bool {
        // The sums are those of an attempt: they must be those of the present potentials.
        _ = plan.measure(x.baseAddress, y.baseAddress, epsilon: epsilon)
        let c = plan.columnSums.baseAddress, v = stepY.baseAddress, u = stepX.baseAddress
        let order = (0..<plan.columns).filter { c[$0] > 0 }.sorted { (v[$0], $0) < (v[$1], $1) }
        let bounds = Self.bounds(order.map { v[$0] })
        func group(_ value: Double) -> Int32 {
            var (low, high) = (0, bounds.count)
            while low < high {
                let middle = (low + high) / 2
                if bounds[middle] < value { low = middle + 1 } else { high = middle }
            }
            return Int32(low)
        }
        let columnGroups = (0..<plan.columns).map { group(v[$0]) }, rowGroups = (0..<plan.rows).map { group(-u[$0]) }
        let count = bounds.count + 1
        guard
            let masses = plan.groupSums(
                x.baseAddress, y.baseAddress, epsilon: epsilon, rowGroups: rowGroups, columnGroups: columnGroups,
                count: count)
        else { return false }
        var means = [Double](repeating: 0, count: count), totals = means
        for column in order {
            means[Int(columnGroups[column])] += c[column] * v[column]
            totals[Int(columnGroups[column])] += c[column]
        }
        for index in means.indices where totals[index] > 0 { means[index] /= totals[index] }
        let shifts = GroupProblem(masses, count: count).shifts(for: means)
        plainX.baseAddress.update(from: u, count: plan.rows)
        plainY.baseAddress.update(from: v, count: plan.columns)
        for column in 0..<plan.columns {
            let own = Int(columnGroups[column])
            v[column] = c[column] > 0 ? Self.clamped(v[column] - means[own]) + shifts[own] : 0
        }
        for row in 0..<plan.rows {
            let own = Int(rowGroups[row])
            u[row] = plan.rowSums.baseAddress[row] > 0 ? Self.clamped(u[row] + means[own]) - shifts[own] : 0
        }
        return true
    }

    /// Takes back the last change.
    func restore(_ stepX: AlignedBuffer<Double>, _ stepY: AlignedBuffer<Double>) {
        stepX.baseAddress.update(from: plainX.baseAddress, count: plan.rows)
        stepY.baseAddress.update(from: plainY.baseAddress, count: plan.columns)
    }

    /// Keeps a point.
    func keep(_ x: AlignedBuffer<Double>, _ y: AlignedBuffer<Double>) {
        keptX.baseAddress.update(from: x.baseAddress, count: plan.rows)
        keptY.baseAddress.update(from: y.baseAddress, count: plan.columns)
    }

    /// Goes back to the point that was kept.
    func takeKept(_ x: AlignedBuffer<Double>, _ y: AlignedBuffer<Double>) {
        x.baseAddress.update(from: keptX.baseAddress, count: plan.rows)
        y.baseAddress.update(from: keptY.baseAddress, count: plan.columns)
    }

    private static func clamped(_ value: Double) -> Double { min(max(value, -longest), longest) }

    /// The middles of the widest gaps between values in rising order.
    private static func bounds(_ values: [Double]) -> [Double] {
        let gaps = values.indices.dropFirst().filter { values[$0] - values[$0 - 1] > gap }
        let widest = gaps.sorted {
            (values[$1] - values[$1 - 1], $0) < (values[$0] - values[$0 - 1], $1)
        }.prefix(most - 1)
        return widest.map { (values[$0] + values[$0 - 1]) / 2 }.sorted()
    }
}

/// The transport problem between groups: shifts s of columns, with rows balanced.
private struct GroupProblem {
    private let count: Int
    /// Q, rows with mass only.
    private let masses: [Double]
    private let rowTotals: [Double]
    private static let limit = 100

    init(_ masses: [Double], count: Int) {
        self.count = count
        var kept: [Double] = [], totals: [Double] = []
        for row in 0..<count {
            let own = masses[row * count..<(row + 1) * count]
            let total = own.reduce(0, +)
            if total > 0 {
                kept += own
                totals.append(total)
            }
        }
        (self.masses, rowTotals) = (kept, totals)
    }

    /// What is known at some shifts.
    private struct State {
        var entries: [Double]
        var sums: [Double]
        /// Σ a_l log Σ_k Q_lk e^{s_k}
        var logarithms: Double
    }

    private func evaluate(_ shifts: [Double]) -> State {
        let largest = shifts.max() ?? 0
        let factors = shifts.map { exp($0 - largest) }
        var state = State(entries: masses, sums: [Double](repeating: 0, count: count), logarithms: 0)
        for row in rowTotals.indices {
            var sum = 0.0
            for column in 0..<count { sum += masses[row * count + column] * factors[column] }
            let scale = rowTotals[row] / sum
            for column in 0..<count {
                let entry = masses[row * count + column] * factors[column] * scale
                state.entries[row * count + column] = entry
                state.sums[column] += entry
            }
            state.logarithms += rowTotals[row] * (log(sum) + largest)
        }
        return state
    }

    /// diag(c) − Wᵀ diag(1/a) W, its lower half.
    private func matrix(_ state: State) -> [Double] {
        var matrix = [Double](repeating: 0, count: count * count)
        for column in 0..<count { matrix[column * count + column] = state.sums[column] }
        state.entries.withUnsafeBufferPointer { entries in
            matrix.withUnsafeMutableBufferPointer { matrix in
                guard let entries = entries.baseAddress, let matrix = matrix.baseAddress else { return }
                for row in rowTotals.indices {
                    let own = entries + row * count, inverse = -1 / rowTotals[row]
                    for column in 0..<count where own[column] > 0 {
                        Double.addScaled(column + 1, inverse * own[column], own, matrix + column * count)
                    }
                }
            }
        }
        return matrix
    }

    /// Shifts that do what a linear step claims to do, with the mean that leaves the total potential alone.
    func shifts(for step: [Double]) -> [Double] {
        var shifts = [Double](repeating: 0, count: count)
        var state = evaluate(shifts)
        let start = state.sums
        var target = start
        let first = matrix(state)
        for row in 0..<count {
            for column in 0..<count {
                target[row] += first[max(row, column) * count + min(row, column)] * step[column]
            }
        }
        // A linear step may claim more than there is.
        for index in target.indices { target[index] = max(target[index], 1e-3 * start[index]) }
        let scale = start.reduce(0, +) / target.reduce(0, +)
        for index in target.indices { target[index] *= scale }
        let goal = 1e-3 * zip(target, start).reduce(0) { max($0, abs($1.0 - $1.1)) }
        func value(_ state: State, _ shifts: [Double]) -> Double {
            zip(target, shifts).reduce(-state.logarithms) { $0 + $1.0 * $1.1 }
        }
        var best = value(state, shifts), damping = 1e-3
        for _ in 0..<Self.limit {
            let gradient = zip(target, state.sums).map { $0 - $1 }
            guard gradient.contains(where: { abs($0) > goal }) else { break }
            let matrix = matrix(state)
            var isBetter = false
            while !isBetter, damping < 1e8 {
                let trial = zip(shifts, Self.solve(matrix, gradient, damping)).map { $0 + min(max($1, -3), 3) }
                let next = evaluate(trial)
                let reached = value(next, trial)
                isBetter = reached >= best - 1e-15 * abs(best) && reached.isFinite
                if isBetter { (shifts, state, best) = (trial, next, reached) } else { damping *= 10 }
            }
            guard isBetter else { break }
            damping = max(damping / 10, 1e-12)
        }
        let mean = zip(start, shifts).reduce(0) { $0 + $1.0 * $1.1 } / start.reduce(0, +)
        return shifts.map { $0 - mean }
    }

    /// Solves (M + μ diag M) s = g by Cholesky's factors; the median is taken from s.
    private static func solve(_ matrix: [Double], _ gradient: [Double], _ damping: Double) -> [Double] {
        var factor = matrix, solution = gradient
        let count = gradient.count
        factor.withUnsafeMutableBufferPointer { factor in
            guard let l = factor.baseAddress else { return }
            for row in 0..<count {
                for column in 0...row {
                    let product = Double.dot(column, l + row * count, l + column * count)
                    let value = l[row * count + column]
                    if column < row {
                        l[row * count + column] = (value - product) / l[column * count + column]
                    } else {
                        // Rounding may hide a direction along which the matrix is all but singular.
                        let pivot = max(value * (1 + damping) - product, 1e-14 * value)
                        l[row * count + row] = pivot > 0 ? pivot.squareRoot() : 1
                    }
                }
                solution[row] =
                    (solution[row] - (0..<row).reduce(0) { $0 + l[row * count + $1] * solution[$1] })
                    / l[row * count + row]
            }
            for row in (0..<count).reversed() {
                solution[row] /= l[row * count + row]
                for column in 0..<row { solution[column] -= l[row * count + column] * solution[row] }
            }
        }
        let median = solution.sorted()[count / 2]
        return solution.map { $0 - median }
    }
}
