import Foundation
import LinearAlgebra
import Optimizers
import Testing

/// The self-scaled Broyden family: recorded updates, what theory promises, and the fused pass.
@Suite struct SelfScaledTests {
    struct Member: Sendable, CustomTestStringConvertible {
        var file: String
        var rule: SelfScaledUpdate
        var testDescription: String { file }
    }

    static let members = [
        Member(file: "bfgs", rule: .bfgs), Member(file: "ssbfgs_ol", rule: .orenLuenberger),
        Member(file: "ssbfgs_ab", rule: .alBaali), Member(file: "ssbroyden1", rule: .broyden(1)),
        Member(file: "ssbroyden2", rule: .broyden(2)), Member(file: "ssbroyden3", rule: .broyden(3)),
    ]

    /// Steps of the recorded lengths along −Hg lead through the recorded points and inverse Hessians.
    @Test(arguments: members)
    func recordedStepsGiveTheRecordedPoints(member: Member) throws {
        for run in try GoldenFile.load(member.file).runs {
            let problem = try run.testProblem()
            let count = problem.start.count
            let estimate = DenseInverseHessian<Double>(
                count: count, rule: member.rule, scalesStart: try #require(run.truth("initial_scale") as Bool?))
            var (x, direction) = (problem.start, problem.start)
            var gradient = x
            _ = problem.evaluate(x, &gradient)
            var growth = 1.0
            for (index, length) in (run.stepLengths ?? []).enumerated() {
                estimate.makeDirection(from: gradient, into: &direction)
                let slope = zip(direction, gradient).reduce(0) { $0 + $1.0 * $1.1 }
                let norm = zip(gradient, gradient).reduce(0) { $0 + $1.0 * $1.1 }.squareRoot()
                var after = gradient
                for i in x.indices { estimate.nextStep[i] = length * direction[i] }
                for i in x.indices { x[i] += length * direction[i] }
                _ = problem.evaluate(x, &after)
                for i in x.indices { estimate.nextChange[i] = after[i] - gradient[i] }
                after.withUnsafeBufferPointer {
                    estimate.commit(
                        CommittedStep(
                            length: length, slopeBefore: slope, gradientNorm: norm, gradient: $0.baseAddress!))
                }
                gradient = after
                guard let place = run.trajectory.firstIndex(where: { $0.step == index + 1 }) else { continue }
                growth = max(growth, run.growth[place])
                // Where rounding grows a thousandfold the two programs part: there is nothing to compare.
                guard growth <= 1e3 else { break }
                let expected = GoldenRun.flat(run.trajectory[place].params)
                // Later the rounding of the updates themselves has grown as well.
                let tolerance = index < 5 ? 1e-10 : 1e-8
                #expect(largestDifference(x, expected) <= tolerance * growth, "\(run.id) step \(index + 1)")
                guard let recorded = run.inverseHessians?.first(where: { $0.iteration == index + 1 }) else { continue }
                let scale = recorded.values.map(abs).max() ?? 1
                let found = (0..<count * count).map { estimate[$0 / count, $0 % count] }
                #expect(
                    largestDifference(found, recorded.values) <= 1e-9 * growth * scale, "\(run.id) H \(index + 1)")
            }
        }
    }

