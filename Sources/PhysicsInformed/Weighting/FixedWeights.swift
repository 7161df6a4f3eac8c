import LinearAlgebra
import Optimizers

/// Constants.
public struct FixedWeights: WeightingRule {
    /// What users read and set.
    public static let description = WeightingDescription(
        name: "fixed", summary: "a constant for each term", source: "", measures: .nothing)

    /// There is nothing to take.
    public init(_ options: OptionValues) {}

    /// Aims at nothing.
    public func aim<S: Scalar>(_ terms: TermStatistics<S>, _ aims: inout [Double?]) {}
}
