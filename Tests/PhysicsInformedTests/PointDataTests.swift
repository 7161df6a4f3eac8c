import Expressions
import Networks
import Parallelism
import PhysicsInformed
import Randomness
import Testing

/// Loss terms on given points with data.
@Suite struct PointDataTests {
    private func evaluate(_ problem: CollocationProblem, _ network: Network, _ theta: [Double]) throws -> [Double] {
        let loss = try LossFunction<Double>(
            problem, network: network, scheme: .sobol, seed: 1, pool: WorkerPool(threads: 2))
        _ = loss.evaluate(theta, gradient: nil)
        let first = loss.losses
        // Given points stay where they are.
        try loss.draw()
        _ = loss.evaluate(theta, gradient: nil)
        #expect(loss.losses[1...] == first[1...])
        return first
    }

    @Test func theTermIsTheMeanSquaredMisfit() throws {
        let (test, problem) = try TestProblems.data()
        let network = test.network([8, 8])
        var stream = RandomStream(seed: 2, name: "test")
        let theta = network.initialParameters(&stream)
        let losses = try evaluate(problem, network, theta)
        let data = TestProblems.points(90)
        let fields = TrainedFields(
            network: network, exactConditions: problem.exactConditions, parameters: theta)
        let values = try fields.evaluate(
            [test.expression("u"), test.expression("u*v_x")], at: data.points)
        var sum = 0.0
        for point in 0..<90 {
            let first = (values[0][point] - data.columns[0][point]) * data.columns[1][point]
            let second = values[1][point] - data.columns[2][point]
            sum += first * first + second * second
        }
        #expect(abs(losses[1] - sum / 90) < 1e-12 * sum)
    }

    @Test func coefficientsOfAGridAreThoseOfTheSpline() throws {
        let (test, problem) = try TestProblems.data()
        let network = test.network([4])
        var stream = RandomStream(seed: 3, name: "test")
        let fields = TrainedFields(
            network: network, exactConditions: problem.exactConditions, parameters: network.initialParameters(&stream))
        // The grid holds a polynomial, which the spline reproduces: κ = 2 + xy − x².
        let points = TestProblems.points(500).points
        let values = try fields.evaluate(
            [
                test.expression("kappa"), test.expression("kappa_x"), test.expression("kappa_y*u"),
                test.expression("u"),
            ], at: points)
        for point in 0..<500 {
            let (x, y) = (points[0][point], points[1][point])
            #expect(abs(values[0][point] - (2 + x * y - x * x)) < 1e-12)
            #expect(abs(values[1][point] - (y - 2 * x)) < 1e-11)
            #expect(abs(values[2][point] - x * values[3][point]) < 1e-11)
        }
    }
}
