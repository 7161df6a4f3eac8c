import LinearAlgebra

/// An optimizer that sees the whole parameter vector and may evaluate the loss several times per step.
///
/// The loss must be deterministic between two calls of `lossChanged`.
public protocol QuasiNewtonOptimizer<S>: Stateful {
    /// Moves the parameters once, or leaves them and says why.
    ///
    /// - Parameters:
    ///   - parameters: the last good point before and after, whatever the outcome.
    ///   - evaluate: writes the gradient at θ and returns the loss.
    func step(
        parameters: UnsafeMutablePointer<S>,
        evaluate: (_ parameters: UnsafePointer<S>, _ gradient: UnsafeMutablePointer<S>) -> Double
    ) -> QuasiNewtonOutcome

    /// To be called when the loss is another function from now on: points drawn anew, weights changed.
    ///
    /// Curvature that was learned is kept if the two functions are alike.
    func lossChanged(keepingMemory: Bool)

    /// Evaluations of loss and gradient so far.
    var evaluations: Int { get }

    /// What is known of the last step that moved the parameters.
    var lastStep: QuasiNewtonStep? { get }
}

/// What became of a quasi-Newton step.
public enum QuasiNewtonOutcome: Sendable, Equatable {
    /// The parameters moved to a better point.
    case progressed
    /// A stopping rule is met.
    case converged(ConvergenceRule)
    /// No better point can be found; the parameters are the last good ones.
    case stalled(StallReason)
    /// The loss or its gradient is not finite at the parameters given.
    case notFinite

    /// The stopping rules.
    public enum ConvergenceRule: Sendable, Equatable {
        /// The largest entry of the gradient is at or below the tolerance.
        case gradient
        /// The loss changed by no more than the tolerance, relative to itself.
        case change
    }

    /// Ways to get stuck.
    public enum StallReason: Sendable, Equatable {
        /// Not even steepest descent lowers the loss.
        case noDecrease
        /// The step is too small to change any parameter.
        case stepTooSmall
        /// The loss is constant up to rounding, and the gradient no longer shrinks.
        case resolutionReached
        /// Along the direction, all trial points gave a loss or gradient that is not finite.
        case notFiniteAhead
    }

    /// One sentence for people; `nil` while there is progress.
    public var sentence: String? {
        switch self {
        case .progressed: nil
        case .converged(.gradient): "the largest entry of the gradient is below the tolerance"
        case .converged(.change): "the relative change of the loss is below the tolerance"
        case .stalled(.noDecrease): "no step along the negative gradient lowers the loss"
        case .stalled(.stepTooSmall): "the step is too small to change the parameters in this precision"
        case .stalled(.resolutionReached):
            "the loss no longer changes by more than its rounding error, and the gradient no longer shrinks"
        case .stalled(.notFiniteAhead): "the loss is not finite at any trial point along the search direction"
        case .notFinite: "the loss or its gradient is not finite"
        }
    }
}

/// What is known of a quasi-Newton step.
public struct QuasiNewtonStep: Sendable, Equatable {
    /// The loss before.
    public var lossBefore: Double
    /// The loss after.
    public var loss: Double
    /// Derivative of the loss along the direction, before.
    public var slopeBefore: Double
    /// Derivative of the loss along the direction, after.
    public var slope: Double
    /// The accepted multiple of the direction.
    public var stepLength: Double
    /// The largest entry of the gradient after.
    public var gradientMagnitude: Double
    /// Which conditions the accepted point meets.
    public var acceptance: StepAcceptance
    /// Evaluations that this step took.
    public var evaluations: Int
    /// Whether the memory was given up and the direction was the negative gradient.
    public var isRestart: Bool
}

/// The conditions under which a point was accepted.
public enum StepAcceptance: Sendable, Equatable {
    /// f(t) ≤ f(0) + c₁ t f'(0) and |f'(t)| ≤ c₂ |f'(0)|.
    case strongWolfe
    /// The decrease is hidden by rounding, and c₂ f'(0) ≤ f'(t) ≤ (2c₁ − 1) f'(0).
    case approximateWolfe
    /// The first of the strong Wolfe conditions only: the search ran out of evaluations.
    case sufficientDecrease
    /// Nothing was asked: a step of fixed length.
    case unconditional
}
