import Foundation
import Parallelism
import Randomness

/// Learns the numbers of a multigrid cycle on random domains, so that few steps of conjugate gradients remove much of the residual.
///
/// A sample is a domain and either an error e with r = A e, or a right-hand side. Its loss has two parts, both in decimal digits per step:
///
/// - of k steps: log₁₀(‖r_k‖/‖r₀‖)/k;
/// - of one step from an error: ½ log₁₀(1 − (rᵀz)²/(zᵀA z · eᵀr)) with z = B r, the contraction in the energy norm, for drawn errors and for
///   those that k steps with the present numbers have left, which the cycle finds hardest.
///
/// Minimised is the mean over samples plus a quarter of that of the worst quarter, by covariance matrix adaptation: there are some twenty numbers, and a
/// loss takes milliseconds. Candidates whose smoother could make the cycle indefinite are refused. The same seed gives the same numbers for
/// any number of threads if it runs to its number of generations.
public struct MultigridTraining: Sendable {
    /// Domains to draw from.
    public var family = DomainFamily()
    /// Applications of D⁻¹ in the smoothers of the finest and of the coarser levels.
    public var degrees = (finest: 3, coarser: 4)
    /// Generations of candidates.
    public var generations = 200
    /// Samples that each generation is judged by.
    public var batch = 20
    /// Steps of conjugate gradients.
    public var steps = 5
    /// The seed.
    public var seed: UInt64 = 1

    /// The usual settings.
    public init() {}

    /// What training begins with.
    public var start: MultigridCoefficients {
        .standard(degree: degrees.finest, coarser: degrees.coarser, dimensions: family.dimensions)
    }

    /// How many numbers there are.
    public var numberCount: Int { start.vector.count }

    /// How far training is.
    public struct Progress: Sendable {
        /// Generations so far.
        public var generation: Int
        /// The loss of the present numbers on this generation's samples, in digits per step, negative.
        public var loss: Double
        /// That of the numbers that training began with, on the same samples.
        public var standardLoss: Double
        /// The size of steps.
        public var sigma: Double
        /// Seconds so far.
        public var seconds: Double
    }

    /// What came of it.
    public struct Outcome: Sendable {
        /// The numbers.
        public var numbers: MultigridCoefficients
        /// A line per reported generation.
        public var history: [Progress]
        /// Losses that were computed.
        public var evaluations: Int
        /// Seconds in all.
        public var seconds: Double
        /// Whether the watcher ended it early.
        public var isInterrupted: Bool
    }

    /// Trains.
    ///
    /// - Parameter watch: called after every generation, every tenth time with how far it is; ends the training when it says false.
    public func train(pool: WorkerPool, watch: (Progress?) -> Bool = { _ in true }) -> Outcome {
        let clock = ContinuousClock()
        let began = clock.now
        let standard = start
        var strategy = EvolutionStrategy(
            mean: standard.vector, sigma: 0.05, stream: RandomStream(seed: seed, name: "evolution"))
        var history: [Progress] = []
        var evaluations = 0
        var isInterrupted = false
        var replayed: [TrainingSample] = []
        // The mean of the last generations, which the noise of single batches moves about.
        var average = standard.vector.map { _ in 0.0 }
        var averaged = 0.0
        for generation in 1...generations {
            let fresh = (0..<batch - replayed.count).map { number in
                TrainingSample(
                    family, number: number, index: generation * batch + number, seed: seed, pool: WorkerPool(threads: 1)
                )
            }
            let samples = fresh + replayed
            let candidates = strategy.draw()
            let losses = losses(candidates, standard, samples, pool)
            evaluations += candidates.count * samples.count
            strategy.learn(candidates, losses: losses)
            let share = min(1, 10 / Double(generations))
            average = zip(average, strategy.mean).map { (1 - share) * $0 + share * $1 }
            averaged = (1 - share) * averaged + share
            let present = standard.replaced(by: strategy.mean)
            if Self.areAllowed(present) {
                replayed = fresh.prefix(batch / 2).compactMap { $0.left(by: present, steps: steps) }
            }
            guard generation.isMultiple(of: 10) || generation == generations else {
                isInterrupted = !watch(nil)
                if isInterrupted { break }
                continue
            }
            let progress = Progress(
                generation: generation, loss: loss(present, samples), standardLoss: loss(standard, samples),
                sigma: strategy.sigma, seconds: (clock.now - began) / .seconds(1))
            history.append(progress)
            isInterrupted = !watch(progress)
            if isInterrupted { break }
        }
        let last = standard.replaced(by: strategy.mean)
        let smooth = standard.replaced(by: average.map { $0 / averaged })
        return Outcome(
            numbers: Self.areAllowed(smooth) ? smooth : Self.areAllowed(last) ? last : standard, history: history,
            evaluations: evaluations,
            seconds: (clock.now - began) / .seconds(1), isInterrupted: isInterrupted)
    }

    /// A smoother must keep away from the bound of 2: rounding and the bytes of weights take their part.
    private static let largestBound = 1.9
    /// What the worst quarter of the samples adds: much of it would make what is easy slow for what few numbers cannot change.
    private static let worstWeight = 0.25

    /// Whether a cycle with these numbers is positive definite, and no part of it is switched off.
    private static func areAllowed(_ numbers: MultigridCoefficients) -> Bool {
        let parts =
            numbers.boundary + numbers.faces.dropFirst() + numbers.ties
            + [numbers.finestCorrection, numbers.coarserCorrection]
        return numbers.smootherBound < largestBound && parts.allSatisfy { $0 > 0.02 }
            && numbers.boosts.allSatisfy { $0 >= 0 }
    }

    private func losses(
        _ candidates: [[Double]], _ standard: MultigridCoefficients, _ samples: [TrainingSample], _ pool: WorkerPool
    ) -> [Double] {
        let results = UnsafeMutableBufferPointer<Double>.allocate(capacity: candidates.count)
        defer { results.deallocate() }
        nonisolated(unsafe) let losses = results
        pool.forEach(candidates.count) { number in
            losses[number] = loss(standard.replaced(by: candidates[number]), samples)
        }
        return Array(results)
    }

    /// The loss of numbers on samples; larger than any other where they are not allowed.
    private func loss(_ numbers: MultigridCoefficients, _ samples: [TrainingSample]) -> Double {
        guard Self.areAllowed(numbers)
        else { return 1e3 + numbers.vector.reduce(0) { $0 + $1 * $1 } }
        let losses = samples.map { $0.loss(numbers, steps: steps) }.sorted()
        let worst = losses.suffix(max(1, losses.count / 4))
        return losses.reduce(0, +) / Double(losses.count) + Self.worstWeight * worst.reduce(0, +) / Double(worst.count)
    }
}
