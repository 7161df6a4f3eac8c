import LinearAlgebra
import Optimizers

/// SAM-GS, similarity-aware momentum gradient surgery (arXiv:2506.06130).
///
/// Ψ is the mean over pairs of 2‖gᵢ‖‖gⱼ‖/(‖gᵢ‖² + ‖gⱼ‖²). Each step updates mᵢ ← β₁mᵢ + (1−β₁)gᵢ and the number
/// h ← β₂h + (1−β₂)(1−Ψ)² + ε, both corrected for their start from 0. Gradients of unlike length, Ψ < γ, are made equally
/// long: g = K Σᵢ (meanⱼ‖gⱼ‖/‖gᵢ‖) gᵢ; others are modulated: g = K Σᵢ (|m̂ᵢ|/√ĥ) ⊙ gᵢ. The factor K, the number of terms,
/// is that of the released code. Gradients that vanish take no part.
public enum SimilarityAware: SurgeryMethod {
    /// What users read and set.
    public static let description = SurgeryDescription(
        name: "sam-gs", summary: "equal lengths for unlike gradients, modulation by momentum for like ones",
        source: "arXiv:2506.06130",
        options: [
            .number("beta1", default: 0.9, in: .from(0, below: 1), help: "decay of the mean gradients"),
            .number("beta2", default: 0.99, in: .from(0, below: 1), help: "decay of the squared dissimilarity"),
            .number("gamma", default: 0.1, in: .atLeast(0), help: "similarity below which lengths are made equal"),
            .number("epsilon", default: 1e-8, in: .above(0), help: "added to the squared dissimilarity"),
        ])

    /// The surgery in its initial state.
    public static func make<S: Scalar>(_ terms: SurgeryTerms, options: OptionValues) -> (any GradientSurgery<S>)? {
        SimilarityAwareState<S>(terms, options)
    }
}

private final class SimilarityAwareState<S: Scalar>: GradientSurgery {
    private let beta1: Double, beta2: Double, gamma: Double, epsilon: Double
    private let means: [AlignedBuffer<S>]
    private var lengths: [Double]
    private var dissimilarity = 0.0
    private var steps = 0

    init(_ terms: SurgeryTerms, _ options: OptionValues) {
        beta1 = options.number("beta1")
        beta2 = options.number("beta2")
        gamma = options.number("gamma")
        epsilon = options.number("epsilon")
        means = (0..<terms.count).map { _ in AlignedBuffer(count: terms.parameterCount) }
        lengths = [Double](repeating: 0, count: terms.count)
    }

    func join(_ gradients: TermGradients<S>, into gradient: UnsafeMutablePointer<S>) {
        let count = gradients.parameterCount
        let termCount = means.count
        for i in 0..<termCount {
            lengths[i] = S.sumOfSquares(count, gradients[i]).squareRoot()
            S.scale(count, S(beta1), means[i].baseAddress)
            S.addScaled(count, S(1 - beta1), gradients[i], means[i].baseAddress)
        }
        let similarity = meanSimilarity
        steps += 1
        dissimilarity = beta2 * dissimilarity + (1 - beta2) * (1 - similarity) * (1 - similarity) + epsilon
        if similarity < gamma {
            var sum = 0.0
            for length in lengths { sum += length }
            gradients.sum({ lengths[$0] > 0 ? sum / lengths[$0] : 0 }, into: gradient)
        } else {
            gradient.update(repeating: 0, count: count)
            let root = (dissimilarity / biasCorrection(beta2, steps)).squareRoot()
            let factor = S(Double(termCount) / (biasCorrection(beta1, steps) * root))
            for i in 0..<termCount {
                Self.addModulated(count, factor, means[i].baseAddress, gradients[i], gradient)
            }
        }
    }

    /// Ψ; pairs of gradients that both vanish count as alike.
    private var meanSimilarity: Double {
        var sum = 0.0, pairs = 0.0
        for i in lengths.indices {
            for j in i + 1..<max(i + 1, lengths.count) {
                let squares = lengths[i] * lengths[i] + lengths[j] * lengths[j]
                sum += squares > 0 ? 2 * lengths[i] * lengths[j] / squares : 1
                pairs += 1
            }
        }
        return sum / pairs
    }

    /// y ← y + factor · |m| ⊙ g
    @specialized(where S == Double)
    @specialized(where S == Float)
    private static func addModulated(
        _ count: Int, _ factor: S, _ mean: UnsafeMutablePointer<S>, _ gradient: UnsafeMutablePointer<S>,
        _ target: UnsafeMutablePointer<S>
    ) {
        for index in 0..<count { target[index] += factor * mean[index].magnitude * gradient[index] }
    }

    func visitState(_ visitor: StateVisitor<S>) {
        visitor.counter("steps", &steps)
        visitor.number("dissimilarity", &dissimilarity)
        for term in means.indices { visitor.below("term \(term + 1)") { visitor.array("mean", means[term]) } }
    }
}
