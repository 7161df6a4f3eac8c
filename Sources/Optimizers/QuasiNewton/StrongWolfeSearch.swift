/// Finds a step t along a descent direction that meets the strong Wolfe conditions for φ(t) = f(θ + t p):
///
/// φ(t) ≤ φ(0) + c₁ t φ'(0) and |φ'(t)| ≤ c₂ |φ'(0)|.
///
/// A bracketing phase extrapolates until an interval must hold such a point, then a zoom shrinks the interval (Nocedal
/// and Wright, Numerical Optimization, 2nd edition, algorithms 3.5 and 3.6), both by cubic interpolation with
/// safeguards. Where the first condition is hidden by rounding, slopes decide alone, and a point is accepted under the
/// approximate Wolfe conditions of Hager and Zhang (SIAM J. Optim. 16 (2005) 170).
public struct StrongWolfeSearch: Sendable, Equatable {
    /// c₁, the share of the first-order decrease that is asked for.
    public var sufficientDecrease = 1e-4
    /// c₂, the share of the slope that may remain.
    public var curvature = 0.9
    /// Most evaluations in one search.
    public var maximumEvaluations = 25
    /// Largest factor from one trial step to the next while no bracket is known.
    public var expansion = 10.0
    /// Relative differences of the loss up to this are taken for rounding.
    public var resolution: Double

    /// The usual constants, for losses with this relative resolution.
    public init(resolution: Double) {
        self.resolution = resolution
    }

    /// A trial point: step, loss, slope.
    package struct Sample: Sendable, Equatable {
        package var step: Double
        package var value: Double
        package var slope: Double
        package var isFinite: Bool { value.isFinite && slope.isFinite }

        package init(step: Double, value: Double, slope: Double) {
            self.step = step
            self.value = value
            self.slope = slope
        }
    }

    /// How a search ended.
    package struct Result: Sendable, Equatable {
        /// The accepted point, or the start.
        package var sample: Sample
        /// The conditions that the point meets; `nil` when none was found that is better than the start.
        package var acceptance: StepAcceptance?
        package var evaluations: Int
        /// Whether the accepted point is the one evaluated last.
        package var isLatest: Bool
    }

    /// Searches from `start`, whose slope is negative, with `first` as the first trial step.
    package func search(from start: Sample, first: Double, evaluate: (Double) -> Sample) -> Result {
        var state = SearchState(settings: self, start: start)
        var trial = evaluate(first)
        state.evaluations = 1
        var bracket: Bracket?
        // The nearest step known to be too long because nothing finite is there.
        var ceiling = Double.infinity
        while true {
            if let acceptance = state.acceptance(of: trial) { return state.accepted(trial, acceptance) }
            let previous = state.low
            if !trial.isFinite {
                ceiling = trial.step
            } else if state.isTooHigh(trial) {
                bracket = Bracket(low: previous, high: trial)
            } else {
                state.low = trial
                if trial.slope >= 0 { bracket = Bracket(low: trial, high: previous) }
            }
            if let bracket { return zoom(bracket, &state, evaluate) }
            guard state.evaluations < maximumEvaluations else { return state.exhausted(last: trial) }
            let next =
                trial.isFinite
                ? interpolated(
                    previous, trial, in: trial.step + 0.01 * (trial.step - previous.step)...trial.step * expansion,
                    rounding: state.rounding)
                : 0.9 * state.low.step + 0.1 * ceiling
            trial = evaluate(ceiling.isFinite ? min(next, 0.5 * (state.low.step + ceiling)) : next)
            state.evaluations += 1
        }
    }

    private struct Bracket {
        /// Meets the first condition and has the least value so far; its slope points into the interval.
        var low: Sample
        var high: Sample
    }

