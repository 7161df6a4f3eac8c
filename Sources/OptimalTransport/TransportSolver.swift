import Parallelism

/// A method for entropic optimal transport: one file, and one line in the catalogue of the program.
public protocol TransportSolver: Sendable {
    /// The name in problem files.
    static var name: String { get }
    /// One line for listings.
    static var summary: String { get }
    /// Solves from zero potentials.
    func solve(_ problem: TransportProblem, _ limits: TransportLimits, pool: WorkerPool) -> TransportSolution
}

/// When to stop.
public struct TransportLimits: Sendable {
    /// Largest ‖a − P1‖₁ + ‖b − Pᵀ1‖₁, relative to the total mass.
    public var tolerance = 1e-12
    /// Most sweeps.
    public var sweeps = 100_000
    /// Most Newton steps.
    public var newtonSteps = 200

    /// Asked after each step and each measured sweep, on the thread that solves; true ends with ``TransportStop/interrupted``.
    public var isStopRequested: @Sendable () -> Bool = { false }
    /// Hears of each step and sweep, on the thread that solves.
    public var observe: @Sendable (TransportProgress) -> Void = { _ in }

    /// The usual limits.
    public init() {}
}
