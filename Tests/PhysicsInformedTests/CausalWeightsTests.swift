import Foundation
import PhysicsInformed
import Testing

/// wᵢ = exp(−ε Σ lₖ) over earlier chunks, on residuals that are known.
@Suite struct CausalWeightsTests {
    @Test func aConstantResidualGivesAGeometricSequence() throws {
        let settings = PointSettings(causality: CausalSettings(tolerances: [0.05], chunks: 8))
        let loss = try PointProblem.loss(try PointProblem.inside(["2"]), settings)
        let theta = PointProblem.parameters(loss)
        #expect(loss.evaluate(theta, gradient: nil) == 4)
        loss.updateCausality(theta)
        let value = loss.evaluate(theta, gradient: nil)
        // lₖ = 4 in every chunk, so wᵢ = exp(−0.2 i).
        let expected = (0..<8).reduce(0) { $0 + 4 * exp(-0.2 * Double($1)) } / 8
        #expect(abs(value - expected) < 1e-14)
        #expect(loss.losses == [4] && loss.factoredLosses == [value])
        let report = try #require(loss.causalReport)
        #expect(report.tolerance == 0.05 && abs(report.lastWeight - exp(-1.4)) < 1e-15)
    }

    @Test func chunksAreChunksOfTime() throws {
        // 3 in the first half of the time and 1 in the second; half of the points of a Sobol' net lie in each.
        let settings = PointSettings(causality: CausalSettings(tolerances: [0.1], chunks: 2))
        let loss = try PointProblem.loss(try PointProblem.inside(["2 + sign(0.5 - t)"]), settings)
        let theta = PointProblem.parameters(loss)
        loss.updateCausality(theta)
        #expect(abs(loss.evaluate(theta, gradient: nil) - (9 + exp(-0.9)) / 2) < 1e-14)
        #expect(loss.losses == [5])
    }

    @Test func theScaleMeasuresResiduals() throws {
        let settings = PointSettings(causality: CausalSettings(tolerances: [0.1], chunks: 2, scale: 3))
        let loss = try PointProblem.loss(try PointProblem.inside(["2 + sign(0.5 - t)"]), settings)
        let theta = PointProblem.parameters(loss)
        loss.updateCausality(theta)
        #expect(abs(loss.evaluate(theta, gradient: nil) - (9 + exp(-0.1)) / 2) < 1e-14)
    }

    @Test func severalEquationsShareTheLeastWeight() throws {
        var problem = try PointProblem.inside(["1", "2"])
        // Weights of terms play no part in the weights of times.
        problem.terms[0].weight = 10
        let settings = PointSettings(causality: CausalSettings(tolerances: [0.1], chunks: 4))
        let loss = try PointProblem.loss(problem, settings)
        let theta = PointProblem.parameters(loss)
        loss.updateCausality(theta)
        let mean = (0..<4).reduce(0) { $0 + exp(-0.4 * Double($1)) } / 4
        #expect(abs(loss.evaluate(theta, gradient: nil) - (10 * mean + 4 * mean)) < 1e-13)
        #expect(abs(loss.factoredLosses[0] - mean) < 1e-14)
    }

    @Test func theNextToleranceIsTakenOnceTheLastWeightIsLarge() throws {
        let causal = CausalWeights<Double>(
            CausalSettings(tolerances: [0.01, 0.1, 10], chunks: 2, threshold: 0.95), timeAxis: 1)
        var squares = [4.0, 1.0]
        func update() -> CausalReport {
            causal.begin()
            causal.take(squares: squares, chunks: [0, 1])
            causal.end()
            return causal.report
        }
        // exp(−0.04) = 0.9608 exceeds the threshold, exp(−0.4) = 0.67 does not.
        #expect(update() == CausalReport(tolerance: 0.01, lastWeight: exp(-0.01 * 4)))
        #expect(update() == CausalReport(tolerance: 0.1, lastWeight: exp(-0.1 * 4)))
        #expect(update().tolerance == 0.1)
        squares = [1e-4, 1]
        #expect(update().tolerance == 0.1)
        #expect(update() == CausalReport(tolerance: 10, lastWeight: exp(-10 * 1e-4)))
        #expect(update().tolerance == 10)
    }

    @Test func aResidualThatIsNoNumberIsNotPassedOver() throws {
        let causal = CausalWeights<Double>(CausalSettings(chunks: 2), timeAxis: 1)
        causal.begin()
        causal.take(squares: [Double.nan, 1], chunks: [0, 1])
        causal.take(squares: [0.5, 1], chunks: [0, 1])
        causal.end()
        #expect(causal.weights.elements[1].isNaN)
    }

    @Test func noGradientPassesThroughTheWeights() throws {
        let settings = PointSettings(
            causality: CausalSettings(tolerances: [0.3], chunks: 8),
            weighting: try PointProblem.weighting("residual-attention"))
        let loss = try PointProblem.loss(try PointProblem.learned(), settings)
        let theta = PointProblem.parameters(loss)
        loss.beginPointWeights(theta)
        loss.updateCausality(theta)
        var gradient = [Double](repeating: 0, count: theta.count)
        _ = loss.evaluate(theta, gradient: &gradient)
        let scale = gradient.map(abs).max() ?? 1
        for index in theta.indices {
            var shifted = theta
            shifted[index] += 1e-5
            let above = loss.evaluate(shifted, gradient: nil)
            shifted[index] = theta[index] - 1e-5
            let difference = (above - loss.evaluate(shifted, gradient: nil)) / 2e-5
            #expect(abs(difference - gradient[index]) < 1e-8 * scale)
        }
        // The gradients of single terms, weighted, add up to it.
        var parts = [[Double]](repeating: gradient, count: 3)
        parts.withUnsafeMutableBufferPointer { parts in
            let pointers = parts.indices.map { index in
                parts[index].withUnsafeMutableBufferPointer { $0.baseAddress! }
            }
            _ = loss.evaluateSeparately(theta, gradients: pointers)
        }
        for index in theta.indices {
            let sum = parts.indices.reduce(0) { $0 + loss.weights[$1] * parts[$1][index] }
            #expect(abs(sum - gradient[index]) < 1e-12 * scale)
        }
    }
}
