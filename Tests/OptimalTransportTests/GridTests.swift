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
        Case(name: "squared, 2-D", axes: [cells(19, 1), cells(23, 1)], epsilon: 0.01),
        Case(name: "absolute, 2-D", axes: [cells(20, 1, .absolute), cells(18, 2, .absolute)], epsilon: 0.05),
        Case(name: "absolute on uneven nodes, 1-D", axes: [uneven], epsilon: 0.02),
        Case(name: "periodic, 2-D", axes: periodic, epsilon: 0.02),
        Case(name: "different grids and a matrix, 3-D", axes: different, epsilon: 0.05),
        Case(name: "squared, small epsilon, 1-D", axes: [cells(90, 1)], epsilon: 1e-4),
    ]

    private static func cells(_ count: Int, _ length: Double, _ cost: GridAxis.Cost = .squared) -> GridAxis {
        GridAxis(cells: count, from: 0, to: length, cost: cost)
    }

    private static var uneven: GridAxis {
        let nodes = (0..<60).map { index -> Double in
            let place = Double(index)
            return place * place / 3600 + place / 100
        }
        return GridAxis(nodes: nodes, cost: .absolute)
    }

    private static var periodic: [GridAxis] {
        [
            GridAxis(cells: 16, from: 0, to: 1, isPeriodic: true),
            GridAxis(cells: 21, from: 0, to: 1, cost: .absolute, isPeriodic: true),
        ]
    }

    private static var different: [GridAxis] {
        let costs = (0..<15).map { sin(Double($0)) }
        let fine = (0..<9).map { Double($0) / 8 }
        return [
            GridAxis(sources: [0, 0.1, 0.5, 1], targets: [0.2, 0.3, 0.9]),
            GridAxis(sources: [0, 1, 2], targets: [0, 1, 2, 3, 4], cost: .matrix(costs)),
            GridAxis(sources: fine, targets: Array(fine.prefix(7))),
        ]
    }

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
        let nodes = (0...600).map { Double($0 - 300) / 50 }
        let axis = GridAxis(nodes: nodes)
        func gaussian(_ mean: Double, _ deviation: Double) -> [Double] {
            let values = axis.sources.map { node -> Double in
                let distance = (node - mean) / deviation
                return exp(-0.5 * distance * distance)
            }
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

    @Test func transformsAgreeOrDecline() throws {
        let cost = GridCost([
            GridAxis(cells: 12, from: 0, to: 1, isPeriodic: true), GridAxis(cells: 9, from: 0, to: 1, isPeriodic: true),
        ])
        let kernel = try #require(PeriodicKernel(cost))
        let y = (0..<108).map { 2 * sin(Double($0)) }
        var sums = [Double](repeating: 0, count: 108)
        #expect(kernel.logSum(y, scale: 3, &sums))
        var room = [Double](repeating: 0, count: 108)
        for row in 0..<108 {
            let costs = cost.row(row, room: &room)
            var direct = 0.0
            for column in 0..<108 { direct += exp(y[column] - 3 * costs[column]) }
            #expect(abs(sums[row] - log(direct)) < 1e-12)
        }
        // A peak that a narrow kernel does not spread.
        let peak = (0..<108).map { $0 == 5 ? 60.0 : 0 }
        #expect(!kernel.logSum(peak, scale: 1_000, &sums))
        #expect(PeriodicKernel(GridCost([GridAxis(cells: 9, from: 0, to: 1)])) == nil)
    }

    /// From a regularisation that leaves nothing to choose to one at which the plan is a vertex.
    @Test(arguments: [10, 0.1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6])
    func isFiniteForAnyRegularisation(_ epsilon: Double) throws {
        let axis = GridAxis(cells: 10, from: 0, to: 1)
        let cost = GridCost([axis, axis])
        let solution = GridSinkhornNewton(coarsestNodes: 4).solve(
            try GridProblem(
                source: Self.masses(100, seed: 1), target: Self.masses(100, seed: 2), cost: cost,
                epsilon: epsilon * cost.largest), TransportLimits(), pool: Self.pool)
        let certificate = solution.certificate
        for value in [certificate.marginals.l1, certificate.primal, certificate.dual, certificate.gap] {
            #expect(value.isFinite)
        }
        #expect(certificate.gap >= -1e-12 && certificate.marginals.l1 < 1e-9)
    }

    @Test func rowsOnRequest() throws {
        let cost = GridCost([GridAxis(cells: 6, from: 0, to: 1), GridAxis(cells: 5, from: 0, to: 1)])
        let source = Self.masses(30, seed: 1), target = Self.masses(30, seed: 2)
        let problem = try GridProblem(source: source, target: target, cost: cost, epsilon: 0.05)
        let solution = GridSinkhornNewton(coarsestNodes: 2).solve(problem, TransportLimits(), pool: Self.pool)
        for row in 0..<30 {
            #expect(abs(problem.planRow(row, solution).reduce(0, +) - source[row]) < 1e-12)
        }
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
}
