import LinearAlgebra
import Optimizers

/// Weights that let all terms converge at the same rate, as far as the tangent kernel tells (arXiv:2007.14527; the mean in
/// place of the trace as in arXiv:2308.08468).
///
/// λ̂ᵢ = meanⱼ Kⱼ / Kᵢ over all terms whose weight is not 0, with Kᵢ = mean over points of ‖∂rᵢ/∂θ‖², summed over the
/// components of the residual; unknown parameters count as well.
public struct TangentKernelWeights: WeightingRule {
    /// What users read and set.
    public static let description = WeightingDescription(
        name: "tangent-kernel", summary: "mean trace of the terms' tangent kernels over that of each",
        source: "arXiv:2007.14527", measures: .tangentKernel, every: 1_000)

    /// There is nothing more to take.
    public init(_ options: OptionValues) {}

    /// λ̂ᵢ of all terms.
    public func aim<S: Scalar>(_ terms: TermStatistics<S>, _ aims: inout [Double?]) {
        terms.aimAtMean(&aims) { terms.kernelTraces[$0] }
    }
}
