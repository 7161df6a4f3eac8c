import LinearAlgebra
import Networks
import Parallelism

/// Root mean square residual of each term on new uniform points, in double precision.
///
/// The points come from streams that training does not use, and are at least a thousand on each face and inside. With windows
/// of time the mean runs over all of them, and conditions at the start of later ones measure the jumps between them.
public func freshResiduals(
    _ problem: CollocationProblem, network: Network, parameters: [Double], seed: UInt64, threads: Int,
    windows: TimeWindows? = nil
) throws -> [Double] {
    let pool = WorkerPool(threads: threads)
    var problem = problem
    for index in problem.terms.indices {
        problem.terms[index].pointsPerFace = max(1_000, problem.terms[index].pointsPerFace)
    }
    guard let windows else {
        return try meanSquares(problem, network: network, parameters: parameters, seed: seed, pool: pool)
            .map { $0.squareRoot() }
    }
    let count = parameters.count / windows.count
    var sums = [Double](repeating: 0, count: problem.terms.count)
    var before: TrainedFields?
    for window in 0..<windows.count {
        let own = Array(parameters[window * count..<(window + 1) * count])
        let network = windows.network(network, in: window)
        let part = try problem.window(window, of: windows, after: before, scheme: .uniform, seed: ~seed)
        let squares = try meanSquares(part, network: network, parameters: own, seed: seed &+ UInt64(window), pool: pool)
        for index in sums.indices { sums[index] += squares[index] / Double(windows.count) }
        before = TrainedFields(network: network, exactConditions: problem.exactConditions, parameters: own)
    }
    return sums.map { $0.squareRoot() }
}

private func meanSquares(
    _ problem: CollocationProblem, network: Network, parameters: [Double], seed: UInt64, pool: WorkerPool
) throws -> [Double] {
    let loss = try LossFunction<Double>(problem, network: network, scheme: .uniform, seed: ~seed, pool: pool)
    parameters.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        _ = loss.evaluate(start, gradient: nil)
    }
    return loss.losses
}
