import Ansatz
import Expressions
import Geometry
import LinearAlgebra
import Networks
import Optimizers
import PhysicsInformed
import Results

/// One full training step, loss, gradient and Adam, on networks and residuals of known size.
enum EngineCases {
    static var all: [BenchmarkCase] {
        pair("allen-cahn-4096", allenCahn, points: 4096, hidden: [128, 128, 128, 128])
            + pair("small-1000", heat, points: 1000, hidden: [20, 20, 20, 20])
            + pair("helmholtz-640", helmholtz, points: 640, hidden: [50, 50, 50, 50])
            + pair("biharmonic-1024", biharmonic, points: 1024, hidden: [64, 64, 64])
    }

    // Coordinates are (x, t) or (x, y).
    private static let u = Expression.field(0)
    private static func d(_ coordinates: Int...) -> Expression { .field(0, .partial(coordinates)) }

    /// u_t - 1e-4 u_xx + 5 u³ - 5 u
    private static var allenCahn: Expression { d(1) - 1e-4 * d(0, 0) + 5 * u * u * u - 5 * u }
    /// u_t - u_xx
    private static var heat: Expression { d(1) - d(0, 0) }
    /// u_xx + u_yy + u
    private static var helmholtz: Expression { .field(0, .laplacian([0, 1])) + u }
    /// u_xxxx + 2 u_xxyy + u_yyyy
    private static var biharmonic: Expression { d(0, 0, 0, 0) + 2 * d(0, 0, 1, 1) + d(1, 1, 1, 1) }

    private static func pair(_ name: String, _ residual: Expression, points: Int, hidden: [Int]) -> [BenchmarkCase] {
        [(Precision.double, "double"), (.single, "float")].map { precision, suffix in
            BenchmarkCase(name: "\(name)-\(suffix)") { request in
                try step(residual, points: points, hidden: hidden, precision, request)
            }
        }
    }

    private static func step(
        _ residual: Expression, points: Int, hidden: [Int], _ precision: Precision, _ request: BenchmarkCase.Request
    ) throws -> Measurement {
        let problem = CollocationProblem(
            domain: SpaceTime(Box(lower: [-1, -1], upper: [1, 1])), unknownCount: 1,
            terms: [
                ResidualTerm(name: "residual", components: [residual], location: .interior, pointsPerFace: points)
            ])
        let network = Network.multilayerPerceptron(inputs: 2, hidden: hidden, outputs: 1, activation: .tanh)
        let stage = TrainingStage(
            method: Adam.self, options: try OptionValues([:], checkedAgainst: Adam.description.options),
            steps: 1_000_000, rate: RateSchedule(start: 1e-3))
        let settings = TrainingSettings(stages: [stage], seed: 1, threads: request.threads)
        let training = try makeTraining(problem, network: network, settings: settings, precision: precision)
        var loss = 0.0
        let timing = Timing(seconds: request.seconds) { loss = training.step() }
        return Measurement(
            members: timing.members + [
                .init("threads", .integer(request.threads)), .init("loss", .number(loss)),
                .init("openblas_core", .text(LinearAlgebraLibraries.openBLASCore)),
                .init("libxsmm_target", .text(LinearAlgebraLibraries.libxsmmTarget)),
            ],
            text: "median \(NumberText.short(timing.median, digits: 3)) ms, "
                + "best \(NumberText.short(timing.best, digits: 3)) ms, \(request.threads) threads")
    }
}
