import Geometry
import LinearAlgebra
import Optimizers
import PhysicsInformed
import Testing

/// N + M steps equal N steps, a stop, and M steps from the saved state: the same bits in parameters, reports and state.
@Suite struct ResumeTests {
    private final class Recorder: TrainingObserver {
        var reports: [TrainingReport] = []
        /// The step at which the state is kept.
        var keepAt = -1
        var stopAfter = Int.max
        private var steps = 0
        var kept: TrainingState?
        var last: TrainingState?

        func report(_ report: TrainingReport) { reports.append(report) }
        /// Asked once after each step.
        var stopRequested: Bool {
            steps += 1
            return steps >= stopAfter
        }
        func wantsState(at moment: TrainingMoment) -> Bool {
            if case .step(let step) = moment { step == keepAt } else { true }
        }
        func keep(_ state: TrainingState) {
            if state.position.step == keepAt, kept == nil { kept = state }
            last = state
        }
    }

    /// What is trained, and how.
    struct Case: Sendable, CustomTestStringConvertible {
        var stages: [(name: String, steps: Int, resampleEvery: Int)]
        var scheme = PointScheme.sobol
        var precision = Precision.double
        var shape = RateSchedule.Shape.exponential(decay: 0.9, every: 5, staircase: false)
        var clip: Double?
        var stop = EarlyStop()
        /// Threads before and after the stop.
        var threads = (1, 3)
        /// Names of the weighting rule, asked every four steps, and of the gradient surgery.
        var weights = "fixed", surgery = "sum"
        /// The rule by which points follow the residual, and options that differ from the defaults.
        var adaptive: String?
        var adaptiveOptions: [String: OptionValue] = [:]
        var testDescription: String {
            stages.map { "\($0.name) \($0.steps)/\($0.resampleEvery)" }.joined(separator: ", ")
                + ", \(scheme), \(precision), threads \(threads), \(weights), \(surgery), \(adaptive ?? "")"
        }

        var settings: TrainingSettings { settings(threads: threads.0) }
        func settings(threads: Int) -> TrainingSettings {
            let stages = self.stages.map { stage in
                let method = optimizerMethod(named: stage.name)!
                return TrainingStage(
                    method: method, options: OptionValues(defaults: method.description.options), steps: stage.steps,
                    rate: RateSchedule(start: 5e-3, shape: shape), resampleEvery: stage.resampleEvery, clip: clip,
                    stop: stop)
            }
            let rule = weightingRule(named: weights)!, method = surgeryMethod(named: surgery)!
            let every: [String: OptionValue] = weights == "fixed" ? [:] : ["every": .integer(4)]
            let standard = OptionValues(defaults: rule.description.options)
            let options = (try? OptionValues(every, checkedAgainst: rule.description.options)) ?? standard
            let points = PointSettings(
                adaptive: adaptive.flatMap { try? PointProblem.sampling($0, adaptiveOptions) })
            return TrainingSettings(
                stages: stages, scheme: scheme, points: points, weighting: Weighting(rule, options: options),
                surgery: Surgery(method, options: OptionValues(defaults: method.description.options)), seed: 3,
                threads: threads, logEvery: 4)
        }
    }

    static let cases: [Case] =
        [
            Case(stages: [("adam", 18, 0)]),
            Case(stages: [("ssbroyden", 14, 0), ("bfgs", 6, 3)]),
            Case(
                stages: [("adam", 11, 2), ("ssbfgs", 7, 0)],
                shape: .plateau(.init(factor: 0.5, patience: 2, threshold: 0.02, minimum: 1e-5)), clip: 0.5,
                stop: EarlyStop(patience: 9, relative: 0.5)),
            Case(stages: [("adam", 18, 3)], scheme: .uniform, threads: (3, 1)),
            Case(stages: [("adamw", 18, 5)], precision: .single),
            Case(stages: [("sgd", 18, 1)], scheme: .uniform),
            Case(stages: [("sgd", 18, 0)], precision: .single),
            Case(stages: [("lbfgs", 18, 0)], threads: (2, 1)),
            Case(stages: [("lbfgs", 18, 4)]),
            Case(stages: [("lbfgs", 18, 3)], scheme: .uniform, precision: .single),
            Case(stages: [("adam", 9, 2), ("sgd", 7, 3), ("lbfgs", 9, 4)]),
            Case(stages: [("adam", 9, 4), ("lbfgs", 9, 0)], scheme: .uniform, precision: .single, threads: (3, 2)),
        ] + rules + samplers

