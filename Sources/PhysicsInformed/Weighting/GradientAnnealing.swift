import LinearAlgebra
import Optimizers

/// Learning-rate annealing (arXiv:2001.04536; SIAM J. Sci. Comput. 43, A3055, 2021): no condition shall be drowned by the
/// equations.
///
/// λ̂ᵢ = max |∇L_r| / mean |∇(λᵢ Lᵢ)| for each condition and set of data, where L_r is the weighted sum of the equations,
/// whose weights stay. Text and code of the paper differ in four things, which are options; the default is the SIAM version:
///
/// - `denominator`: `weighted` as above, or `unweighted`, mean |∇Lᵢ|, as in the arXiv version.
/// - `memory`: 0.9 as in the SIAM version and the code; the arXiv version has 0.1.
/// - `parameters`: `all`, or `matrices` as in the code, which ignores biases (and unknown parameters).
/// - `pooling`: `global` takes maximum and mean over all these parameters. `layers` takes the maximum over all layers and the
///   mean over layers of the mean in each, `layer-ratios` the largest ratio of maximum and mean in one layer, as two of
///   the paper's codes do; unknown parameters belong to no layer and do not count there.
public struct GradientAnnealing: WeightingRule {
    private enum Pooling { case global, layers, layerRatios }

    private let isDenominatorWeighted: Bool
    private let takesMatricesOnly: Bool
    private let pooling: Pooling

    /// What users read and set.
    public static let description = WeightingDescription(
        name: "gradient-annealing",
        summary: "largest gradient of the equations over mean gradient of each condition", source: "arXiv:2001.04536",
        measures: .gradients, comparesWithEquations: true, every: 10,
        options: [
            .choice(
                "denominator", of: ["weighted", "unweighted"], default: "weighted",
                help: "whether the mean gradient of a condition includes its weight"),
            .choice(
                "parameters", of: ["all", "matrices"], default: "all", help: "the parameters whose gradient counts"),
            .choice(
                "pooling", of: ["global", "layers", "layer-ratios"], default: "global",
                help: "over what maximum and mean are taken"),
        ])

    /// Takes the options, checked against the description.
    public init(_ options: OptionValues) {
        isDenominatorWeighted = options.word("denominator") == "weighted"
        takesMatricesOnly = options.word("parameters") == "matrices"
        pooling =
            switch options.word("pooling") {
            case "layers": .layers
            case "layer-ratios": .layerRatios
            default: .global
            }
    }

    /// λ̂ᵢ of conditions and data.
    public func aim<S: Scalar>(_ terms: TermStatistics<S>, _ aims: inout [Double?]) {
        let parts = terms.parts(matricesOnly: takesMatricesOnly, byLayer: pooling != .global)
        for term in aims.indices where !terms.isEquation[term] {
            let ratio =
                switch pooling {
                case .global, .layers:
                    parts.map { terms.largestEquationGradient(in: $0) }.reduce(0, Self.larger)
                        / (parts.map { terms.meanGradient(of: term, in: $0) }.reduce(0, +) / Double(parts.count))
                case .layerRatios:
                    parts.map { part in
                        let mean = terms.meanGradient(of: term, in: part)
                        return mean == 0 ? 0 : terms.largestEquationGradient(in: part) / mean
                    }.reduce(0, Self.larger)
                }
            aims[term] = isDenominatorWeighted ? ratio / terms.weights[term] : ratio
        }
    }

    /// The larger one; not a number if either is none.
    private static func larger(_ a: Double, _ b: Double) -> Double { a.isNaN || a > b ? a : b }
}
