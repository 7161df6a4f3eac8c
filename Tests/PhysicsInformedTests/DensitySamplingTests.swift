import Foundation
import LinearAlgebra
import Optimizers
import PhysicsInformed
import Randomness
import Testing

/// Points from densities that learn: the worst smooth density is the one that theory names, and points follow the residual.
@Suite struct DensitySamplingTests {
    private static func cosines(_ side: Int) -> [Double] {
        (0..<side * side).map { cos(.pi * (Double($0 % side) + 0.5) / Double(side)) }
    }

    @Test func theWorstSmoothDensityOfAWaveIsAWave() {
        // 2β Δp + f = λ: p = 1 + f/(2β κ), κ being the eigenvalue of the difference operator.
        let side = 24, f = Self.cosines(side)
        let wave = 2 * Double(side) * sin(.pi / Double(2 * side))
        let beta = 0.1
        let p = NeumannMaximiser(side: side, dimensions: 2).density(f, beta: beta, tolerance: 1e-9)
        #expect(zip(p, f).allSatisfy { abs($0 - 1 - $1 / (2 * beta * wave * wave)) < 1e-6 })
    }

    @Test(arguments: [0.01, 1e-3]) func theWorstDensityMeetsItsConditions(beta: Double) {
        let side = 32
        let f = (0..<side * side).map { index -> Double in
            let (x, y) = ((Double(index / side) + 0.5) / 32 - 0.7, (Double(index % side) + 0.5) / 32 - 0.4)
            return 40 * exp(-60 * (x * x + y * y))
        }
        let p = NeumannMaximiser(side: side, dimensions: 2).density(f, beta: beta, tolerance: 1e-7)
        #expect(abs(p.reduce(0, +) / Double(p.count) - 1) < 1e-12 && p.allSatisfy { $0 >= 0 })
        // f + 2β Δp is λ where p > 0, and at most λ where p = 0.
        func value(_ i: Int, _ j: Int) -> Double { p[min(max(i, 0), side - 1) * side + min(max(j, 0), side - 1)] }
        let multipliers = (0..<side * side).map { index -> Double in
            let (i, j) = (index / side, index % side)
            let laplacian =
                (value(i + 1, j) + value(i - 1, j) + value(i, j + 1) + value(i, j - 1) - 4 * value(i, j))
                * Double(side * side)
            return f[index] + 2 * beta * laplacian
        }
        let inside = p.indices.filter { p[$0] > 1e-3 }.map { multipliers[$0] }
        let level = inside.reduce(0, +) / Double(inside.count)
        #expect(inside.allSatisfy { abs($0 - level) < 0.02 * 40 })
        #expect(multipliers.allSatisfy { $0 < level + 0.02 * 40 })
        // A small β leaves a part of the cube without points.
        #expect(p.contains { $0 == 0 })
    }

    @Test func onlyAsMuchOfTheUniformLawIsMixedInAsIsNeeded() {
        var rough = [Double](repeating: 0, count: 1_000)
        rough[3] = 600
        rough[500] = 400
        let even = [Double](repeating: 1, count: 1_000)
        let (weights, balance) = SampleBalance.mixed(rough)
        #expect(abs(balance.effectiveShare - 1 / 520.0) < 1e-12 && balance.uniformShare > 0)
        var squares = 0.0
        for weight in weights { squares += weight * weight / 1_000 }
        #expect(abs(1 / squares - SampleBalance.leastShare) < 1e-9)
        #expect(abs(weights.reduce(0, +) / 1_000 - 1) < 1e-12)
        let alike = SampleBalance.mixed(even).balance
        #expect(abs(alike.effectiveShare - 1) < 1e-12 && alike.uniformShare == 0)
    }

