/// A time that grows: until step `over`, the equations' points are drawn from the beginning of the time only.
///
/// The share of the time at step s is from + (1 − from) min(1, s/over), s counted over all stages. It changes where points are
/// drawn anew, and holds until they are next.
public struct TimeCurriculum: Sendable, Equatable {
    /// The share at the start, above 0.
    public var from: Double
    /// The steps after which it is 1.
    public var over: Int

    /// Joins the two.
    public init(from: Double = 0.1, over: Int = 5_000) {
        precondition(from > 0 && from <= 1 && over > 0, "the share is above 0, the steps too")
        self.from = from
        self.over = over
    }

    /// The share of the time at a step.
    public func share(at step: Int) -> Double {
        step >= over ? 1 : from + (1 - from) * Double(step) / Double(over)
    }
}
