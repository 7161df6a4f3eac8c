import Expressions
import Geometry
import LinearAlgebra
import Networks
import Optimizers
import PhysicsInformed
import Testing

/// Rules for the weights of loss terms: formulas on cases worked by hand, and when they act.
@Suite struct WeightingTests {
    private final class Recorder: TrainingObserver {
        var reports: [TrainingReport] = []
        func report(_ report: TrainingReport) { reports.append(report) }
        var stopRequested: Bool { false }
    }

    private func weighting(_ name: String, _ options: [String: OptionValue] = [:]) throws -> Weighting {
        let rule = try #require(weightingRule(named: name))
        return Weighting(rule, options: try OptionValues(options, checkedAgainst: rule.description.options))
    }

    private func stage(_ name: String, steps: Int, rate: Double = 1e-2) throws -> TrainingStage {
        let method = try #require(optimizerMethod(named: name))
        return TrainingStage(
            method: method, options: OptionValues(defaults: method.description.options), steps: steps,
            rate: RateSchedule(start: rate))
    }

    /// The weights after the first update from given parameters, with a memory of 0: the aims.
    private func aims(
        _ name: String, _ options: [String: OptionValue] = [:], _ problem: CollocationProblem, _ network: Network,
        at parameters: [Double], precision: Precision = .double
    ) throws -> [Double] {
        let settings = TrainingSettings(
            stages: [try stage("sgd", steps: 1)],
            weighting: try weighting(name, options.merging(["memory": .number(0)]) { a, _ in a }), seed: 1, threads: 2)
        let training = try makeTraining(problem, network: network, settings: settings, precision: precision)
        training.begin(from: parameters)
        let recorder = Recorder()
        _ = try training.run(recorder)
        return recorder.reports[0].weights
    }

