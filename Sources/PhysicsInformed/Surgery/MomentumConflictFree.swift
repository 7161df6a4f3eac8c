import LinearAlgebra
import Optimizers

/// M-ConFIG (arXiv:2408.11104): ConFIG on the mean gradients of the terms, of which a step refreshes one.
///
/// A step refreshes mᵢ ← β₁mᵢ + (1−β₁)gᵢ for one term, in turn (`refresh = "all"`: for all), and hands the bias-corrected
/// means m̂ to ConFIG, which gives ĝ. A pseudo second moment divides it: qₜ = ĝₜ(1−β₁ᵗ), eₜ = (qₜ − β₁qₜ₋₁)/(1−β₁),
/// s ← β₂s + (1−β₂)eₜ², and the step follows ĝ/(√ŝ + ε).
///
/// The first step refreshes all terms, where the authors' code waits until each has had its turn. Since these moments take
/// the place of the optimizer's, the optimizer must be `sgd` without momentum.
public enum MomentumConflictFree: SurgeryMethod {
    /// What users read and set.
    public static let description = SurgeryDescription(
        name: "momentum-config", summary: "ConFIG on moments, one gradient per step; for sgd without momentum",
        source: "arXiv:2408.11104", replacesMoments: true,
        options: [
            .number("beta1", default: 0.9, in: .from(0, below: 1), help: "decay of the mean gradients"),
            .number("beta2", default: 0.999, in: .from(0, below: 1), help: "decay of the pseudo second moment"),
            .number("epsilon", default: 1e-8, in: .above(0), help: "added to the root of the second moment"),
            .choice("refresh", of: ["one", "all"], default: "one", help: "the gradients that a step computes"),
        ])

    /// The surgery in its initial state.
    public static func make<S: Scalar>(_ terms: SurgeryTerms, options: OptionValues) -> (any GradientSurgery<S>)? {
        MomentumConflictFreeState<S>(
            terms, beta1: options.number("beta1"), beta2: options.number("beta2"), epsilon: options.number("epsilon"),
            refreshesAll: options.word("refresh") == "all")
    }
}

private final class MomentumConflictFreeState<S: Scalar>: GradientSurgery {
    private let beta1: Double, beta2: Double, epsilon: Double
    private let refreshesAll: Bool
    private let means: [AlignedBuffer<S>]
    /// The bias-corrected means.
    private let corrected: TermGradients<S>
    /// q and s.
    private let last: AlignedBuffer<S>
    private let squares: AlignedBuffer<S>
    private var direction: ConflictFreeDirection
    private var refreshes: [Int]
    private var steps = 0

    init(_ terms: SurgeryTerms, beta1: Double, beta2: Double, epsilon: Double, refreshesAll: Bool) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.refreshesAll = refreshesAll
        means = (0..<terms.count).map { _ in AlignedBuffer(count: terms.parameterCount) }
        corrected = TermGradients(termCount: terms.count, parameterCount: terms.parameterCount)
        last = AlignedBuffer(count: terms.parameterCount)
        squares = AlignedBuffer(count: terms.parameterCount)
        direction = ConflictFreeDirection(terms.count)
        refreshes = [Int](repeating: 0, count: terms.count)
    }

    var onlyTerm: Int? { steps == 0 || refreshesAll ? nil : steps % means.count }

    func join(_ gradients: TermGradients<S>, into gradient: UnsafeMutablePointer<S>) {
        let count = gradients.parameterCount
        let only = onlyTerm
        for term in means.indices where only == nil || only == term {
            S.scale(count, S(beta1), means[term].baseAddress)
            S.addScaled(count, S(1 - beta1), gradients[term], means[term].baseAddress)
            refreshes[term] += 1
        }
        steps += 1
        for term in means.indices {
            corrected[term].update(repeating: 0, count: count)
            S.addScaled(
                count, S(1 / biasCorrection(beta1, refreshes[term])), means[term].baseAddress, corrected[term])
        }
        direction.find(corrected)
        corrected.sum({ direction.coefficients[$0] }, into: gradient)
        Self.divide(
            count, gradient, last.baseAddress, squares.baseAddress, S(biasCorrection(beta1, steps)), S(beta1),
            S(beta2), S(1 / biasCorrection(beta2, steps)), S(epsilon))
    }

    /// Updates q and s, and divides ĝ by √ŝ + ε.
    @specialized(where S == Double)
    @specialized(where S == Float)
    private static func divide(
        _ count: Int, _ gradient: UnsafeMutablePointer<S>, _ last: UnsafeMutablePointer<S>,
        _ squares: UnsafeMutablePointer<S>, _ growth: S, _ beta1: S, _ beta2: S, _ correction: S, _ epsilon: S
    ) {
        for index in 0..<count {
            let mean = gradient[index] * growth
            let pseudo = (mean - beta1 * last[index]) / (1 - beta1)
            last[index] = mean
            squares[index] = beta2 * squares[index] + (1 - beta2) * pseudo * pseudo
            gradient[index] /= (squares[index] * correction).squareRoot() + epsilon
        }
    }

    func visitState(_ visitor: StateVisitor<S>) {
        visitor.counter("steps", &steps)
        for term in means.indices {
            visitor.below("term \(term + 1)") {
                visitor.counter("refreshes", &refreshes[term])
                visitor.array("mean", means[term])
            }
        }
        visitor.array("last direction", last)
        visitor.array("pseudo second moment", squares)
    }
}
