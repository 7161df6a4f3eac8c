import Ansatz
import Foundation
import Glibc
import OptimalTransport
import ProblemFiles
import Testing

/// What transport files can ask for, solved and held against known answers.
@Suite struct TransportTaskTests {
    private static func prepare(_ text: String) throws -> TransportPreparation {
        let head = "format = 1\nkind = \"transport\"\nname = \"t\"\n"
        guard case .transport(let statement) = try ProblemReader.readFile(text: head + text, path: "p.toml") else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return try TransportPreparation(statement)
    }

    private static func message(_ text: String) -> String {
        do {
            _ = try prepare(text)
            return ""
        } catch {
            return "\(error)"
        }
    }

    private static func images(_ count: Int, cost: String = "norm2(p - q)", more: String = "") -> String {
        """
        [source]
        grid = { y = [0, 1, \(count)], x = [0, 1, \(count)] }
        density = 'exp(-20*((x - 0.3)^2 + (y - 0.4)^2)) + 0.01'
        [target]
        grid = { y = [0, 1, \(count)], x = [0, 1, \(count)] }
        density = 'exp(-30*((x - 0.6)^2 + (y - 0.5)^2)) + 0.01'
        [cost]
        between = '\(cost)'
        \(more)
        """
    }

    private static let assignment = """
        [source]
        uniform = 8
        [target]
        uniform = 8
        [cost]
        random = "splitmix64"
        """

    /// The mean cost of the best assignment of eight, known from elsewhere.
    @Test func leastCostsByName() throws {
        let exact = try Self.prepare(Self.assignment + "\n[method]\nkind = \"exact\"").solve()
        let certificate = exact.last.solution.certificate
        #expect(abs(certificate.transportCost - 0.140599339925595) < 1e-14)
        #expect(certificate.gap >= 0 && certificate.gap < 1e-12 && certificate.marginals.l1 < 1e-15)
        #expect(exact.last.solution.stop == .exact && exact.last.epsilon == 0)
    }

    /// At η = 1200 the plan is a permutation, which is found exactly; at an ε that numbers do not resolve, too.
    @Test(arguments: ["eta = 1200", "epsilon = 1e-16", "epsilon = 1e-300"])
    func verticesAreFoundExactly(_ method: String) throws {
        let findings = try Self.prepare(Self.assignment + "\n[method]\n\(method)").solve()
        let solution = findings.last.solution
        #expect(solution.stop == .exact && solution.certificate.entries == 8)
        #expect(abs(solution.certificate.transportCost - 0.140599339925595) < 1e-14)
        #expect(solution.certificate.dual <= solution.certificate.primal + 1e-15)
        if method.hasPrefix("eta") { #expect(abs(solution.certificate.relativeEntropyCost - 0.142332207877) < 1e-12) }
    }

    /// A grid gives the same with and without a matrix, by name, and by itself where there are many pairs.
    @Test(arguments: ["norm2(p - q)", "abs(p[1] - q[1]) + abs(p[2] - q[2])"])
    func gridsWithAndWithoutAMatrix(_ cost: String) throws {
        let method = "[method]\nepsilon = 0.01\nkind = "
        let whole = try Self.prepare(Self.images(12, cost: cost, more: method + "\"safe-sinkhorn-newton\"")).solve()
        let grid = try Self.prepare(Self.images(12, cost: cost, more: method + "\"grid-sinkhorn-newton\"")).solve()
        let (first, second) = (whole.last.solution.certificate, grid.last.solution.certificate)
        #expect(grid.last.solution.stop == .converged && second.marginals.l1 < 1e-12)
        #expect(abs(first.transportCost - second.transportCost) < 1e-11)
        #expect(abs(first.relativeEntropyCost - second.relativeEntropyCost) < 1e-11)
        #expect(abs(first.lowerBound - second.lowerBound) < 1e-9)
        #expect(try Self.prepare(Self.images(12, cost: cost)).methodName == "safe-sinkhorn-newton")
        #expect(try Self.prepare(Self.images(60, cost: cost)).methodName == "grid-sinkhorn-newton")
        #expect(
            try Self.prepare(Self.images(60, cost: cost, more: "[method]\nwarm_up = 30")).methodName
                == "safe-sinkhorn-newton")
    }

