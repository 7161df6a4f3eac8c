/// What a solver found, with the evidence that it is one.
public struct TransportSolution: Sendable {
    /// The potentials of the sources, in the gauge Σ a_i x_i = Σ b_j y_j; −∞ where there is no mass.
    public var sourcePotentials: [Double]
    /// The potentials of the targets.
    public var targetPotentials: [Double]
    /// What was measured of the plan.
    public var certificate: TransportCertificate
    /// The marginal error after every sweep and step.
    public var history: [TransportProgress]
    /// Why the solver ended.
    public var stop: TransportStop

    /// Joins the parts.
    public init(
        sourcePotentials: [Double], targetPotentials: [Double], certificate: TransportCertificate,
        history: [TransportProgress], stop: TransportStop
    ) {
        (self.sourcePotentials, self.targetPotentials) = (sourcePotentials, targetPotentials)
        (self.certificate, self.history, self.stop) = (certificate, history, stop)
    }

    /// What came of it, in one sentence or two.
    public var sentence: String {
        stop.sentence
            + (certificate.isVertex
                ? "; epsilon is so small that the plan is a vertex, optimal without regularisation, too" : "")
    }
}

/// A line of a solver's history.
public struct TransportProgress: Sendable, Equatable {
    /// What was done.
    public enum Kind: String, Sendable {
        /// A Sinkhorn sweep.
        case sweep
        /// A Newton step.
        case newton
    }

    /// What was done.
    public var kind: Kind
    /// Seconds since the start.
    public var seconds: Double
    /// ‖a − P1‖₁ + ‖b − Pᵀ1‖₁; not measured (nil) in sweeps of the warm-up.
    public var marginalError: Double?
    /// The dual value, where measured.
    public var dual: Double?
    /// Iterations of the linear solver.
    public var linearIterations = 0
    /// Entries of the sparse plan.
    public var entries = 0
}

/// Why a solver ended.
public enum TransportStop: Sendable, Equatable {
    /// The marginal error is below the tolerance.
    case converged
    /// The marginal error is what rounding of the potentials leaves, which at this ε is more than the tolerance.
    case roundingReached
    /// So many sweeps or steps were taken without getting there.
    case limitReached
    /// No step makes the dual larger or the error smaller.
    case stalled
    /// Someone asked to stop.
    case interrupted
    /// A plan of least cost without regularisation, by the network simplex method.
    case exact

    /// Whether the plan is one: both marginals are met as well as was asked for, or as is possible.
    public var isSuccess: Bool { self == .converged || self == .roundingReached || self == .exact }

    /// The name in results.
    public var name: String {
        switch self {
        case .converged: "converged"
        case .roundingReached: "rounding_reached"
        case .limitReached: "limit_reached"
        case .stalled: "stalled"
        case .interrupted: "interrupted"
        case .exact: "exact"
        }
    }

    /// One sentence.
    public var sentence: String {
        switch self {
        case .converged: "both marginals are met to the tolerance"
        case .roundingReached:
            "both marginals are met as well as rounding allows at an epsilon this small against the costs"
        case .limitReached: "the limit on iterations was reached; raise it, or choose the safe method"
        case .stalled: "rounding leaves no step that helps; raise epsilon or the tolerance"
        case .interrupted: "interrupted; results are those of the last step"
        case .exact: "a plan of least cost without regularisation, by the network simplex method"
        }
    }
}

/// Numbers that tell how good a plan is; a unit of cost is that of the cost matrix.
public struct TransportCertificate: Sendable, Equatable {
    /// Norms of a marginal error: row sums and column sums together.
    public struct Norms: Sendable, Equatable {
        /// Σ |error|
        public var l1: Double
        /// (Σ error²)^½
        public var l2: Double
        /// max |error|
        public var maximum: Double
    }

    /// How far the sums of the plan are from the masses.
    public var marginals: Norms
    /// Σ P
    public var mass: Double
    /// ⟨C, P⟩
    public var transportCost: Double
    /// Σ P log P
    public var negativeEntropy: Double
    /// ⟨C, P⟩ + ε Σ P (log P − 1)
    public var primal: Double
    /// Σ a x + Σ b y − ε Σ P: at most the least primal value.
    public var dual: Double
    /// ⟨C, P⟩ + ε KL(P | a bᵀ/mass), for a mass of 1 the convention of most libraries.
    public var relativeEntropyCost: Double
    /// The cost of the plan after rounding it to one with exactly the given marginals (Altschuler, Weed, Rigollet 2017).
    public var roundedCost: Double
    /// A lower bound of the cost without regularisation, from the potentials made feasible.
    public var lowerBound: Double
    /// Sinkhorn sweeps.
    public var sweeps: Int
    /// Newton steps.
    public var newtonSteps: Int
    /// Iterations of the linear solver in all.
    public var linearIterations: Int
    /// Entries of the last sparse plan.
    public var entries: Int
    /// Seconds by phase: warm-up, Newton, certificate.
    public var seconds: Phases
    /// Whether the plan is, to rounding, a vertex of the polytope of plans: ε is so small that it is also a plan of least cost
    /// without regularisation, on at most n + m − 1 pairs.
    public var isVertex = false

    /// Seconds by phase.
    public struct Phases: Sendable, Equatable {
        /// Sinkhorn sweeps.
        public var sweeps = 0.0
        /// Newton steps.
        public var newton = 0.0
        /// The certificate itself.
        public var certificate = 0.0
    }

    /// Upper bound less lower bound of the cost without regularisation.
    public var gap: Double { roundedCost - lowerBound }
}
