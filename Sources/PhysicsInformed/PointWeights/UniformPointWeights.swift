import LinearAlgebra
import Optimizers

/// Every point counts alike: λₚ = 1.
public struct UniformPointWeights: PointWeighting {
    /// What users read and set.
    public static let description = PointRuleDescription(
        name: "uniform", summary: "every point counts alike", source: "", options: [])

    /// The rule; there is nothing to set.
    public init(_ options: OptionValues) {}

    /// None: every weight stays 1.
    public func makeRule<S: Scalar>(count: Int) -> (any PointWeightRule<S>)? { nil }
}