    /// Relaxed masses in one dimension on two points each: strong penalties give the balanced plan, and totals may differ.
    @Test func relaxedMasses() throws {
        func text(_ strength: Double, kind: String = "safe-sinkhorn-newton") -> String {
            """
            [source]
            grid = { x = [0, 1, 40] }
            density = '1 + x'
            strength = \(strength)
            [target]
            grid = { x = [0, 1, 40] }
            density = '(2 - x)/20'
            normalise = false
            strength = \(strength)
            [cost]
            between = '(p - q)^2'
            [method]
            kind = "\(kind)"
            epsilon = 0.01
            """
        }
        let findings = try Self.prepare(text(0.5)).solve()
        let grid = try Self.prepare(text(0.5, kind: "grid-sinkhorn-newton")).solve()
        let (first, second) = (findings.last.solution, grid.last.solution)
        #expect(first.stop == .converged && second.stop == .converged)
        #expect(abs(first.certificate.mass - second.certificate.mass) < 1e-10)
        #expect(abs(first.certificate.transportCost - second.certificate.transportCost) < 1e-10)
        #expect(abs(first.certificate.primal - second.certificate.primal) < 1e-10)
        #expect(abs(first.certificate.primal - first.certificate.dual) < 1e-10)
        #expect(first.certificate.lowerBound <= first.certificate.roundedCost)
        // The mass lies between the two totals, 1 and 3.
        #expect(first.certificate.mass > 1 && first.certificate.mass < 3.1)
        #expect(Self.message(text(0.5, kind: "sinkhorn")).contains("'strength' lets sums differ"))
        #expect(
            Self.message(text(0.5, kind: "exact").replacing("epsilon = 0.01", with: "")).contains(
                "'strength' lets sums differ"))
    }

    /// On a line W₁ and W₂ of shifted measures are the shift; the divergence of equal measures vanishes.
    @Test func distancesAndDivergences() throws {
        func text(_ target: String) -> String {
            """
            [source]
            grid = { x = [0, 4, 41] }
            density = 'max(1 - (x - 1)^2, 0)'
            [target]
            grid = { x = [0, 4, 41] }
            density = '\(target)'
            [cost]
            between = '(p - q)^2'
            [method]
            epsilon = 0.05
            [output]
            divergence = true
            """
        }
        let same = try Self.prepare(text("max(1 - (x - 1)^2, 0)")).solve()
        let zero = try #require(same.divergence)
        #expect(abs(zero) < 1e-12)
        let shifted = try Self.prepare(text("max(1 - (x - 2.5)^2, 0)")).solve()
        // A shift adds its square, whatever ε is.
        let square = try #require(shifted.divergence)
        #expect(abs(square - 2.25) < 1e-10)
        let outcome = TransportOutcome.expectations(
            try Self.prepare(text("1") + "\n[expect]\nsinkhorn_divergence = { value = 2.25, absolute = 1e-9 }")
                .statement
                .expectations, shifted, 0)
        #expect(outcome.count == 1 && outcome[0].isMet)
    }

    @Test func stoppedOnRequest() throws {
        let findings = try Self.prepare(Self.images(10, more: "[method]\nepsilon = 0.001")).solve(isStopRequested: {
            true
        })
        #expect(findings.last.solution.stop == .interrupted && !findings.last.solution.stop.isSuccess)
        let path = Self.images(10, more: "[method]\nepsilon = { from = 1, to = 0.01, steps = 4 }")
        #expect(try Self.prepare(path).solve(isStopRequested: { true }).points.count == 1)
        let grid = Self.images(10, more: "[method]\nkind = \"grid-sinkhorn-newton\"\nepsilon = 0.01")
        #expect(try Self.prepare(grid).solve(isStopRequested: { true }).last.solution.stop == .interrupted)
    }

    @Test func whatMethodsCannotDo() {
        func grid(_ more: String, cost: String = "norm2(p - q)") -> String {
            Self.message(Self.images(6, cost: cost, more: more + "\n[method]\nkind = \"grid-sinkhorn-newton\""))
        }
        #expect(grid("periods = [1, 1]").contains("span a whole period"))
        #expect(grid("", cost: "norm(p - q)").contains("the Euclidean distance is not a sum over coordinates"))
        #expect(grid("", cost: "norm(p - q)^4").contains("is not one of the known sums"))
        #expect(grid("").isEmpty)
        #expect(
            Self.message(Self.assignment + "\n[method]\nkind = \"grid-sinkhorn-newton\"").contains(
                "are not both on grids"))
        #expect(Self.message(Self.images(110, more: "[method]\nkind = \"exact\"")).contains("are too many for 'exact'"))
        #expect(Self.message(Self.images(110, more: "[output]\nplan = true")).contains("is not written"))
        #expect(
            Self.message(Self.assignment + "\n[method]\nkind = \"exact\"\nepsilon = 1").contains(
                "unknown key 'method.epsilon'"))
    }
}
