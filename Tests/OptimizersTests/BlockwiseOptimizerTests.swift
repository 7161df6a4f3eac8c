import Foundation
import LinearAlgebra
import Optimizers
import Testing

@Suite struct BlockwiseOptimizerTests {
    static let firstOrderMethods = optimizerMethods.map { $0.description }.filter { $0.kind == .firstOrder }
        .map(\.name)

    private func make(_ name: String, _ blocks: [BlockShape]) throws -> any FirstOrderOptimizer<Double> {
        let method = try #require(optimizerMethod(named: name))
        let options = OptionValues(defaults: method.description.options)
        let optimizer: Optimizer<Double> = try method.make(blocks: blocks, options: options)
        guard case .firstOrder(let result) = optimizer else { throw CancellationError() }
        return result
    }

    private let blocks = [
        BlockShape(name: "W", rows: 2, columns: 3, offset: 0), BlockShape(name: "b", rows: 2, columns: 1, offset: 8),
    ]

    private func gradient(_ step: Int) -> [Double] {
        (0..<10).map { Double(($0 * 7 + step * 3) % 11) / 5 - 1 }
    }

    @Test(arguments: firstOrderMethods)
    func parametersOutsideAllBlocksStay(name: String) throws {
        let optimizer = try make(name, blocks)
        var x = [Double](repeating: 1, count: 10)
        for step in 0..<3 { _ = optimizer.step(parameters: &x, gradient: gradient(step), rate: 0.1) }
        #expect(x[6] == 1 && x[7] == 1)
        #expect(x[0] != 1 && x[5] != 1 && x[8] != 1 && x[9] != 1)
    }

    @Test(arguments: firstOrderMethods, [Double.nan, .infinity])
    func gradientThatIsNotFiniteChangesNothing(name: String, bad: Double) throws {
        let optimizer = try make(name, blocks)
        var x = [Double](repeating: 1, count: 10)
        _ = optimizer.step(parameters: &x, gradient: gradient(0), rate: 0.1)
        let (before, state) = (x, optimizer.savedState())
        var broken = gradient(1)
        broken[9] = bad
        #expect(optimizer.step(parameters: &x, gradient: broken, rate: 0.1) == .notFinite)
        #expect(x == before)
        #expect(optimizer.savedState() == state)
    }

    /// Saved, written as JSON, read and restored into a new optimizer: the run goes on bit for bit.
    @Test(arguments: firstOrderMethods)
    func restoredStateContinuesTheRun(name: String) throws {
        let (first, second) = (try make(name, blocks), try make(name, blocks))
        var x = [Double](repeating: 1, count: 10)
        for step in 0..<5 { _ = first.step(parameters: &x, gradient: gradient(step), rate: 0.1) }
        var y = x
        let text = try JSONEncoder().encode(first.savedState())
        try second.restore(try JSONDecoder().decode(OptimizerState.self, from: text))
        for step in 5..<10 {
            _ = first.step(parameters: &x, gradient: gradient(step), rate: 0.1)
            _ = second.step(parameters: &y, gradient: gradient(step), rate: 0.1)
        }
        #expect(x == y)
        second.reset()
        #expect(second.savedState() == (try make(name, blocks)).savedState())
    }

    @Test func stateOfAnotherNetworkIsRefused() throws {
        let optimizer = try make("adam", blocks)
        let narrow = try make("adam", [BlockShape(name: "W", rows: 2, columns: 2, offset: 0), blocks[1]])
        let before = optimizer.savedState()
        #expect(throws: OptimizerStateError.wrongCount(path: "W/first moment", expected: 6, found: 4)) {
            try optimizer.restore(narrow.savedState())
        }
        #expect(throws: OptimizerStateError.self) { try optimizer.restore(OptimizerState()) }
        #expect(optimizer.savedState() == before)
    }

    @Test func quasiNewtonStateContinuesTheRun() throws {
        let problem = TestProblem.rosenbrock
        let first = LineSearchDescent<Double>.limitedMemory(count: 6)
        let second = LineSearchDescent<Double>.limitedMemory(count: 6)
        var x = problem.start
        for _ in 0..<7 { _ = first.step(parameters: &x, evaluate: problem.closure()) }
        var y = x
        try second.restore(first.savedState())
        #expect(second.evaluations == first.evaluations)
        for _ in 0..<10 {
            _ = first.step(parameters: &x, evaluate: problem.closure())
            _ = second.step(parameters: &y, evaluate: problem.closure())
            #expect(x == y)
        }
        #expect(second.evaluations == first.evaluations)
    }

    /// Σ wᵢ u = (Σ wᵢ) u, and a chain of two scalings by a mix multiplies them.
    @Test func combinatorsCompose() {
        let block = BlockShape(name: "x", rows: 3, columns: 1, offset: 0)
        func mix(_ a: Double, _ b: Double) -> Mix<Double> { Mix(block, [(a, Identity()), (b, Identity())]) }
        let optimizer = BlockwiseOptimizer<Double>(blocks: [block]) {
            Composition($0, Chain([mix(0.5, 0.25), mix(1, 3)]))
        }
        var x = [0.0, 0, 0]
        _ = optimizer.step(parameters: &x, gradient: [1, 2, -4], rate: 1)
        #expect(x == [-3, -6, 12])
    }

    /// With every weight decay and a zero gradient, θ shrinks by the factor in the mode's definition.
    @Test(arguments: [
        (WeightDecay.none, 1.0), (.coupled(0.5), 0.95), (.before(0.5), 0.95), (.after(0.5), 0.95),
        (.proximal(0.5), 1 / 1.05),
    ])
    func weightDecayShrinks(decay: WeightDecay, factor: Double) {
        let block = BlockShape(name: "x", rows: 2, columns: 1, offset: 0)
        let optimizer = BlockwiseOptimizer<Double>(blocks: [block]) { Composition($0, Identity(), decay: decay) }
        var x = [1.0, -2.0]
        _ = optimizer.step(parameters: &x, gradient: [0, 0], rate: 0.1)
        #expect(largestDifference(x, [factor, -2 * factor]) <= 1e-15)
    }
}