    private func zoom(
        _ initial: Bracket, _ state: inout SearchState, _ evaluate: (Double) -> Sample
    ) -> Result {
        var bracket = initial
        var wasNearEnd = false
        var last = state.low
        while state.evaluations < maximumEvaluations {
            let (low, high) = (bracket.low, bracket.high)
            let (left, right) = (min(low.step, high.step), max(low.step, high.step))
            guard right - left > right * .ulpOfOne else { break }
            var step =
                high.isFinite
                ? interpolated(low, high, in: left...right, rounding: state.rounding) : 0.9 * low.step + 0.1 * high.step
            // Twice in a row next to an end means that the interpolation does not work here: keep a distance.
            let margin = 0.1 * (right - left)
            if min(right - step, step - left) < margin {
                if wasNearEnd || step >= right || step <= left {
                    step = right - step < step - left ? right - margin : left + margin
                    wasNearEnd = false
                } else {
                    wasNearEnd = true
                }
            } else {
                wasNearEnd = false
            }
            let trial = evaluate(step)
            state.evaluations += 1
            last = trial
            if let acceptance = state.acceptance(of: trial) { return state.accepted(trial, acceptance) }
            if !trial.isFinite || state.isTooHigh(trial) {
                bracket.high = trial
            } else {
                if trial.slope * (high.step - low.step) >= 0 { bracket.high = low }
                bracket.low = trial
                state.low = trial
            }
        }
        return state.exhausted(last: last)
    }

    /// The minimum of the cubic through two values and slopes, or, when the values differ by no more than rounding, the
    /// zero of the line through the slopes; kept inside `bounds`.
    private func interpolated(
        _ a: Sample, _ b: Sample, in bounds: ClosedRange<Double>, rounding: Double
    ) -> Double {
        let (left, right) = a.step <= b.step ? (a, b) : (b, a)
        let width = right.step - left.step
        let step: Double
        if abs(left.value - right.value) <= rounding {
            step = left.step - left.slope * width / (right.slope - left.slope)
        } else {
            let mean = left.slope + right.slope - 3 * (left.value - right.value) / (left.step - right.step)
            let root = (mean * mean - left.slope * right.slope).squareRoot()
            step = right.step - width * ((right.slope + root - mean) / (right.slope - left.slope + 2 * root))
        }
        guard step.isFinite else { return 0.5 * (bounds.lowerBound + bounds.upperBound) }
        return min(max(step, bounds.lowerBound), bounds.upperBound)
    }

    /// What a search knows at any time.
    private struct SearchState {
        let settings: StrongWolfeSearch
        let start: Sample
        /// The best point so far that meets the first condition, at least up to rounding.
        var low: Sample
        var evaluations = 0

        init(settings: StrongWolfeSearch, start: Sample) {
            self.settings = settings
            self.start = start
            low = start
        }

        var rounding: Double { settings.resolution * abs(start.value) }

        private func bound(_ step: Double) -> Double {
            start.value + settings.sufficientDecrease * step * start.slope
        }

        func acceptance(of trial: Sample) -> StepAcceptance? {
            guard trial.isFinite else { return nil }
            if trial.value <= bound(trial.step) {
                return abs(trial.slope) <= -settings.curvature * start.slope ? .strongWolfe : nil
            }
            let isDecreaseHidden = trial.value <= bound(trial.step) + rounding
            let largest = (2 * settings.sufficientDecrease - 1) * start.slope
            guard isDecreaseHidden, trial.slope >= settings.curvature * start.slope, trial.slope <= largest else {
                return nil
            }
            return .approximateWolfe
        }

        /// Whether a minimum lies between the best point and this one because of the values alone.
        func isTooHigh(_ trial: Sample) -> Bool {
            if trial.value > bound(trial.step) + rounding { return true }
            return low.step > 0 && trial.value > low.value + rounding
        }

        func accepted(_ trial: Sample, _ acceptance: StepAcceptance) -> Result {
            Result(sample: trial, acceptance: acceptance, evaluations: evaluations, isLatest: true)
        }

        func exhausted(last: Sample) -> Result {
            if low.step > 0 && low.value <= bound(low.step) {
                return Result(
                    sample: low, acceptance: .sufficientDecrease, evaluations: evaluations,
                    isLatest: low.step == last.step)
            }
            return Result(sample: start, acceptance: nil, evaluations: evaluations, isLatest: false)
        }
    }
}
