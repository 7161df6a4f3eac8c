import LinearAlgebra
import LinearSystems
import Parallelism
import Testing

@Suite struct GridMultigridTests {
    /// A vector in the layout of a grid: random on fluid cells, zero elsewhere, with mean zero where `domain` has no given values.
    private func vector(_ matrix: GridOperator, seed: UInt64) -> AlignedBuffer<Float> {
        let buffer = AlignedBuffer<Float>(count: matrix.shape.count)
        let values = noise(matrix.domain.cellCount, seed: seed)
        let (nx, ny, nz) = matrix.shape.cells
        for k in 0..<nz {
            for j in 0..<ny {
                for i in 0..<nx {
                    let cell = i + nx * (j + ny * k)
                    guard matrix.domain.kinds[cell] == 1 else { continue }
                    buffer.baseAddress[matrix.shape.place(i, j, k)] = Float(values[cell])
                }
            }
        }
        return buffer
    }

    @Test(arguments: TestDomain.allCases, [(2, false), (3, false), (4, false), (3, true)])
    func cycleIsSymmetricAndPositiveDefinite(_ domain: TestDomain, _ kind: (degree: Int, isTrained: Bool)) throws {
        let (degree, isTrained) = kind
        let pool = WorkerPool(threads: 1)
        let matrix = GridOperator(try domain.domain(20), pool: pool)
        var numbers = MultigridCoefficients.standard(degree: degree, dimensions: matrix.domain.dimensions)
        if isTrained {
            numbers.boundary = [1.1, 0.9, 0.95, 1.05, 1.1]
            numbers.faces = [0, 0.2, 0.4, 0.7, 1]
            (numbers.ties, numbers.boosts, numbers.sharing) = ([1.2, 0.9], [1, 0.6], 0.95)
            (numbers.finestCorrection, numbers.coarserCorrection) = (1.1, 0.95)
        }
        let cycle = GridMultigrid(matrix, numbers, pool: pool)
        let z = AlignedBuffer<Float>(count: matrix.shape.count)
        func product(_ a: AlignedBuffer<Float>, _ b: AlignedBuffer<Float>) -> Double {
            zip(a.elements, b.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        for seed in 0..<3 as Range<UInt64> {
            let (a, b) = (vector(matrix, seed: 2 * seed), vector(matrix, seed: 2 * seed + 1))
            let energy = cycle.apply(a.baseAddress, into: z.baseAddress)
            #expect(energy > 0)
            #expect(abs(product(a, z) - energy) < 1e-5 * energy)
            let one = product(b, z)
            let other = cycle.apply(b.baseAddress, into: z.baseAddress)
            #expect(abs(product(a, z) - one) < 2e-5 * max(energy, other))
        }
    }

    @Test(arguments: TestDomain.allCases)
    func solutionsMeetTheEquationsOfTheirCells(_ which: TestDomain) throws {
        let pool = WorkerPool(threads: 2)
        let domain = try which.domain(24)
        let matrix = GridOperator(domain, pool: pool)
        let system = GridSystem(matrix, GridMultigrid(matrix, pool: pool), pool: pool)
        let f = noise(domain.cellCount)
        try system.load(f, projecting: true)
        let outcome = ConjugateGradients().solve(system, SolveLimits(tolerance: 1e-10, iterations: 200), watch: nil)
        #expect(outcome.stop == .converged)
        #expect(outcome.relativeResidual <= 1e-10)
        let u = system.solution
        var (error, size) = (0.0, 0.0)
        for cell in 0..<domain.cellCount where domain.kinds[cell] == 1 {
            guard let image = operatorRow(domain, u, cell) else { continue }
            error += (image - f[cell]) * (image - f[cell])
            size += f[cell] * f[cell]
        }
        // Components without given values have their mean taken off; coefficients are kept in single precision.
        let slack = which == .porous ? 0.05 : [.layers, .checkers].contains(which) ? 1e-5 : 1e-8
        #expect((error / size).squareRoot() < slack)
    }

    @Test(arguments: [TestDomain.box, .sphere, .flat, .odd, .air, .layers, .stretched])
    func iterationsDoNotGrowWithTheGrid(_ which: TestDomain) throws {
        let pool = WorkerPool(threads: 2)
        var counts: [Int] = []
        for n in [16, 32, 48] {
            let domain = try which.domain(n)
            let matrix = GridOperator(domain, pool: pool)
            let system = GridSystem(matrix, GridMultigrid(matrix, pool: pool), pool: pool)
            try system.load([Double](repeating: 1, count: domain.cellCount))
            let outcome = ConjugateGradients().solve(system, SolveLimits(tolerance: 1e-6), watch: nil)
            #expect(outcome.stop == .converged)
            counts.append(outcome.iterations)
        }
        #expect(counts[2] <= counts[0] + 2, "\(counts)")
    }

    @Test func oneRetainedDirectionIsConjugateGradients() throws {
        let pool = WorkerPool(threads: 1)
        let domain = try TestDomain.sphere.domain(24)
        let matrix = GridOperator(domain, pool: pool)
        var histories: [[Double]] = []
        for method in [ConjugateGradients(), FlexibleConjugateGradients(directions: 1)] as [any OuterIteration] {
            let system = GridSystem(matrix, GridMultigrid(matrix, pool: pool), places: 2, pool: pool)
            try system.load(noise(domain.cellCount))
            let outcome = method.solve(system, SolveLimits(tolerance: 1e-6), watch: nil)
            histories.append(outcome.history.filter { !$0.isRecomputed }.map(\.relativeResidual))
        }
        #expect(histories[0].count == histories[1].count)
        for (one, other) in zip(histories[0], histories[1]) { #expect(abs(one - other) < 1e-2 * one) }
    }

    @Test(arguments: [1, 2, 3])
    func bitsDoNotDependOnThreads(_ threads: Int) throws {
        func solution(_ threads: Int) throws -> [Double] {
            let pool = WorkerPool(threads: threads)
            let domain = try TestDomain.plates.domain(36)
            let matrix = GridOperator(domain, pool: pool)
            let system = GridSystem(matrix, GridMultigrid(matrix, pool: pool), pool: pool)
            try system.load(noise(domain.cellCount))
            _ = ConjugateGradients().solve(system, SolveLimits(tolerance: 1e-8), watch: nil)
            return system.solution
        }
        #expect(try solution(threads) == solution(1))
    }

    @Test func closedPocketsAreRecognised() throws {
        let pool = WorkerPool(threads: 1)
        // A pocket of 2³ cells behind walls of solid, in a box that is open at one side.
        var kinds = [UInt8](repeating: 1, count: 12 * 12 * 12)
        for k in 3..<7 {
            for j in 3..<7 {
                for i in 3..<7 {
                    let inside = (4..<6).contains(i) && (4..<6).contains(j) && (4..<6).contains(k)
                    kinds[i + 12 * (j + 12 * k)] = inside ? 1 : 0
                }
            }
        }
        let domain = try GridDomain(cells: (12, 12, 12), kinds: kinds, walls: TestDomain.closed)
        let matrix = GridOperator(domain, pool: pool)
        let system = GridSystem(matrix, GridMultigrid(matrix, pool: pool), pool: pool)
        let cell = 4 + 12 * (4 + 12 * 4)
        #expect(
            throws: LinearSystemError.incompatible(component: 1, cells: 8, cell: cell, sum: 8)
        ) { try system.load([Double](repeating: 1, count: 1728)) }
        try system.load([Double](repeating: 1, count: 1728), projecting: true)
        let outcome = ConjugateGradients().solve(system, SolveLimits(tolerance: 1e-9), watch: nil)
        #expect(outcome.stop == .converged)
        #expect(abs(system.solution[cell]) < 1e-9)
    }

    /// Σ k (u_c − u_n)/h² of a cell from the definition; nil for a cell without neighbours.
    private func operatorRow(_ domain: GridDomain, _ u: [Double], _ cell: Int) -> Double? {
        let (nx, ny, nz) = domain.cells
        let position = [cell % nx, cell / nx % ny, cell / (nx * ny)]
        let h = [domain.spacing.x, domain.spacing.y, domain.spacing.z]
        let walls = [domain.walls.x, domain.walls.y, domain.walls.z]
        var (sum, neighbours) = (0.0, 0)
        for axis in 0..<domain.dimensions {
            for sign in [-1, 1] {
                var next = position
                next[axis] += sign
                let own = domain.coefficients?[cell] ?? 1
                let units = 1 / (h[axis] * h[axis])
                if next[axis] < 0 || next[axis] >= [nx, ny, nz][axis] {
                    switch next[axis] < 0 ? walls[axis].low : walls[axis].high {
                    case .neumann: break
                    case .dirichlet: (sum, neighbours) = (sum + own * units * u[cell], neighbours + 1)
                    case .dirichletFace: (sum, neighbours) = (sum + 2 * own * units * u[cell], neighbours + 1)
                    }
                    continue
                }
                let other = next[0] + nx * (next[1] + ny * next[2])
                guard domain.kinds[other] != 0 else { continue }
                let theirs = domain.coefficients?[other] ?? 1
                neighbours += 1
                sum += 2 * own * theirs / (own + theirs) * units * (u[cell] - (domain.kinds[other] == 1 ? u[other] : 0))
            }
        }
        return neighbours > 0 ? sum : nil
    }
}
