import Glibc
import OptimalTransport
import Parallelism
import Testing

/// Implicit steps of Wasserstein gradient flows against solutions of the equations.
@Suite struct FlowTests {
    static let pool = WorkerPool(threads: 1)

    static func gaussian(_ axis: GridAxis, mean: Double, variance: Double) -> [Double] {
        let values = axis.sources.map { node -> Double in exp(-0.5 * (node - mean) * (node - mean) / variance) }
        let total = values.reduce(0, +)
        return values.map { $0 / total }
    }

    static func moments(_ axis: GridAxis, _ masses: [Double]) -> (mass: Double, mean: Double, variance: Double) {
        let mass = masses.reduce(0, +)
        var first = 0.0, second = 0.0
        for (own, node) in zip(masses, axis.sources) {
            first += own * node
            second += own * node * node
        }
        let mean = first / mass, variance = second / mass - mean * mean
        return (mass, mean, variance)
    }

    @Test(arguments: [0.05, 0.025])
    func heatIsExact(_ step: Double) throws {
        let axis = GridAxis(nodes: (0...400).map { -8 + Double($0) / 25 })
        let flow = try WassersteinFlow(
            axes: [axis], masses: Self.gaussian(axis, mean: 0.3, variance: 0.09),
            energy: FlowEnergy(.entropy(diffusion: 1)), step: step, regularisation: 4 * step, pool: Self.pool)
        var energy = flow.energyValue(flow.masses)
        for _ in 0..<Int((0.5 / step).rounded()) {
            let done = flow.advance()
            #expect(done.isConverged && done.energy < energy)
            energy = done.energy
        }
        let (mass, mean, variance) = Self.moments(axis, flow.masses)
        #expect(abs(mass - 1) < 1e-12 && abs(mean - 0.3) < 1e-9 && abs(variance - 1.09) < 1e-4)
    }

    @Test func ornsteinUhlenbeck() throws {
        let axis = GridAxis(nodes: (0...300).map { -6 + Double($0) / 25 })
        let potential = axis.sources.map { $0 * $0 / 2 }
        let flow = try WassersteinFlow(
            axes: [axis], masses: Self.gaussian(axis, mean: 1, variance: 0.09),
            energy: FlowEnergy(.entropy(diffusion: 1), potential: potential), step: 0.025, regularisation: 0.05,
            pool: Self.pool)
        var energy = flow.energyValue(flow.masses)
        for _ in 0..<40 {
            let done = flow.advance()
            #expect(done.isConverged && done.energy < energy + 1e-12)
            energy = done.energy
        }
        let (mass, mean, variance) = Self.moments(axis, flow.masses)
        let exact = 0.09 * exp(-2) + (1 - exp(-2))
        #expect(abs(mass - 1) < 1e-12)
        #expect(abs(variance / exact - 1) < 0.01)
        #expect(abs(mean - pow(1.025, -40)) < 1e-3)
    }

    @Test(arguments: [2.0, 3.0])
    func barenblatt(_ exponent: Double) throws {
        let axis = GridAxis(cells: 240, from: -6, to: 6)
        let beta = 1 / (exponent + 1), k = beta * (exponent - 1) / (2 * exponent)
        func profile(_ time: Double) -> [Double] {
            axis.sources.map { x -> Double in
                let inside: Double = 1 - k * x * x * pow(time, -2 * beta)
                return 0.05 * pow(time, -beta) * pow(max(inside, 0), 1 / (exponent - 1))
            }
        }
        let start = profile(1)
        let flow = try WassersteinFlow(
            axes: [axis], masses: start, energy: FlowEnergy(.power(exponent: exponent, coefficient: 1)), step: 0.05,
            regularisation: 0.01, pool: Self.pool)
        var energy = flow.energyValue(flow.masses)
        for _ in 0..<20 {
            let done = flow.advance()
            #expect(done.isConverged && done.energy < energy)
            energy = done.energy
        }
        let exact = profile(2), total = start.reduce(0, +)
        let error = zip(flow.masses, exact).reduce(0) { $0 + abs($1.0 - $1.1) } / total
        #expect(abs(flow.masses.reduce(0, +) / total - 1) < 1e-12)
        #expect(error < 0.005)
    }

