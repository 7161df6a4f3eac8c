import OptimalTransport
import Parallelism
import Testing

/// Entropic assignment with the portable costs: values of an independent implementation, to 1e-11.
@Suite struct AssignmentTests {
    static func problem(_ n: Int, eta: Double) throws -> TransportProblem {
        let masses = [Double](repeating: 1 / Double(n), count: n)
        return try TransportProblem(
            source: masses, target: masses, cost: MatrixCost(sources: n, targets: n, seed: 0), epsilon: 1 / eta)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var n: Int
        var eta: Double
        var cost: Double
        var negativeEntropy: Double
        var relative: Double
        var exact: Double
        var testDescription: String { "n = \(n), eta = \(Int(eta))" }
    }

    static let table = [
        Row(
            n: 8, eta: 50, cost: 0.1437919366837, negativeEntropy: -2.304775409431, relative: 0.1808740901623,
            exact: 0.140599339925595),
        Row(
            n: 8, eta: 1_200, cost: 0.1405993399256, negativeEntropy: -2.079441541680, relative: 0.1423322078770,
            exact: 0.140599339925595),
        Row(
            n: 64, eta: 50, cost: 0.0304642545140, negativeEntropy: -5.571530433738, relative: 0.0853889691736,
            exact: 0.020057105704629),
        Row(
            n: 64, eta: 1_200, cost: 0.0201110552785, negativeEntropy: -4.386382396555, relative: 0.0233872084203,
            exact: 0.020057105704629),
        Row(
            n: 500, eta: 1_200, cost: 0.0033985385193, negativeEntropy: -6.986758765035, relative: 0.0079339197124,
            exact: 0.003160157025330),
        Row(
            n: 1_000, eta: 1_200, cost: 0.0019109467954, negativeEntropy: -8.032869949056,
            relative: 0.0067298139695, exact: 0.001576188125504),
    ]

    @Test(arguments: table)
    func theSafeMethodAgrees(_ row: Row) throws {
        let pool = WorkerPool(threads: 2)
        let solution = SafeSinkhornNewton().solve(
            try Self.problem(row.n, eta: row.eta), TransportLimits(), pool: pool)
        let certificate = solution.certificate
        #expect(solution.stop == .converged, "\(certificate)")
        #expect(certificate.marginals.l1 <= 1e-12 && abs(certificate.mass - 1) <= 1e-12)
        #expect(abs(certificate.transportCost - row.cost) < 1e-11)
        #expect(abs(certificate.negativeEntropy - row.negativeEntropy) < 1e-9)
        #expect(abs(certificate.relativeEntropyCost - row.relative) < 1e-11)
        #expect(abs(certificate.primal - certificate.dual) < 1e-11)
        #expect(certificate.lowerBound <= row.exact + 1e-12 && row.exact <= certificate.roundedCost + 1e-12)
    }

    /// The harder regularisation, of which the cost is known.
    @Test func aThousandAtTwiceTheRatio() throws {
        let problem = try Self.problem(1_000, eta: 2_400)
        let solution = SafeSinkhornNewton().solve(problem, TransportLimits(), pool: WorkerPool(threads: 2))
        let certificate = solution.certificate
        #expect(solution.stop == .converged && certificate.marginals.l1 <= 1e-12)
        #expect(abs(certificate.transportCost - 0.0016905254583) < 1e-11)
        #expect(certificate.lowerBound <= 0.001576188125504 && 0.001576188125504 <= certificate.roundedCost + 1e-12)
    }
}
