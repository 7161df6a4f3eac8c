import Foundation
import LinearAlgebra
import Optimizers
import Testing

@Suite struct LimitedMemoryBFGSTests {
    typealias Closure<S> = (UnsafePointer<S>, UnsafeMutablePointer<S>) -> Double

    /// Steps until the outcome is not progress; returns it with all steps taken.
    private func run<S: Scalar>(
        _ optimizer: LineSearchDescent<S>, _ x: inout [S], atMost limit: Int, _ closure: Closure<S>
    ) -> (outcome: QuasiNewtonOutcome, steps: [QuasiNewtonStep]) {
        var steps: [QuasiNewtonStep] = []
        for _ in 0..<limit {
            let outcome = optimizer.step(parameters: &x, evaluate: closure)
            if let last = optimizer.lastStep, last != steps.last { steps.append(last) }
            if outcome != .progressed { return (outcome, steps) }
        }
        return (.progressed, steps)
    }

    /// With full memory and an exact line search, BFGS on a quadratic ends after as many steps as there are distinct
    /// eigenvalues.
    @Test(arguments: [2, 5, 10])
    func endsAfterAsManyStepsAsEigenvalues(dimension: Int) {
        let problem = TestProblem.quadratic(eigenvalues: (0..<dimension).map { 1 + Double($0) })
        var settings = LineSearchDescent<Double>.Settings()
        settings.search.curvature = 1e-9
        settings.search.sufficientDecrease = 1e-10
        settings.gradientTolerance = 1e-8
        let optimizer = LineSearchDescent<Double>.limitedMemory(count: dimension, settings: settings)
        var x = problem.start
        let result = run(optimizer, &x, atMost: dimension, problem.closure())
        #expect(result.outcome == .converged(.gradient))
        #expect(result.steps.count == dimension)
    }

    /// With the usual inexact search the error ratio tends to zero: the convergence is superlinear.
    @Test func isSuperlinearOnAQuadratic() {
        let problem = TestProblem.quadratic(eigenvalues: (0..<10).map { 1 + 3 * Double($0) })
        let optimizer = LineSearchDescent<Double>.limitedMemory(count: 10, history: 100)
        var x = problem.start
        let result = run(optimizer, &x, atMost: 60, problem.closure())
        #expect(result.outcome == .converged(.gradient))
        let magnitudes = result.steps.map(\.gradientMagnitude)
        let last = magnitudes.suffix(4)
        let early = magnitudes.prefix(4)
        func meanRatio(_ values: ArraySlice<Double>) -> Double {
            pow((values.last ?? 0) / (values.first ?? 1), 1 / Double(values.count - 1))
        }
        #expect(meanRatio(last) < 0.1)
        #expect(meanRatio(last) < 0.3 * meanRatio(early))
        #expect(result.steps.count < 40)
    }

    @Test(arguments: TestProblem.all)
    func acceptedStepsMeetTheStrongWolfeConditions(problem: TestProblem) {
        let optimizer = LineSearchDescent<Double>.limitedMemory(count: problem.start.count)
        let search = optimizer.settings.search
        var x = problem.start
        let closure: Closure<Double> = problem.closure()
        var strong = 0
        for _ in 0..<100 {
            let before = x
            var gradientBefore = x
            let lossBefore = closure(before, &gradientBefore)
            guard optimizer.step(parameters: &x, evaluate: closure) == .progressed else { break }
            guard let last = optimizer.lastStep, last.acceptance == .strongWolfe else { continue }
            strong += 1
            // Measured on the points themselves: s = t p, so that f'(t) t = gᵀs.
            var gradient = x
            let loss = closure(x, &gradient)
            let slopeBefore = x.indices.reduce(0) { $0 + gradientBefore[$1] * (x[$1] - before[$1]) }
            let slope = x.indices.reduce(0) { $0 + gradient[$1] * (x[$1] - before[$1]) }
            #expect(slopeBefore < 0)
            #expect(loss <= lossBefore + search.sufficientDecrease * slopeBefore + 1e-15 * lossBefore)
            #expect(abs(slope) <= search.curvature * abs(slopeBefore) * (1 + 1e-6))
        }
        #expect(strong >= 8)
    }

