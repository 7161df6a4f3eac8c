import Glibc
import Optimizers
import Randomness

/// A rule by which points of the equations follow the residual.
///
/// At each redraw the residual is evaluated at candidates. Rules of ``CandidateSampling`` choose among those, which are drawn by
/// the scheme; others draw candidates and points from densities that learn. A candidate's magnitude q is the root of Σ w |r|²
/// over the equations that share the points, w being their weights.
public protocol AdaptiveSampling: Sendable {
    /// What users read and set.
    static var description: PointRuleDescription { get }

    /// A rule with options that were checked against the description.
    init(_ options: OptionValues)

    /// The candidates at each redraw; 0: ten times the points.
    var pool: Int { get }

    /// The most points of a set that starts with `points` points.
    func capacity(for points: Int) -> Int

    /// Whether chosen points have factors that undo the density they were drawn from.
    var correctsDensity: Bool { get }

    /// Options that do nothing, given the others and the number of coordinates, and why; nil where all do something.
    func idleOptions(dimensions: Int) -> (names: [String], reason: String)?
}

extension AdaptiveSampling {
    /// Points are replaced.
    public func capacity(for points: Int) -> Int { points }

    /// The density is meant.
    public var correctsDensity: Bool { false }

    /// The number of candidates for a set that starts with `points` points.
    public func candidateCount(for points: Int) -> Int { pool > 0 ? pool : 10 * points }

    /// All options do something.
    public func idleOptions(dimensions: Int) -> (names: [String], reason: String)? { nil }

    /// Whether points come from something that learns, rather than from a choice among candidates.
    public var learnsDensity: Bool { self is any DensitySampling }
}

/// A rule that chooses among candidates by the residual there.
public protocol CandidateSampling: AdaptiveSampling {
    /// Chooses among candidates by their magnitudes, finite and not all 0.
    ///
    /// - Parameters:
    ///   - points: how many points a set starts with.
    ///   - present: how many it has now.
    func choose(
        _ magnitudes: [Double], points: Int, present: Int, from stream: inout RandomStream
    ) -> PointChoice
}

/// All rules, in the order in which they are listed.
public let adaptiveSamplings: [any AdaptiveSampling.Type] = [
    ResidualDistribution.self, DistributedRefinement.self, GreedyRefinement.self, ImportanceSampling.self,
    DeepAdaptiveSampling.self, AdversarialSampling.self, TransportSampling.self,
]

/// Candidates that become points.
public struct PointChoice: Sendable, Equatable {
    /// Their numbers.
    public var indices: [Int]
    /// Whether they are added to the points in place, which they replace otherwise.
    public var isAddition: Bool
    /// The factor of each in the loss; nil where every point counts alike.
    public var factors: [Double]?

    /// Joins the parts.
    public init(_ indices: [Int], isAddition: Bool, factors: [Double]? = nil) {
        self.indices = indices
        self.isAddition = isAddition
        self.factors = factors
    }
}

/// Choosing from a discrete distribution.
package enum WeightedChoice {
    /// qᵏ/mean(qᵏ) + c of each candidate: an unnormalised probability.
    static func densities(_ magnitudes: [Double], power: Double, constant: Double) -> [Double] {
        let largest = magnitudes.max() ?? 0
        // Scaled first, so that no power overflows.
        let powers = magnitudes.map { pow($0 / largest, power) }
        let mean = powers.reduce(0, +) / Double(max(1, powers.count))
        return powers.map { $0 / mean + constant }
    }

    /// `count` different numbers, each next one drawn in proportion to the densities of those that are left; in order.
    ///
    /// The smallest of independent exponential variables with the densities as rates are such a draw (P. S. Efraimidis,
    /// P. G. Spirakis, "Weighted random sampling with a reservoir", Inf. Process. Lett. 97, 2006).
    static func withoutReplacement(
        _ count: Int, _ densities: [Double], from stream: inout RandomStream
    ) -> [Int] {
        let keys = densities.map { density in
            let waiting = -log1p(-stream.uniform())
            return density > 0 ? waiting / density : .infinity
        }
        let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
        return order.prefix(count).sorted()
    }

    /// `count` numbers in order, each i about count · mᵢ/Σm times, with a random level in each of `count` equal strata of the
    /// sums of masses.
    ///
    /// The number of times is less than two off what is expected. One start for levels at equal distances would be closer,
    /// but where the masses of a grid are even it meets the same columns in every row.
    package static func stratified(_ count: Int, _ masses: [Double], from stream: inout RandomStream) -> [Int] {
        let total = masses.reduce(0, +)
        var chosen: [Int] = []
        chosen.reserveCapacity(count)
        var index = 0, sum = masses[0]
        for place in 0..<count {
            let level = (Double(place) + stream.uniform()) / Double(count) * total
            while index < masses.count - 1, sum <= level {
                index += 1
                sum += masses[index]
            }
            chosen.append(index)
        }
        return chosen
    }
}

/// Independent numbers in proportion to masses, by their sums.
struct WeightedDraw {
    private let sums: [Double]

    init(_ masses: [Double]) {
        var sums = masses
        for index in sums.indices.dropFirst() { sums[index] += sums[index - 1] }
        self.sums = sums
    }

    /// A number, never one of mass 0.
    func number(from stream: inout RandomStream) -> Int {
        let level = stream.uniform() * (sums.last ?? 0)
        // The first index whose sum exceeds the level.
        var (low, high) = (0, sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > level { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension OptionDescription {
    /// The number of candidates.
    static let pool = OptionDescription.integer(
        "pool", default: 0, in: .from(0, to: 100_000_000), help: "candidates at each redraw; 0: ten times the points")
}