    private func agree(_ found: [Double], _ expected: [Double], _ tolerance: Double = 1e-13) -> Bool {
        found.count == expected.count
            && zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance * abs($1) }
    }

    /// u = w x + b with u′ = 2, u(0) = 3, u(1) = 5. At w = b = 1 the gradients by (w, b) are
    /// (−2, 0), (0, −4), (−6, −6), and those of the residuals (1, 0), (0, 1), (1, 1).
    private func line(weights: [Double] = [1, 1, 1]) throws -> (CollocationProblem, Network) {
        let test = try TestProblem(coordinates: ["x"], box: Box(lower: [0], upper: [1]), unknowns: ["u"])
        let terms = [
            try test.term("slope", "u_x - 2", points: 5, weight: weights[0]),
            try test.term("left", "u - 3", on: [(0, false)], points: 1, weight: weights[1]),
            try test.term("right", "u - 5", on: [(0, true)], points: 1, weight: weights[2]),
        ]
        return (
            CollocationProblem(domain: test.domain, unknownCount: 1, terms: terms),
            Network(inputs: 1, layers: [.dense(outputs: 1, activation: nil)])
        )
    }

    @Test(arguments: [Precision.double, .single]) func annealingByHand(precision: Precision) throws {
        let (problem, network) = try line(weights: [1, 2, 0.5])
        func aims(_ options: [String: OptionValue]) throws -> [Double] {
            try self.aims("gradient-annealing", options, problem, network, at: [1, 1], precision: precision)
        }
        // max |∇L_r| = 2, mean |∇Lᵢ| = 2 and 6.
        #expect(agree(try aims([:]), [1, 2 / (2.0 * 2), 2 / (0.5 * 6)], 1e-6))
        #expect(agree(try aims(["denominator": .word("unweighted")]), [1, 2.0 / 2, 2.0 / 6], 1e-6))
        // w alone: the gradient of "left" vanishes, and its weight stays.
        #expect(agree(try aims(["parameters": .word("matrices")]), [1, 2, 2 / (0.5 * 6)], 1e-6))
        // λ ← memory·λ + (1 − memory)·λ̂
        #expect(agree(try aims(["memory": .number(0.9)]), [1, 0.9 * 2 + 0.1 * 0.5, 0.9 * 0.5 + 0.1 * 2 / 3], 1e-6))
    }

    @Test func equationsAddUpAndKeepTheirWeights() throws {
        var (problem, network) = try line(weights: [3, 1, 1])
        let test = try TestProblem(coordinates: ["x"], box: Box(lower: [0], upper: [1]), unknowns: ["u"])
        // Another equation, with the gradient (1, 0)·2·(1 − 6) = (−10, 0).
        problem.terms.append(try test.term("more", "u_x - 6", points: 3, weight: 0.5))
        let found = try aims("gradient-annealing", [:], problem, network, at: [1, 1])
        #expect(agree(found, [3, 11.0 / 2, 11.0 / 6, 0.5]))
    }

    /// u = a (w x + b) + c with u′ = 2, u(0) + k = 3; at w, b, a, c, k = 1, 2, 3, 4, 0.
    ///
    /// By (w, b, a, c, k): ∇L_r = 2 (aw − 2) (a, 0, w, 0, 0) = (6, 0, 2, 0, 0) and
    /// ∇L = 2 (ab + c + k − 3) (0, a, b, 1, 1) = (0, 42, 28, 14, 14).
    private static let pooled: [(String, String, Double)] = [
        ("all", "global", 30.0 / 98), ("all", "layers", 6.0 / 21), ("all", "layer-ratios", 6.0 / 21),
        ("matrices", "global", 6.0 / 14), ("matrices", "layers", 6.0 / 14), ("matrices", "layer-ratios", 2.0 / 28),
    ]

    @Test(arguments: pooled) func poolingByHand(parameters: String, pooling: String, expected: Double) throws {
        let test = try TestProblem(
            coordinates: ["x"], box: Box(lower: [0], upper: [1]), unknowns: ["u"], parameters: ["k"])
        let problem = CollocationProblem(
            domain: test.domain, unknownCount: 1,
            terms: [
                try test.term("slope", "u_x - 2", points: 5),
                try test.term("left", "u + k - 3", on: [(0, false)], points: 1),
            ], unknownParameters: [SearchedParameter("k", start: 0)])
        let network = Network(
            inputs: 1, layers: [.dense(outputs: 1, activation: nil), .dense(outputs: 1, activation: nil)])
        let found = try aims(
            "gradient-annealing", ["parameters": .word(parameters), "pooling": .word(pooling)], problem, network,
            at: [1, 2, 3, 4, 0])
        #expect(agree(found, [1, expected]))
    }

    @Test func normsAndKernelsByHand() throws {
        let (problem, network) = try line(weights: [1, 2, 0.5])
        let mean = (2 + 4 + 72.0.squareRoot()) / 3
        #expect(
            agree(
                try aims("gradient-norm", [:], problem, network, at: [1, 1]),
                [mean / 2, mean / 4, mean / 72.0.squareRoot()]))
        #expect(agree(try aims("tangent-kernel", [:], problem, network, at: [1, 1]), [4.0 / 3, 4.0 / 3, 2.0 / 3]))
    }

    @Test(arguments: ["gradient-annealing", "gradient-norm", "tangent-kernel"])
    func weightsOfTermsThatVanishOrAreSwitchedOffStay(rule: String) throws {
        let (line, network) = try line(weights: [1, 2, 0])
        var problem = line
        let test = try TestProblem(coordinates: ["x"], box: Box(lower: [0], upper: [1]), unknowns: ["u"])
        // Its gradient vanishes everywhere.
        problem.terms.append(try test.term("constant", "0*u + 3", on: [(0, true)], points: 1, weight: 0.7))
        let found = try aims(rule, [:], problem, network, at: [1, 1])
        #expect(found[2] == 0 && found[3] == 0.7)
        #expect(found.allSatisfy { $0.isFinite } && found[1] != 2)
        // Where no gradient is left, nothing moves, and the largest aim is 1e9.
        let still = try aims(rule, [:], problem, network, at: [2, 3])
        #expect(still.allSatisfy { $0.isFinite && $0 <= Weighting.largestAim })
    }

    /// Kᵢ on given points, against the gradients of the squared residual at each of them: ∇r² = 2 r ∇r.
    @Test func kernelsOfTracesUnknownParametersAndVectors() throws {
        let test = try TestProblem(
            coordinates: ["x", "t"], box: Box(lower: [0, 0], upper: [1, 2]), unknowns: ["u", "v"],
            parameters: ["k", "c"])
        let points = [[0.1, 0.4, 0.55, 0.9, 0.95], [0.3, 1.5, 0.2, 1.9, 1.0]]
        let texts = [
            "d(u, t) - k*u_xx + u(t = 0)*v(x = 1)", "v - c*x + k", "[u_x - 1, u*v - k]", "laplacian(u)(x = 0.25) - x",
        ]
        func problem(_ points: [[Double]], component: Int? = nil) throws -> CollocationProblem {
            CollocationProblem(
                domain: test.domain, unknownCount: 2,
                terms: try texts.enumerated().map { index, text in
                    let components = try test.expression(text).components
                    return ResidualTerm(
                        name: "term \(index)",
                        components: component.map { [components[min($0, components.count - 1)]] } ?? components,
                        data: PointData(points: points))
                },
                unknownParameters: [
                    SearchedParameter("k", start: 0.02, range: 1e-4...1, scale: .logarithmic),
                    SearchedParameter("c", start: -3, rate: 0.5),
                ])
        }
        let network = test.network([6, 5])
        let whole = try problem(points)
        let count = whole.layout(with: network).count
        let theta = (0..<count).map { 0.3 * Double(($0 * 7919) % 23 - 11) / 11 }
        var kernels = [Double](repeating: 0, count: texts.count)
        for point in points[0].indices {
            for component in 0..<2 {
                let single = try problem(points.map { [$0[point]] }, component: component)
                let loss = try LossFunction<Double>(
                    single, network: network, scheme: .uniform, seed: 1, pool: .init(threads: 1))
                var buffer = [Double](repeating: 0, count: count * texts.count)
                buffer.withUnsafeMutableBufferPointer { buffer in
                    _ = loss.evaluateSeparately(
                        theta, gradients: texts.indices.map { buffer.baseAddress! + $0 * count })
                }
                for term in texts.indices where component == 0 || term == 2 {
                    let squares = buffer[term * count..<(term + 1) * count].reduce(0) { $0 + $1 * $1 }
                    kernels[term] += squares / (4 * loss.losses[term]) / Double(points[0].count)
                }
            }
        }
        let mean = kernels.reduce(0, +) / Double(kernels.count)
        let found = try aims("tangent-kernel", [:], whole, network, at: theta)
        #expect(agree(found, kernels.map { mean / $0 }, 1e-9))
    }

    /// A condition on integrals alone is one residual: K = ‖∇r²‖²/(4 r²).
    @Test func kernelsOfIntegrals() throws {
        let test = try TestProblem(coordinates: ["x"], box: Box(lower: [0], upper: [1]), unknowns: ["u"])
        var separator = IntegralSeparator(firstParameter: 0)
        let residual = try separator.separate(test.expression("average(u^2 + u_x over region)^2 - 0.3"))
        let mass = ResidualTerm(
            name: "mass", components: [residual], location: PointLocation([]), pointsPerFace: 1,
            integrals: separator.integrals.map { IntegralTerm($0.body, over: .interior, isAverage: $0.isAverage) },
            integralPoints: 64)
        let end = ResidualTerm(
            name: "end", components: try test.expression("u - 1").components, data: PointData(points: [[0.5]]))
        let problem = CollocationProblem(domain: test.domain, unknownCount: 1, terms: [mass, end])
        let network = test.network([5])
        let count = network.layout.count
        let theta = (0..<count).map { 0.4 * Double(($0 * 7919) % 13 - 6) / 6 }
        let loss = try LossFunction<Double>(
            problem, network: network, scheme: .uniform, seed: 1, pool: .init(threads: 1))
        var buffer = [Double](repeating: 0, count: 2 * count)
        buffer.withUnsafeMutableBufferPointer { buffer in
            _ = loss.evaluateSeparately(theta, gradients: [buffer.baseAddress!, buffer.baseAddress! + count])
        }
        let kernels = (0..<2).map { term -> Double in
            let squares = buffer[term * count..<(term + 1) * count].reduce(0.0) { $0 + $1 * $1 }
            return squares / (4 * loss.losses[term])
        }
        let mean = (kernels[0] + kernels[1]) / 2
        #expect(agree(try aims("tangent-kernel", [:], problem, network, at: theta), kernels.map { mean / $0 }, 1e-9))
    }

    // MARK: In training

    private func train(
        _ weighting: Weighting, _ surgery: Surgery = .sum, stages: [TrainingStage], threads: Int = 2,
        precision: Precision = .double
    ) throws -> (TrainingOutcome, [TrainingReport]) {
        let (test, problem) = try TestProblems.named("helmholtz")
        let settings = TrainingSettings(
            stages: stages, scheme: .sobol, weighting: weighting, surgery: surgery, seed: 1, threads: threads,
            logEvery: 1)
        let recorder = Recorder()
        let outcome = try makeTraining(
            problem, network: test.network([11, 9]), settings: settings, precision: precision
        ).run(recorder)
        return (outcome, recorder.reports)
    }

    @Test(arguments: ["gradient-annealing", "gradient-norm", "tangent-kernel"])
    func weightsMoveAtTheirPeriodAndRestInQuasiNewtonStages(rule: String) throws {
        let (_, reports) = try train(
            try weighting(rule, ["every": .integer(3)]),
            stages: [stage("adam", steps: 8), stage("lbfgs", steps: 5), stage("sgd", steps: 4, rate: 1e-6)])
        for (before, after) in zip(reports, reports.dropFirst()) {
            // A report shows the weights of the coming step; that at the end of a stage those of the last one.
            let moves = after.stage != 1 && after.stageStep % 3 == 0 && after.stageStep < [8, 5, 4][after.stage]
            #expect((before.weights != after.weights) == moves, "\(after.stage) \(after.stageStep)")
            let total = zip(after.losses, after.weights).reduce(0.0) { $0 + $1.0 * $1.1 }
            #expect(abs(after.loss - total) < 1e-12 * total)
        }
        #expect(reports[0].weights != [1, 3, 1])
    }

    @Test(arguments: weightingRules.map { $0.description.name }, surgeryMethods.map { $0.description.name })
    func sameBitsForAnyThreads(rule: String, surgery: String) throws {
        let method = try #require(surgeryMethod(named: surgery))
        let options = OptionValues(defaults: method.description.options)
        let every: [String: OptionValue] = rule == "fixed" ? [:] : ["every": .integer(2)]
        for precision in [Precision.double, .single] {
            let results = try [1, 2, 4].map { threads in
                try train(
                    try weighting(rule, every), Surgery(method, options: options),
                    stages: [stage("sgd", steps: 5, rate: 1e-5)], threads: threads, precision: precision)
            }
            for (outcome, reports) in results {
                #expect(outcome.parameters == results[0].0.parameters)
                #expect(reports.map(\.weights) == results[0].1.map(\.weights))
                #expect(outcome.parameters.allSatisfy { $0.isFinite })
            }
        }
    }

    @Test func whatEachRuleLacks() throws {
        for rule in weightingRules where rule != FixedWeights.self {
            #expect(rule.description.lack([true]) != nil && rule.description.lack([true, false]) == nil)
        }
        #expect(FixedWeights.description.lack([true]) == nil)
        #expect(GradientAnnealing.description.lack([true, true]) != nil)
        #expect(GradientNormWeights.description.lack([true, true]) == nil)
        for method in surgeryMethods where method != PlainSum.self {
            #expect(method.description.lack([true]) != nil && method.description.lack([true, false]) == nil)
        }
        #expect(DualCone.description.lack([true, true]) != nil && ConflictFree.description.lack([true, true]) == nil)
    }

    @Test(arguments: weightingRules.map { $0.description.name }, ["sum", "pcgrad", "config", "sam-gs", "dcgd"])
    func aLossThatIsNotFiniteEndsTheRunAtTheLastGoodState(rule: String, surgery: String) throws {
        let test = try TestProblem(coordinates: ["x"], box: Box(lower: [0], upper: [1]), unknowns: ["u"])
        // The rate is far too large: u leaves the domain of the logarithm.
        let problem = CollocationProblem(
            domain: test.domain, unknownCount: 1,
            terms: [
                try test.term("logarithm", "u_x - log(u + 2)", points: 32),
                try test.term("left", "u - 1", on: [(0, false)], points: 1),
            ])
        let method = try #require(surgeryMethod(named: surgery))
        let every: [String: OptionValue] = rule == "fixed" ? [:] : ["every": .integer(1)]
        let settings = TrainingSettings(
            stages: [try stage("sgd", steps: 300, rate: 50)], weighting: try weighting(rule, every),
            surgery: Surgery(method, options: OptionValues(defaults: method.description.options)), seed: 1, threads: 1)
        let recorder = Recorder()
        let outcome = try makeTraining(problem, network: test.network([8]), settings: settings, precision: .double)
            .run(recorder)
        guard case .notFinite(let worst, let step) = outcome.stop else {
            Issue.record("the run ended otherwise: \(outcome.stop)")
            return
        }
        #expect(worst.term == "logarithm" && step > 0 && problem.domain.box.contains(worst.point))
        #expect((outcome.losses + outcome.parameters).allSatisfy { $0.isFinite })
        #expect(recorder.reports.allSatisfy { $0.weights.allSatisfy { $0.isFinite } })
    }
}
