import OptimalTransport
import Parallelism
import Testing

/// All methods reach the same plans where they can, and say so where they cannot.
@Suite struct MethodTests {
    static let methods: [any TransportSolver] = [
        SafeSinkhornNewton(), Sinkhorn(), OverRelaxedSinkhorn(), SinkhornNewtonSparse(entriesPerRow: 15),
        RegularisedSparseNewton(),
    ]

    @Test(arguments: methods.indices)
    func theyAgree(_ index: Int) throws {
        let method = Self.methods[index]
        let pool = WorkerPool(threads: 1)
        for row in AssignmentTests.table where row.n <= 500 && row.eta == 50 || row.n == 500 {
            // Sinkhorn's iteration would need some 250,000 sweeps.
            if row.n == 500, method is Sinkhorn { continue }
            let solution = method.solve(
                try AssignmentTests.problem(row.n, eta: row.eta), TransportLimits(), pool: pool)
            #expect(solution.stop == .converged, "\(type(of: method).name), \(row.testDescription)")
            #expect(abs(solution.certificate.transportCost - row.cost) < 1e-11)
            #expect(solution.history.last?.marginalError ?? 1 <= 1e-12)
        }
    }

    /// The published number of Newton steps, with as many entries as it takes to reproduce it.
    @Test func thePublishedMethodTakesThePublishedSteps() throws {
        let solution = SinkhornNewtonSparse(warmUp: 20, entriesPerRow: 15).solve(
            try AssignmentTests.problem(500, eta: 1_200), TransportLimits(), pool: WorkerPool(threads: 1))
        #expect((8...12).contains(solution.certificate.newtonSteps), "\(solution.certificate.newtonSteps)")
        #expect(solution.certificate.entries <= 15 * 500)
    }

    /// Points on a line hold a hundred entries a row: a fixed number of two stalls, and the method says so.
    @Test func aPlanThatIsNotOneIsNotCalledOne() throws {
        let problem = try GaussianTests.problem(GaussianTests.Row(0, 1, 1, 0.5, 0.02, 0, 0, 0), points: 201)
        var limits = TransportLimits()
        limits.newtonSteps = 30
        let solution = SinkhornNewtonSparse(entriesPerRow: 2).solve(problem, limits, pool: WorkerPool(threads: 1))
        #expect(!solution.stop.isSuccess)
        #expect(solution.certificate.marginals.l1 > 1e-6)
        let safe = SafeSinkhornNewton().solve(problem, TransportLimits(), pool: WorkerPool(threads: 1))
        #expect(safe.stop.isSuccess && safe.certificate.newtonSteps < 15)
    }
}
