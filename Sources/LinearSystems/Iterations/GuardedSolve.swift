/// A system whose preconditioner can be exchanged between iterations, while x stays.
public protocol PreconditionedSystem: SystemPasses {
    /// The preconditioner of the next iteration.
    var preconditioner: any Preconditioner { get set }
}

/// A solve that meets the tolerance or says why not, whatever its preconditioner is worth: attempts one after another, each from the x of
/// the one before.
///
/// An attempt that is not the last ends early when it gains less than a digit in ``digitIterations`` iterations, or finds its preconditioner
/// indefinite or its numbers not finite. An indefinite matrix and an interruption end everything.
public struct GuardedSolve {
    /// An iteration with a preconditioner.
    public struct Attempt {
        /// The name in reports.
        public var name: String
        /// The iteration.
        public var iteration: any OuterIteration
        /// Makes the preconditioner; called when the attempt begins.
        public var preconditioner: () -> any Preconditioner

        /// Joins them.
        public init(
            _ name: String, _ iteration: any OuterIteration = ConjugateGradients(),
            preconditioner: @escaping () -> any Preconditioner
        ) {
            self.name = name
            self.iteration = iteration
            self.preconditioner = preconditioner
        }
    }

    /// What became of the attempts.
    public struct Outcome: Sendable {
        /// Every attempt that was made, with its name, its outcome and the seconds that making its preconditioner took.
        public var attempts: [(name: String, outcome: IterationOutcome, setupSeconds: Double)]

        /// The last attempt: it has the solution, or the reason why there is none.
        public var last: IterationOutcome { attempts[attempts.count - 1].outcome }
        /// Iterations of all attempts.
        public var iterations: Int { attempts.reduce(0) { $0 + $1.outcome.iterations } }
        /// Which attempt ended it, and why earlier ones were given up.
        public var sentence: String {
            let given = attempts.dropLast().map { "\($0.name) was given up: \($0.outcome.stop.sentence)" }
            return (given + ["\(attempts[attempts.count - 1].name): \(last.stop.sentence)"]).joined(separator: "; ")
        }
    }

    /// So many iterations must gain a digit in an attempt that is not the last.
    public static let digitIterations = 12

    private let attempts: [Attempt]

    /// - Precondition: at least one attempt.
    public init(_ attempts: [Attempt]) {
        precondition(!attempts.isEmpty, "a solve needs an attempt")
        self.attempts = attempts
    }

    /// Solves from the x that the system holds.
    public func solve(
        _ system: any PreconditionedSystem, _ limits: SolveLimits, watch: ((IterationProgress) -> Bool)? = nil
    ) -> Outcome {
        var outcome = Outcome(attempts: [])
        for (number, attempt) in attempts.enumerated() {
            let clock = ContinuousClock()
            let start = clock.now
            system.preconditioner = attempt.preconditioner()
            let setup = (clock.now - start) / .seconds(1)
            var limits = limits
            if number < attempts.count - 1 {
                limits.iterationsPerDigit = min(limits.iterationsPerDigit, Self.digitIterations)
            }
            let result = attempt.iteration.solve(system, limits, watch: watch)
            outcome.attempts.append((attempt.name, result, setup))
            switch result.stop {
            case .converged, .indefinite, .interrupted, .limitReached: return outcome
            case .stagnated, .badPreconditioner, .notFinite: continue
            }
        }
        return outcome
    }
}
