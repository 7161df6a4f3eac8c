import Ansatz
import CKernels
import Foundation
import LinearAlgebra
import OptimalTransport
import Parallelism
import Results

/// A sweep of Sinkhorn's iteration on potentials against the time of its exponentials alone, with n² costs in memory.
enum SweepCase {
    private static let count = 4_000
    private static let sweeps = 24

    static var plain: BenchmarkCase {
        BenchmarkCase(name: "sweep-\(count)") { request in
            let masses = [Double](repeating: 1 / Double(count), count: count)
            let problem = try TransportProblem(
                source: masses, target: masses, cost: MatrixCost(sources: count, targets: count, seed: 0),
                epsilon: 1 / 4_800)
            let pool = WorkerPool(threads: request.threads)
            var limits = TransportLimits()
            limits.tolerance = 1e-300
            let warmUp = 20
            limits.sweeps = warmUp + 1 + sweeps
            let solution = Sinkhorn(warmUp: warmUp).solve(problem, limits, pool: pool)
            let times = solution.history.suffix(sweeps).map(\.seconds)
            let own = zip(times, times.dropFirst()).map { 1e3 * ($1 - $0) }.sorted()
            let floor = Timing(seconds: request.seconds, warmUp: 1, least: 5) { exponentials(pool) }
            let (median, best) = (own[own.count / 2], own[0])
            return Measurement(
                members: [
                    .init("median_ms", .number(median)), .init("best_ms", .number(best)),
                    .init("threads", .integer(request.threads)),
                    .init("exponentials_median_ms", .number(floor.median)),
                    .init("ratio", .number(best / floor.best)),
                ],
                text: "median \(NumberText.short(median, digits: 3)) ms, best \(NumberText.short(best, digits: 3)) ms; "
                    + "n² exponentials alone \(TransportCases.times(floor)), \(request.threads) threads",
                isMissed: false)
        }
    }

    /// n² exponentials of numbers in cache, row by row.
    private static func exponentials(_ pool: WorkerPool) {
        let blocks = 8
        pool.forEach(blocks) { _ in
            let arguments = AlignedBuffer<Double>(count: count), values = AlignedBuffer<Double>(count: count)
            for index in 0..<count { arguments.baseAddress[index] = -Double(index % 40) }
            for _ in 0..<count / blocks { ansatz_vector_exp_f64(count, arguments.baseAddress, values.baseAddress) }
        }
    }
}
