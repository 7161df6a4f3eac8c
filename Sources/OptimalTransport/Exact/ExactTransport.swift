import CLEMON
import LinearAlgebra

/// Transport without regularisation, by the network simplex method: a vertex of the polytope of plans, and its dual.
///
/// The method works with 64-bit integers, for which masses and costs are rounded to multiples of a unit each; what that may change
/// is bounded in the solution (``Solution/roundingBound``), and is of the order of 10⁻¹⁵ of the largest cost. Masses that are all the same
/// become 1: assignment problems keep theirs exactly. Memory for n·m costs and flows of 8 bytes each, and four times that for the simplex
/// method itself.
public struct ExactTransport: Sendable {
    /// The most pairs that are taken on: they need about 5 GB.
    public static let largestPairs = 100_000_000

    /// A pair that mass moves between.
    public struct Entry: Sendable, Equatable {
        /// The number of the source.
        public var source: Int
        /// The number of the target.
        public var target: Int
        /// The mass.
        public var mass: Double
    }

    /// An optimal plan, and what proves it to be one.
    public struct Solution: Sendable {
        /// ⟨C, P⟩, with the costs as they were given.
        public var cost: Double
        /// The pairs with mass, at most n + m − 1.
        public var entries: [Entry]
        /// Potentials of the sources.
        public var sourcePotentials: [Double]
        /// Potentials of the targets: u_i + v_j ≤ c_ij, to the rounding of costs.
        public var targetPotentials: [Double]
        /// How far `cost` may be from the least cost.
        public var roundingBound: Double
    }

    /// Why there is no plan.
    public enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// More pairs than ``ExactTransport/largestPairs``.
        case tooLarge(pairs: Int)
        /// Memory ran out.
        case outOfMemory
        /// Masses that differ so much in size that the smallest would vanish in the rounding.
        case spread

        /// One sentence that says what to do.
        public var description: String {
            switch self {
            case .tooLarge(let pairs):
                "\(pairs) pairs are too many for the simplex method (the most are \(ExactTransport.largestPairs)); "
                    + "use an entropic method with a small epsilon"
            case .outOfMemory: "there is not enough memory for the simplex method; use an entropic method"
            case .spread: "a mass is below 1e-15 of the total; set it to zero"
            }
        }
    }

    /// Units of mass in all, when masses differ.
    private static let units = 0x1p52

    /// Solves for the masses and costs of a problem; its ε plays no part.
    public static func solve(_ problem: TransportProblem) throws(Failure) -> Solution {
        try solve(source: problem.source, target: problem.target, cost: problem.cost)
    }

    /// Solves for masses of the same total.
    public static func solve(
        source: [Double], target: [Double], cost: any TransportCost
    ) throws(Failure) -> Solution {
        let (rows, columns) = (source.count, target.count)
        precondition(cost.sources == rows && cost.targets == columns, "a mass for each row and column")
        guard rows * columns <= largestPairs else { throw .tooLarge(pairs: rows * columns) }
        let masses = try integers(source, target)
        let costs = integers(cost)
        var flow = [Int64](repeating: 0, count: rows * columns)
        var u = [Int64](repeating: 0, count: rows), v = [Int64](repeating: 0, count: columns)
        let status = ansatz_lemon_transport(
            Int32(rows), Int32(columns), masses.source, masses.target, costs.values, &flow, &u, &v)
        switch status {
        case ansatz_lemon_optimal: break
        case ansatz_lemon_out_of_memory: throw .outOfMemory
        default: preconditionFailure("a transport problem with equal totals has a plan of least cost")
        }
        var entries: [Entry] = []
        var total = 0.0
        let room = AlignedBuffer<Double>(count: columns)
        for row in 0..<rows {
            let own = cost.row(row, room: room.baseAddress)
            for column in 0..<columns where flow[row * columns + column] > 0 {
                let mass = Double(flow[row * columns + column]) / masses.unit
                entries.append(Entry(source: row, target: column, mass: mass))
                total += mass * own[column]
            }
        }
        return Solution(
            cost: total, entries: entries, sourcePotentials: u.map { Double($0) / costs.unit },
            targetPotentials: v.map { Double($0) / costs.unit },
            // A rounded cost is off by half a unit for each unit of mass, on the plan found and on the best one; a mass that is
            // rounded may go anywhere.
            roundingBound: source.reduce(0, +) / costs.unit + 2 * costs.largest * masses.error)
    }

    /// Masses as integers of the same total; `unit` of them are a mass of 1, `error` is the sum of what was rounded.
    private static func integers(
        _ source: [Double], _ target: [Double]
    ) throws(Failure) -> (source: [Int64], target: [Int64], unit: Double, error: Double) {
        let total = source.reduce(0, +)
        if source.count == target.count, let first = source.first, (source + target).allSatisfy({ $0 == first }) {
            return (source.map { _ in 1 }, target.map { _ in 1 }, 1 / first, 0)
        }
        let unit = units / total
        var error = 0.0
        func rounded(_ masses: [Double]) throws(Failure) -> [Int64] {
            var result: [Int64] = []
            for mass in masses {
                let whole = (mass * unit).rounded()
                guard whole > 0 || mass == 0 else { throw .spread }
                error += abs(mass - whole / unit)
                result.append(Int64(whole))
            }
            return result
        }
        var (rows, columns) = (try rounded(source), try rounded(target))
        // The largest mass of the larger side gives what is left over.
        let excess = rows.reduce(0, +) - columns.reduce(0, +)
        if excess > 0, let place = rows.indices.max(by: { rows[$0] < rows[$1] }) { rows[place] -= excess }
        if excess < 0, let place = columns.indices.max(by: { columns[$0] < columns[$1] }) { columns[place] += excess }
        return (rows, columns, unit, error + Double(abs(excess)) / unit)
    }

    /// Costs as integers that, times n + m, fit in 61 bits; `unit` of them are a cost of 1.
    private static func integers(_ cost: any TransportCost) -> (values: [Int64], unit: Double, largest: Double) {
        let room = AlignedBuffer<Double>(count: cost.targets)
        var largest = 0.0
        for row in 0..<cost.sources {
            largest = max(largest, Double.maximumMagnitude(cost.targets, cost.row(row, room: room.baseAddress)))
        }
        precondition(largest.isFinite, "costs are finite")
        // A power of two, so that costs that fit are not rounded at all.
        let room61 = 0x1p60 / Double(cost.sources + cost.targets + 1)
        let unit = largest > 0 ? 0x1p0.scaled(byPowerOf: (room61 / largest).exponent) : 1
        var values: [Int64] = []
        values.reserveCapacity(cost.sources * cost.targets)
        for row in 0..<cost.sources {
            let own = cost.row(row, room: room.baseAddress)
            for column in 0..<cost.targets { values.append(Int64((own[column] * unit).rounded())) }
        }
        return (values, unit, largest)
    }
}

extension Double {
    /// The number times 2ᵏ.
    fileprivate func scaled(byPowerOf k: Int) -> Double {
        Double(sign: sign, exponent: exponent + k, significand: significand)
    }
}
