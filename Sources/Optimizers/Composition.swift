import LinearAlgebra

/// The rule θ ← θ − η u, where a transform makes the update u from the gradient, together with weight decay.
public final class Composition<S: Scalar>: BlockRule {
    private let transform: any Transform<S>
    private let decay: WeightDecay
    private let update: AlignedBuffer<S>

    /// A rule for one block.
    public init(_ block: BlockShape, _ transform: any Transform<S>, decay: WeightDecay = .none) {
        self.transform = transform
        self.decay = decay
        update = AlignedBuffer(count: block.count)
    }

    /// Lets the transform look at all blocks.
    public func prepare(_ group: BlockGroup<S>) {
        transform.prepare(group)
    }

    /// Moves the block once.
    public func step(_ step: BlockStep<S>) {
        let count = update.count
        let u = update.baseAddress
        let parameters = step.parameters
        u.update(from: step.gradient, count: count)
        if case .coupled(let strength) = decay { Kernels.combine(count, 1, u, strength, UnsafePointer(parameters)) }
        var context = TransformContext(step)
        transform.apply(u, &context)
        if context.skipsStep { return }
        // After the transform, because some transforms set the decay's factor.
        if case .before(let strength) = decay {
            S.scale(count, S(1 - step.rate * strength * context.decayFactor), parameters)
        }
        Kernels.combine(count, 1, parameters, -step.rate, UnsafePointer(u))
        switch decay {
        case .after(let strength): S.scale(count, S(1 - step.rate * strength * context.decayFactor), parameters)
        case .proximal(let strength): S.scale(count, S(1 / (1 + step.rate * strength)), parameters)
        case .none, .coupled, .before: break
        }
    }

    /// Shows the transform's state.
    public func visitState(_ visitor: StateVisitor<S>) {
        transform.visitState(visitor)
    }
}

/// How weights are drawn towards zero, with strength λ; η is the learning rate.
public enum WeightDecay: Sendable, Equatable {
    /// Not at all.
    case none
    /// g ← g + λθ before everything else: the gradient of λ|θ|²/2.
    case coupled(Double)
    /// θ ← (1 − ηλ) θ before the update is subtracted.
    case before(Double)
    /// θ ← (1 − ηλ) θ after the update is subtracted.
    case after(Double)
    /// θ ← θ / (1 + ηλ) after the update is subtracted.
    case proximal(Double)
}
