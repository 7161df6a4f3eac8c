import LinearAlgebra
import Networks

/// A training run of either precision.
public protocol Training: AnyObject {
    /// Trains through all stages.
    ///
    /// - Throws: what the observer throws.
    func run(_ observer: any TrainingObserver) throws -> TrainingOutcome

    /// Takes one step of the first stage and returns the loss before it: for measuring time.
    func step() -> Double
}

/// Prepares training of `network` on `problem`: compiles the residuals, draws the points and initial parameters.
///
/// - Throws: `ExpressionErrors`, `ChannelPlanError` or `SamplingError` when a term cannot be evaluated or finds no points,
///   `OptionErrors` when an optimizer's options do not go together.
public func makeTraining(
    _ problem: CollocationProblem, network: Network, settings: TrainingSettings, precision: Precision
) throws -> any Training {
    // Both types are named here, in the module of the loops, so that the compiler specialises them.
    switch precision {
    case .single: try Trainer<Float>(problem, network: network, settings: settings)
    case .double: try Trainer<Double>(problem, network: network, settings: settings)
    }
}