    /// W = |z|²/2 draws mass to its centre: the variance obeys v′ = 2D − 2v.
    @Test func aggregation() throws {
        let axis = GridAxis(nodes: (0...200).map { -5 + Double($0) / 20 })
        let flow = try WassersteinFlow(
            axes: [axis], masses: Self.gaussian(axis, mean: 0.5, variance: 0.5),
            energy: FlowEnergy(.entropy(diffusion: 0.2), interaction: { $0[0] * $0[0] / 2 }), step: 0.02,
            regularisation: 0.01, pool: Self.pool)
        var energy = flow.energyValue(flow.masses)
        for _ in 0..<25 {
            let done = flow.advance()
            #expect(done.isConverged && done.energy < energy)
            energy = done.energy
        }
        let (mass, mean, variance) = Self.moments(axis, flow.masses)
        let exact = 0.2 + 0.3 * exp(-1)
        #expect(abs(mass - 1) < 1e-12 && abs(mean - 0.5) < 1e-6)
        #expect(abs(variance / exact - 1) < 0.02)
    }

    @Test func theSameBitsForAnyNumberOfThreads() throws {
        let axis = GridAxis(cells: 20, from: -3, to: 3)
        let line = Self.gaussian(axis, mean: 0.3, variance: 0.4)
        func masses(_ threads: Int) throws -> [Double] {
            let flow = try WassersteinFlow(
                axes: [axis, axis], masses: line.flatMap { a in line.map { a * $0 } },
                energy: FlowEnergy(.power(exponent: 2, coefficient: 1)), step: 0.05, regularisation: 0.2,
                pool: WorkerPool(threads: threads))
            for _ in 0..<3 { _ = flow.advance() }
            return flow.masses
        }
        #expect(try masses(1) == masses(3))
    }

    /// In two dimensions a product stays one.
    @Test func planeIsAProduct() throws {
        let axis = GridAxis(nodes: (0...48).map { -4 + Double($0) / 6 })
        let line = Self.gaussian(axis, mean: 0.5, variance: 0.3)
        let potential = axis.sources.map { $0 * $0 / 2 }
        let plane = try WassersteinFlow(
            axes: [axis, axis], masses: line.flatMap { a in line.map { a * $0 } },
            energy: FlowEnergy(
                .entropy(diffusion: 1), potential: potential.flatMap { a in potential.map { a + $0 } }),
            step: 0.05, regularisation: 0.1, pool: Self.pool)
        let alone = try WassersteinFlow(
            axes: [axis], masses: line, energy: FlowEnergy(.entropy(diffusion: 1), potential: potential), step: 0.05,
            regularisation: 0.1, pool: Self.pool)
        plane.tolerance = 1e-11
        alone.tolerance = 1e-11
        for _ in 0..<4 { _ = (plane.advance(), alone.advance()) }
        let expected = alone.masses.flatMap { a in alone.masses.map { a * $0 } }
        #expect(zip(plane.masses, expected).allSatisfy { abs($0 - $1) < 1e-10 })
    }

    /// On a circle the first Fourier mode decays by e^(−Dk²t); sweeps are done by transforms there.
    @Test func heatOnACircle() throws {
        let axis = GridAxis(cells: 64, from: 0, to: 1, isPeriodic: true)
        let start = axis.sources.map { (1 + 0.5 * cos(2 * Double.pi * $0)) / 64 }
        let flow = try WassersteinFlow(
            axes: [axis], masses: start, energy: FlowEnergy(.entropy(diffusion: 1)), step: 0.001, regularisation: 0.004,
            pool: Self.pool)
        for _ in 0..<10 { _ = flow.advance() }
        var amplitude = 0.0
        for (mass, node) in zip(flow.masses, axis.sources) { amplitude += 2 * mass * cos(2 * Double.pi * node) }
        // Kernels of the shortest way round, which the Gaussian on the line agrees with to e^(−1/(4γ)).
        let exact: Double = 0.5 * exp(-0.04 * Double.pi * Double.pi)
        #expect(abs(amplitude / exact - 1) < 1e-9)
    }

