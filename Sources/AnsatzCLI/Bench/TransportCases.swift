import Ansatz
import Foundation
import OptimalTransport
import Parallelism
import Results

/// Entropic transport solved by the default method, both marginals to 10⁻¹².
enum TransportCases {
    static var all: [BenchmarkCase] { plain + [SweepCase.plain] + GridCases.all }

    private static var plain: [BenchmarkCase] {
        [(500, 1_200.0), (1_000, 1_200), (1_000, 2_400), (4_000, 4_800), (10_000, 12_000)].map(assignment)
            + [("squared", DistanceCost.Kind.squaredEuclidean), ("manhattan", .manhattan)].map(images)
    }

    /// Independent costs, uniform on [0, 1): the random assignment of the paper, with portable numbers.
    private static func assignment(_ n: Int, eta: Double) -> BenchmarkCase {
        BenchmarkCase(name: "assignment-\(n)-eta-\(Int(eta))") { request in
            let masses = [Double](repeating: 1 / Double(n), count: n)
            return try measure(
                TransportProblem(
                    source: masses, target: masses, cost: MatrixCost(sources: n, targets: n, seed: 0),
                    epsilon: 1 / eta), request)
        }
    }

    /// Two images of 28 x 28 pixels, mixtures of bumps with a background of one per cent; costs in units of the largest.
    private static func images(_ name: String, _ kind: DistanceCost.Kind) -> BenchmarkCase {
        BenchmarkCase(name: "images-28-\(name)-eta-1200") { request in
            let line = (0..<28).map { Double($0) / 27 }
            let points = line.flatMap { y in line.map { x in [x, y] } }
            let source = image(points, [(0.3, 0.3, 0.08, 1), (0.6, 0.35, 0.1, 0.7), (0.4, 0.7, 0.06, 0.9)])
            let target = image(points, [(0.7, 0.6, 0.1, 1), (0.35, 0.55, 0.07, 0.8), (0.6, 0.25, 0.05, 0.6)])
            let cost = DistanceCost(kind, from: points, to: points, periods: [0, 0])
            let problem = try TransportProblem(
                source: source, target: target, cost: MatrixCost(rowsOf: cost, pool: WorkerPool(threads: 1)),
                epsilon: 1)
            return try measure(problem.regularised(by: problem.largestCost / 1_200), request)
        }
    }

    private static func measure(
        _ problem: TransportProblem, _ request: BenchmarkCase.Request
    ) throws -> Measurement {
        let pool = WorkerPool(threads: request.threads)
        let solver = SafeSinkhornNewton()
        let limits = TransportLimits()
        PeakMemory.reset()
        var solution = solver.solve(problem, limits, pool: pool)
        let timing = Timing(seconds: request.seconds, warmUp: 0, least: 3) {
            solution = solver.solve(problem, limits, pool: pool)
        }
        return measurement(timing, solution, request)
    }

    /// What a report says of a timed solution.
    static func measurement(
        _ timing: Timing, _ solution: TransportSolution, _ request: BenchmarkCase.Request
    ) -> Measurement {
        let c = solution.certificate
        return Measurement(
            members: timing.members + [
                .init("threads", .integer(request.threads)), .init("marginal_l1", .number(c.marginals.l1)),
                .init("cost", .number(c.transportCost)), .init("gap", .number(c.gap)),
                .init("stopped_because", .text(solution.stop.name)), .init("sweeps", .integer(c.sweeps)),
                .init("newton_steps", .integer(c.newtonSteps)),
                .init("linear_iterations", .integer(c.linearIterations)),
                .init("entries", .integer(c.entries)),
                .init("peak_mb", .number(PeakMemory.megabytes)),
            ],
            text: "\(times(timing)), marginal error \(NumberText.short(c.marginals.l1)), "
                + "\(c.sweeps) sweeps, \(c.newtonSteps) Newton steps, \(c.linearIterations) linear iterations, "
                + "\(request.threads) threads, at most \(NumberText.short(PeakMemory.megabytes, digits: 3)) MB",
            isMissed: !solution.stop.isSuccess)
    }

    /// `median 14.2 ms, best 13.6 ms`
    static func times(_ timing: Timing) -> String {
        "median \(NumberText.short(timing.median, digits: 3)) ms, best \(NumberText.short(timing.best, digits: 3)) ms"
    }

    /// Masses of bumps (x, y, width, height) on points in the plane, with a background of one per cent; their total is 1.
    static func image(
        _ points: [[Double]], _ bumps: [(x: Double, y: Double, width: Double, height: Double)]
    ) -> [Double] {
        let values = points.map { point in
            bumps.reduce(0.0) { sum, bump in
                let square = pow(point[0] - bump.x, 2) + pow(point[1] - bump.y, 2)
                return sum + bump.height * exp(-0.5 * square / (bump.width * bump.width))
            }
        }
        let total = values.reduce(0, +)
        return values.map { 0.99 * $0 / total + 0.01 / Double(values.count) }
    }
}
