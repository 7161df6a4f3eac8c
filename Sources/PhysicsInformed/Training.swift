import LinearAlgebra
import Networks

/// A training run of either precision.
public protocol Training: AnyObject {
    /// Trains through all stages.
    ///
    /// - Throws: what the observer throws.
    func run(_ observer: any TrainingObserver) throws -> TrainingOutcome

    /// Everything from which training continues bit for bit, as it is between two steps.
    var state: TrainingState { get }

    /// Takes a saved state over, before ``run(_:)``, which then goes on from there.
    ///
    /// Points are drawn again as they were. Stages that had not begun may differ from those of the saved training, and so
    /// may the number of steps of the running one.
    ///
    /// - Throws: `TrainingStateError` when the state does not fit, `SamplingError`.
    func restore(_ state: TrainingState) throws

    /// Replaces the initial parameters, before ``run(_:)``; there is one value for each parameter of the network, also with
    /// windows, the first of which begins with them.
    func begin(from parameters: [Double])

    /// Takes one step of the first stage and returns the loss before it: for measuring time.
    func step() -> Double
}

/// Prepares training of `network` on `problem`: compiles the residuals, draws the points and initial parameters.
///
/// With windows, the time is solved part by part; parameters and layouts then are those of all windows behind one another.
///
/// - Throws: `ExpressionErrors`, `ChannelPlanError` or `SamplingError` when a term cannot be evaluated or finds no points,
///   `OptionErrors` when an optimizer's options do not go together, `TimeWindowError` when there cannot be windows.
public func makeTraining(
    _ problem: CollocationProblem, network: Network, settings: TrainingSettings, precision: Precision,
    windows: TimeWindows? = nil
) throws -> any Training {
    if let windows {
        return try WindowedTraining(
            problem, network: network, settings: settings, precision: precision, windows: windows)
    }
    // Both types are named here, in the module of the loops, so that the compiler specialises them.
    switch precision {
    case .single: return try Trainer<Float>(problem, network: network, settings: settings)
    case .double: return try Trainer<Double>(problem, network: network, settings: settings)
    }
}
