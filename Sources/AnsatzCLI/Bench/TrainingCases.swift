import Ansatz
import Expressions
import Geometry
import Networks
import Optimizers
import PhysicsInformed
import Results

/// What a rule or a method costs per step, as a ratio to the same training without it.
///
/// The training is that of the Helmholtz problem of arXiv:2001.04536: a tanh network 2-50x5-1 in single precision, 128 points
/// inside and on each side, Adam. Both trainings of a case take turns in stretches of ``stretch`` steps, so that what else
/// the machine does slows both alike, and a rule that acts once in ten steps acts once in ten.
enum TrainingCases {
    /// A line of the table: what differs from the plain training.
    struct Row: Sendable {
        /// The key in the report.
        var name: String
        /// Changes the settings.
        var change: @Sendable (inout TrainingSettings) throws -> Void
    }

    static let rows: [Row] =
        [
            Row(name: "annealing-every-10") { $0.weighting = try weighting(GradientAnnealing.self) },
            // Their own period is 1,000 steps, of which a stretch would see nothing.
            Row(name: "gradient-norm-every-10") { $0.weighting = try weighting(GradientNormWeights.self) },
            Row(name: "tangent-kernel-every-10") { $0.weighting = try weighting(TangentKernelWeights.self) },
        ]
        + surgeryMethods.filter { $0 != PlainSum.self }.map { method in
            Row(name: "gradients-\(method.description.name)") {
                $0.surgery = Surgery(method, options: OptionValues(defaults: method.description.options))
            }
        }

    static var all: [BenchmarkCase] {
        rows.map { row in BenchmarkCase(name: row.name) { try measure(row, $0) } }
    }

    /// Steps of one training before it is the other's turn.
    private static let stretch = 10

    private static func weighting(_ rule: any WeightingRule.Type) throws -> Weighting {
        try Weighting(
            rule, options: OptionValues(["every": .integer(stretch)], checkedAgainst: rule.description.options))
    }

    private static func measure(_ row: Row, _ request: BenchmarkCase.Request) throws -> Measurement {
        let plain = try training(request) { _ in }
        let changed = try training(request, row.change)
        for _ in 0..<2 * stretch { _ = (plain.step(), changed.step()) }
        var plainTimes: [Double] = [], times: [Double] = []
        let clock = ContinuousClock()
        let start = clock.now
        while plainTimes.count < 15 || clock.now - start < .seconds(request.seconds) {
            plainTimes.append(time(clock, plain))
            times.append(time(clock, changed))
        }
        let (plainStep, step) = (median(plainTimes), median(times))
        // In pairs, so that a change of the machine's pace between two stretches does not count.
        let ratio = median(zip(times, plainTimes).map { $0 / $1 })
        return Measurement(
            members: [
                .init("median_ms", .number(step)), .init("plain_median_ms", .number(plainStep)),
                .init("ratio", .number(ratio)), .init("stretches", .integer(times.count)),
                .init("steps_in_a_stretch", .integer(stretch)), .init("threads", .integer(request.threads)),
            ],
            text:
                "\(NumberText.short(step, digits: 3)) ms per step, plain \(NumberText.short(plainStep, digits: 3)) ms, "
                + "ratio \(NumberText.short(ratio, digits: 3)), \(request.threads) threads")
    }

    /// Milliseconds per step of one stretch.
    private static func time(_ clock: ContinuousClock, _ training: any Training) -> Double {
        clock.measure { for _ in 0..<stretch { _ = training.step() } } / .milliseconds(stretch)
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private static func training(
        _ request: BenchmarkCase.Request, _ change: (inout TrainingSettings) throws -> Void
    ) throws -> any Training {
        let domain = SpaceTime(Box(lower: [-1, -1], upper: [1, 1]))
        let u = Expression.field(0)
        let problem = CollocationProblem(
            domain: domain, unknownCount: 1,
            terms: [
                ResidualTerm(
                    name: "helmholtz", components: [.field(0, .laplacian([0, 1])) + u - 1], location: .interior,
                    pointsPerFace: 128),
                ResidualTerm(
                    name: "walls", components: [u],
                    location: PointLocation(domain.faces.map { PointLocation.Piece(.face($0)) }), pointsPerFace: 128),
            ])
        let network = Network.multilayerPerceptron(
            inputs: 2, hidden: [50, 50, 50, 50, 50], outputs: 1, activation: .tanh)
        let stage = TrainingStage(
            method: Adam.self, options: OptionValues(defaults: Adam.description.options), steps: 1_000_000,
            rate: RateSchedule(start: 1e-3))
        var settings = TrainingSettings(stages: [stage], seed: 1, threads: request.threads)
        try change(&settings)
        return try makeTraining(problem, network: network, settings: settings, precision: .single)
    }
}
