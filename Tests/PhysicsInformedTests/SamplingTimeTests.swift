import Optimizers
import PhysicsInformed
import Testing

/// The seconds of redraws: what is counted, and that stops and windows of time lose none of it.
@Suite struct SamplingTimeTests {
    private final class Recorder: TrainingObserver {
        var stopAfter = Int.max
        private var steps = 0
        var last: TrainingState?

        func report(_ report: TrainingReport) {}
        var stopRequested: Bool {
            steps += 1
            return steps >= stopAfter
        }
        func wantsState(at moment: TrainingMoment) -> Bool { true }
        func keep(_ state: TrainingState) { last = state }
    }

    private func training(_ rule: String?, windows: Int = 1) throws -> any Training {
        let method = optimizerMethod(named: "adam")!
        let stage = TrainingStage(
            method: method, options: OptionValues(defaults: method.description.options), steps: 12,
            rate: RateSchedule(start: 1e-3), resampleEvery: 3)
        var settings = TrainingSettings(stages: [stage], seed: 1, threads: 1)
        settings.points.adaptive = try rule.map { try PointProblem.sampling($0) }
        return try makeTraining(
            PointProblem.learned(), network: PointProblem.test().network([4]), settings: settings, precision: .double,
            windows: windows > 1 ? TimeWindows(of: 0...1, timeAxis: 1, count: windows) : nil)
    }

    @Test(arguments: ["rad", "adversarial", "transport"]) func redrawsAreTimed(rule: String) throws {
        let loss = try PointProblem.loss(
            PointProblem.inside(["u_x - t"]), PointSettings(adaptive: try PointProblem.sampling(rule)))
        #expect(loss.samplingTime == SamplingTime())
        let theta = PointProblem.parameters(loss)
        var before = SamplingTime()
        for step in 1...3 {
            try loss.resample(theta, step: step)
            let time = loss.samplingTime
            #expect(time.seconds > before.seconds && time.ruleSeconds > before.ruleSeconds)
            #expect(time.seconds > time.ruleSeconds)
            before = time
        }
    }

    @Test func withoutARuleThereIsNoTime() throws {
        let loss = try PointProblem.loss(PointProblem.inside(["t"]), PointSettings())
        try loss.resample(PointProblem.parameters(loss), step: 1)
        #expect(loss.samplingTime == SamplingTime())
        #expect(try training(nil).run(Recorder()).sampling == nil)
    }

    @Test(arguments: [1, 3]) func stopsLoseNoTime(windows: Int) throws {
        let first = Recorder()
        first.stopAfter = windows == 1 ? 8 : 20
        let stopped = try #require(try training("rad", windows: windows).run(first).sampling)
        let kept = try #require(first.last)
        #expect(stopped.seconds > 0 && kept.position.sampling == stopped)
        #expect(stopped.seconds < kept.position.seconds)
        let second = Recorder()
        let resumed = try training("rad", windows: windows)
        try resumed.restore(kept)
        let outcome = try resumed.run(second)
        let whole = try #require(outcome.sampling)
        #expect(whole.seconds > stopped.seconds && whole.ruleSeconds > stopped.ruleSeconds)
        #expect(whole.seconds < outcome.seconds)
        #expect(second.last?.position.sampling == whole)
    }
}