    @Test func largeWeightsAreCutUntilTheyStandOnEnough() {
        // One weight of 1,000 beside even ones: at the level c there are (n − 1 + c)²/(n − 1 + c²) candidates.
        var weights = [Double](repeating: 1, count: 1_000)
        weights[7] = 1_000
        let (cut, balance) = SampleBalance.cut(weights)
        #expect(abs(balance.effectiveShare - 1_999.0 * 1_999 / (999 + 1e6) / 1_000) < 1e-12)
        #expect(abs(balance.cutShare - SampleBalance.leastCount / 1_000) < 1e-9)
        let level = cut[7] / cut[0]
        #expect(abs((999 + level) * (999 + level) / (999 + level * level) - SampleBalance.leastCount) < 1e-6)
        #expect(abs(cut.reduce(0, +) / 1_000 - 1) < 1e-12)
        // Weights that stand on enough stay in their proportions.
        let even = SampleBalance.cut((0..<1_000).map { 1 + Double($0 % 2) })
        #expect(even.balance.cutShare == 0 && abs(even.weights[1] / even.weights[0] - 2) < 1e-12)
        // Where only some are above 0, half of those.
        var few = [Double](repeating: 0, count: 1_000)
        for index in 0..<10 { few[index] = pow(10, Double(index)) }
        #expect(abs(SampleBalance.cut(few).balance.cutShare - 0.005) < 1e-9)
    }

    @Test func distancesFromTheUniformLawAreKnownOnes() {
        let places = (0..<1_000).map { (Double($0) + 0.5) / 1_000 }
        // All mass at one end is 1/2 away, density 2x is ∫ (x − x²) = 1/6 away.
        var atEnd = [Double](repeating: 0, count: 1_000)
        atEnd[0] = 1
        #expect(abs(UniformDistance.onLine(places, atEnd) - 0.5) < 1e-3)
        #expect(abs(UniformDistance.onLine(places, places.map { 2 * $0 / 1_000 }) - 1 / 6.0) < 1e-3)
        var square: [Double] = [], slope: [Double] = []
        for index in 0..<2_500 {
            let x = (Double(index / 50) + 0.5) / 50, y = (Double(index % 50) + 0.5) / 50
            square += [x, y]
            slope.append(2 * x / 2_500)
        }
        #expect(abs(UniformDistance.inCells(square, slope, perAxis: 10) - 1 / 6.0) < 5e-3)
        let even = [Double](repeating: 1 / 2_500.0, count: 2_500)
        #expect(UniformDistance.inCells(square, even, perAxis: 10) < 1e-12)
    }

    /// The mean of t² over the points of a loss with the residual t, after some redraws.
    private func mean(
        _ name: String, _ options: [String: OptionValue], redraws: Int = 8, residual: String = "t", points: Int = 800
    ) throws -> Double {
        let loss = try PointProblem.loss(
            try PointProblem.inside([residual], points: points),
            PointSettings(adaptive: try PointProblem.sampling(name, options)))
        let theta = PointProblem.parameters(loss)
        for step in 1...redraws { try loss.resample(theta, step: step) }
        _ = loss.evaluate(theta, gradient: nil)
        return loss.losses[0]
    }

    @Test func pointsOfAFlowFollowTheSquaredResidual() throws {
        // Under 3 t² the mean of t² is 3/5, and a twentieth of the points is uniform, with 1/3.
        let options: [String: OptionValue] = [
            "uniform": .number(0.05), "steps": .integer(40), "couplings": .integer(4), "width": .integer(8),
        ]
        let expected = 0.95 * 0.6 + 0.05 / 3
        #expect(abs(try mean("deep-adaptive", options) - expected) < 0.06)
        // DAS-G keeps the points of the start.
        let grown = try mean(
            "deep-adaptive", options.merging(["form": .word("grow"), "add": .integer(400)]) { $1 })
        #expect(grown > 0.345 && grown < expected)
    }

    @Test func pointsOfTheWorstDensityAreWhereTheResidualIsLarge() throws {
        let grid = try mean("adversarial", ["beta": .number(1e-3), "uniform": .number(0.1)], redraws: 1)
        let flow = try mean(
            "adversarial",
            [
                "beta": .number(1e-3), "uniform": .number(0.1), "form": .word("flow"), "steps": .integer(60),
                "width": .integer(8),
            ], redraws: 6)
        // By hand: at β = 1e-3 the density lives near t = 1; uniform points would give 1/3.
        #expect(grid > 0.6 && flow > 0.45)
        // A large β leaves the points uniform.
        #expect(abs(try mean("adversarial", ["beta": .number(100)], redraws: 1) - 1 / 3.0) < 0.03)
    }

