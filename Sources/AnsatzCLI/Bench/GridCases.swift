import Ansatz
import Foundation
import OptimalTransport
import Parallelism
import Results

/// Transport on grids of 256 × 256 nodes without a matrix, ε = (2 pixels)².
enum GridCases {
    static var all: [BenchmarkCase] { [newton, flow] }
    private static let count = 256

    /// Two bumps from one, with a background of one per cent; both marginals to 10⁻¹².
    private static var newton: BenchmarkCase {
        BenchmarkCase(name: "grid-256-squared") { request in
            let axis = GridAxis(cells: count, from: 0, to: 1)
            let points = axis.sources.flatMap { x in axis.sources.map { y in [x, y] } }
            let source = TransportCases.image(points, [(0.3, 0.4, 0.1, 1)])
            let target = TransportCases.image(points, [(0.7, 0.3, 0.07, 1), (0.5, 0.8, 0.1, 0.5)])
            let pixel = 1 / Double(count)
            let problem = try GridProblem(
                source: source, target: target, cost: GridCost([axis, axis]), epsilon: 4 * pixel * pixel)
            let pool = WorkerPool(threads: request.threads)
            let limits = TransportLimits()
            let solver = GridSinkhornNewton()
            PeakMemory.reset()
            var solution = solver.solve(problem, limits, pool: pool)
            let timing = Timing(seconds: request.seconds, warmUp: 0, least: 1) {
                solution = solver.solve(problem, limits, pool: pool)
            }
            return TransportCases.measurement(timing, solution, request)
        }
    }

    /// Implicit steps h = 0.025 of a Fokker–Planck equation, each from the one before, marginals to 10⁻⁸.
    private static var flow: BenchmarkCase {
        BenchmarkCase(name: "flow-256-step") { request in
            let axis = GridAxis(cells: count, from: -6, to: 6)
            let pixel = 12 / Double(count)
            let masses = axis.sources.flatMap { x in
                axis.sources.map { y in exp(-2.5 * ((x - 1) * (x - 1) + y * y)) }
            }
            let total = masses.reduce(0, +)
            let flow = try WassersteinFlow(
                axes: [axis, axis], masses: masses.map { $0 / total },
                energy: FlowEnergy(
                    .entropy(diffusion: 1),
                    potential: axis.sources.flatMap { x in axis.sources.map { y in (x * x + y * y) / 2 } }),
                step: 0.025, regularisation: 4 * pixel * pixel, pool: WorkerPool(threads: request.threads))
            var steps: [WassersteinFlow.Step] = []
            let timing = Timing(seconds: request.seconds, warmUp: 2, least: 5) { steps.append(flow.advance()) }
            let most = steps.map(\.iterations).max() ?? 0, error = steps.map(\.error).max() ?? 0
            return Measurement(
                members: timing.members + [
                    .init("threads", .integer(request.threads)), .init("marginal_l1", .number(error)),
                    .init("iterations", .integer(most)),
                ],
                text: "\(TransportCases.times(timing)) a step, marginal error at most \(NumberText.short(error)), "
                    + "at most \(most) iterations, \(request.threads) threads",
                isMissed: !steps.allSatisfy(\.isConverged))
        }
    }
}
