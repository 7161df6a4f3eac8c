import LinearSystems
import Parallelism
import Testing

/// The fluid step makes velocities free of divergence, and the smoke rises.
@Suite struct SmokePlumeTests {
    @Test func aDirectSolverOfTheOpenBoxRemovesTheDivergence() throws {
        let (nx, ny, nz) = (12, 10, 16)
        let axes = [nx, ny, nz].map { BoxAxis(cells: $0, width: 1, low: .dirichlet, high: .dirichlet) }
        let solver = try #require(BoxSolver(axes, pool: WorkerPool(threads: 1)))
        var plume = SmokePlume(cells: (nx, ny, nz), isSolid: Array(repeating: false, count: nx * ny * nz))
        var heights: [Double] = []
        for _ in 0..<12 {
            let b = plume.advance()
            #expect((b.map(\.magnitude).max() ?? 0) > 1e-3)
            plume.project(solver.solve(b))
            #expect(plume.largestDivergence < 1e-12)
            let mass = plume.density.reduce(0, +)
            let moment = plume.density.indices.reduce(0) { $0 + plume.density[$1] * Double($1 / nx / ny) }
            heights.append(moment / mass)
            #expect(plume.density.allSatisfy { $0 >= 0 && $0 <= 1 })
        }
        #expect(heights[11] > heights[5] + 0.5 && heights[5] > heights[0])
    }

    @Test func nothingFlowsThroughObstaclesAndClosedSides() {
        // Closed all round but for the top, with a block above the source.
        let n = 8
        let isSolid = (0..<n * n * n).map { cell in
            let (i, j, k) = (cell % n, cell / n % n, cell / n / n)
            return (2..<6).contains(i) && (2..<6).contains(j) && (3..<5).contains(k)
        }
        var plume = SmokePlume(cells: (n, n, n), isSolid: isSolid, isOpen: [false, false, false, false, false, true])
        let b = plume.advance()
        for cell in isSolid.indices where isSolid[cell] { #expect(b[cell] == 0) }
        // What leaves through the top is all that the cells lose.
        #expect(abs(b.reduce(0, +)) < 1e-12)
        #expect((b.map(\.magnitude).max() ?? 0) > 1e-3)
    }
}