    /// Blocks of eight by eight cells follow one another in the order of the strata: none has two points more or less than its share.
    @Test func pointsOfAnEvenGridAreSpreadInBothDirections() throws {
        for column in 0..<3 {
            for row in 0..<3 {
                let (x, t) = (Double(column) / 3, Double(row) / 3)
                let block = "if(x >= \(x) and x < \(x + 1 / 3.0) and t >= \(t) and t < \(t + 1 / 3.0), 1, 0)"
                let share = try mean(
                    "adversarial", ["uniform": .number(1), "pool": .integer(576)], redraws: 1, residual: block,
                    points: 300)
                #expect(abs(300 * share - 300 / 9.0) < 2)
            }
        }
    }

    @Test func averagesOfOneWorstDensityAreThatDensity() throws {
        // The residual stays, and so does the best answer; rounding of a thousand draws apart.
        let once = try mean("adversarial", ["beta": .number(1e-2), "memory": .number(0)], redraws: 1)
        let averaged = try mean("adversarial", ["beta": .number(1e-2), "memory": .number(0.8)], redraws: 8)
        #expect(once > 0.4 && abs(once - averaged) < 0.02)
    }

    @Test func theFlowClimbsToTheWorstDensityOfTheGrid() throws {
        let options: [String: OptionValue] = ["beta": .number(2e-2), "uniform": .number(0.05)]
        let grid = try mean("adversarial", options, redraws: 1)
        let flow = try mean(
            "adversarial",
            options.merging(["form": .word("flow"), "steps": .integer(60), "width": .integer(8)]) { $1 }, redraws: 12)
        #expect(grid > 0.5 && abs(grid - flow) < 0.08)
    }

    @Test func theFlowSpreadsASharpResidual() throws {
        // r² is a bump far narrower than 4√β. Points of density r² stay in it, those of the worst smooth density leave it; steps
        // of unit time leave a density that is smoother still, between it and the uniform law, under which the mean is π/4000.
        let residual = "exp(-2000*((x - 0.2)^2 + (t - 0.7)^2))"
        let options: [String: OptionValue] = ["beta": .number(1e-2), "uniform": .number(0.05)]
        let flow: [String: OptionValue] = [
            "uniform": .number(0.05), "steps": .integer(60), "width": .integer(8), "rate": .number(0.02),
        ]
        let grid = try mean("adversarial", options, redraws: 1, residual: residual)
        let climbed = try mean(
            "adversarial", options.merging(flow) { $1 }.merging(["form": .word("flow")]) { $1 }, redraws: 10,
            residual: residual)
        let fitted = try mean("deep-adaptive", flow, redraws: 10, residual: residual)
        #expect(fitted > 5 * grid && grid > climbed && climbed > 1.1 * .pi / 4_000, "\(grid) \(climbed) \(fitted)")
    }

    @Test func roundsFindWhatFillsLittleOfTheDomain() throws {
        // r² fills a thousandth of the square: few candidates see it at first.
        let residual = "exp(-2000*((x - 0.2)^2 + (t - 0.7)^2))"
        func found(_ rounds: Int) throws -> Double {
            try mean(
                "deep-adaptive",
                [
                    "uniform": .number(0.5), "steps": .integer(60), "rate": .number(0.02), "width": .integer(8),
                    "rounds": .integer(rounds),
                ], redraws: 1, residual: residual)
        }
        let (one, many) = (try found(1), try found(12))
        #expect(many > 5 * one && many > 0.05)
    }

    @Test func pointsMoveTowardsTheDensityOfTheResidual() throws {
        // Under t + 1/2 the mean of t² is 5/12; means of plans are drawn together a little.
        let moved = try mean(
            "transport", ["targets": .integer(400), "epsilon": .number(2e-3)], redraws: 2, points: 200)
        #expect(abs(moved - 5 / 12.0) < 0.03)
    }

    @Test(arguments: ["deep-adaptive", "adversarial", "transport"]) func aResidualThatIsNotFiniteIsMet(name: String)
        throws
    {
        let loss = try PointProblem.loss(
            try PointProblem.inside(["sqrt(t - 0.02)"], points: 32),
            PointSettings(adaptive: try PointProblem.sampling(name, ["pool": .integer(4_096)])))
        let theta = PointProblem.parameters(loss)
        try loss.resample(theta, step: 1)
        #expect(!loss.evaluate(theta, gradient: nil).isFinite)
    }

    @Test(arguments: ["deep-adaptive", "adversarial", "transport"]) func noResidualLeavesPointsEven(name: String) throws
    {
        #expect(try abs(mean(name, [:], redraws: 2, residual: "t - t", points: 64)) == 0)
    }
}
