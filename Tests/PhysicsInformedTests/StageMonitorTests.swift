import Optimizers
import PhysicsInformed
import Testing

/// Plateau rates, early stops and clipping, on losses made up for the purpose and on a training.
@Suite struct StageMonitorTests {
    private func stage(_ shape: RateSchedule.Shape = .constant, stop: EarlyStop = EarlyStop()) -> TrainingStage {
        TrainingStage(
            method: Adam.self, options: OptionValues(defaults: Adam.description.options), steps: 1000,
            rate: RateSchedule(start: 1e-2, shape: shape), stop: stop)
    }

    /// The rate falls by the factor each time that `patience` steps in a row were no better, down to the minimum.
    @Test func plateausLowerTheRate() {
        let plateau = RateSchedule.Plateau(factor: 0.1, patience: 3, threshold: 0.1, minimum: 2e-4)
        let stage = stage(.plateau(plateau))
        let monitor = StageMonitor<Double>()
        // The first loss sets the mark; 0.95 is not lower by a tenth; 0.5 is.
        let losses = [1, 0.95, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
        let rates = losses.enumerated().map { step, loss -> Double in
            #expect(monitor.end(stage, loss: loss, at: step) == nil)
            return monitor.rate(stage.rate, at: step)
        }
        let expected = [1e-2, 1e-2, 1e-2, 1e-2, 1e-2, 1e-2, 1e-3, 1e-3, 1e-3, 2e-4, 2e-4]
        for (rate, wanted) in zip(rates, expected) { #expect(abs(rate - wanted) <= 1e-15) }
        monitor.reset()
        #expect(monitor.rate(stage.rate, at: 0) == 1e-2)
    }

    @Test func stagesEndEarly() {
        let target = stage(stop: EarlyStop(loss: 1e-3))
        #expect(StageMonitor<Double>().end(target, loss: 2e-3, at: 0) == nil)
        guard case .converged? = StageMonitor<Double>().end(target, loss: 1e-3, at: 0) else {
            Issue.record("the target was reached")
            return
        }
        let patient = stage(stop: EarlyStop(patience: 2, relative: 0.5))
        let monitor = StageMonitor<Double>()
        #expect([1, 0.6, 0.4, 0.3].enumerated().allSatisfy { monitor.end(patient, loss: $1, at: $0) == nil })
        guard case .stalled? = monitor.end(patient, loss: 0.25, at: 4) else {
            Issue.record("two steps were no better")
            return
        }
    }

    /// Gradient descent whose gradients are clipped to c moves by no more than rate · c in each step.
    @Test(arguments: [1e-3, 1e-1]) func clippedGradientsMakeShortSteps(limit: Double) throws {
        let (test, problem) = try TestProblems.named("helmholtz")
        let method = StochasticGradientDescent.self
        let options = try OptionValues(["momentum": .number(0)], checkedAgainst: method.description.options)
        func train(clip: Double?, steps: Int) throws -> [Double] {
            let stage = TrainingStage(
                method: method, options: options, steps: steps, rate: RateSchedule(start: 0.5), clip: clip)
            let training = try makeTraining(
                problem, network: test.network([6]), settings: TrainingSettings(stages: [stage], seed: 1, threads: 1),
                precision: .double)
            return try training.run(Silent()).parameters
        }
        func length(_ a: [Double], _ b: [Double]) -> Double {
            zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        }
        let (one, two) = (try train(clip: limit, steps: 1), try train(clip: limit, steps: 2))
        #expect(abs(length(one, two) - 0.5 * limit) <= 1e-12)
        #expect(try train(clip: 1e9, steps: 2) == train(clip: nil, steps: 2))
    }

    private final class Silent: TrainingObserver {
        func report(_ report: TrainingReport) {}
        var stopRequested: Bool { false }
    }
}
