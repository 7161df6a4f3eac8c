import LinearAlgebra
import Optimizers
import PhysicsInformed
import Testing

/// Training with rules for points: a stop changes no bit, nor do threads.
@Suite struct PointTrainingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var stages: [(name: String, steps: Int, resampleEvery: Int)]
        var scheme = PointScheme.sobol
        var precision = Precision.double
        var windows: Int?
        var points: @Sendable () throws -> PointSettings
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "causal", stages: [("adam", 8, 3), ("lbfgs", 6, 4)]) {
            PointSettings(causality: CausalSettings(tolerances: [0.1, 1, 4], chunks: 7, threshold: 0.3))
        },
        Case(name: "causal from L-BFGS on", stages: [("lbfgs", 6, 0), ("adam", 5, 0)], precision: .single) {
            PointSettings(causality: CausalSettings(chunks: 5))
        },
        Case(name: "self-adaptive", stages: [("adam", 8, 0), ("lbfgs", 5, 0)]) {
            PointSettings(weighting: try PointProblem.weighting("self-adaptive"))
        },
        Case(name: "self-adaptive by the gradient", stages: [("adam", 8, 0)], precision: .single) {
            PointSettings(
                weighting: try PointProblem.weighting("self-adaptive", ["ascent": .word("gradient")]),
                weightedTerms: ["start", "bound"])
        },
        Case(name: "attention and causal", stages: [("adam", 8, 0), ("lbfgs", 5, 0)]) {
            PointSettings(
                causality: CausalSettings(chunks: 4), weighting: try PointProblem.weighting("residual-attention"))
        },
        Case(name: "rad", stages: [("adam", 8, 3), ("lbfgs", 6, 2)]) {
            PointSettings(adaptive: try PointProblem.sampling("rad"))
        },
        Case(name: "rar-d", stages: [("adam", 8, 2), ("sgd", 4, 1)], scheme: .uniform, precision: .single) {
            PointSettings(adaptive: try PointProblem.sampling("rar-d", ["limit": .integer(105)]))
        },
        Case(name: "rar-g and causal", stages: [("adam", 9, 2)]) {
            PointSettings(
                causality: CausalSettings(chunks: 6),
                adaptive: try PointProblem.sampling("rar-g", ["add": .integer(17)]))
        },
        Case(name: "importance", stages: [("adam", 8, 2), ("lbfgs", 5, 2)], scheme: .latinHypercube) {
            PointSettings(adaptive: try PointProblem.sampling("importance", ["constant": .number(0.1)]))
        },
        Case(name: "curriculum", stages: [("adam", 8, 3), ("lbfgs", 5, 2)], scheme: .latinHypercube) {
            PointSettings(curriculum: TimeCurriculum(from: 0.2, over: 9))
        },
        Case(name: "windows", stages: [("adam", 4, 3), ("lbfgs", 3, 2)], windows: 3) { PointSettings() },
        Case(name: "windows, causal, attention", stages: [("adam", 5, 0)], precision: .single, windows: 2) {
            PointSettings(
                causality: CausalSettings(chunks: 4), weighting: try PointProblem.weighting("residual-attention"))
        },
        Case(name: "curriculum and rad", stages: [("adam", 8, 3)], scheme: .uniform, precision: .single) {
            PointSettings(
                adaptive: try PointProblem.sampling("rad"), curriculum: TimeCurriculum(from: 0.2, over: 9))
        },
    ]

    private final class Recorder: TrainingObserver {
        var rows: [[Double]] = []
        var keepAt = -1
        var kept: TrainingState?
        var last: TrainingState?

        func report(_ report: TrainingReport) {
            rows.append(
                [Double(report.step), report.loss, report.rate] + report.losses + report.parameters
                    + [report.causality?.tolerance ?? 0, report.causality?.lastWeight ?? 0])
        }
        var stopRequested: Bool { kept != nil }
        func wantsState(at moment: TrainingMoment) -> Bool { true }
        func keep(_ state: TrainingState) {
            if state.position.step == keepAt, kept == nil { kept = state }
            last = state
        }
    }

    private func training(_ test: Case, threads: Int) throws -> any Training {
        let stages = test.stages.map { stage in
            let method = optimizerMethod(named: stage.name)!
            return TrainingStage(
                method: method, options: OptionValues(defaults: method.description.options), steps: stage.steps,
                rate: RateSchedule(start: 5e-3), resampleEvery: stage.resampleEvery)
        }
        let settings = TrainingSettings(
            stages: stages, scheme: test.scheme, points: try test.points(), seed: 3, threads: threads, logEvery: 4)
        return try makeTraining(
            try PointProblem.learned(), network: try PointProblem.test().network([7, 6]), settings: settings,
            precision: test.precision,
            windows: test.windows.map { TimeWindows(of: 0...1, timeAxis: 1, count: $0) })
    }

    @Test(arguments: cases) func threadsChangeNothing(test: Case) throws {
        let one = Recorder()
        let outcome = try training(test, threads: 1).run(one)
        #expect(outcome.stop == .stepsDone)
        for threads in [2, 4] {
            let several = Recorder()
            #expect(try training(test, threads: threads).run(several).parameters == outcome.parameters)
            #expect(several.rows == one.rows)
        }
    }

    @Test(arguments: cases) func stoppingChangesNothing(test: Case) throws {
        let whole = Recorder()
        let outcome = try training(test, threads: 1).run(whole)
        for stop in 1..<outcome.steps {
            let first = Recorder()
            first.keepAt = stop
            _ = try training(test, threads: 2).run(first)
            let state = try #require(first.kept)
            let second = Recorder()
            let resumed = try training(test, threads: 1)
            try resumed.restore(state)
            let end = try resumed.run(second)
            #expect(end.parameters == outcome.parameters, "\(stop)")
            #expect(end.losses == outcome.losses && end.steps == outcome.steps)
            #expect(second.last?.parts == whole.last?.parts, "\(stop)")
            #expect(second.rows == Array(whole.rows.suffix(second.rows.count)), "\(stop)")
        }
    }

    @Test func aStateOfOtherRulesIsRefused() throws {
        let recorder = Recorder()
        _ = try training(Self.cases[0], threads: 1).run(recorder)
        let state = try #require(recorder.last)
        #expect(throws: TrainingStateError.self) { try training(Self.cases[5], threads: 1).restore(state) }
    }
}
