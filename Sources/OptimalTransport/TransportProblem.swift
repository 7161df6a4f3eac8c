import LinearAlgebra

/// Entropic optimal transport between two discrete measures.
///
/// Among all plans P ≥ 0 with row sums a and column sums b, find the one with the least ⟨C, P⟩ + ε Σ P (log P − 1). It is
/// P_ij = exp((x_i + y_j − c_ij)/ε) with potentials x and y that maximise the concave dual
///
///     f(x, y) = Σ a_i x_i + Σ b_j y_j − ε Σ P_ij.
public struct TransportProblem: Sendable {
    /// Masses of the sources a; below 10⁻²⁰⁰ of the total they count as none, since plans could not hold them.
    public let source: [Double]
    /// Masses of the targets b.
    public let target: [Double]
    /// Costs C.
    public let cost: any TransportCost
    /// The regularisation ε, in the unit of the costs.
    public let epsilon: Double
    /// The total mass.
    public let mass: Double
    /// max |c_ij|
    public let largestCost: Double
    /// Σ a_i b_j c_ij / mass²: the mean cost, weighted by the masses.
    public let meanCost: Double

    /// Joins the parts; looks at every cost once.
    ///
    /// - Throws: ``TransportError`` when masses are negative, not finite, all zero, or of different total; when a cost is not
    ///   finite; or when ε is not positive.
    public init(source: [Double], target: [Double], cost: any TransportCost, epsilon: Double) throws(TransportError) {
        precondition(source.count == cost.sources && target.count == cost.targets, "a mass for each row and column")
        guard epsilon > 0, epsilon.isFinite else { throw .regularisation(epsilon) }
        let totals = (try Self.total(source, .source), try Self.total(target, .target))
        guard abs(totals.0 - totals.1) <= 1e-12 * max(totals.0, totals.1) * Double(source.count + target.count) else {
            throw .unequalTotals(source: totals.0, target: totals.1)
        }
        self.source = source.map { $0 < 1e-200 * totals.0 ? 0 : $0 }
        self.target = target.map { $0 < 1e-200 * totals.1 ? 0 : $0 }
        self.cost = cost
        self.epsilon = epsilon
        mass = totals.0
        (largestCost, meanCost) = try Self.survey(cost, source, target, mass: totals.0)
    }

    private init(_ other: TransportProblem, epsilon: Double) {
        (source, target, cost, mass) = (other.source, other.target, other.cost, other.mass)
        (largestCost, meanCost) = (other.largestCost, other.meanCost)
        self.epsilon = epsilon
    }

    /// The same problem with another regularisation.
    ///
    /// - Throws: ``TransportError/regularisation(_:)`` when it is not positive and finite.
    public func regularised(by epsilon: Double) throws(TransportError) -> TransportProblem {
        guard epsilon > 0, epsilon.isFinite else { throw .regularisation(epsilon) }
        return TransportProblem(self, epsilon: epsilon)
    }

    /// Masses scaled to a total of 1.
    ///
    /// - Throws: ``TransportError`` when a mass is negative or not finite, or when there is none.
    public static func normalised(
        _ masses: [Double], _ side: TransportError.Side
    ) throws(TransportError) -> [Double] {
        let total = try total(masses, side)
        return masses.map { $0 / total }
    }

    private static func total(_ masses: [Double], _ side: TransportError.Side) throws(TransportError) -> Double {
        if let index = masses.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
            throw .mass(side, index: index, value: masses[index])
        }
        let total = masses.reduce(0, +)
        guard total > 0 else { throw .empty(side) }
        guard total.isFinite else { throw .mass(side, index: 0, value: total) }
        return total
    }

    /// The largest magnitude of the costs, and their mean.
    private static func survey(
        _ cost: any TransportCost, _ source: [Double], _ target: [Double], mass: Double
    ) throws(TransportError) -> (largest: Double, mean: Double) {
        let columns = cost.targets
        let room = AlignedBuffer<Double>(count: columns), weights = AlignedBuffer<Double>(count: columns)
        weights.baseAddress.update(from: target, count: columns)
        var largest = 0.0, sum = 0.0
        for row in 0..<cost.sources {
            let costs = cost.row(row, room: room.baseAddress)
            guard Double.isFinite(columns, costs) else {
                let column = (0..<columns).first { !costs[$0].isFinite } ?? 0
                throw .cost(row: row, column: column)
            }
            largest = max(largest, Double.maximumMagnitude(columns, costs))
            sum += source[row] * Double.dot(columns, costs, weights.baseAddress)
        }
        return (largest, sum / (mass * mass))
    }
}

/// Why a transport problem has no solution as it is stated.
public enum TransportError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One of the two measures.
    public enum Side: String, Sendable {
        /// The sources, rows of the plan.
        case source
        /// The targets, columns of the plan.
        case target
    }

    /// A mass is negative or not finite.
    case mass(Side, index: Int, value: Double)
    /// A measure has no mass.
    case empty(Side)
    /// The totals differ.
    case unequalTotals(source: Double, target: Double)
    /// ε is not positive and finite.
    case regularisation(Double)
    /// The strength of a relaxed marginal is not positive and finite.
    case strength(Double)
    /// A cost is not finite.
    case cost(row: Int, column: Int)

    /// One sentence that says what to do.
    public var description: String {
        switch self {
        case .mass(let side, let index, let value):
            "mass \(index + 1) of the \(side.rawValue) is \(value); masses are finite and not negative"
        case .empty(let side): "the \(side.rawValue) has no mass"
        case .unequalTotals(let source, let target):
            "the source has a mass of \(source), the target of \(target); normalise both to the same total"
        case .regularisation(let epsilon): "the regularisation is \(epsilon); it must be positive and finite"
        case .strength(let strength):
            "the strength of a relaxed marginal is \(strength); it must be positive and finite"
        case .cost(let row, let column): "the cost of row \(row + 1), column \(column + 1) is not finite"
        }
    }
}
