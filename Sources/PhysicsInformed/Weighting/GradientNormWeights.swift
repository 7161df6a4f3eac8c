import LinearAlgebra
import Optimizers

/// Weights that make the gradients of all weighted terms equally long (arXiv:2308.08468, the expert's guide).
///
/// λ̂ᵢ = meanⱼ ‖∇Lⱼ‖ / ‖∇Lᵢ‖ over all terms whose weight is not 0, equations included.
public struct GradientNormWeights: WeightingRule {
    /// What users read and set.
    public static let description = WeightingDescription(
        name: "gradient-norm", summary: "mean norm of the terms' gradients over that of each",
        source: "arXiv:2308.08468",
        measures: .gradients, every: 1_000)

    /// There is nothing more to take.
    public init(_ options: OptionValues) {}

    /// λ̂ᵢ of all terms.
    public func aim<S: Scalar>(_ terms: TermStatistics<S>, _ aims: inout [Double?]) {
        terms.aimAtMean(&aims) { terms.gradientNorm(of: $0) }
    }
}
