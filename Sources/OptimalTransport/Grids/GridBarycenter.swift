import Glibc
import LinearAlgebra
import Parallelism

/// The barycenter of measures on one grid: the measure p with the least Σ_k w_k E(a_k, p).
///
/// With E the transport cost with the entropy of the plan, ⟨C, P⟩ + ε Σ P (log P − 1), iterated projections give it: each plan gets
/// its own measure as row sums and the geometric mean of all column sums,
///
///     x_k ← ε (log a_k − log K e^{y_k/ε}),   log p = Σ_k w_k s_k with s_k = log Kᵀ e^{x_k/ε},   y_k ← ε (log p − s_k).
///
/// That p is wider than it should be, by a variance ε/2 for cost |p − q|² and normal distributions of one variance. Debiased, E is the Sinkhorn
/// divergence: then log p = log d + Σ_k w_k s_k with the potential of p to itself, d ← (d p/K d)^½, and copies of one
/// measure have that measure as barycenter.
///
/// Anderson's acceleration takes the iteration further.
///
/// Sources: Benamou, Carlier, Cuturi, Nenna, Peyré, SIAM J. Sci. Comput. 2015; Janati, Cuturi, Gramfort, ICML 2020.
public struct GridBarycenter: Sendable {
    /// The measures a_k, the last axis fastest, of total 1.
    public let measures: [[Double]]
    /// The weights w_k, with a sum of 1.
    public let weights: [Double]
    /// The cost, the same nodes on both sides.
    public let cost: GridCost
    /// The regularisation ε, in the unit of the costs.
    public let epsilon: Double
    /// Whether the width that comes from ε is taken back.
    public let isDebiased: Bool

    /// Joins the parts; measures and weights are scaled to totals of 1.
    ///
    /// - Throws: ``TransportError`` when a mass or weight is negative or not finite or all of them are zero, or when ε is not positive.
    /// - Precondition: a weight for each measure, a mass for each node, and a cost that does not change when both sides are exchanged.
    public init(
        measures: [[Double]], weights: [Double], cost: GridCost, epsilon: Double, isDebiased: Bool = true
    ) throws(TransportError) {
        precondition(!measures.isEmpty && measures.count == weights.count, "a weight for each measure")
        precondition(measures.allSatisfy { $0.count == cost.sources }, "a mass for each node")
        precondition(cost.axes.allSatisfy(\.isSymmetric), "the same nodes and costs on both sides")
        guard epsilon > 0, epsilon.isFinite else { throw .regularisation(epsilon) }
        var normalised: [[Double]] = []
        for measure in measures { normalised.append(try TransportProblem.normalised(measure, .source)) }
        self.measures = normalised
        self.weights = try TransportProblem.normalised(weights, .target)
        (self.cost, self.epsilon, self.isDebiased) = (cost, epsilon, isDebiased)
    }

    /// What was found.
    public struct Solution: Sendable {
        /// The masses p, of total 1.
        public var masses: [Double]
        /// Σ_k w_k ‖P_kᵀ1 − p‖₁: how far the plans are from having p as their column sums; their row sums are exact.
        public var error: Double
        /// Sweeps over all measures.
        public var sweeps: Int
        /// Why the iteration ended.
        public var stop: TransportStop
    }

    /// Iterates until the column sums of all plans agree.
    public func solve(_ limits: TransportLimits, pool: WorkerPool) -> Solution {
        let plan = GridPlan(cost, pool: pool)
        let count = cost.sources, parts = measures.count + (isDebiased ? 1 : 0)
        let sources = measures.map(FixedMarginal.init)
        func field(_ parts: Int = 1) -> AlignedBuffer<Double> { AlignedBuffer(count: parts * count) }
        // y_k one after the other, then ε log d.
        let state = field(parts), image = field(parts), nodeWeights = field(parts)
        let sums = measures.map { _ in field() }
        let x = field(), logarithms = field(), spread = field()
        let p = logarithms.baseAddress
        let acceleration = FixedPointAcceleration(count: parts * count)
        var masses = [Double](repeating: 0, count: count)
        // What rounding of the exponents may cause.
        let rounding = Double.ulpOfOne * (1 + cost.largest / epsilon)
        var sweep = 0, error = Double.infinity, least = error, stop = TransportStop.limitReached
        while sweep < limits.sweeps {
            sweep += 1
            for (number, source) in sources.enumerated() {
                plan.rowLogSums(state.baseAddress + number * count, epsilon: epsilon, x.baseAddress)
                source.balance(x.baseAddress, epsilon: epsilon, x.baseAddress)
                plan.columnLogSums(x.baseAddress, epsilon: epsilon, sums[number].baseAddress)
            }
            let own = state.baseAddress + measures.count * count
            for index in 0..<count { p[index] = isDebiased ? own[index] / epsilon : 0 }
            for (sum, weight) in zip(sums, weights) { Double.addScaled(count, weight, sum.baseAddress, p) }
            for index in 0..<count { masses[index] = exp(p[index]) }
            error = 0
            for number in measures.indices {
                let (y, s) = (state.baseAddress + number * count, sums[number].baseAddress)
                let target = image.baseAddress + number * count
                var difference = 0.0
                for index in 0..<count {
                    difference += abs(exp(s[index] + y[index] / epsilon) - masses[index])
                    target[index] = epsilon * (p[index] - s[index])
                }
                error += weights[number] * difference
            }
            if isDebiased {
                // log d ← ½ (log d + log p − log K d)
                let target = image.baseAddress + measures.count * count, k = spread.baseAddress
                plan.rowLogSums(own, epsilon: epsilon, k)
                for index in 0..<count {
                    let change = p[index] - k[index] - own[index] / epsilon
                    error += masses[index] * abs(change)
                    target[index] = own[index] + 0.5 * epsilon * change
                }
            }
            guard error.isFinite else { break }
            if error <= limits.tolerance { stop = .converged } else if error <= rounding { stop = .roundingReached }
            if stop == .limitReached, limits.isStopRequested() { stop = .interrupted }
            if stop != .limitReached { break }
            if error > 4 * least { acceleration.restart() }
            least = min(least, error)
            for part in 0..<parts { (nodeWeights.baseAddress + part * count).update(from: masses, count: count) }
            acceleration.advance(state.baseAddress, image: image.baseAddress, weights: nodeWeights.baseAddress)
        }
        let total = masses.reduce(0, +)
        return Solution(masses: masses.map { $0 / total }, error: error, sweeps: sweep, stop: stop)
    }
}

extension GridAxis {
    /// Whether both sides have the same nodes and costs.
    var isSymmetric: Bool {
        sources == targets
            && sources.indices.allSatisfy { row in (0..<row).allSatisfy { cost(row, $0) == cost($0, row) } }
    }
}
