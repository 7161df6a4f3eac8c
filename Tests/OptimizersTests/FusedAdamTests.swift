import LinearAlgebra
import Optimizers
import Testing

@Suite struct FusedAdamTests {
    /// The fused rule and the composition of its pieces agree bit for bit, for every remainder of the vector width.
    @Test(arguments: [1, 7, 16, 33, 100], [WeightDecay.none, .coupled(0.1), .before(0.1)])
    func equalsTheComposition(count: Int, decay: WeightDecay) {
        compare(Double.self, count, decay)
        compare(Float.self, count, decay)
    }

    private func compare<S: Scalar>(_ type: S.Type, _ count: Int, _ decay: WeightDecay) {
        let block = BlockShape(name: "x", rows: count, columns: 1, offset: 0)
        let fused = BlockwiseOptimizer<S>(blocks: [block]) {
            FusedAdam($0, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: decay)
        }
        let composed = BlockwiseOptimizer<S>(blocks: [block]) {
            Adam.composition($0, beta1: 0.9, .average(decay: 0.99), epsilon: 1e-8, decay: decay)
        }
        var x = (0..<count).map { S(Double($0 % 13) - 6) / 7 }
        var y = x
        for step in 0..<20 {
            let gradient = x.indices.map { S(Double(($0 + 3 * step) % 11) - 5) / 3 + x[$0] }
            #expect(fused.step(parameters: &x, gradient: gradient, rate: 0.01) == .progressed)
            #expect(composed.step(parameters: &y, gradient: gradient, rate: 0.01) == .progressed)
            #expect(x == y)
        }
    }

    /// |θ⁺ − θ| = η at the first step, whatever the gradient's size: Adam does not depend on the loss's scale.
    @Test(arguments: [1e-3, 1, 1e6])
    func firstStepHasTheLengthOfTheRate(scale: Double) {
        let block = BlockShape(name: "x", rows: 3, columns: 1, offset: 0)
        let optimizer = BlockwiseOptimizer<Double>(blocks: [block]) {
            FusedAdam($0, beta1: 0.9, beta2: 0.999, epsilon: 1e-14, decay: .none)
        }
        var x = [0.0, 0, 0]
        _ = optimizer.step(parameters: &x, gradient: [scale, -2 * scale, 0], rate: 0.5)
        #expect(largestDifference(x, [-0.5, 0.5, 0]) <= 1e-10)
    }
}
