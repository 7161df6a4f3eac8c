import LinearSystems
import Parallelism
import Randomness
import Testing

/// Direct solvers of boxes invert the operator that `apply` states.
@Suite struct BoxSolverTests {
    private static func normals(_ count: Int, _ name: String) -> [Double] {
        var stream = RandomStream(seed: 11, name: name)
        return (0..<count).map { _ in stream.normal() }
    }

    private static func largest(_ values: [Double]) -> Double { values.map(\.magnitude).max() ?? 0 }

    /// ‖A u − f‖/(‖A‖ ‖u‖) in the maximum norm, for f without what is left out.
    private static func backwardError(_ solver: BoxSolver, _ name: String) -> Double {
        var f = normals(solver.cellCount, name)
        let mean = solver.leftOut(f)
        f = f.map { $0 - mean }
        let u = solver.solve(f)
        let residual = zip(solver.apply(u), f).map { $0 - $1 }
        let size = solver.axes.reduce(0) { sum, axis in
            sum + (0..<axis.cells).map { 2 * (axis.couplings($0).before + axis.couplings($0).behind) / axis.widths[$0] }
                .max()!
        }
        return largest(residual) / (size * largest(u))
    }

    private static let ends = BoxAxis.End.allCases

    @Test func diagonalisationInvertsEveryMixtureOfEnds() {
        let pool = WorkerPool(threads: 2)
        for low in Self.ends {
            for high in Self.ends {
                let axes = [
                    BoxAxis(cells: 7, width: 0.5, low: low, high: high),
                    BoxAxis(cells: 5, width: 1, low: high, high: low),
                    BoxAxis(widths: [0.3, 0.4, 0.7, 1.1, 1.0, 0.2], low: low, high: low),
                ]
                for used in [axes, Array(axes[...1]), [axes[2], axes[0]]] {
                    guard let solver = BoxSolver(used, method: .diagonalisation, pool: pool) else {
                        Issue.record("no solver")
                        continue
                    }
                    #expect(Self.backwardError(solver, "\(low) \(high)") < 1e-15 * 20)
                }
            }
        }
    }

    @Test func transformsAgreeWithDiagonalisation() throws {
        let pool = WorkerPool(threads: 2)
        let pairs: [(BoxAxis.End, BoxAxis.End)] = [
            (.neumann, .neumann), (.dirichlet, .dirichlet), (.dirichletFace, .dirichletFace),
            (.neumann, .dirichletFace),
            (.dirichletFace, .neumann),
        ]
        for first in pairs {
            for second in pairs {
                let axes = [
                    BoxAxis(cells: 8, width: 0.5, low: first.0, high: first.1),
                    BoxAxis(cells: 9, width: 1, low: second.0, high: second.1),
                    BoxAxis(cells: 6, width: 0.25, low: first.0, high: first.1),
                ]
                for used in [axes, Array(axes[...1])] {
                    let fast = try #require(BoxSolver(used, method: .transforms, pool: pool))
                    #expect(Self.backwardError(fast, "\(first) \(second)") < 1e-14)
                    let other = try #require(BoxSolver(used, method: .diagonalisation, pool: pool))
                    let f = Self.normals(fast.cellCount, "f")
                    let (u, v) = (fast.solve(f), other.solve(f))
                    #expect(Self.largest(zip(u, v).map { $0 - $1 }) < 1e-12 * Self.largest(u))
                }
            }
        }
    }

