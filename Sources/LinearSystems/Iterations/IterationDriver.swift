/// What all outer iterations share: the start, the history, recomputed residuals and the reasons for ending.
///
/// An updated residual is believed while it falls by less than five digits; then, and before anything is accepted, it is recomputed.
final class IterationDriver {
    private let system: any SystemPasses
    private let limits: SolveLimits
    private let watch: ((IterationProgress) -> Bool)?
    private let clock = ContinuousClock()
    private var history: [IterationProgress] = []
    private var reason: SolveStop?

    /// A residual that has been updated down by this factor is recomputed: single precision has no more digits.
    private static let trustedFall = 1e-5
    /// A recomputed residual must fall below this share of the one recomputed before, or rounding has the last word.
    private static let leastFall = 0.5

    init(_ system: any SystemPasses, _ limits: SolveLimits, watch: ((IterationProgress) -> Bool)?) {
        self.system = system
        self.limits = limits
        self.watch = watch
    }

    /// Ends the iteration.
    func end(_ reason: SolveStop) -> Double? {
        self.reason = reason
        return nil
    }

    /// A number that must be positive; nil after ending the iteration where it is not.
    func checked(_ number: Double, orEndWith reason: SolveStop) -> Double? {
        guard number.isFinite else { return end(.notFinite) }
        guard number > 0 else { return end(reason) }
        return number
    }

    /// Repeats `step`, which returns the new ‖r‖², or nil when it has ended the iteration.
    func run(_ step: (any SystemPasses, IterationDriver) -> Double?) -> IterationOutcome {
        let start = clock.now
        let scale = system.rightHandSideNorm
        guard scale.isFinite else { return outcome(.notFinite, 0, .nan, since: start) }
        var residual = relative(system.recomputeResidual(), scale)
        var recomputed = residual
        var iteration = 0
        record(0, residual, recomputed: true, since: start)
        while true {
            if residual <= limits.tolerance || residual <= Self.trustedFall * recomputed {
                if !(history.last?.isRecomputed ?? false) {
                    residual = relative(system.recomputeResidual(), scale)
                    record(iteration, residual, recomputed: true, since: start)
                }
                if residual <= limits.tolerance { return outcome(.converged, iteration, residual, since: start) }
                guard residual.isFinite else { return outcome(.notFinite, iteration, residual, since: start) }
                if iteration > 0, residual > Self.leastFall * recomputed {
                    return outcome(.stagnated, iteration, residual, since: start)
                }
                recomputed = residual
            }
            guard iteration < limits.iterations else { return ended(.limitReached, iteration, scale, since: start) }
            if isTooSlow(iteration) { return ended(.stagnated, iteration, scale, since: start) }
            guard let square = step(system, self) else {
                return ended(reason ?? .stagnated, iteration, scale, since: start)
            }
            iteration += 1
            residual = relative(square, scale)
            guard residual.isFinite else { return ended(.notFinite, iteration, scale, since: start) }
            record(iteration, residual, recomputed: false, since: start)
            if let watch, let last = history.last, !watch(last) {
                return ended(.interrupted, iteration, scale, since: start)
            }
        }
    }

    private func relative(_ square: Double, _ scale: Double) -> Double {
        scale > 0 ? square.squareRoot() / scale : square.squareRoot()
    }

    /// Whether the last stretch of iterations has gained less than a digit.
    private func isTooSlow(_ iteration: Int) -> Bool {
        let stretch = limits.iterationsPerDigit
        guard iteration >= stretch, iteration.isMultiple(of: stretch) else { return false }
        let earlier = history.last { $0.iteration <= iteration - stretch }
        guard let earlier, let last = history.last else { return false }
        return last.relativeResidual > 0.1 * earlier.relativeResidual
    }

    private func record(
        _ iteration: Int, _ residual: Double, recomputed: Bool, since start: ContinuousClock.Instant
    ) {
        history.append(
            IterationProgress(
                iteration: iteration, seconds: (clock.now - start) / .seconds(1), relativeResidual: residual,
                isRecomputed: recomputed))
    }

    /// An outcome that is no success unless the recomputed residual says so.
    private func ended(
        _ reason: SolveStop, _ iteration: Int, _ scale: Double, since start: ContinuousClock.Instant
    ) -> IterationOutcome {
        var residual = history.last?.relativeResidual ?? .infinity
        if !(history.last?.isRecomputed ?? false) {
            residual = relative(system.recomputeResidual(), scale)
            record(iteration, residual, recomputed: true, since: start)
        }
        return outcome(residual <= limits.tolerance ? .converged : reason, iteration, residual, since: start)
    }

    private func outcome(
        _ stop: SolveStop, _ iteration: Int, _ residual: Double, since start: ContinuousClock.Instant
    ) -> IterationOutcome {
        IterationOutcome(
            stop: stop, iterations: iteration, relativeResidual: residual, history: history,
            seconds: (clock.now - start) / .seconds(1))
    }
}
