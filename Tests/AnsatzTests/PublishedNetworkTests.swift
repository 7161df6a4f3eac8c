import Ansatz
import Foundation
import LinearSystems
import Parallelism
import Randomness
import Testing

/// The shipped networks, on right-hand sides that they never saw: what docs/published-network.md states.
@Suite struct PublishedNetworkTests {
    /// z = r.
    private final class Identity: Preconditioner {
        static let name = "none"
        static let summary = "no preconditioner"
        private let count: Int

        init(_ count: Int) { self.count = count }

        func apply(_ residual: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) -> Double {
            result.update(from: residual, count: count)
            return (0..<count).reduce(0) { $0 + Double(residual[$1]) * Double(residual[$1]) }
        }
    }

    private static func iterations(
        _ matrix: GridOperator, _ preconditioner: any Preconditioner, _ outer: any OuterIteration, places: Int,
        _ b: [Double], pool: WorkerPool
    ) throws -> Int? {
        let system = GridSystem(matrix, preconditioner, places: places, pool: pool)
        try system.load(b)
        let outcome = outer.solve(system, SolveLimits(tolerance: 1e-4, iterations: 1_000), watch: nil)
        return outcome.stop == .converged ? outcome.iterations : nil
    }

    @Test(arguments: [("dcdm-16", 16), ("dcdm-16", 32), ("dcdm-32", 32)])
    func needsHalfTheIterationsOfConjugateGradients(_ model: String, _ n: Int) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let network = try ConjugateDirectionModel.read(root.appending(path: "data/models/\(model).h5").path)
        let pool = WorkerPool(threads: 2)
        let domain = try GridDomain(
            cells: (n, n, n), kinds: Array(repeating: 1, count: n * n * n), walls: .init(.dirichlet))
        let matrix = GridOperator(domain, pool: pool)
        var stream = RandomStream(seed: 42, name: "unseen")
        let noise = (0..<n * n * n).map { _ in stream.normal() }
        for b in [noise, Array(repeating: 1, count: n * n * n)] {
            let plain = try #require(
                try Self.iterations(
                    matrix, Identity(matrix.shape.count), ConjugateGradients(), places: 1, b, pool: pool))
            let learned = try #require(
                try Self.iterations(
                    matrix, try ConjugateDirectionPreconditioner(network, domain, pool: pool),
                    FlexibleConjugateGradients(directions: 2), places: 3, b, pool: pool))
            #expect(learned <= 20 && 2 * learned < plain, "\(learned) against \(plain)")
        }
    }

    @Test func theNetworkIsForThreeDimensions() throws {
        let flat = try GridDomain(cells: (8, 8, 1), kinds: Array(repeating: 1, count: 64), walls: .init(.dirichlet))
        #expect(throws: LinearSystemError.flat) {
            try ConjugateDirectionPreconditioner(
                ConjugateDirectionNetwork(.published64, seed: 0), flat, pool: WorkerPool(threads: 1))
        }
    }
}