    /// Every weighting rule and every surgery, each with one of the other kind.
    private static let rules: [Case] = [
        Case(stages: [("adam", 9, 4), ("lbfgs", 4, 0), ("adam", 5, 0)], weights: "gradient-annealing"),
        Case(stages: [("adam", 18, 3)], precision: .single, weights: "gradient-norm", surgery: "pcgrad"),
        Case(stages: [("adam", 9, 0), ("sgd", 9, 2)], weights: "tangent-kernel", surgery: "config"),
        Case(stages: [("sgd", 18, 5)], precision: .single, weights: "gradient-annealing", surgery: "momentum-config"),
        Case(stages: [("adam", 9, 0), ("lbfgs", 9, 0)], weights: "gradient-annealing", surgery: "sam-gs"),
        Case(stages: [("adam", 18, 0)], surgery: "momentum-config"),
        Case(stages: [("adam", 18, 1)], precision: .single, weights: "gradient-norm", surgery: "dcgd"),
    ]

    /// Every kind of rule by which points follow the residual, with all that it has learned.
    private static let samplers: [Case] = [
        Case(stages: [("adam", 18, 3)], precision: .single, adaptive: "rad"),
        Case(stages: [("adam", 18, 4)], adaptive: "rar-g", adaptiveOptions: ["add": .integer(5)]),
        Case(
            stages: [("adam", 18, 3)], adaptive: "deep-adaptive",
            adaptiveOptions: [
                "steps": .integer(3), "couplings": .integer(2), "bins": .integer(4), "width": .integer(4),
                "rounds": .integer(3),
            ]),
        Case(
            stages: [("adam", 11, 4), ("lbfgs", 7, 3)], precision: .single, threads: (3, 1), adaptive: "deep-adaptive",
            adaptiveOptions: [
                "form": .word("grow"), "add": .integer(7), "steps": .integer(3), "couplings": .integer(2),
                "bins": .integer(4), "width": .integer(4),
            ]),
        Case(stages: [("adam", 18, 4)], precision: .single, adaptive: "adversarial"),
        Case(
            stages: [("adam", 18, 4)], adaptive: "adversarial",
            adaptiveOptions: [
                "form": .word("flow"), "steps": .integer(3), "couplings": .integer(2), "bins": .integer(4),
                "width": .integer(4), "rounds": .integer(3),
            ]),
        Case(
            stages: [("adam", 18, 4)], precision: .single, threads: (3, 1), adaptive: "transport",
            adaptiveOptions: ["targets": .integer(30), "epsilon": .number(0.05)]),
    ]

    /// A filtered face, a coefficient of the coordinates and two terms on the same points.
    private static func problem() throws -> (TestProblem, CollocationProblem) {
        let test = try TestProblem(
            coordinates: ["x", "y"], box: Box(lower: [0, -1], upper: [1, 1]), unknowns: ["u"])
        var side = test.faces([(0, false), (1, true)])
        side.pieces[0].filter = try test.expression("y > 0.25")
        let terms = [
            try test.term("heat", "laplacian(u) - sin(3*x)*u", points: 40),
            try test.term("slope", "u_x - y", points: 40, weight: 0.5),
            ResidualTerm(
                name: "side", components: try test.expression("u - x*y").components, location: side, pointsPerFace: 11,
                weight: 3),
        ]
        return (test, CollocationProblem(domain: test.domain, unknownCount: 1, terms: terms))
    }

    private func training(_ test: Case, threads: Int) throws -> any Training {
        let (text, problem) = try Self.problem()
        return try makeTraining(
            problem, network: text.network([7, 6]), settings: test.settings(threads: threads), precision: test.precision
        )
    }

    @Test(arguments: cases) func stoppingChangesNothing(test: Case) throws {
        let whole = Recorder()
        let outcome = try training(test, threads: test.threads.0).run(whole)
        #expect(outcome.stop == .stepsDone)
        // Within each stage, at its last step, and where points are drawn.
        for stop in [1, 4, 5, 8, 9, 10, 12, 15, 17, 18, 20, 24] where stop < outcome.steps {
            let first = Recorder()
            (first.keepAt, first.stopAfter) = (stop, stop)
            let stopped = try training(test, threads: test.threads.0).run(first)
            #expect(stopped.stop == .interrupted && stopped.steps == stop)
            let state = try #require(first.kept)
            #expect(state.position.step == stop)

            let second = Recorder()
            let resumed = try training(test, threads: test.threads.1)
            try resumed.restore(state)
            let end = try resumed.run(second)
            #expect(end.parameters == outcome.parameters, "\(stop)")
            #expect(end.losses == outcome.losses && end.steps == outcome.steps && end.stop == outcome.stop)
            #expect(second.last?.parts == whole.last?.parts)
            #expect(second.last?.parameters == whole.last?.parameters)
            // The rows before the stop and those after it are the rows of the whole run.
            let before = first.reports.dropLast().map(Row.init)
            #expect(before + second.reports.map(Row.init) == whole.reports.map(Row.init), "\(stop)")
        }
    }

