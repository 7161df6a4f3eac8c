import OptimalTransport
import Results

/// Shows how far a solver is, in a line such as `safe-sinkhorn-newton  21 sweeps, 3 Newton steps  0:02 elapsed  marginal error 1.2e-5`.
///
/// Solvers call it on the thread that solves, one call after the other.
final class TransportWatch: @unchecked Sendable {
    private let name: String
    private let display: ProgressDisplay?
    private let start = ContinuousClock.now
    private var sweeps = 0
    private var steps = 0
    private var error: Double?

    init(_ preparation: TransportPreparation, _ display: ProgressDisplay?) {
        name = preparation.methodName
        self.display = display
    }

    func hear(_ progress: TransportProgress) {
        switch progress.kind {
        case .sweep: sweeps += 1
        case .newton: steps += 1
        }
        error = progress.marginalError ?? error
        display?.show(isLast: false) { self.line }
    }

    /// Shows where it ended.
    func finish(_ findings: TransportFindings) {
        let certificate = findings.last.solution.certificate
        (sweeps, steps, error) = (certificate.sweeps, certificate.newtonSteps, certificate.marginals.l1)
        display?.show(isLast: true) { self.line }
    }

    private var line: String {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return "\(name)  \(NumberText.grouped(sweeps)) \(sweeps == 1 ? "sweep" : "sweeps"), "
            + "\(steps) Newton \(steps == 1 ? "step" : "steps")  \(NumberText.clock(seconds)) elapsed"
            + (error.map { "  marginal error \(NumberText.short($0))" } ?? "")
    }
}