    /// H⁺y = s, whatever the rule; and the next direction is −H⁺g⁺ as the stored matrix has it.
    @Test(arguments: members, [true, false])
    func updatesMeetTheSecantEquation(member: Member, scalesStart: Bool) {
        let count = 19
        let estimate = DenseInverseHessian<Double>(count: count, rule: member.rule, scalesStart: scalesStart)
        var state: UInt64 = 77
        func uniform() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53) - 0.5
        }
        var gradient = (0..<count).map { _ in uniform() }
        var direction = gradient
        for pair in 1...12 {
            estimate.makeDirection(from: gradient, into: &direction)
            let slope = zip(direction, gradient).reduce(0) { $0 + $1.0 * $1.1 }
            let norm = zip(gradient, gradient).reduce(0) { $0 + $1.0 * $1.1 }.squareRoot()
            // The gradient of a convex quartic with noise of one sign: curvature is positive.
            let s = direction.map { 0.7 * $0 }
            let y = s.enumerated().map { (1 + Double($0.offset)) * $0.element }
            let after = zip(gradient, y).map(+)
            for i in 0..<count { (estimate.nextStep[i], estimate.nextChange[i]) = (s[i], y[i]) }
            after.withUnsafeBufferPointer {
                estimate.commit(
                    CommittedStep(length: 0.7, slopeBefore: slope, gradientNorm: norm, gradient: $0.baseAddress!))
            }
            #expect(estimate.pairCount == pair)
            let product = (0..<count).map { i in (0..<count).reduce(0) { $0 + estimate[i, $1] * y[$1] } }
            let size = s.map(abs).max() ?? 0
            #expect(largestDifference(product, s) <= 1e-10 * size)
            for i in 0..<count { for j in 0..<i { #expect(estimate[i, j] == estimate[j, i]) } }
            estimate.makeDirection(from: after, into: &direction)
            let exact = (0..<count).map { i in -(0..<count).reduce(0) { $0 + estimate[i, $1] * after[$1] } }
            #expect(largestDifference(direction, exact) <= 1e-12 * (exact.map(abs).max() ?? 1))
            gradient = after
        }
    }

    /// A step of negative curvature teaches nothing.
    @Test func stepsOfNegativeCurvatureAreSkipped() {
        let estimate = DenseInverseHessian<Double>(count: 3, rule: .broyden(2), scalesStart: false)
        for i in 0..<3 { (estimate.nextStep[i], estimate.nextChange[i]) = (1, -1) }
        let gradient = [1.0, 2, 3]
        gradient.withUnsafeBufferPointer {
            estimate.commit(
                CommittedStep(length: 1, slopeBefore: -1, gradientNorm: 4, gradient: $0.baseAddress!))
        }
        var direction = gradient
        estimate.makeDirection(from: gradient, into: &direction)
        #expect(estimate.pairCount == 0 && direction == [-1, -2, -3])
    }

    /// As BFGS with a full memory, the update with the whole matrix ends after as many exact searches as eigenvalues.
    @Test(arguments: [2, 5, 10])
    func endsAfterAsManyStepsAsEigenvalues(dimension: Int) {
        let problem = TestProblem.quadratic(eigenvalues: (0..<dimension).map { 1 + Double($0) })
        var settings = LineSearchDescent<Double>.Settings()
        settings.search.curvature = 1e-9
        settings.search.sufficientDecrease = 1e-10
        settings.gradientTolerance = 1e-8
        let optimizer = LineSearchDescent<Double>.dense(
            count: dimension, rule: .bfgs, scalesStart: false, settings: settings)
        var x = problem.start
        var steps = 0
        var outcome = QuasiNewtonOutcome.progressed
        while outcome == .progressed, steps < 2 * dimension {
            outcome = optimizer.step(parameters: &x, evaluate: problem.closure())
            steps += 1
        }
        #expect(outcome == .converged(.gradient) && steps == dimension)
    }

    /// In one dimension, where Hy is parallel to s, every rule is the secant method.
    @Test(arguments: members)
    func oneDimensionIsTheSecantMethod(member: Member) {
        let optimizer = LineSearchDescent<Double>.dense(count: 1, rule: member.rule)
        var x = [2.0]
        var outcome = QuasiNewtonOutcome.progressed
        for _ in 0..<20 where outcome == .progressed {
            outcome = optimizer.step(parameters: &x) { x, gradient in
                gradient[0] = sinh(x[0] - 1)
                return cosh(x[0] - 1)
            }
        }
        #expect(abs(x[0] - 1) <= 1e-8)
    }

    /// The state holds the waiting update and the next direction: a run goes on from it with the same bits.
    @Test(arguments: members)
    func stateContinuesTheRun(member: Member) throws {
        let problem = TestProblem.rosenbrock
        let first = LineSearchDescent<Double>.dense(count: 6, rule: member.rule)
        let second = LineSearchDescent<Double>.dense(count: 6, rule: member.rule)
        let initial = second.savedState()
        var x = problem.start
        for _ in 0..<7 { _ = first.step(parameters: &x, evaluate: problem.closure()) }
        var y = x
        try second.restore(first.savedState())
        for step in 0..<10 {
            if step == 5 {
                first.lossChanged(keepingMemory: true)
                second.lossChanged(keepingMemory: true)
            }
            _ = first.step(parameters: &x, evaluate: problem.closure())
            _ = second.step(parameters: &y, evaluate: problem.closure())
            #expect(x == y)
        }
        second.reset()
        #expect(second.savedState() == initial)
    }

    /// Curvature from a loss 10⁻³⁰ times as large is useless: it is given up, and that is counted.
    @Test func uselessMatrixIsGivenUpWithinTheStep() throws {
        let problem = TestProblem.quadratic(eigenvalues: [1, 20, 300])
        var settings = LineSearchDescent<Double>.Settings()
        settings.gradientTolerance = 0
        let optimizer = LineSearchDescent<Double>.dense(count: 3, rule: .broyden(2), settings: settings)
        var x = problem.start
        for _ in 0..<3 { _ = optimizer.step(parameters: &x, evaluate: problem.closure(scaledBy: 1e-30)) }
        #expect(optimizer.pairCount == 3)
        optimizer.lossChanged(keepingMemory: true)
        let closure: (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Double = problem.closure()
        let outcome = optimizer.step(parameters: &x) { x, gradient in
            let loss = closure(x, gradient)
            return loss < 1e6 ? loss : .infinity
        }
        #expect(outcome == .progressed)
        #expect(optimizer.restarts.failedSearches == 1 && optimizer.pairCount == 1)
        let last = try #require(optimizer.lastStep)
        #expect(last.isRestart && last.loss < last.lossBefore)
    }

    /// A whole matrix that takes more memory than any machine has is refused by its count, which does not overflow.
    @Test func sizeIsCounted() throws {
        let options = OptionValues(defaults: SSBroyden.description.options)
        let count = SSBroyden.stateCount(parameters: 1500, options: options)
        #expect(count > 1500 * 1500 / 2 && count < 1.05 * 1500 * 1500 / 2)
        #expect(SSBroyden.stateCount(parameters: 1 << 40, options: options) > 6e23)
    }

    /// Own work of a step, without loss and gradient, at the size that the method is meant for.
    @Test func ownWorkIsSmall() {
        let count = 1500
        let estimate = DenseInverseHessian<Double>(count: count, rule: .broyden(2), scalesStart: true)
        let gradient = (0..<count).map { sin(Double($0)) }
        var direction = gradient
        let clock = ContinuousClock()
        var best = Duration.seconds(10)
        for step in 0..<12 {
            let time = clock.measure {
                estimate.makeDirection(from: gradient, into: &direction)
                for i in 0..<count {
                    estimate.nextStep[i] = direction[i]
                    estimate.nextChange[i] = (1 + Double((i * (step + 3)) % 7)) * direction[i]
                }
                gradient.withUnsafeBufferPointer {
                    estimate.commit(
                        CommittedStep(length: 1, slopeBefore: -1, gradientNorm: 1, gradient: $0.baseAddress!))
                }
            }
            best = min(best, time)
        }
        #expect(best < .milliseconds(6))
    }
}