    /// An absolute test on sᵀy would drop all pairs of these losses and leave steepest descent.
    @Test(arguments: [1e-8, 1e-16, 1e-30])
    func smallLossesDoNotFreezeTheMemory(scale: Double) {
        let problem = TestProblem.rosenbrock
        var settings = LineSearchDescent<Double>.Settings()
        settings.gradientTolerance = 1e-9 * scale
        let optimizer = LineSearchDescent<Double>.limitedMemory(count: problem.start.count, settings: settings)
        var x = problem.start
        let result = run(optimizer, &x, atMost: 200, problem.closure(scaledBy: scale))
        #expect(result.outcome == .converged(.gradient))
        #expect(optimizer.pairCount >= 20)
        #expect((result.steps.last?.loss ?? 1) <= 1e-16 * scale)
    }

    /// Next to a minimum whose value is not zero, values are nothing but rounding long before the gradient vanishes.
    /// The oscillation stands for the rounding errors of a long sum.
    @Test func approximateWolfeGoesOnWhereValuesAreRounded() {
        let dimension = 12
        let inner = TestProblem.quadratic(eigenvalues: (0..<dimension).map { Double(1 + $0 * $0) })
        let problem = TestProblem(name: "raised", start: inner.start, minimum: 1e6) { x, gradient in
            1e6 + inner.evaluate(x, &gradient) + 2e-9 * sin(1e12 * x[0])
        }
        var settings = LineSearchDescent<Double>.Settings()
        settings.gradientTolerance = 1e-11
        let optimizer = LineSearchDescent<Double>.limitedMemory(count: dimension, settings: settings)
        var x = problem.start
        let result = run(optimizer, &x, atMost: 200, problem.closure())
        #expect(result.outcome == .converged(.gradient))
        #expect(result.steps.contains { $0.acceptance == .approximateWolfe })
    }

    @Test func singlePrecisionReachesItsResolution() {
        let problem = TestProblem.illConditionedQuadratic
        let optimizer = LineSearchDescent<Float>.limitedMemory(count: problem.start.count)
        var x = problem.start.map { Float($0) }
        let result = run(optimizer, &x, atMost: 300, problem.closure())
        #expect(result.outcome != .notFinite)
        let error = zip(x, 1...).map { abs(Double($0) - Double($1)) }.max() ?? 1
        #expect(error <= 1e-4)
    }

    @Test func lossThatIsNotFiniteLeavesTheParameters() {
        let optimizer = LineSearchDescent<Double>.limitedMemory(count: 2)
        var x = [1.0, 2.0]
        let outcome = optimizer.step(parameters: &x) { _, gradient in
            gradient[0] = 1
            gradient[1] = .nan
            return 1
        }
        #expect(outcome == .notFinite)
        #expect(x == [1, 2])
    }

    /// f(x) = x − log x has its minimum at 1 and no value below 0, where the first trial steps land.
    @Test func trialPointsWithoutAValueShortenTheStep() {
        var settings = LineSearchDescent<Double>.Settings()
        settings.gradientTolerance = 1e-10
        settings.step = 1e3
        let optimizer = LineSearchDescent<Double>.limitedMemory(count: 1, settings: settings)
        var x = [3.0]
        let result = run(optimizer, &x, atMost: 60) { x, gradient in
            gradient[0] = 1 - 1 / x[0]
            return x[0] > 0 ? x[0] - log(x[0]) : .nan
        }
        #expect(result.outcome == .converged(.gradient))
        #expect(abs(x[0] - 1) <= 1e-9)
    }

    @Test func nothingFiniteAheadIsSaid() {
        let optimizer = LineSearchDescent<Double>.limitedMemory(count: 1)
        var x = [1.0]
        let outcome = optimizer.step(parameters: &x) { x, gradient in
            gradient[0] = 1
            return x[0] == 1 ? 1 : .infinity
        }
        #expect(outcome == .stalled(.notFiniteAhead))
        #expect(x == [1])
    }

