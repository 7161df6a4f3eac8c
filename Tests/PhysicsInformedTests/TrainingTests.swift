import Expressions
import Geometry
import LinearAlgebra
import Networks
import Optimizers
import PhysicsInformed
import Testing

/// The training loop: it converges, stops for the reason it says, and repeats itself bit for bit.
@Suite struct TrainingTests {
    private final class Recorder: TrainingObserver {
        var reports: [TrainingReport] = []
        var stopAfter = Int.max
        func report(_ report: TrainingReport) { reports.append(report) }
        var stopRequested: Bool { (reports.last?.step ?? 0) >= stopAfter }
    }

    /// −u″ = π² sin πx on (0, 1), u = 0 at the ends.
    private static func poisson(exact: Bool, points: Int = 64) throws -> (TestProblem, CollocationProblem) {
        let test = try TestProblem(coordinates: ["x"], box: Box(lower: [0], upper: [1]), unknowns: ["u"])
        var terms = [try test.term("poisson", "u_xx + pi^2*sin(pi*x)", points: points)]
        var conditions = ExactConditions(unknownCount: 1)
        if exact {
            conditions = try ExactConditions(
                test.data("u", on: [(0, false), (0, true)]), domain: test.domain, unknownCount: 1)
        } else {
            terms.append(try test.term("ends", "u", on: [(0, false), (0, true)], points: 1, weight: 50))
        }
        return (
            test,
            CollocationProblem(domain: test.domain, unknownCount: 1, terms: terms, exactConditions: conditions)
        )
    }

    private static func stage(_ name: String, steps: Int, rate: Double = 5e-3, resampleEvery: Int = 0) -> TrainingStage
    {
        let method = optimizerMethod(named: name)!
        return TrainingStage(
            method: method, options: OptionValues(defaults: method.description.options), steps: steps,
            rate: RateSchedule(start: rate), resampleEvery: resampleEvery)
    }

    private func train(
        _ problem: CollocationProblem, _ network: Network, _ stages: [TrainingStage], _ observer: Recorder = Recorder(),
        precision: Precision = .double, threads: Int = 2, budget: Double? = nil
    ) throws -> TrainingOutcome {
        let settings = TrainingSettings(
            stages: stages, scheme: .sobol, seed: 1, threads: threads, logEvery: 10, budget: budget)
        return try makeTraining(problem, network: network, settings: settings, precision: precision).run(observer)
    }

    private func error(_ problem: CollocationProblem, _ network: Network, _ outcome: TrainingOutcome) throws -> Double {
        let fields = TrainedFields(
            network: network, exactConditions: problem.exactConditions, parameters: outcome.parameters)
        let x = (0...100).map { Double($0) / 100 }
        let test = try TestProblem(coordinates: ["x"], box: problem.domain.box, unknowns: ["u"])
        let difference = try test.expression("u - sin(pi*x)", in: .equation)
        let values = try fields.evaluate([difference], at: [x])[0]
        return (values.reduce(0) { $0 + $1 * $1 } / 50).squareRoot()
    }

    @Test(arguments: [(true, Precision.double, 1e-4), (false, .double, 1e-3), (true, .single, 2e-2)])
    func aPoissonProblemIsSolved(exact: Bool, precision: Precision, tolerance: Double) throws {
        let (test, problem) = try Self.poisson(exact: exact)
        let network = test.network([16, 16])
        let outcome = try train(
            problem, network, [Self.stage("adam", steps: 300), Self.stage("lbfgs", steps: 300)], precision: precision)
        #expect(try error(problem, network, outcome) < tolerance)
    }

