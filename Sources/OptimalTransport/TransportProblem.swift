/// Entropic optimal transport between two discrete measures.
///
/// Among all plans P ≥ 0 with row sums a and column sums b, find the one with the least ⟨C, P⟩ + ε Σ P (log P − 1). It is
/// P_ij = exp((x_i + y_j − c_ij)/ε) with potentials x and y that maximise the concave dual
///
///     f(x, y) = Σ a_i x_i + Σ b_j y_j − ε Σ P_ij.
public struct TransportProblem: Sendable {
    /// Masses of the sources a.
    public let source: [Double]
    /// Masses of the targets b.
    public let target: [Double]
    /// Costs C.
    public let cost: any TransportCost
    /// The regularisation ε, in the unit of the costs.
    public let epsilon: Double

    /// Joins the parts.
    ///
    /// - Throws: ``TransportError`` when masses are negative, not finite, all zero, or of different total; or when ε is not
    ///   positive.
    public init(source: [Double], target: [Double], cost: any TransportCost, epsilon: Double) throws(TransportError) {
        precondition(source.count == cost.sources && target.count == cost.targets, "a mass for each row and column")
        guard epsilon > 0, epsilon.isFinite else { throw .regularisation(epsilon) }
        for (side, masses) in [(TransportError.Side.source, source), (.target, target)] {
            guard masses.contains(where: { $0 != 0 }) else { throw .empty(side) }
            if let index = masses.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
                throw .mass(side, index: index, value: masses[index])
            }
        }
        let totals = (source.reduce(0, +), target.reduce(0, +))
        guard abs(totals.0 - totals.1) <= 1e-12 * max(totals.0, totals.1) * Double(source.count + target.count) else {
            throw .unequalTotals(source: totals.0, target: totals.1)
        }
        self.source = source
        self.target = target
        self.cost = cost
        self.epsilon = epsilon
    }

    /// The total mass.
    public var mass: Double { source.reduce(0, +) }
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
        case .cost(let row, let column): "the cost of row \(row + 1), column \(column + 1) is not finite"
        }
    }
}
