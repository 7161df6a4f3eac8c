import Optimizers
import Testing

/// Trajectories of reference implementations, step by step.
@Suite struct GoldenTests {
    @Test(arguments: [
        ("sgd", "sgd"), ("sgd_momentum", "sgd"), ("sgd_nesterov", "sgd"), ("adam", "adam"), ("adamw", "adamw"),
    ])
    func firstOrderTrajectory(file: String, method: String) throws {
        for run in try GoldenFile.load(file).runs {
            let problem = try run.testProblem()
            let optimizer = try firstOrder(method, run)
            let rate = try #require(run.number("lr"))
            let closure: (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Double = problem.closure()
            var x = problem.start
            var gradient = x
            var step = 0
            for point in run.trajectory {
                while step < point.step {
                    _ = closure(x, &gradient)
                    #expect(optimizer.step(parameters: &x, gradient: gradient, rate: rate) == .progressed)
                    step += 1
                }
                #expect(largestDifference(x, GoldenRun.flat(point.params)) <= 1e-10, "\(file) \(run.id) \(step)")
                let loss = closure(x, &gradient)
                #expect(abs(loss - point.loss) <= 1e-10 * max(1, point.loss))
            }
        }
    }

    /// The reference starts from the same first step, interpolates with the same cubic and the same safeguards, and
    /// so accepts the same steps after as many evaluations (it evaluates once more per iteration, at its start).
    @Test func limitedMemoryTrajectory() throws {
        for run in try GoldenFile.load("lbfgs").runs {
            let problem = try run.testProblem()
            var settings = LineSearchDescent<Double>.Settings()
            let history = Int(try #require(run.number("history_size")))
            settings.step = try #require(run.number("lr"))
            settings.searchesLine = run.hyperparameters["line_search_fn"] != nil
            settings.gradientTolerance = 0
            let optimizer = LineSearchDescent<Double>.limitedMemory(
                count: problem.start.count, history: history, settings: settings)
            let records = try #require(run.lineSearch)
            var x = problem.start
            var step = 0
            var growth = 1.0
            for (point, pointGrowth) in zip(run.trajectory, run.growth) {
                growth = max(growth, pointGrowth)
                while step < point.step {
                    #expect(optimizer.pairCount == records[step].pairsStored)
                    #expect(optimizer.step(parameters: &x, evaluate: problem.closure()) == .progressed)
                    let last = try #require(optimizer.lastStep)
                    #expect(abs(last.stepLength - records[step].stepLength) <= 1e-8 * growth)
                    if settings.searchesLine {
                        let before = step == 0 ? 0 : records[step - 1].functionEvaluations
                        let taken = records[step].functionEvaluations - before
                        #expect(last.evaluations == taken - 1, "\(run.id) iteration \(step + 1)")
                    }
                    step += 1
                }
                let difference = largestDifference(x, GoldenRun.flat(point.params))
                #expect(difference <= 1e-9 * growth, "\(run.id) step \(step)")
                #expect(difference <= 1e-10 || growth > 2, "\(run.id) step \(step)")
            }
        }
    }

    private func firstOrder(_ name: String, _ run: GoldenRun) throws -> any FirstOrderOptimizer<Double> {
        let method = try #require(optimizerMethod(named: name))
        var given: [String: OptionValue] = [:]
        given["weight_decay"] = run.number("weight_decay").map { .number($0) }
        if name == "sgd" {
            given["momentum"] = .number(run.number("momentum") ?? 0)
            given["dampening"] = run.number("dampening").map { .number($0) }
            given["nesterov"] = run.truth("nesterov").map { .truth($0) }
        } else {
            given["amsgrad"] = run.truth("amsgrad").map { .truth($0) }
        }
        let options = try OptionValues(given, checkedAgainst: method.description.options)
        let optimizer: Optimizer<Double> = try method.make(blocks: run.blocks, options: options)
        guard case .firstOrder(let result) = optimizer else { throw WrongKind() }
        return result
    }

    private struct WrongKind: Error {}
}

func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).map { abs($0 - $1) }.max() ?? 0
}
