import Foundation
import OptimalTransport
import Parallelism
import Testing

/// Regularisations from far too small to far too large, and input that means nothing.
@Suite struct ExtremeTests {
    @Test(arguments: [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10])
    func everyEpsilonGivesNumbers(_ relative: Double) throws {
        let clouds = try InvariantTests.cloud(40, 55, epsilon: 1).problem
        let assignment = try AssignmentTests.problem(48, eta: 1)
        for problem in [clouds, assignment] {
            let own = try problem.regularised(by: relative * problem.largestCost)
            for method in MethodTests.methods {
                var limits = TransportLimits()
                limits.sweeps = 2_000
                limits.newtonSteps = method is SafeSinkhornNewton ? 200 : 60
                let solution = method.solve(own, limits, pool: WorkerPool(threads: 1))
                let c = solution.certificate
                let numbers = [
                    c.marginals.l1, c.marginals.l2, c.marginals.maximum, c.mass, c.transportCost, c.negativeEntropy,
                    c.primal, c.dual, c.relativeEntropyCost, c.roundedCost, c.lowerBound,
                ]
                #expect(numbers.allSatisfy { $0.isFinite }, "\(type(of: method).name) at \(relative): \(c)")
                #expect(c.gap >= -1e-12 && c.lowerBound <= c.roundedCost + 1e-12)
                for (x, mass) in zip(solution.sourcePotentials, own.source) {
                    #expect(x.isFinite == (mass > 0) && !x.isNaN)
                }
                if method is SafeSinkhornNewton {
                    #expect(solution.stop.isSuccess, "\(relative): \(solution.stop), \(c.marginals.l1)")
                }
            }
        }
    }

    /// As ε falls the plan becomes a vertex; its cost is then that of the best assignment, and that is said.
    @Test func aVertexIsCalledOne() throws {
        let solution = InvariantTests.solve(try AssignmentTests.problem(8, eta: 1_200))
        #expect(solution.certificate.isVertex)
        #expect(solution.sentence.contains("vertex"))
        #expect(abs(solution.certificate.roundedCost - 0.140599339925595) < 1e-14)
        let smooth = InvariantTests.solve(try AssignmentTests.problem(8, eta: 50))
        #expect(!smooth.certificate.isVertex && !smooth.sentence.contains("vertex"))
    }

    /// Nearly disconnected: the rate of Sinkhorn's iteration is 10⁻¹⁵ below one.
    @Test func nearPermutation() throws {
        let solution = InvariantTests.solve(try AssignmentTests.problem(64, eta: 1_200))
        #expect(solution.stop == .converged && solution.certificate.marginals.l1 <= 1e-12)
        #expect(abs(solution.certificate.transportCost - 0.0201110552785) < 1e-11)
        #expect(solution.certificate.newtonSteps < 60)
    }

    @Test func oneToOne() throws {
        let cost = MatrixCost(sources: 1, targets: 3, [1, 2, 4])
        let problem = try TransportProblem(source: [6], target: [1, 2, 3], cost: cost, epsilon: 0.1)
        let solution = InvariantTests.solve(problem)
        #expect(solution.stop == .converged)
        #expect(abs(solution.certificate.transportCost - 17) < 1e-12)
    }

    @Test func badInputIsRefused() {
        func refusal(_ a: [Double], _ b: [Double], _ costs: [Double] = [1, 2, 3, 4], _ epsilon: Double = 1)
            -> TransportError?
        {
            do throws(TransportError) {
                _ = try TransportProblem(
                    source: a, target: b, cost: MatrixCost(sources: 2, targets: 2, costs), epsilon: epsilon)
                return nil
            } catch { return error }
        }
        #expect(refusal([1, -1], [0.5, 0.5]) == .mass(.source, index: 1, value: -1))
        #expect(refusal([0.5, 0.5], [1, .infinity]) == .mass(.target, index: 1, value: .infinity))
        #expect(refusal([0, 0], [0.5, 0.5]) == .empty(.source))
        #expect(refusal([1, 1], [0.5, 0.5]) == .unequalTotals(source: 2, target: 1))
        #expect(refusal([1, 1], [1, 1], [1, 2, .nan, 4]) == .cost(row: 1, column: 0))
        #expect(refusal([1, 1], [1, 1], [1, 2, 3, 4], 0) == .regularisation(0))
        #expect("\(TransportError.mass(.source, index: 1, value: -1))".contains("mass 2 of the source"))
    }
}
