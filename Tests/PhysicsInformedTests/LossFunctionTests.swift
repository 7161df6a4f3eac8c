import LinearAlgebra
import Networks
import Parallelism
import PhysicsInformed
import Randomness
import Testing

/// The loss, its gradient, and the rule that threads do not matter.
@Suite struct LossFunctionTests {
    private func parameters(_ problem: CollocationProblem, _ network: Network, seed: UInt64 = 3) -> [Double] {
        var stream = RandomStream(seed: seed, name: "test")
        // Biases and search variables too, so that no entry of the gradient is special.
        let start = network.initialParameters(&stream)
        let count = problem.layout(with: network).count
        return (start + [Double](repeating: 0, count: count - start.count)).map { $0 + 0.1 * stream.normal() }
    }

    private func loss<S: Scalar>(
        _ type: S.Type, _ problem: CollocationProblem, _ network: Network, threads: Int = 2
    ) throws -> LossFunction<S> {
        try LossFunction(problem, network: network, scheme: .sobol, seed: 5, pool: WorkerPool(threads: threads))
    }

    private func evaluate<S: Scalar>(_ loss: LossFunction<S>, _ parameters: [S]) -> (Double, [S]) {
        var gradient = [S](repeating: .nan, count: parameters.count)
        let value = loss.evaluate(parameters, gradient: &gradient)
        return (value, gradient)
    }

    @Test(arguments: TestProblems.names)
    func gradientAgreesWithCentralDifferences(name: String) throws {
        let (test, problem) = try TestProblems.named(name)
        let network = test.network([9, 7])
        let loss = try loss(Double.self, problem, network)
        let theta = parameters(problem, network)
        let (_, gradient) = evaluate(loss, theta)
        let scale = gradient.map(abs).max() ?? 1
        let searched = theta.count - problem.unknownParameters.count..<theta.count
        for index in Array(stride(from: 0, to: theta.count, by: 5)) + searched {
            let h = 1e-5
            var shifted = theta
            shifted[index] = theta[index] + h
            let above = loss.evaluate(shifted, gradient: nil)
            shifted[index] = theta[index] - h
            let below = loss.evaluate(shifted, gradient: nil)
            #expect(abs(gradient[index] - (above - below) / (2 * h)) < 2e-7 * scale + 1e-9)
        }
    }

    @Test(arguments: TestProblems.names)
    func resultsDoNotDependOnThreads(name: String) throws {
        let (test, problem) = try TestProblems.named(name)
        let network = test.network([16, 16])
        let theta = parameters(problem, network)
        let one = evaluate(try loss(Double.self, problem, network, threads: 1), theta)
        for threads in [2, 3, 5] {
            let several = evaluate(try loss(Double.self, problem, network, threads: threads), theta)
            #expect(several.0 == one.0)
            #expect(several.1 == one.1)
        }
    }

    @Test(arguments: TestProblems.names)
    func singlePrecisionFollowsDouble(name: String) throws {
        let (test, problem) = try TestProblems.named(name)
        let network = test.network([12, 12])
        let theta = parameters(problem, network)
        let exact = evaluate(try loss(Double.self, problem, network), theta)
        let rounded = evaluate(try loss(Float.self, problem, network), theta.map { Float($0) })
        #expect(abs(rounded.0 - exact.0) < 2e-5 * exact.0)
        let scale = exact.1.map(abs).max() ?? 1
        for (a, b) in zip(rounded.1, exact.1) { #expect(abs(Double(a) - b) < 1e-4 * scale) }
    }

    @Test(arguments: TestProblems.names)
    func gradientsOfTermsAddUp(name: String) throws {
        let (test, problem) = try TestProblems.named(name)
        let network = test.network([10, 10])
        let theta = parameters(problem, network)
        let loss = try loss(Double.self, problem, network)
        let (total, gradient) = evaluate(loss, theta)
        let terms = problem.terms.count
        var separate = [Double](repeating: 0, count: terms * theta.count)
        let again = separate.withUnsafeMutableBufferPointer { buffer in
            loss.evaluateSeparately(
                theta, gradients: (0..<terms).map { buffer.baseAddress! + $0 * theta.count })
        }
        #expect(again == total)
        let scale = gradient.map(abs).max() ?? 1
        for index in theta.indices {
            let sum = (0..<terms).reduce(0) { $0 + loss.weights[$1] * separate[$1 * theta.count + index] }
            #expect(abs(sum - gradient[index]) < 1e-12 * scale)
        }
    }

    @Test func weightsScaleTheirTerms() throws {
        let (test, problem) = try TestProblems.named("helmholtz")
        let network = test.network([8])
        let loss = try loss(Double.self, problem, network)
        let theta = parameters(problem, network)
        loss.weights = [0, 1, 0]
        let walls = loss.evaluate(theta, gradient: nil)
        loss.weights = [0, 4, 0]
        #expect(loss.evaluate(theta, gradient: nil) == 4 * walls)
        #expect(loss.losses[1] == walls)
    }

    @Test func theWorstPointIsWhereTheResidualIsInfinite() throws {
        let (test, _) = try TestProblems.named("helmholtz")
        let problem = CollocationProblem(
            domain: test.domain, unknownCount: 1,
            terms: [
                try test.term("fine", "u_x", points: 30),
                try test.term("singular", "u + sqrt(x - 0.9)", on: [(1, true)], points: 40),
            ])
        let network = test.network([4])
        let loss = try loss(Double.self, problem, network)
        let theta = parameters(problem, network)
        #expect(!loss.evaluate(theta, gradient: nil).isFinite)
        let worst = loss.worstPoint(theta)
        #expect(worst.term == "singular" && !worst.residual.isFinite)
        #expect(worst.point[1] == 1 && worst.point[0] < 0.9)
    }
}
