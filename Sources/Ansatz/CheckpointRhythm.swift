import PhysicsInformed

/// When a run saves its state besides the ends of its stages.
///
/// By steps: whenever the number of all steps so far is a multiple of `run.checkpoint_every`. By time: after
/// `interval` seconds, and not before the last save has become less than a hundredth of the time since.
package struct CheckpointRhythm {
    /// Seconds between two checkpoints.
    package static let interval = 15.0
    /// The time between two checkpoints as a multiple of what one takes.
    package static let patience = 100.0

    private let every: Int?
    private let clock: () -> Double
    private var due: Double

    /// A rhythm that begins now.
    ///
    /// - Parameters:
    ///   - every: steps between checkpoints, 0 for none between the ends of stages, nil for a rhythm by time.
    ///   - clock: seconds from any origin.
    package init(every: Int?, clock: @escaping () -> Double) {
        self.every = every
        self.clock = clock
        due = clock() + Self.interval
    }

    /// Whether the state is to be saved at this moment.
    package func isDue(at moment: TrainingMoment) -> Bool {
        switch (moment, every) {
        case (.stageEnd, _): true
        case (.step(let step), let every?): every > 0 && step % every == 0
        case (.step, nil): clock() >= due
        }
    }

    /// Takes note of a save that took so many seconds.
    package mutating func saved(taking seconds: Double) {
        due = clock() + max(Self.interval, Self.patience * seconds)
    }
}
