import LinearAlgebra
import Optimizers
import Testing

/// Problems in one table, methods in another, crossed.
@Suite struct ConvergenceTests {
    /// How a method is used in the table, and what part of the initial excess it may leave.
    struct Use: Sendable, CustomTestStringConvertible {
        let method: String
        let options: [String: OptionValue]
        let steps: Int
        /// By problem: learning rate.
        let rates: [String: Double]
        /// By problem: the part of f(start) − f(minimum) that may be left.
        let excess: [String: Double]

        var testDescription: String { method }
    }

    static let uses = [
        Use(
            method: "lbfgs", options: [:], steps: 200, rates: [:],
            excess: ["Rosenbrock": 1e-20, "quadratic": 1e-20, "logistic": 1e-12]),
        Use(
            method: "bfgs", options: [:], steps: 200, rates: [:],
            excess: ["Rosenbrock": 1e-20, "quadratic": 1e-20, "logistic": 1e-12]),
        Use(
            method: "ssbfgs", options: [:], steps: 200, rates: [:],
            excess: ["Rosenbrock": 1e-20, "quadratic": 1e-20, "logistic": 1e-12]),
        Use(
            method: "ssbfgs", options: ["scaling": .word("oren-luenberger")], steps: 200, rates: [:],
            excess: ["Rosenbrock": 1e-20, "quadratic": 1e-20, "logistic": 1e-12]),
        Use(
            method: "ssbroyden", options: [:], steps: 200, rates: [:],
            excess: ["Rosenbrock": 1e-20, "quadratic": 1e-20, "logistic": 1e-12]),
        Use(
            method: "ssbroyden", options: ["variant": .integer(1), "scaled_start": .truth(false)], steps: 200,
            rates: [:], excess: ["Rosenbrock": 1e-20, "quadratic": 1e-20, "logistic": 1e-12]),
        Use(
            method: "ssbroyden", options: ["variant": .integer(3)], steps: 200, rates: [:],
            excess: ["Rosenbrock": 1e-20, "quadratic": 1e-20, "logistic": 1e-12]),
        Use(
            method: "adam", options: [:], steps: 4000, rates: ["Rosenbrock": 0.2, "quadratic": 0.1, "logistic": 0.1],
            excess: ["Rosenbrock": 1e-6, "quadratic": 1e-6, "logistic": 2e-2]),
        Use(
            method: "adamw", options: ["weight_decay": .number(0)], steps: 4000,
            rates: ["Rosenbrock": 0.2, "quadratic": 0.1, "logistic": 0.1],
            excess: ["Rosenbrock": 1e-6, "quadratic": 1e-6, "logistic": 2e-2]),
        Use(
            method: "sgd", options: [:], steps: 4000, rates: ["Rosenbrock": 1e-4, "quadratic": 1e-4, "logistic": 1],
            excess: ["Rosenbrock": 1e-2, "quadratic": 1e-3, "logistic": 0.2]),
        Use(
            method: "sgd", options: ["nesterov": .truth(true)], steps: 4000,
            rates: ["Rosenbrock": 1e-4, "quadratic": 1e-4, "logistic": 1],
            excess: ["Rosenbrock": 1e-2, "quadratic": 1e-3, "logistic": 0.2]),
    ]

    @Test(arguments: TestProblem.all, uses)
    func reachesTheMinimum(problem: TestProblem, use: Use) throws {
        let method = try #require(optimizerMethod(named: use.method))
        let block = BlockShape(name: "x", rows: problem.start.count, columns: 1, offset: 0)
        let options = try OptionValues(use.options, checkedAgainst: method.description.options)
        let optimizer: Optimizer<Double> = try method.make(blocks: [block], options: options)
        let closure: (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Double = problem.closure()
        var x = problem.start
        var gradient = x
        let before = closure(x, &gradient)
        switch optimizer {
        case .firstOrder(let optimizer):
            let schedule = RateSchedule(
                start: try #require(use.rates[problem.name]), shape: .cosine(end: 0, over: use.steps))
            for step in 0..<use.steps {
                _ = closure(x, &gradient)
                let outcome = optimizer.step(parameters: &x, gradient: gradient, rate: schedule.rate(at: step))
                try #require(outcome == .progressed)
            }
        case .quasiNewton(let optimizer):
            var outcome = QuasiNewtonOutcome.progressed
            var steps = 0
            while outcome == .progressed && steps < use.steps {
                outcome = optimizer.step(parameters: &x, evaluate: closure)
                steps += 1
            }
            #expect(outcome != .notFinite)
        }
        let after = closure(x, &gradient)
        let allowed = try #require(use.excess[problem.name])
        #expect(after - problem.minimum <= allowed * (before - problem.minimum))
    }
}
