import LinearAlgebra
import Networks
import Optimizers
import Randomness

/// When gradients of the loss terms are looked at one by one.
public struct GradientSettings: Sendable, Equatable {
    /// Steps between two looks.
    public var every: Int
    /// Whether the largest eigenvalue of each term's Hessian is computed as well.
    public var findsStiffness: Bool

    /// Joins the two.
    public init(every: Int, findsStiffness: Bool = false) {
        precondition(every > 0, "there is at least one step between two looks")
        self.every = every
        self.findsStiffness = findsStiffness
    }
}

/// Takes the gradients of the loss terms one by one; nothing in training depends on it.
final class GradientObservation<S: Scalar> {
    private let settings: GradientSettings
    private let loss: LossFunction<S>
    private let problem: CollocationProblem
    private let network: Network
    private let seed: UInt64
    private let layers: [[Range<Int>]]
    private let gradients: [AlignedBuffer<S>]
    private var lastStep = -1

    init(
        _ settings: GradientSettings, problem: CollocationProblem, network: Network, loss: LossFunction<S>, seed: UInt64
    ) {
        self.settings = settings
        self.problem = problem
        self.network = network
        self.loss = loss
        self.seed = seed
        layers = network.layout.layers.map(\.ranges)
        gradients = loss.termNames.map { _ in AlignedBuffer(count: loss.parameterCount) }
    }

    /// Whether a look is due before the step of this number.
    func isDue(at step: Int) -> Bool { step % settings.every == 0 }

    /// What is seen at the parameters; nil if this step was looked at before, or where a gradient is not finite.
    func snapshot(at step: Int, _ parameters: UnsafePointer<S>) throws -> GradientSnapshot? {
        guard step != lastStep else { return nil }
        lastStep = step
        _ = loss.evaluateSeparately(parameters, gradients: gradients.map(\.baseAddress))
        let count = network.layout.count
        guard gradients.allSatisfy({ S.isFinite(count, $0.baseAddress) }) else { return nil }
        let converted = gradients.map { gradient in
            [Double](unsafeUninitializedCapacity: count) { values, initialized in
                if let start = values.baseAddress { S.convert(count, from: gradient.baseAddress, to: start) }
                initialized = count
            }
        }
        return GradientSnapshot(
            step: step, weights: loss.weights, gradients: converted, layers: layers,
            stiffness: settings.findsStiffness
                ? try stiffness(parameters, step) : loss.termNames.map { _ in Double.nan })
    }

    /// The largest eigenvalue of each term's Hessian; the vector to start from has a stream of its own.
    private func stiffness(_ parameters: UnsafePointer<S>, _ step: Int) throws -> [Double] {
        let products = try HessianProducts(problem, network: network, loss: loss)
        products.prepare(parameters)
        return loss.termNames.indices.map { term in
            var stream = RandomStream(seed: seed, name: "stiffness of \(loss.termNames[term])")
            return Lanczos().largestEigenvalue(count: products.count, stream: &stream) {
                products.multiply(term, $0, into: $1)
            }.eigenvalue
        }
    }
}

extension Trainer {
    /// Hands over the gradients of the terms if a look at them is due, or `isLast`.
    func observeGradients(_ observer: any TrainingObserver, at parameters: AlignedBuffer<S>, isLast: Bool = false)
        throws
    {
        guard let observation, isLast || observation.isDue(at: position.step),
            let snapshot = try observation.snapshot(at: position.step, parameters.baseAddress)
        else { return }
        try observer.observed(snapshot)
    }
}
