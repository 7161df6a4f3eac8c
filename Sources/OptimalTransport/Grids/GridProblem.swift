import CKernels
import Glibc
import LinearAlgebra

/// Entropic optimal transport between two measures on the nodes of a tensor grid, with a separable cost.
///
/// Nothing of size n·m is ever made. Each marginal is fixed, or drawn to its masses by λ KL(marginal | masses).
public struct GridProblem: Sendable {
    /// Masses of the sources a, the last axis fastest.
    public let source: [Double]
    /// Masses of the targets b.
    public let target: [Double]
    /// The cost.
    public let cost: GridCost
    /// The regularisation ε, in the unit of the costs.
    public let epsilon: Double
    /// λ for the sources, nil where their masses are kept.
    public let sourceStrength: Double?
    /// λ for the targets, nil where their masses are kept.
    public let targetStrength: Double?

    /// Joins the parts.
    ///
    /// - Throws: ``TransportError`` when masses are negative, not finite or all zero; when both are kept and their totals differ;
    ///   or when ε or a strength is not positive.
    public init(
        source: [Double], target: [Double], cost: GridCost, epsilon: Double, sourceStrength: Double? = nil,
        targetStrength: Double? = nil
    ) throws(TransportError) {
        precondition(source.count == cost.sources && target.count == cost.targets, "a mass for each node")
        guard epsilon > 0, epsilon.isFinite else { throw .regularisation(epsilon) }
        let totals = (try Self.total(source, .source), try Self.total(target, .target))
        for strength in [sourceStrength, targetStrength].compactMap(\.self) where !(strength > 0 && strength.isFinite) {
            throw .strength(strength)
        }
        if sourceStrength == nil, targetStrength == nil {
            guard abs(totals.0 - totals.1) <= 1e-12 * max(totals.0, totals.1) * Double(source.count + target.count)
            else { throw .unequalTotals(source: totals.0, target: totals.1) }
        }
        (self.source, self.target, self.cost, self.epsilon) = (source, target, cost, epsilon)
        (self.sourceStrength, self.targetStrength) = (sourceStrength, targetStrength)
    }

    /// A row of the plan that a solution's potentials stand for: P_ij for all targets j.
    public func planRow(_ row: Int, _ solution: TransportSolution) -> [Double] {
        let room = AlignedBuffer<Double>(count: target.count)
        let costs = cost.row(row, room: room.baseAddress)
        return [Double](unsafeUninitializedCapacity: target.count) { buffer, count in
            count = target.count
            guard let out = buffer.baseAddress else { return }
            _ = ansatz_transport_row_f64(
                target.count, 1 / epsilon, solution.sourcePotentials[row], solution.targetPotentials, costs, out)
        }
    }

    static func total(_ masses: [Double], _ side: TransportError.Side) throws(TransportError) -> Double {
        if let index = masses.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
            throw .mass(side, index: index, value: masses[index])
        }
        let total = masses.reduce(0, +)
        guard total > 0, total.isFinite else { throw .empty(side) }
        return total
    }

    var sourceTerm: any MarginalTerm { Self.term(source, sourceStrength) }
    var targetTerm: any MarginalTerm { Self.term(target, targetStrength) }

    static func term(_ masses: [Double], _ strength: Double?) -> any MarginalTerm {
        guard let strength else { return FixedMarginal(masses) }
        return RelaxedMarginal(masses, strength: strength)
    }

    /// The problem on a grid with half as many nodes along each axis, and at least some ε; nil when it is coarse already.
    func coarsened(leastNodes: Int) throws(TransportError) -> GridProblem? {
        guard cost.axes.allSatisfy({ min($0.sources.count, $0.targets.count) >= 2 * leastNodes }) else { return nil }
        let coarse = GridCost(cost.axes.map(\.coarsened))
        return try GridProblem(
            source: GridField.coarsened(source, cost.axes.map(\.sources.count)),
            target: GridField.coarsened(target, cost.axes.map(\.targets.count)), cost: coarse,
            epsilon: max(epsilon, 4 * coarse.neighbourCost), sourceStrength: sourceStrength,
            targetStrength: targetStrength)
    }
}

extension GridCost {
    /// What moving to a neighbour costs, along the axis where it costs most.
    var neighbourCost: Double {
        axes.reduce(0) { largest, axis in
            let count = axis.targets.count
            guard count > 1 else { return largest }
            let own: Double
            switch axis.cost {
            case .matrix(let costs):
                var sum = 0.0
                for row in axis.sources.indices {
                    for column in 1..<count {
                        sum += abs(costs[row * count + column] - costs[row * count + column - 1])
                    }
                }
                own = sum / Double(axis.sources.count * (count - 1))
            case .absolute, .squared:
                let step = (axis.targets[count - 1] - axis.targets[0]) / Double(count - 1)
                own = axis.cost == .squared ? step * step : step
            }
            return max(largest, own)
        }
    }
}

/// Fields on the nodes of tensor grids, the last axis fastest.
enum GridField {
    /// Sums over pairs of neighbours along each axis; a last one without a partner stays alone.
    static func coarsened(_ field: [Double], _ shape: [Int]) -> [Double] {
        var field = field
        for (axis, count) in shape.enumerated() {
            let after = shape[(axis + 1)...].reduce(1, *), half = (count + 1) / 2
            let before = field.count / (count * after)
            var sums = [Double](repeating: 0, count: before * half * after)
            for outer in 0..<before {
                for index in 0..<count {
                    let (from, to) = ((outer * count + index) * after, (outer * half + index / 2) * after)
                    for inner in 0..<after { sums[to + inner] += field[from + inner] }
                }
            }
            field = sums
        }
        return field
    }

    /// Piecewise linear interpolation along each axis, and linear extrapolation beyond the ends.
    static func interpolated(_ field: [Double], from old: [[Double]], to new: [[Double]]) -> [Double] {
        var field = field
        for axis in old.indices {
            let (nodes, places) = (old[axis], new[axis])
            let after = old[(axis + 1)...].reduce(1) { $0 * $1.count }
            let before = field.count / (nodes.count * after)
            var result = [Double](repeating: 0, count: before * places.count * after)
            var left = 0
            for (index, place) in places.enumerated() {
                while left + 2 < nodes.count, place > nodes[left + 1] { left += 1 }
                let right = min(left + 1, nodes.count - 1)
                let fraction = right > left ? (place - nodes[left]) / (nodes[right] - nodes[left]) : 0
                for outer in 0..<before {
                    let (low, high) = ((outer * nodes.count + left) * after, (outer * nodes.count + right) * after)
                    let target = (outer * places.count + index) * after
                    for inner in 0..<after {
                        result[target + inner] = (1 - fraction) * field[low + inner] + fraction * field[high + inner]
                    }
                }
            }
            field = result
        }
        return field
    }
}