    /// u′ = −k u, u(0) = 1, with u = exp(−2x) observed: k is 2.
    @Test(arguments: [
        SearchedParameter("k", start: 0.5), SearchedParameter("k", start: 0.1, scale: .logarithmic),
        SearchedParameter("k", start: 9, range: 0.01...10, scale: .logarithmic),
        SearchedParameter("k", start: 0.5, range: 0...4, rate: 2),
    ])
    func anUnknownParameterIsFound(parameter: SearchedParameter) throws {
        let test = try TestProblem(
            coordinates: ["x"], box: Box(lower: [0], upper: [1]), unknowns: ["u"], parameters: ["k"])
        let problem = CollocationProblem(
            domain: test.domain, unknownCount: 1,
            terms: [
                try test.term("decay", "u_x + k*u", points: 32), try test.term("data", "u - exp(-2*x)", points: 32),
            ],
            exactConditions: try ExactConditions(
                test.data("u - 1", on: [(0, false)]), domain: test.domain, unknownCount: 1),
            unknownParameters: [parameter])
        let recorder = Recorder()
        let outcome = try train(
            problem, test.network([8]), [Self.stage("adam", steps: 100, rate: 1e-2), Self.stage("lbfgs", steps: 200)],
            recorder)
        #expect(abs(outcome.unknownParameters[0] - 2) < 1e-3)
        #expect(recorder.reports[0].unknownParameters == [parameter.value(at: 0).value])
        #expect(recorder.reports.last?.unknownParameters == outcome.unknownParameters)
        // Fields may read it as well.
        let fields = TrainedFields(
            network: test.network([8]), exactConditions: problem.exactConditions,
            unknownParameters: problem.unknownParameters, parameters: outcome.parameters)
        let twice = try fields.evaluate([test.expression("2*k + 0*u", in: .output)], at: [[0.5]])[0][0]
        #expect(abs(twice - 2 * outcome.unknownParameters[0]) < 1e-14)
    }

    @Test func sameSeedSameBitsForAnyThreads() throws {
        let (test, problem) = try Self.poisson(exact: false, points: 300)
        let network = test.network([8, 8])
        let stages = [Self.stage("adam", steps: 20, resampleEvery: 1), Self.stage("lbfgs", steps: 5)]
        let first = try train(problem, network, stages, threads: 1)
        let second = try train(problem, network, stages, threads: 3)
        #expect(first.parameters == second.parameters)
        #expect(first.losses == second.losses)
    }

    @Test func reportsComeAtTheStartAtIntervalsAndAtTheEnd() throws {
        let (test, problem) = try Self.poisson(exact: true)
        let recorder = Recorder()
        _ = try train(
            problem, test.network([4]), [Self.stage("adam", steps: 25), Self.stage("adam", steps: 5)], recorder)
        #expect(recorder.reports.map(\.step) == [0, 10, 20, 25, 25, 30])
        #expect(recorder.reports.map(\.stage) == [0, 0, 0, 0, 1, 1])
    }

    @Test func theObserverAndTheBudgetEndARun() throws {
        let (test, problem) = try Self.poisson(exact: true)
        let recorder = Recorder()
        recorder.stopAfter = 10
        let interrupted = try train(problem, test.network([4]), [Self.stage("adam", steps: 1_000)], recorder)
        #expect(interrupted.stop == .interrupted && interrupted.steps == 11)
        let spent = try train(problem, test.network([4]), [Self.stage("adam", steps: 100_000_000)], budget: 0.02)
        #expect(spent.stop == .budgetSpent && spent.seconds >= 0.02)
    }

    @Test func aLossThatIsNotFiniteEndsTheRunAtTheLastGoodState() throws {
        let test = try TestProblem(coordinates: ["x"], box: Box(lower: [0], upper: [1]), unknowns: ["u"])
        // The rate is far too large: u leaves the domain of the logarithm.
        let problem = CollocationProblem(
            domain: test.domain, unknownCount: 1, terms: [try test.term("logarithm", "u_x - log(u + 2)", points: 32)])
        let network = test.network([8])
        let outcome = try train(problem, network, [Self.stage("sgd", steps: 200, rate: 50)])
        guard case .notFinite(let worst, let step) = outcome.stop else {
            Issue.record("the run ended otherwise: \(outcome.stop)")
            return
        }
        #expect(worst.term == "logarithm" && step > 0 && problem.domain.box.contains(worst.point))
        #expect(outcome.losses.allSatisfy { $0.isFinite })
        #expect(outcome.parameters.allSatisfy { $0.isFinite })
    }
}
