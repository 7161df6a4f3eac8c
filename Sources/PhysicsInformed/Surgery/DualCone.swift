import LinearAlgebra
import Optimizers

/// Dual cone gradient descent (arXiv:2409.18426): a step that lowers both the equations and the conditions.
///
/// With r = Σ wᵢ∇Lᵢ over the equations and b = Σ wᵢ∇Lᵢ over conditions and data, the step stays in the cone of the vectors
/// that have no negative product with r and b:
///
/// - `center`, with which the paper's results were found: r + b projected on the bisector c = r/‖r‖ + b/‖b‖, which is
///   g = (‖r‖ + ‖b‖)/2 · c.
/// - `projection`: r + b, but without its share along b if (r + b)·b < 0, or along r if (r + b)·r < 0.
/// - `average`: r + b in the cone, otherwise the mean of what is left of it across r and across b.
///
/// Where r or b vanishes, g = r + b.
public enum DualCone: SurgeryMethod {
    fileprivate enum Variant { case center, projection, average }

    /// What users read and set.
    public static let description = SurgeryDescription(
        name: "dcgd", summary: "a direction in the dual cone of equations and conditions", source: "arXiv:2409.18426",
        comparesWithEquations: true,
        options: [
            .choice(
                "variant", of: ["center", "projection", "average"], default: "center",
                help: "which direction of the cone is taken")
        ])

    /// The surgery, which has no state.
    public static func make<S: Scalar>(_ terms: SurgeryTerms, options: OptionValues) -> (any GradientSurgery<S>)? {
        let variant: Variant =
            switch options.word("variant") {
            case "projection": .projection
            case "average": .average
            default: .center
            }
        return DualConeState<S>(terms.isEquation, variant)
    }
}

private final class DualConeState<S: Scalar>: GradientSurgery {
    private let isEquation: [Bool]
    private let variant: DualCone.Variant

    init(_ isEquation: [Bool], _ variant: DualCone.Variant) {
        self.isEquation = isEquation
        self.variant = variant
    }

    func join(_ gradients: TermGradients<S>, into gradient: UnsafeMutablePointer<S>) {
        gradients.multiply()
        // r·r, b·b and r·b.
        var equations = 0.0, conditions = 0.0, product = 0.0
        for i in isEquation.indices {
            for j in isEquation.indices {
                switch (isEquation[i], isEquation[j]) {
                case (true, true): equations += gradients.product(i, j)
                case (false, false): conditions += gradients.product(i, j)
                case (true, false): product += gradients.product(i, j)
                case (false, true): break
                }
            }
        }
        let factors = factors(equations, conditions, product)
        gradients.sum({ isEquation[$0] ? factors.equations : factors.conditions }, into: gradient)
    }

    /// The factors of r and b.
    private func factors(
        _ equations: Double, _ conditions: Double, _ product: Double
    ) -> (equations: Double, conditions: Double) {
        guard equations > 0, conditions > 0 else { return (1, 1) }
        let meetsEquations = equations + product >= 0, meetsConditions = conditions + product >= 0
        switch variant {
        case .center:
            let (r, b) = (equations.squareRoot(), conditions.squareRoot())
            return ((r + b) / (2 * r), (r + b) / (2 * b))
        case .projection:
            if !meetsConditions { return (1, -product / conditions) }
            return meetsEquations ? (1, 1) : (-product / equations, 1)
        case .average:
            if meetsEquations, meetsConditions { return (1, 1) }
            return ((1 - product / equations) / 2, (1 - product / conditions) / 2)
        }
    }

    func visitState(_ visitor: StateVisitor<S>) {}
}
