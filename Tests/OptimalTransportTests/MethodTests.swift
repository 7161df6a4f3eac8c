import OptimalTransport
import Parallelism
import Testing

/// All methods on the same problems.
@Suite struct MethodTests {
    static let methods: [any TransportSolver] = [
        SafeSinkhornNewton(), Sinkhorn(), OverRelaxedSinkhorn(), SinkhornNewtonSparse(entriesPerRow: 15),
        RegularisedSparseNewton(),
    ]

    @Test(arguments: methods.indices)
    func theyAgree(_ index: Int) throws {
        let method = Self.methods[index]
        let pool = WorkerPool(threads: 1)
        for row in AssignmentTests.table where row.eta * 1e-2 < Double(row.n) && row.n < 1000 || row.eta == 50 {
            if row.n == 500, method is Sinkhorn { continue }
            let solution = method.solve(
                try AssignmentTests.problem(row.n, eta: row.eta), TransportLimits(), pool: pool)
            print(type(of: method).name, row, solution.stop, solution.certificate.sweeps, solution.certificate.newtonSteps, solution.certificate.linearIterations, solution.certificate.marginals.l1, solution.certificate.seconds)
            #expect(solution.stop == .converged)
            #expect(abs(solution.certificate.transportCost - row.cost) < 1e-11)
        }
    }
}
