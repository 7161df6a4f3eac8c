import LinearAlgebra
import Optimizers
import Randomness

/// PCGrad (arXiv:2001.06782): each gradient loses what points against another one.
///
/// dᵢ = gᵢ; for all j in random order: if d·gⱼ < 0 then d ← d − (d·gⱼ/‖gⱼ‖²) gⱼ with the original gⱼ; g = Σ dᵢ, or its mean.
/// The paper leaves j = i out; its code does not, nor do others, and with three terms or more d can come to point against
/// its own gradient. The order of each step comes from a random stream of its own, whose place is part of the saved state.
public enum ProjectedConflicts: SurgeryMethod {
    /// What users read and set.
    public static let description = SurgeryDescription(
        name: "pcgrad", summary: "projects each gradient off those that it conflicts with", source: "arXiv:2001.06782",
        options: [
            .choice(
                "order", of: ["random", "listed"], default: "random",
                help: "the order in which a gradient meets the others"),
            .choice("reduction", of: ["sum", "mean"], default: "sum", help: "how the projected gradients are joined"),
        ])

    /// The surgery in its initial state.
    public static func make<S: Scalar>(_ terms: SurgeryTerms, options: OptionValues) -> (any GradientSurgery<S>)? {
        ProjectedConflictsState<S>(
            terms.count, stream: RandomStream(seed: terms.seed, name: "gradient surgery"),
            isShuffled: options.word("order") == "random", isMean: options.word("reduction") == "mean")
    }
}

private final class ProjectedConflictsState<S: Scalar>: GradientSurgery {
    private var stream: RandomStream
    private let isShuffled: Bool
    private let factor: Double
    private var order: [Int]
    /// dᵢ = Σ share(k) gₖ, and the sum of them over i.
    private var shares: [Double]
    private var sums: [Double]

    init(_ count: Int, stream: RandomStream, isShuffled: Bool, isMean: Bool) {
        self.stream = stream
        self.isShuffled = isShuffled
        factor = isMean ? 1 / Double(count) : 1
        order = Array(0..<count)
        shares = [Double](repeating: 0, count: count)
        sums = shares
    }

    func join(_ gradients: TermGradients<S>, into gradient: UnsafeMutablePointer<S>) {
        gradients.multiply()
        for k in sums.indices { sums[k] = 0 }
        for i in shares.indices {
            for k in shares.indices { shares[k] = k == i ? 1 : 0 }
            for k in order.indices { order[k] = k }
            if isShuffled { shuffle() }
            for j in order where gradients.product(j, j) > 0 {
                var product = 0.0
                for k in shares.indices { product += shares[k] * gradients.product(k, j) }
                if product < 0 { shares[j] -= product / gradients.product(j, j) }
            }
            for k in sums.indices { sums[k] += factor * shares[k] }
        }
        gradients.sum({ sums[$0] }, into: gradient)
    }

    /// Fisher and Yates.
    private func shuffle() {
        for k in stride(from: order.count - 1, to: 0, by: -1) {
            order.swapAt(k, min(k, Int(stream.uniform() * Double(k + 1))))
        }
    }

    func visitState(_ visitor: StateVisitor<S>) {
        var place = Int(truncatingIfNeeded: stream.position)
        visitor.counter("order", &place)
        stream.move(to: UInt64(bitPattern: Int64(place)))
    }
}
