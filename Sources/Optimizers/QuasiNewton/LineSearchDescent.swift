import Glibc
import LinearAlgebra

/// Steps along −Hg whose length a line search finds, H being what an estimate has learned of the inverse Hessian.
///
/// Without pairs H is the identity, and the first trial step is then min(1, 1/‖g‖₁), later 1. When −Hg is no direction
/// of descent, or the loss does not fall along it, all that was learned is given up and the step starts again from
/// steepest descent.
public final class LineSearchDescent<S: Scalar>: QuasiNewtonOptimizer {
    /// What can be set.
    public struct Settings: Sendable, Equatable {
        /// Whether the length of the step is searched for; otherwise it is `step`, whatever becomes of the loss.
        public var searchesLine = true
        /// The first trial length.
        public var step = 1.0
        /// Converged when the largest entry of the gradient is at most this.
        public var gradientTolerance = 1e-12
        /// Converged when the loss changes by at most this, relative to itself; 0 turns the rule off.
        public var changeTolerance = 0.0
        /// Steps in a row without visible decrease and without a smaller gradient after which to give up.
        public var patience = 20
        /// The line search; losses are taken to be known to a relative ε^⅔ of the format.
        public var search = StrongWolfeSearch(resolution: S.precision == .double ? 4e-11 : 2.5e-5)

        /// The usual constants.
        public init() {}
    }

    /// What was set.
    public let settings: Settings
    /// Evaluations of loss and gradient so far.
    public private(set) var evaluations = 0
    /// What is known of the last step that moved the parameters.
    public private(set) var lastStep: QuasiNewtonStep?
    /// Times that all curvature was given up, by reason.
    public private(set) var restarts = RestartCounts()
    /// Curvature pairs that the estimate was made from since it was the identity.
    public var pairCount: Int { memory.pairCount }

    private let count: Int
    private let memory: any CurvatureEstimate<S>
    /// The last good point, its gradient and its loss.
    private let point: AlignedBuffer<S>
    private let gradient: AlignedBuffer<S>
    private var loss = 0.0
    private var isPointKnown = 0
    private let direction: AlignedBuffer<S>
    private let trialPoint: AlignedBuffer<S>
    private let trialGradient: AlignedBuffer<S>
    /// Trial points of the latest search, other than its start, by whether loss and gradient were finite.
    private var trialsWithValue = 0
    private var trialsWithoutValue = 0
    private var leastGradient = 0.0
    private var fruitlessSteps = 0

    /// An optimizer for `count` parameters.
    init(count: Int, settings: Settings, memory: any CurvatureEstimate<S>) {
        self.count = count
        self.settings = settings
        self.memory = memory
        point = AlignedBuffer(count: count)
        gradient = AlignedBuffer(count: count)
        direction = AlignedBuffer(count: count)
        trialPoint = AlignedBuffer(count: count)
        trialGradient = AlignedBuffer(count: count)
    }

    /// Forgets the loss, which is another function from now on, and, unless it is to be kept, all curvature.
    public func lossChanged(keepingMemory: Bool) {
        isPointKnown = 0
        fruitlessSteps = 0
        leastGradient = 0
        if !keepingMemory { memory.clear() }
    }

    /// Moves the parameters once.
    public func step(
        parameters: UnsafeMutablePointer<S>,
        evaluate: (_ parameters: UnsafePointer<S>, _ gradient: UnsafeMutablePointer<S>) -> Double
    ) -> QuasiNewtonOutcome {
        guard begin(at: UnsafePointer(parameters), evaluate) else { return .notFinite }
        let magnitude = Double(S.maximumMagnitude(count, gradient.baseAddress))
        if magnitude <= settings.gradientTolerance { return .converged(.gradient) }
        let evaluationsBefore = evaluations

        var isRestart = memory.pairCount == 0
        var slope = makeDirection()
        if !(slope < 0 && slope.isFinite) {
            if !isRestart { restarts.directionsUphill += 1 }
            memory.clear()
            isRestart = true
            slope = makeDirection()
        }
        guard slope < 0, slope.isFinite else { return .stalled(.noDecrease) }
        while true {
            let first =
                isRestart
                ? settings.step * min(1, 1 / Kernels.sumOfMagnitudes(count, UnsafePointer(gradient.baseAddress)))
                : settings.step
            let start = StrongWolfeSearch.Sample(step: 0, value: loss, slope: slope)
            let result = search(from: start, first: first, evaluate)
            if let acceptance = result.acceptance, !isTrialAtPoint {
                return accept(
                    result.sample, acceptance, slopeBefore: slope, evaluationsBefore: evaluationsBefore,
                    isRestart: isRestart, parameters)
            }
            if isRestart {
                if trialsWithValue == 0 && trialsWithoutValue > 0 { return .stalled(.notFiniteAhead) }
                return .stalled(isTrialAtPoint ? .stepTooSmall : .noDecrease)
            }
            restarts.failedSearches += 1
            memory.clear()
            isRestart = true
            slope = makeDirection()
        }
    }

    /// Shows memory, point, gradient and counters: with them a run continues bit for bit.
    public func visitState(_ visitor: StateVisitor<S>) {
        visitor.visit("memory", memory)
        visitor.array("point", point)
        visitor.array("gradient", gradient)
        visitor.number("loss", &loss)
        visitor.number("least gradient", &leastGradient)
        visitor.counter("point known", &isPointKnown)
        visitor.counter("fruitless steps", &fruitlessSteps)
        visitor.counter("evaluations", &evaluations)
        visitor.counter("restarts uphill", &restarts.directionsUphill)
        visitor.counter("restarts failed search", &restarts.failedSearches)
    }

