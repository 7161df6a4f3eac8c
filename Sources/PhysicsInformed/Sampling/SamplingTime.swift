/// The time that redraws of points which follow the residual took.
public struct SamplingTime: Sendable, Equatable {
    /// Seconds for all of it: drawing candidates, evaluating the residual there, learning a density, choosing points.
    public var seconds: Double
    /// Seconds of these without evaluating the residual: what the rule itself costs.
    public var ruleSeconds: Double

    /// Joins the two.
    public init(seconds: Double = 0, ruleSeconds: Double = 0) {
        self.seconds = seconds
        self.ruleSeconds = ruleSeconds
    }

    /// Adds what a redraw took.
    mutating func add(_ duration: Duration, residuals: Duration) {
        seconds += duration / .seconds(1)
        ruleSeconds += (duration - residuals) / .seconds(1)
    }

    static func + (left: SamplingTime, right: SamplingTime) -> SamplingTime {
        SamplingTime(seconds: left.seconds + right.seconds, ruleSeconds: left.ruleSeconds + right.ruleSeconds)
    }
}
