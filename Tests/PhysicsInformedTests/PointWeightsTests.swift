import Optimizers
import PhysicsInformed
import Testing

/// The rules that weigh single points, on residuals of 3 before t = ½ and 1 after.
@Suite struct PointWeightsTests {
    private func loss(_ weighting: any PointWeighting, terms: [String]? = nil) throws -> LossFunction<Double> {
        try PointProblem.loss(
            try PointProblem.inside(["2 + sign(0.5 - t)", "2"]),
            PointSettings(weighting: weighting, weightedTerms: terms ?? ["equation 1"]))
    }

    @Test func attentionFollowsTheRelativeResidual() throws {
        let loss = try loss(try PointProblem.weighting("residual-attention", ["memory": .number(0.9)]))
        let theta = PointProblem.parameters(loss)
        loss.beginPointWeights(theta)
        // λ = η |r|/max|r|: 0.01 and 0.01/3; the term of constant residual has no weights.
        var (large, small) = (0.01, 0.01 / 3)
        for _ in 0..<3 {
            _ = loss.evaluate(theta, gradient: nil)
            #expect(abs(loss.factoredLosses[0] - (large * large * 9 + small * small) / 2) < 1e-15)
            #expect(loss.losses == [5, 4] && loss.factoredLosses[1] == 4)
            loss.updatePointWeights()
            (large, small) = (0.9 * large + 0.01, 0.9 * small + 0.01 / 3)
        }
    }

    @Test func selfAdaptiveWeightsClimbTheGradient() throws {
        let loss = try loss(
            try PointProblem.weighting(
                "self-adaptive", ["ascent": .word("gradient"), "rate": .number(0.01), "start": .number(2)]))
        loss.weights = [0.5, 1]
        let theta = PointProblem.parameters(loss)
        loss.beginPointWeights(theta)
        var (large, small) = (2.0, 2.0)
        for _ in 0..<3 {
            let value = loss.evaluate(theta, gradient: nil)
            #expect(abs(value - 0.5 * (large * large * 9 + small * small) / 2 - 4) < 1e-13)
            loss.updatePointWeights()
            // λ ← λ + ρ 2 w λ r²
            large += 0.01 * 2 * 0.5 * large * 9
            small += 0.01 * 2 * 0.5 * small
        }
    }

    @Test func adamsFirstStepOfTheAscentIsTheRate() throws {
        let loss = try loss(try PointProblem.weighting("self-adaptive", ["rate": .number(0.1)]))
        let theta = PointProblem.parameters(loss)
        loss.beginPointWeights(theta)
        _ = loss.evaluate(theta, gradient: nil)
        #expect(loss.factoredLosses[0] == 5)
        loss.updatePointWeights()
        _ = loss.evaluate(theta, gradient: nil)
        #expect(abs(loss.factoredLosses[0] - 1.1 * 1.1 * 5) < 1e-6)
    }

    @Test func allTermsHaveWeightsUnlessSomeAreNamed() throws {
        let problem = try PointProblem.inside(["1", "2"])
        let loss = try PointProblem.loss(
            problem, PointSettings(weighting: try PointProblem.weighting("self-adaptive", ["start": .number(3)])))
        let theta = PointProblem.parameters(loss)
        loss.beginPointWeights(theta)
        #expect(loss.evaluate(theta, gradient: nil) == 45)
        #expect(loss.losses == [1, 4])
    }
}