    @Test func pointsFollowADensity() throws {
        let edges = (0...50).map { Double($0) / 50 }
        let masses = edges.dropLast().map { 1 + 4 * $0 }
        let start = (0..<40).map { fmod(Double($0) * 0.618, 1) }
        let line = try PointTransport.moved(start, towards: masses, edges: edges)
        // In the order they had, at the quantiles of ∫(1 + 4x).
        for index in 1..<start.count {
            let isRising = start[index - 1] < start[index]
            #expect(isRising == (line[index - 1] < line[index]))
        }
        for (rank, place) in line.sorted().enumerated() {
            let below: Double = (place + 2 * place * place) / 3
            let quantile: Double = (Double(rank) + 0.5) / 40
            #expect(abs(below - quantile) < 0.02)
        }
        let half = try PointTransport.moved(start, towards: masses, edges: edges, damping: 0.5)
        for index in start.indices {
            let middle: Double = (start[index] + line[index]) / 2
            #expect(abs(half[index] - middle) < 1e-15)
        }

        let candidates = (0..<400).map { index -> [Double] in
            [Double(index / 20) / 20 + 0.025, Double(index % 20) / 20 + 0.025]
        }
        let density = candidates.map { candidate -> Double in
            let distance = candidate[0] - 0.3
            return exp(-8 * distance * distance)
        }
        let points = (0..<100).map { index -> [Double] in
            [fmod(Double(index) * 0.618, 1), fmod(Double(index) * 0.414, 1)]
        }
        let move = try PointTransport.moved(
            points, towards: density, at: candidates, periods: [0, 0], regularisation: 0.003, pool: Self.pool)
        func mean(_ weights: [Double], _ points: [[Double]], _ axis: Int) -> Double {
            var sum = 0.0
            for (weight, point) in zip(weights, points) { sum += weight * point[axis] }
            return sum / weights.reduce(0, +)
        }
        // Barycentric maps keep the mean exactly.
        for axis in 0..<2 {
            let moved = move.points.reduce(0) { $0 + $1[axis] } / 100
            #expect(abs(moved - mean(density, candidates, axis)) < 1e-7)
        }
        #expect(throws: TransportError.mass(.target, index: 1, value: -1)) {
            try PointTransport.moved([0.5], towards: [1, -1], edges: [0, 1, 2])
        }
    }

    @Test func inputErrors() {
        let axis = GridAxis(cells: 10, from: 0, to: 1)
        func make(
            _ masses: [Double], _ energy: FlowEnergy = FlowEnergy(.entropy(diffusion: 1)), _ step: Double = 0.1,
            _ regularisation: Double = 0.1
        ) throws(FlowError) {
            _ = try WassersteinFlow(
                axes: [axis], masses: masses, energy: energy, step: step, regularisation: regularisation,
                pool: Self.pool)
        }
        let ones = [Double](repeating: 0.1, count: 10)
        #expect(throws: FlowError.mass(index: 2, value: -1)) { try make([1, 1, -1, 1, 1, 1, 1, 1, 1, 1]) }
        #expect(throws: FlowError.empty) { try make([Double](repeating: 0, count: 10)) }
        #expect(throws: FlowError.step(0)) { try make(ones, FlowEnergy(.none), 0) }
        #expect(throws: FlowError.exponent(1)) { try make(ones, FlowEnergy(.power(exponent: 1, coefficient: 1))) }
        #expect(throws: FlowError.tooMuchDiffusion(regularisation: 0.1, most: 4 * 0.1 * 0.1)) {
            try make(ones, FlowEnergy(.entropy(diffusion: 0.1)))
        }
        #expect(throws: FlowError.self) { try make(ones, FlowEnergy(.none), 0.1, 0.001) }
    }
}