    /// A report without its times.
    private struct Row: Equatable {
        var numbers: [Int]
        var values: [Double]

        init(_ report: TrainingReport) {
            numbers = [report.stage, report.stageStep, report.step]
            values = [report.loss, report.rate] + report.losses + report.weights + report.parameters
        }
    }

    @Test func aLongerLastStageIsWhatItWouldHaveBeen() throws {
        let short = Case(stages: [("adam", 6, 0), ("lbfgs", 7, 2)])
        let long = Case(stages: [("adam", 6, 0), ("lbfgs", 15, 2), ("sgd", 5, 1)])
        let first = Recorder()
        _ = try training(short, threads: 1).run(first)
        let resumed = try training(long, threads: 2)
        try resumed.restore(try #require(first.last))
        let second = Recorder()
        let end = try resumed.run(second)
        let whole = Recorder()
        let outcome = try training(long, threads: 1).run(whole)
        #expect(end.parameters == outcome.parameters && end.steps == 26)
        #expect(second.last?.parts == whole.last?.parts)
        let before = first.reports.dropLast().map(Row.init)
        #expect(before + second.reports.map(Row.init) == whole.reports.map(Row.init))
    }

    @Test func aFinishedRunStaysFinished() throws {
        let test = Case(stages: [("adam", 6, 0), ("lbfgs", 4, 2)])
        let first = Recorder()
        let outcome = try training(test, threads: 1).run(first)
        let resumed = try training(test, threads: 1)
        try resumed.restore(try #require(first.last))
        let second = Recorder()
        let again = try resumed.run(second)
        #expect(again.parameters == outcome.parameters && again.steps == outcome.steps && again.stop == outcome.stop)
        #expect(second.reports.map(Row.init) == first.reports.suffix(1).map(Row.init))
    }

    @Test func aStageThatConvergedStaysConverged() throws {
        // u = 0 solves u = 0: the gradient vanishes soon.
        let test = try TestProblem(coordinates: ["x"], box: Box(lower: [0], upper: [1]), unknowns: ["u"])
        let problem = CollocationProblem(
            domain: test.domain, unknownCount: 1, terms: [try test.term("zero", "u", points: 8)])
        func training(_ steps: Int) throws -> any Training {
            let settings = Case(stages: [("lbfgs", steps, 0)]).settings
            return try makeTraining(problem, network: test.network([3]), settings: settings, precision: .double)
        }
        let first = Recorder()
        let outcome = try training(2_000).run(first)
        let state = try #require(first.last)
        #expect(state.position.end != nil && outcome.steps < 2_000)
        let resumed = try training(4_000)
        try resumed.restore(state)
        let again = try resumed.run(Recorder())
        #expect(again.stop == outcome.stop && again.steps == outcome.steps)
    }

    @Test func secondsGoOnAndTheBudgetIsThatOfAllParts() throws {
        let test = Case(stages: [("adam", 1_000_000, 0)])
        var settings = test.settings
        settings.budget = 0.05
        let (text, problem) = try Self.problem()
        func training() throws -> any Training {
            try makeTraining(problem, network: text.network([7]), settings: settings, precision: .double)
        }
        let first = Recorder()
        let outcome = try training().run(first)
        #expect(outcome.stop == .budgetSpent)
        let state = try #require(first.last)
        let second = try training()
        try second.restore(state)
        let again = try second.run(Recorder())
        #expect(again.stop == .budgetSpent && again.steps == outcome.steps && again.seconds >= 0.05)
        settings.budget = 0.1
        let third = try training()
        try third.restore(state)
        let longer = try third.run(Recorder())
        #expect(longer.steps > outcome.steps && longer.seconds >= 0.1)
    }

    @Test func statesThatDoNotFitAreRefused() throws {
        let test = Case(stages: [("adam", 6, 0)])
        let recorder = Recorder()
        _ = try training(test, threads: 1).run(recorder)
        let state = try #require(recorder.last)
        let other = try training(Case(stages: [("sgd", 6, 0)]), threads: 1)
        #expect(throws: TrainingStateError.self) { try other.restore(state) }
        let shorter = try training(Case(stages: [("adam", 5, 0)]), threads: 1)
        #expect(throws: TrainingStateError.position(state.position)) { try shorter.restore(state) }
        let (text, problem) = try Self.problem()
        let wider = try makeTraining(
            problem, network: text.network([9]), settings: test.settings, precision: .double)
        #expect(throws: TrainingStateError.self) { try wider.restore(state) }
    }
}