    /// A gradient of the wrong sign: steepest descent goes uphill, which is not to be accepted.
    @Test func wrongGradientStallsAtTheStart() {
        let optimizer = LineSearchDescent<Double>.limitedMemory(count: 1)
        var x = [1.0]
        let outcome = optimizer.step(parameters: &x) { x, gradient in
            gradient[0] = -2 * x[0]
            return x[0] * x[0]
        }
        #expect(outcome == .stalled(.noDecrease))
        #expect(x == [1])
    }

    /// The loss of a noisy valley never changes visibly: the method ends by itself and says why.
    @Test func endsAtTheResolutionOfTheLoss() {
        let problem = TestProblem.logistic
        var settings = LineSearchDescent<Double>.Settings()
        settings.gradientTolerance = 0
        let optimizer = LineSearchDescent<Double>.limitedMemory(count: problem.start.count, settings: settings)
        var x = problem.start
        let result = run(optimizer, &x, atMost: 2000, problem.closure())
        guard case .stalled = result.outcome else {
            Issue.record("ended with \(result.outcome) after \(result.steps.count) steps")
            return
        }
        #expect((result.steps.last?.gradientMagnitude ?? 1) <= 1e-14)
    }

    @Test func evaluationsAreCounted() {
        let problem = TestProblem.rosenbrock
        let optimizer = LineSearchDescent<Double>.limitedMemory(count: problem.start.count)
        var x = problem.start
        var calls = 0
        let closure: Closure<Double> = problem.closure()
        let result = run(optimizer, &x, atMost: 30) { x, gradient in
            calls += 1
            return closure(x, gradient)
        }
        #expect(optimizer.evaluations == calls)
        #expect(result.steps.reduce(1) { $0 + $1.evaluations } == calls)
    }

    /// Curvature learned from a loss 10⁻³⁰ times as large makes steps far out to where there is no value, and no search
    /// can shorten them enough.
    @Test func uselessMemoryIsGivenUpWithinTheStep() throws {
        let problem = TestProblem.quadratic(eigenvalues: [1, 20, 300])
        var settings = LineSearchDescent<Double>.Settings()
        settings.gradientTolerance = 0
        let optimizer = LineSearchDescent<Double>.limitedMemory(count: 3, settings: settings)
        var x = problem.start
        for _ in 0..<3 { _ = optimizer.step(parameters: &x, evaluate: problem.closure(scaledBy: 1e-30)) }
        #expect(optimizer.lastStep?.isRestart == false && optimizer.pairCount >= 2)
        optimizer.lossChanged(keepingMemory: true)
        let closure: Closure<Double> = problem.closure()
        let outcome = optimizer.step(parameters: &x) { x, gradient in
            let loss = closure(x, gradient)
            return loss < 1e6 ? loss : .infinity
        }
        #expect(outcome == .progressed)
        let last = try #require(optimizer.lastStep)
        #expect(last.isRestart && last.loss < last.lossBefore && optimizer.pairCount == 1)
    }

    /// After a change of the loss the memory may be kept, but loss and gradient are evaluated anew.
    @Test func changedLossIsEvaluatedAgain() {
        let optimizer = LineSearchDescent<Double>.limitedMemory(count: 3)
        let problem = TestProblem.quadratic(eigenvalues: [1, 2, 3])
        var x = problem.start
        _ = optimizer.step(parameters: &x, evaluate: problem.closure())
        optimizer.lossChanged(keepingMemory: true)
        #expect(optimizer.pairCount == 1)
        let before = optimizer.evaluations
        _ = optimizer.step(parameters: &x, evaluate: problem.closure(scaledBy: 2))
        #expect(optimizer.evaluations >= before + 2)
        var gradient = x
        #expect(optimizer.lastStep?.loss == 2 * problem.evaluate(x, &gradient))
        optimizer.lossChanged(keepingMemory: false)
        #expect(optimizer.pairCount == 0)
    }
}