    /// The same equations as those of masked grids, in the same units.
    @Test(arguments: [GridDomain.Wall.dirichlet, .dirichletFace, .neumann]) func emptyDomainsAreSolvedDirectly(
        _ wall: GridDomain.Wall
    ) throws {
        let pool = WorkerPool(threads: 2)
        for cells in [(x: 10, y: 7, z: 5), (x: 9, y: 12, z: 1)] {
            var walls = GridDomain.Walls(wall)
            if wall == .neumann { walls.x.low = .dirichletFace }
            let count = cells.x * cells.y * cells.z
            let domain = try GridDomain(
                cells: cells, kinds: Array(repeating: 1, count: count), walls: walls, spacing: (0.5, 0.25, 0.5))
            let f = Self.normals(count, "f")
            let direct = try #require(BoxSolver(domain, pool: pool)).solve(f)
            let matrix = GridOperator(domain, pool: pool)
            let system = GridSystem(matrix, GridMultigrid(matrix, pool: pool), pool: pool)
            try system.load(f)
            #expect(ConjugateGradients().solve(system, SolveLimits(tolerance: 1e-10), watch: nil).stop == .converged)
            #expect(Self.largest(zip(system.solution, direct).map { $0 - $1 }) < 1e-8 * Self.largest(direct))
        }
        #expect(BoxSolver(try TestDomain.sphere.domain(8), pool: pool) == nil)
    }

    @Test func mixturesAndStretchedCellsHaveNoTransform() {
        let pool = WorkerPool(threads: 1)
        let uniform = BoxAxis(cells: 4, width: 1, low: .neumann, high: .neumann)
        let mixed = BoxAxis(cells: 4, width: 1, low: .neumann, high: .dirichlet)
        let stretched = BoxAxis(widths: [1, 2, 3], low: .neumann, high: .neumann)
        #expect(BoxSolver([uniform, mixed], method: .transforms, pool: pool) == nil)
        #expect(BoxSolver([stretched, uniform], method: .transforms, pool: pool) == nil)
        #expect(BoxSolver([mixed, stretched], pool: pool)?.method == .diagonalisation)
    }

    @Test func aSingularBoxLosesTheMeanAndNothingElse() throws {
        let axes = [
            BoxAxis(widths: [1, 2, 4, 2], low: .neumann, high: .neumann),
            BoxAxis(cells: 5, width: 0.5, low: .neumann, high: .neumann),
        ]
        let solver = try #require(BoxSolver(axes, pool: WorkerPool(threads: 1)))
        #expect(solver.isSingular)
        let f = Self.normals(20, "f")
        let u = solver.solve(f)
        let expected = f.map { $0 - solver.leftOut(f) }
        #expect(Self.largest(zip(solver.apply(u), expected).map { $0 - $1 }) < 1e-12)
        #expect(abs(solver.leftOut(u)) < 1e-13)
        #expect(Self.largest(solver.solve([Double](repeating: 3, count: 20))) < 1e-13)
    }

