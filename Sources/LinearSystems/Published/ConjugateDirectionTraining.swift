import Glibc
import LinearAlgebra
import Parallelism
import Randomness

/// Training of a ``ConjugateDirectionNetwork`` on right-hand sides of the empty box, without solutions.
///
/// Adam (β = 0.9, 0.999, ε = 10⁻⁷) lowers the mean over a batch of ‖r − α A f(r)‖². The published recipe is 20,000 samples of 10,000 Ritz
/// vectors at 64³ or 128³, batches of 10, and a constant rate of 10⁻⁴ for up to 1,000 epochs.
public struct ConjugateDirectionTraining: Sendable, Equatable {
    /// The network.
    public var architecture = ConjugateDirectionArchitecture.published64
    /// Cells along each edge of the box; even.
    public var edge = 32
    /// Lanczos vectors.
    public var ritzVectors = 3_000
    /// Samples to learn from.
    public var samples = 2_000
    /// Samples held back, on which the loss is watched.
    public var heldBack = 50
    /// Passes over the samples.
    public var epochs = 5
    /// Samples of a step.
    public var batch = 10
    /// Adam's rate at the start.
    public var rate = 1e-4
    /// The rate falls to this share of it, along a half wave of the cosine; 1 is a constant rate.
    public var finalShare = 1.0
    /// What everything random follows from.
    public var seed: UInt64 = 0

    /// The defaults.
    public init() {}

    /// A line of the history.
    public struct Epoch: Sendable, Equatable {
        /// Passes over the samples; 0 for the start.
        public var epoch: Int
        /// Mean loss of the epoch's steps, each before its update; nil for the start.
        public var loss: Double?
        /// Mean loss of the samples held back, after the epoch.
        public var heldBackLoss: Double
        /// Seconds of training so far, without those of the data.
        public var seconds: Double
    }

    /// What training gave.
    public struct Outcome: Sendable {
        /// The network with the lowest loss on the samples held back.
        public var network: ConjugateDirectionNetwork
        /// The epoch of that network.
        public var epoch: Int
        /// A line for the start and every epoch.
        public var history: [Epoch]
        /// Seconds for Lanczos vectors and samples.
        public var dataSeconds: Double
        /// How often the Krylov space was used up.
        public var restarts: Int
        /// Whether all epochs were run.
        public var isComplete: Bool
    }

    /// Why there is no network.
    public enum Failure: Error, Equatable, CustomStringConvertible {
        /// The eigenvalues of the Lanczos matrix were not found.
        case noEigenvalues
        /// The loss is no number after so many steps; a smaller rate helps.
        case notFinite(step: Int)

        /// What is wrong and what to do.
        public var description: String {
            switch self {
            case .noEigenvalues: "the eigenvalues of the Lanczos matrix were not found; use fewer Ritz vectors"
            case .notFinite(let step): "the loss is no number after \(step) steps; use a smaller rate"
            }
        }
    }

    /// Steps in all.
    public var steps: Int { epochs * ((samples + batch - 1) / batch) }

    /// Trains.
    ///
    /// - Parameter watch: called after every step and every epoch with the history's newest line; training ends when it says false.
    public func run(
        pool: WorkerPool, watch: (Epoch, _ step: Int) -> Bool = { _, _ in true }
    ) throws(Failure) -> Outcome {
        let clock = ContinuousClock()
        let beginning = clock.now
        guard let data = RitzSamples(edge: edge, ritzVectors: ritzVectors, seed: seed, pool: pool) else {
            throw .noEigenvalues
        }
        let drawn = data.draw(samples, seed: seed, name: "linear-systems/training-samples")
        let kept = data.draw(heldBack, seed: seed, name: "linear-systems/held-back-samples")
        let dataSeconds = (clock.now - beginning) / .seconds(1)
        let worker = TrainingWorker(self, pool: pool)
        let start = clock.now
        var network = ConjugateDirectionNetwork(architecture, seed: seed)
        worker.load(network)
        var history = [
            Epoch(epoch: 0, loss: nil, heldBackLoss: worker.meanLoss(kept, heldBack), seconds: 0)
        ]
        var best = (loss: history[0].heldBackLoss, epoch: 0, network: network)
        var order = Array(0..<samples)
        var shuffle = RandomStream(seed: seed, name: "linear-systems/order-of-samples")
        var step = 0
        var isComplete = true
        epochs: for epoch in 1...max(1, epochs) where epochs > 0 {
            order.shuffle(using: &shuffle)
            var sum = 0.0
            for first in stride(from: 0, to: samples, by: batch) {
                let chosen = order[first..<min(first + batch, samples)]
                let loss = worker.step(chosen, of: drawn, number: step, rate: rate(at: step))
                guard loss.isFinite else { throw .notFinite(step: step) }
                sum += loss * Double(chosen.count)
                step += 1
                if let last = history.last, !watch(last, step) {
                    isComplete = false
                    break epochs
                }
            }
            network = worker.network()
            let line = Epoch(
                epoch: epoch, loss: sum / Double(samples), heldBackLoss: worker.meanLoss(kept, heldBack),
                seconds: (clock.now - start) / .seconds(1))
            guard line.heldBackLoss.isFinite else { throw .notFinite(step: step) }
            history.append(line)
            if line.heldBackLoss < best.loss { best = (line.heldBackLoss, epoch, network) }
            if !watch(line, step) {
                isComplete = epoch == epochs
                break
            }
        }
        return Outcome(
            network: best.network, epoch: best.epoch, history: history, dataSeconds: dataSeconds,
            restarts: data.restarts, isComplete: isComplete)
    }

    /// The rate of a step.
    package func rate(at step: Int) -> Double {
        let part = Double(step) / Double(max(1, steps))
        return rate * (finalShare + (1 - finalShare) * 0.5 * (1 + cos(.pi * part)))
    }
}
