/// The energy that a Wasserstein gradient flow descends: E(ρ) = ∫ U(ρ) + ∫ V ρ + ½ ∬ W(x − y) ρ(x) ρ(y).
///
/// The flow is ∂ρ/∂t = ∇·(ρ ∇(U′(ρ) + V + W∗ρ)).
public struct FlowEnergy: Sendable {
    /// The part that depends on the density at a point.
    public enum Internal: Sendable, Equatable {
        /// None: the flow is a pure drift.
        case none
        /// D ρ (log ρ − 1): linear diffusion D Δρ.
        case entropy(diffusion: Double)
        /// κ ρ^m/(m − 1), m > 1: diffusion κ Δρ^m.
        case power(exponent: Double, coefficient: Double)
    }

    /// U
    public var internalEnergy: Internal
    /// V at the nodes; empty for none.
    public var potential: [Double]
    /// W as a function of the difference of two points, with W(−z) = W(z); nil for none.
    public var interaction: (@Sendable ([Double]) -> Double)?

    /// Joins parts.
    public init(
        _ internalEnergy: Internal, potential: [Double] = [], interaction: (@Sendable ([Double]) -> Double)? = nil
    ) {
        self.internalEnergy = internalEnergy
        self.potential = potential
        self.interaction = interaction
    }
}

/// Why a flow cannot be computed as it is stated.
public enum FlowError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A mass is negative or not finite.
    case mass(index: Int, value: Double)
    /// No mass at all.
    case empty
    /// The time step is not positive.
    case step(Double)
    /// The exponent of a power is not above 1.
    case exponent(Double)
    /// A coefficient of diffusion is negative.
    case diffusion(Double)
    /// A value of the potential is not finite.
    case potential(index: Int)
    /// The kernel is narrower than a cell.
    case narrowKernel(regularisation: Double, least: Double)
    /// The smoothing of the kernel is more than the diffusion that is asked for.
    case tooMuchDiffusion(regularisation: Double, most: Double)
    /// An interaction wants equally spaced nodes.
    case unevenNodes(axis: Int)

    /// One sentence that says what to do.
    public var description: String {
        switch self {
        case .mass(let index, let value): "mass \(index + 1) is \(value); masses are finite and not negative"
        case .empty: "the initial density has no mass"
        case .step(let step): "the time step is \(step); it must be positive and finite"
        case .exponent(let exponent): "the exponent is \(exponent); porous-medium flows want one above 1"
        case .diffusion(let value): "the diffusion is \(value); it must be positive and finite"
        case .potential(let index): "the potential at node \(index + 1) is not finite"
        case .narrowKernel(let value, let least):
            "the regularisation \(value) is too small for this grid; take at least 2 dx^2 = \(least), or a finer grid"
        case .tooMuchDiffusion(let value, let most):
            "the regularisation \(value) diffuses more than the equation does; take at most 4 h D = \(most), "
                + "or a longer time step"
        case .unevenNodes(let axis): "axis \(axis + 1) has unequally spaced nodes; an interaction wants equal ones"
        }
    }
}
