import Glibc

/// The learning rate as a function of the step.
///
/// With w warm-up steps, `rate(at: k)` is start · (k+1)/w for k < w, and the shape's value at j = k − w afterwards:
///
/// | shape | rate at j |
/// |---|---|
/// | constant | start |
/// | exponential | start · decay^(j/every) |
/// | staircase | start · decay^⌊j/every⌋ |
/// | linear | start + (end − start) · min(1, j/over) |
/// | cosine | end + (start − end) · (1 + cos(π · min(1, j/over)))/2 |
/// | plateau | start, which whoever sees the loss lowers |
public struct RateSchedule: Sendable, Equatable, Codable {
    /// How the rate goes on after the warm-up.
    public enum Shape: Sendable, Equatable, Codable {
        /// Stays at the start.
        case constant
        /// Shrinks by the factor `decay` over `every` steps, smoothly or in stairs.
        case exponential(decay: Double, every: Int, staircase: Bool)
        /// Goes straight to `end` over so many steps and stays there.
        case linear(end: Double, over: Int)
        /// Follows half a cosine wave to `end` over so many steps and stays there.
        case cosine(end: Double, over: Int)
        /// Is lowered when the loss stops falling, which a schedule alone does not see: its own rate is the start.
        case plateau(Plateau)
    }

    /// When and how a plateau rate is lowered.
    public struct Plateau: Sendable, Equatable, Codable {
        /// What the rate is multiplied by, between 0 and 1.
        public var factor: Double
        /// Steps in a row that have not lowered the least loss, after which it is.
        public var patience: Int
        /// The part by which the loss has to fall to count as lower.
        public var threshold: Double
        /// The rate does not fall below this.
        public var minimum: Double

        /// Joins the parts.
        public init(factor: Double, patience: Int, threshold: Double, minimum: Double) {
            precondition(factor > 0 && factor < 1 && patience > 0, "the factor is between 0 and 1, patience positive")
            precondition(threshold >= 0 && threshold < 1 && minimum >= 0, "the threshold is a part, rates not negative")
            self.factor = factor
            self.patience = patience
            self.threshold = threshold
            self.minimum = minimum
        }
    }

    /// The rate when the warm-up is over.
    public let start: Double
    /// How the rate goes on after the warm-up.
    public let shape: Shape
    /// Steps in which the rate grows in proportion to the step's number.
    public let warmUpSteps: Int

    /// A schedule; rates are positive (ends may be 0), decay factors too, and step counts at least 1 (warm-up: 0).
    public init(start: Double, shape: Shape = .constant, warmUpSteps: Int = 0) {
        precondition(start.isFinite && start > 0 && warmUpSteps >= 0, "the rate is positive, warm-up not negative")
        switch shape {
        case .constant, .plateau: break
        case .exponential(let decay, let every, _):
            precondition(decay.isFinite && decay > 0 && every > 0, "decay and its steps are positive")
        case .linear(let end, let over), .cosine(let end, let over):
            precondition(end.isFinite && end >= 0 && over > 0, "the end is not negative, its steps are positive")
        }
        self.start = start
        self.shape = shape
        self.warmUpSteps = warmUpSteps
    }

    /// The rate of step `step`, counted from 0.
    public func rate(at step: Int) -> Double {
        precondition(step >= 0, "steps are counted from 0")
        if step < warmUpSteps { return start * Double(step + 1) / Double(warmUpSteps) }
        let j = step - warmUpSteps
        switch shape {
        case .constant, .plateau:
            return start
        case .exponential(let decay, let every, let staircase):
            return start * pow(decay, staircase ? Double(j / every) : Double(j) / Double(every))
        case .linear(let end, let over):
            return j >= over ? end : start + (end - start) * Double(j) / Double(over)
        case .cosine(let end, let over):
            return j >= over ? end : end + (start - end) * (1 + cos(.pi * Double(j) / Double(over))) / 2
        }
    }
}
