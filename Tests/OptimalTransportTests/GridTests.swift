import Glibc
import OptimalTransport
import Parallelism
import Testing

/// Matrix-free transport on tensor grids against full matrices, closed forms and invariants.
@Suite struct GridTests {
    static let pool = WorkerPool(threads: 1)

    /// Masses that vary by some orders of magnitude, with some zeros.
    static func masses(_ count: Int, seed: Double) -> [Double] {
        let values = (0..<count).map { index -> Double in
            let place = Double(index)
            let exponent: Double = 3 * sin(seed + 0.7 * place) + sin(3 * seed + 2.3 * place)
            return index % 11 == 3 ? 0 : exp(exponent)
        }
        let total = values.reduce(0, +)
        return values.map { $0 / total }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var axes: [GridAxis]
        var epsilon: Double
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "squared, 2-D", axes: [GridAxis(cells: 19, from: 0, to: 1), GridAxis(cells: 23, from: 0, to: 1)], epsilon: 0.01),
        Case(
            name: "absolute, 2-D",
            axes: [GridAxis(cells: 20, from: 0, to: 1, cost: .absolute), GridAxis(cells: 18, from: 0, to: 2, cost: .absolute)],
            epsilon: 0.05),
        Case(
            name: "absolute on uneven nodes, 1-D",
            axes: [GridAxis(nodes: (0..<60).map { Double($0 * $0) / 3600 + Double($0) / 100 }, cost: .absolute)],
            epsilon: 0.02),
        Case(
            name: "periodic, 2-D",
            axes: [
                GridAxis(cells: 16, from: 0, to: 1, isPeriodic: true),
                GridAxis(cells: 21, from: 0, to: 1, cost: .absolute, isPeriodic: true),
            ], epsilon: 0.02),
        Case(
            name: "different grids and a matrix, 3-D",
            axes: [
                GridAxis(sources: [0, 0.1, 0.5, 1], targets: [0.2, 0.3, 0.9]),
                GridAxis(sources: [0, 1, 2], targets: [0, 1, 2, 3, 4], cost: .matrix((0..<15).map { sin(Double($0)) })),
                GridAxis(sources: (0..<9).map { Double($0) / 8 }, targets: (0..<7).map { Double($0) / 8 }),
            ], epsilon: 0.05),
        Case(name: "squared, small epsilon, 1-D", axes: [GridAxis(cells: 90, from: 0, to: 1)], epsilon: 1e-4),
    ]

    @Test(arguments: cases)
    func agreesWithTheFullMatrix(_ item: Case) throws {
        let cost = GridCost(item.axes)
        let source = Self.masses(cost.sources, seed: 1), target = Self.masses(cost.targets, seed: 2)
        let grid = GridSinkhornNewton().solve(
            try GridProblem(source: source, target: target, cost: cost, epsilon: item.epsilon), TransportLimits(),
            pool: Self.pool)
        let full = SafeSinkhornNewton().solve(
            try TransportProblem(source: source, target: target, cost: cost, epsilon: item.epsilon), TransportLimits(),
            pool: Self.pool)
        #expect(grid.stop == .converged && full.stop == .converged)
        let (a, b) = (grid.certificate, full.certificate)
        #expect(a.marginals.l1 <= 1e-12 && abs(a.mass - 1) < 1e-12)
        for (own, other) in [
            (a.transportCost, b.transportCost), (a.primal, b.primal), (a.dual, b.dual),
            (a.relativeEntropyCost, b.relativeEntropyCost), (a.roundedCost, b.roundedCost),
        ] { #expect(abs(own - other) < 1e-10) }
        #expect(abs(a.negativeEntropy - b.negativeEntropy) < 1e-8)
        #expect(a.lowerBound <= a.roundedCost + 1e-12 && abs(a.lowerBound - b.lowerBound) < 1e-4)
    }

    /// Entropic cost of Gaussians (Janati, Muzellec, Peyré, Cuturi 2020), with ε KL(P | a bᵀ).
    @Test(arguments: [(0.2, 1.515939637021), (0.02, 1.299170229638)])
    func gaussians(_ epsilon: Double, _ expected: Double) throws {
        let axis = GridAxis(nodes: (0...600).map { -6 + Double($0) / 50 })
        func gaussian(_ mean: Double, _ deviation: Double) -> [Double] {
            let values = axis.sources.map { exp(-0.5 * ($0 - mean) * ($0 - mean) / (deviation * deviation)) }
            let total = values.reduce(0, +)
            return values.map { $0 / total }
        }
        let solution = GridSinkhornNewton().solve(
            try GridProblem(
                source: gaussian(0, 1), target: gaussian(1, 0.5), cost: GridCost([axis]), epsilon: epsilon),
            TransportLimits(), pool: Self.pool)
        #expect(solution.stop == .converged)
        #expect(abs(solution.certificate.relativeEntropyCost - expected) < 1e-6)
    }

    @Test func theSameBitsForAnyNumberOfThreads() throws {
        let cost = GridCost([GridAxis(cells: 40, from: 0, to: 1), GridAxis(cells: 40, from: 0, to: 1, cost: .absolute)])
        let problem = try GridProblem(
            source: Self.masses(1_600, seed: 1), target: Self.masses(1_600, seed: 2), cost: cost, epsilon: 0.005)
        let first = GridSinkhornNewton().solve(problem, TransportLimits(), pool: WorkerPool(threads: 1))
        let second = GridSinkhornNewton().solve(problem, TransportLimits(), pool: WorkerPool(threads: 3))
        #expect(first.targetPotentials == second.targetPotentials && first.stop == .converged)
    }

    @Test func relaxedMarginalsAgreeWithTheFullMatrix() throws {
        let axes = [GridAxis(cells: 12, from: 0, to: 1), GridAxis(cells: 17, from: 0, to: 1)]
        let cost = GridCost(axes)
        let source = Self.masses(204, seed: 1).map { 2 * $0 }, target = Self.masses(204, seed: 2)
        let grid = GridSinkhornNewton(coarsestNodes: 4).solve(
            try GridProblem(
                source: source, target: target, cost: cost, epsilon: 0.01, sourceStrength: 0.3, targetStrength: 0.1),
            TransportLimits(), pool: Self.pool)
        let full = try UnbalancedTransport(
            source: source, target: target, cost: cost, epsilon: 0.01, sourceStrength: 0.3, targetStrength: 0.1
        ).solve(TransportLimits(), pool: Self.pool)
        #expect(grid.stop == .converged && full.stop == .converged)
        #expect(abs(grid.certificate.mass - full.mass) < 1e-11)
        #expect(abs(grid.certificate.dual - full.dual) < 1e-11)
        #expect(abs(grid.certificate.primal - grid.certificate.dual) < 1e-11)
        #expect(grid.certificate.lowerBound <= grid.certificate.roundedCost)
    }

    @Test func figure() throws {
        guard getenv("ANSATZ_GRID_FIGURE") != nil else { return }
        let n = 256
        let cost = GridCost([GridAxis(cells: n, from: 0, to: 1), GridAxis(cells: n, from: 0, to: 1)])
        func image(_ f: (Double, Double) -> Double) -> [Double] {
            let v = (0..<n * n).map { f((Double($0 / n) + 0.5) / Double(n), (Double($0 % n) + 0.5) / Double(n)) }
            let t = v.reduce(0, +)
            return v.map { 0.99 * $0 / t + 0.01 / Double(n * n) }
        }
        let a = image { x, y in exp(-((x - 0.3) * (x - 0.3) + (y - 0.4) * (y - 0.4)) / 0.02) }
        let b = image { x, y in
            exp(-((x - 0.7) * (x - 0.7) + (y - 0.3) * (y - 0.3)) / 0.01) + 0.5 * exp(-((x - 0.5) * (x - 0.5) + (y - 0.8) * (y - 0.8)) / 0.02)
        }
        let problem = try GridProblem(source: a, target: b, cost: cost, epsilon: 4 / Double(n * n))
        let solution = GridSinkhornNewton().solve(problem, TransportLimits(), pool: WorkerPool(threads: 2))
        print(solution.certificate, solution.stop)
        for line in solution.history { print(line) }
    }
}