    /// Second-order convergence to a polynomial, zero on the faces.
    @Test func errorsFallWithTheSquareOfTheWidth() throws {
        func error(_ n: Int) throws -> Double {
            let axis = BoxAxis(cells: n, width: 1 / Double(n), low: .dirichletFace, high: .dirichletFace)
            let solver = try #require(BoxSolver([axis, axis, axis], method: .transforms, pool: WorkerPool(threads: 2)))
            let exact = (0..<n * n * n).map { cell -> Double in
                let (x, y, z) = (
                    (Double(cell % n) + 0.5) / Double(n), (Double(cell / n % n) + 0.5) / Double(n),
                    (Double(cell / n / n) + 0.5) / Double(n)
                )
                return x * (1 - x) * y * (1 - y) * z * (1 - z) * (1 + x)
            }
            let f = (0..<n * n * n).map { cell -> Double in
                let (x, y, z) = (
                    (Double(cell % n) + 0.5) / Double(n), (Double(cell / n % n) + 0.5) / Double(n),
                    (Double(cell / n / n) + 0.5) / Double(n)
                )
                let (b, c, p) = (y * (1 - y), z * (1 - z), x * (1 - x) * (1 + x))
                return 6 * x * b * c + 2 * p * c + 2 * p * b
            }
            let errors = zip(solver.solve(f), exact).map { $0 - $1 }
            return (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
        }
        let rate = try (error(8) / error(16), error(16) / error(32))
        #expect(abs(rate.0 - 4) < 0.4 && abs(rate.1 - 4) < 0.2, "\(rate)")
    }

    @Test func solutionsHaveTheSameBitsForAnyNumberOfThreads() throws {
        let axis = BoxAxis(cells: 12, width: 1, low: .neumann, high: .dirichlet)
        let other = BoxAxis(cells: 10, width: 1, low: .dirichletFace, high: .dirichletFace)
        let f = Self.normals(12 * 10 * 12, "f")
        let solutions = try [1, 2, 3].map { threads in
            try #require(BoxSolver([axis, other, axis], pool: WorkerPool(threads: threads))).solve(f)
        }
        #expect(solutions[0] == solutions[1] && solutions[1] == solutions[2])
    }

    @Test func thePreconditionerIsSymmetricAndPositive() {
        let shape = GridShape(9, 7, 6)
        var mask = RandomStream(seed: 1, name: "mask")
        let isUnknown = (0..<shape.cellCount).map { _ in mask.uniform() > 0.3 }
        let axis = { (cells: Int) in BoxAxis(cells: cells, width: 1, low: .neumann, high: .dirichlet) }
        let preconditioner = BoxPreconditioner(
            shape, axes: (axis(9), axis(7), axis(6)), isUnknown: isUnknown, pool: WorkerPool(threads: 2))
        func vector(_ name: String) -> [Float] {
            let values = Self.normals(shape.cellCount, name)
            var result = [Float](repeating: 0, count: shape.count)
            for cell in 0..<shape.cellCount where isUnknown[cell] {
                result[shape.place(cell % 9, cell / 9 % 7, cell / 63)] = Float(values[cell])
            }
            return result
        }
        func dot(_ u: [Float], _ v: [Float]) -> Double { zip(u, v).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
        for trial in 0..<5 {
            let (u, v) = (vector("u \(trial)"), vector("v \(trial)"))
            var (bu, bv) = (u.map { _ in Float(0) }, u.map { _ in Float(0) })
            let energy = preconditioner.apply(u, into: &bu)
            _ = preconditioner.apply(v, into: &bv)
            #expect(energy > 0 && abs(energy - dot(u, bu)) < 1e-6 * energy)
            #expect(abs(dot(v, bu) - dot(u, bv)) < 1e-5 * (dot(u, bu) * dot(v, bv)).squareRoot())
            #expect(zip(u, bu).allSatisfy { $0 != 0 || $1 == 0 })
        }
    }

    /// The box preconditions obstacles without flux at any resolution, in two and three dimensions.
    @Test func iterationsDoNotGrowWithTheResolution() throws {
        let pool = WorkerPool(threads: 2)
        func iterations(_ n: Int, _ kind: TestDomain) throws -> Int {
            let domain = try kind.domain(n)
            let matrix = GridOperator(domain, pool: pool)
            let box = try #require(BoxPreconditioner(matrix, pool: pool))
            let system = GridSystem(matrix, box, pool: pool)
            try system.load(Self.normals(domain.cellCount, "b"))
            let outcome = ConjugateGradients().solve(system, SolveLimits(tolerance: 1e-6, iterations: 100), watch: nil)
            #expect(outcome.stop == .converged)
            return outcome.iterations
        }
        for kind in [TestDomain.sphere, .flat] {
            let counts = try [8, 16, 32].map { try iterations($0, kind) }
            #expect(counts.max()! <= 14 && counts[2] <= counts[1] + 2, "\(kind): \(counts)")
        }
        // Without obstacles it is the inverse.
        #expect(try iterations(16, .box) <= 2)
        // Neither air inside nor coefficients.
        #expect(BoxPreconditioner(GridOperator(try TestDomain.air.domain(8), pool: pool), pool: pool) == nil)
        #expect(BoxPreconditioner(GridOperator(try TestDomain.layers.domain(8), pool: pool), pool: pool) == nil)
    }
}
