import LinearAlgebra
import Networks
import Parallelism

/// Root mean square residual of each term on new uniform points, in double precision.
///
/// The points come from streams that training does not use, and are at least a thousand on each face and inside.
public func freshResiduals(
    _ problem: CollocationProblem, network: Network, parameters: [Double], seed: UInt64, threads: Int
) throws -> [Double] {
    var problem = problem
    for index in problem.terms.indices {
        problem.terms[index].pointsPerFace = max(1_000, problem.terms[index].pointsPerFace)
    }
    let loss = try LossFunction<Double>(
        problem, network: network, scheme: .uniform, seed: ~seed, pool: WorkerPool(threads: threads))
    parameters.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        _ = loss.evaluate(start, gradient: nil)
    }
    return loss.losses.map { $0.squareRoot() }
}
