import LinearSystems
import Parallelism
import Testing

@Suite struct GuardedSolveTests {
    /// Changes the sign of every other residual, or gives no number.
    private final class Broken: Preconditioner {
        static let name = "broken"
        static let summary = "broken"
        let count: Int
        let sign: Float
        init(_ count: Int, sign: Float) { (self.count, self.sign) = (count, sign) }
        func apply(_ residual: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) -> Double {
            var product = 0.0
            for place in 0..<count {
                result[place] = sign * residual[place]
                product += Double(result[place]) * Double(residual[place])
            }
            return product
        }
    }

    @Test(arguments: [(Float(-1), SolveStop.badPreconditioner), (.nan, .notFinite), (1, .stagnated)])
    func badPreconditionersAreReplacedAndNamed(_ sign: Float, _ stop: SolveStop) throws {
        let pool = WorkerPool(threads: 1)
        let domain = try GridDomain.obstacle(48)
        let matrix = GridOperator(domain, pool: pool)
        let system = GridSystem(matrix, GridJacobi(matrix, pool: pool), pool: pool)
        try system.load(noise(domain.cellCount))
        let guarded = GuardedSolve([
            .init("broken") { Broken(matrix.shape.count, sign: sign) },
            .init("multigrid") { GridMultigrid(matrix, pool: pool) },
        ])
        let outcome = guarded.solve(system, SolveLimits(tolerance: 1e-8))
        #expect(outcome.attempts.count == 2)
        #expect(outcome.attempts[0].outcome.stop == stop)
        #expect(outcome.last.stop == .converged)
        #expect(outcome.last.relativeResidual <= 1e-8)
        #expect(outcome.sentence.contains("broken was given up"))
    }

    @Test func aGoodFirstAttemptIsTheOnlyOne() throws {
        let pool = WorkerPool(threads: 1)
        let domain = try GridDomain.box(24)
        let matrix = GridOperator(domain, pool: pool)
        let system = GridSystem(matrix, GridJacobi(matrix, pool: pool), pool: pool)
        try system.load(noise(domain.cellCount))
        let guarded = GuardedSolve([
            .init("multigrid") { GridMultigrid(matrix, pool: pool) },
            .init("never") { fatalError("not needed") },
        ])
        #expect(guarded.solve(system, SolveLimits(tolerance: 1e-6)).attempts.count == 1)
    }
}