    /// Evaluates at the parameters unless that was done before; false if there is nothing finite.
    private func begin(
        at parameters: UnsafePointer<S>, _ evaluate: (UnsafePointer<S>, UnsafeMutablePointer<S>) -> Double
    ) -> Bool {
        if isPointKnown == 1, areEqual(parameters, point.baseAddress) { return true }
        memory.forgetGradient()
        point.baseAddress.update(from: parameters, count: count)
        loss = evaluate(point.baseAddress, gradient.baseAddress)
        evaluations += 1
        let isFinite = loss.isFinite && S.isFinite(count, gradient.baseAddress)
        isPointKnown = isFinite ? 1 : 0
        return isFinite
    }

    /// p ← −Hg; returns gᵀp.
    private func makeDirection() -> Double {
        let p = direction.baseAddress
        memory.makeDirection(from: gradient.baseAddress, into: p)
        return S.dot(count, gradient.baseAddress, p)
    }

    /// Finds a step; afterwards the trial point and its gradient are those of the sample in the result.
    private func search(
        from start: StrongWolfeSearch.Sample, first: Double,
        _ evaluate: (UnsafePointer<S>, UnsafeMutablePointer<S>) -> Double
    ) -> StrongWolfeSearch.Result {
        (trialsWithValue, trialsWithoutValue) = (0, 0)
        guard settings.searchesLine else {
            let sample = sample(at: first, evaluate)
            return StrongWolfeSearch.Result(
                sample: sample, acceptance: sample.isFinite ? .unconditional : nil, evaluations: 1,
                isLatest: true)
        }
        var result = settings.search.search(from: start, first: first) { sample(at: $0, evaluate) }
        if !result.isLatest && result.sample.step > 0 { result.sample = sample(at: result.sample.step, evaluate) }
        return result
    }

    private func sample(
        at step: Double, _ evaluate: (UnsafePointer<S>, UnsafeMutablePointer<S>) -> Double
    ) -> StrongWolfeSearch.Sample {
        let trial = trialPoint.baseAddress
        trial.update(from: point.baseAddress, count: count)
        S.addScaled(count, S(step), direction.baseAddress, trial)
        let value = evaluate(trial, trialGradient.baseAddress)
        evaluations += 1
        // The slope alone would not show an infinite entry of the gradient that meets a zero of the direction.
        let isFinite = S.isFinite(count, trialGradient.baseAddress) && S.isFinite(count, trial)
        if !isFinite || !value.isFinite {
            trialsWithoutValue += 1
        } else if !isTrialAtPoint {
            trialsWithValue += 1
        }
        let slope = isFinite ? S.dot(count, trialGradient.baseAddress, direction.baseAddress) : .nan
        return StrongWolfeSearch.Sample(step: step, value: value, slope: slope)
    }

    private func accept(
        _ sample: StrongWolfeSearch.Sample, _ acceptance: StepAcceptance, slopeBefore: Double,
        evaluationsBefore: Int, isRestart: Bool, _ parameters: UnsafeMutablePointer<S>
    ) -> QuasiNewtonOutcome {
        // The difference of the points as they are, rounded, and not the step times the direction.
        let (s, y) = (memory.nextStep, memory.nextChange)
        s.update(from: trialPoint.baseAddress, count: count)
        S.addScaled(count, -1, point.baseAddress, s)
        y.update(from: trialGradient.baseAddress, count: count)
        S.addScaled(count, -1, gradient.baseAddress, y)
        memory.commit(
            CommittedStep(
                length: sample.step, slopeBefore: slopeBefore,
                gradientNorm: S.sumOfSquares(count, gradient.baseAddress).squareRoot(),
                gradient: trialGradient.baseAddress))

        let lossBefore = loss
        let magnitudeBefore = Double(S.maximumMagnitude(count, gradient.baseAddress))
        point.baseAddress.update(from: trialPoint.baseAddress, count: count)
        gradient.baseAddress.update(from: trialGradient.baseAddress, count: count)
        parameters.update(from: trialPoint.baseAddress, count: count)
        loss = sample.value
        let magnitude = Double(S.maximumMagnitude(count, gradient.baseAddress))
        lastStep = QuasiNewtonStep(
            lossBefore: lossBefore, loss: loss, slopeBefore: slopeBefore, slope: sample.slope,
            stepLength: sample.step, gradientMagnitude: magnitude, acceptance: acceptance,
            evaluations: evaluations - evaluationsBefore, isRestart: isRestart)

        if magnitude <= settings.gradientTolerance { return .converged(.gradient) }
        let scale = max(abs(lossBefore), abs(loss))
        if settings.changeTolerance > 0, abs(lossBefore - loss) <= settings.changeTolerance * scale {
            return .converged(.change)
        }
        if leastGradient == 0 { leastGradient = magnitudeBefore }
        let isFruitless = lossBefore - loss <= settings.search.resolution * scale && magnitude >= leastGradient
        fruitlessSteps = isFruitless ? fruitlessSteps + 1 : 0
        leastGradient = min(leastGradient, magnitude)
        return fruitlessSteps >= settings.patience ? .stalled(.resolutionReached) : .progressed
    }

    private var isTrialAtPoint: Bool { areEqual(trialPoint.baseAddress, point.baseAddress) }

    private func areEqual(_ a: UnsafePointer<S>, _ b: UnsafePointer<S>) -> Bool {
        memcmp(a, b, count * MemoryLayout<S>.stride) == 0
    }
}

/// How often what was learned of the curvature was given up.
public struct RestartCounts: Sendable, Equatable {
    /// −Hg was no direction of descent: H had lost its positive definiteness to rounding.
    public var directionsUphill = 0
    /// No step along −Hg lowered the loss.
    public var failedSearches = 0
}
