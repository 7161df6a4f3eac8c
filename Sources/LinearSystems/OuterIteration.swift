/// A method that solves A x = b by directions, given passes over the vectors: one file, and one line in the catalogue.
public protocol OuterIteration: Sendable {
    /// The name in problem files.
    static var name: String { get }
    /// One line for listings.
    static var summary: String { get }
    /// Iterates from the x that the system holds until a recomputed residual meets the tolerance, or says why not.
    ///
    /// - Parameter watch: called after every iteration; the iteration ends as interrupted when it says false.
    func solve(
        _ system: any SystemPasses, _ limits: SolveLimits, watch: ((IterationProgress) -> Bool)?
    ) -> IterationOutcome
}

/// When to stop.
public struct SolveLimits: Sendable, Equatable {
    /// Largest ‖b − A x‖₂/‖b‖₂.
    public var tolerance = 1e-6
    /// Most iterations.
    public var iterations = 10_000
    /// So many iterations must gain a decimal digit, or the iteration has stagnated.
    public var iterationsPerDigit = 1_000

    /// The usual limits.
    public init() {}

    /// Limits with a tolerance and a number of iterations.
    public init(tolerance: Double, iterations: Int = 10_000, iterationsPerDigit: Int = 1_000) {
        self.tolerance = tolerance
        self.iterations = iterations
        self.iterationsPerDigit = iterationsPerDigit
    }
}

/// A line of the history.
public struct IterationProgress: Sendable, Equatable {
    /// Iterations so far; 0 for the start.
    public var iteration: Int
    /// Seconds since the start of the solve; set-up is not in it.
    public var seconds: Double
    /// ‖r‖₂/‖b‖₂
    public var relativeResidual: Double
    /// Whether r was computed from x, not updated.
    public var isRecomputed: Bool
}

/// How an iteration ended.
public struct IterationOutcome: Sendable {
    /// Why.
    public var stop: SolveStop
    /// Iterations: applications of the preconditioner.
    public var iterations: Int
    /// ‖b − A x‖₂/‖b‖₂, recomputed at the end; 0 for b = 0.
    public var relativeResidual: Double
    /// A line for the start, every iteration and every recomputed residual.
    public var history: [IterationProgress]
    /// Seconds of the iteration.
    public var seconds: Double
}

/// Why an iteration ended.
public enum SolveStop: String, Sendable, CaseIterable {
    /// The recomputed residual meets the tolerance.
    case converged
    /// The residual has stopped falling, or falls too slowly.
    case stagnated
    /// pᵀA p ≤ 0 for a direction: the matrix is not positive definite.
    case indefinite
    /// rᵀB r ≤ 0: the preconditioner is not positive definite.
    case badPreconditioner = "bad_preconditioner"
    /// The limit on iterations was reached.
    case limitReached = "limit_reached"
    /// A number is not finite.
    case notFinite = "not_finite"
    /// The watcher asked to stop.
    case interrupted

    /// Whether x is a solution to the tolerance.
    public var isSuccess: Bool { self == .converged }

    /// One sentence.
    public var sentence: String {
        switch self {
        case .converged: "the recomputed residual meets the tolerance"
        case .stagnated:
            "the residual has stopped falling; use a better preconditioner, or a tolerance that rounding allows"
        case .indefinite:
            "a direction p has pᵀA p ≤ 0: the matrix is not positive definite, which these methods need"
        case .badPreconditioner: "rᵀB r ≤ 0: the preconditioner B is not positive definite; use another one"
        case .limitReached: "the limit on iterations was reached; raise it, or use a better preconditioner"
        case .notFinite: "a number is not finite; look at the entries of the matrix and the right-hand side"
        case .interrupted: "interrupted"
        }
    }
}
