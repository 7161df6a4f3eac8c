import Foundation
import Optimizers
import PhysicsInformed
import Randomness
import Testing

/// What rules choose among candidates, and what becomes of the points of a loss.
@Suite struct AdaptiveSamplingTests {
    /// Magnitudes q = x at the middles of equal intervals of (0, 1).
    private static let count = 100_000
    private static let places = (0..<count).map { (Double($0) + 0.5) / Double(count) }

    /// The 0.999 quantile of χ² with nine degrees of freedom.
    private static let chiSquareLimit = 27.88

    private func chiSquare(_ indices: [Int], density: (Double) -> Double) -> Double {
        var found = [Double](repeating: 0, count: 10)
        for index in indices { found[min(9, Int(Self.places[index] * 10))] += 1 }
        return (0..<10).reduce(0) { sum, bin in
            let from = Double(bin) / 10, to = from + 0.1
            // Simpson's rule is exact for the densities here.
            let share = (density(from) + 4 * density((from + to) / 2) + density(to)) / 60
            let expected = share * Double(indices.count)
            return sum + (found[bin] - expected) * (found[bin] - expected) / expected
        }
    }

    @Test func radDrawsFromItsDensity() throws {
        let rule = try PointProblem.choosing("rad")
        var stream = RandomStream(seed: 1, name: "test")
        let choice = rule.choose(Self.places, points: 2_000, present: 2_000, from: &stream)
        #expect(Set(choice.indices).count == 2_000 && !choice.isAddition && choice.factors == nil)
        // q/E[q] + 1 = 2 x + 1, half of which is the density.
        #expect(chiSquare(choice.indices) { $0 + 0.5 } < Self.chiSquareLimit)
        #expect(chiSquare(choice.indices) { _ in 1 } > Self.chiSquareLimit)
        var again = RandomStream(seed: 1, name: "test")
        #expect(rule.choose(Self.places, points: 2_000, present: 2_000, from: &again) == choice)
    }

    @Test func rarAddsByTheSquareOfTheResidual() throws {
        let rule = try PointProblem.choosing("rar-d", ["add": .integer(1_000)])
        var stream = RandomStream(seed: 2, name: "test")
        let choice = rule.choose(Self.places, points: 2_000, present: 2_000, from: &stream)
        #expect(choice.indices.count == 1_000 && choice.isAddition)
        #expect(chiSquare(choice.indices) { 3 * $0 * $0 } < Self.chiSquareLimit)
    }

    @Test func greedyRefinementTakesTheLargestAndStopsAtTheLimit() throws {
        let rule = try PointProblem.choosing("rar-g", ["add": .integer(3), "limit": .integer(12)])
        var stream = RandomStream(seed: 2, name: "test")
        let values = [0.5, 3, 1, 3, 0, 7, 3]
        #expect(rule.choose(values, points: 8, present: 8, from: &stream) == PointChoice([1, 3, 5], isAddition: true))
        #expect(rule.choose(values, points: 8, present: 11, from: &stream) == PointChoice([5], isAddition: true))
        #expect(rule.choose(values, points: 8, present: 12, from: &stream).indices.isEmpty)
        #expect(rule.capacity(for: 8) == 12 && rule.candidateCount(for: 8) == 80)
    }

    @Test(arguments: [0, 0.5]) func importanceWeightsKeepTheMean(constant: Double) throws {
        let rule = try PointProblem.choosing("importance", ["constant": .number(constant)])
        // A square that is not the magnitude's: the estimate is unbiased whatever is estimated.
        let values = (0..<50).map { 1 + sin(Double($0)) }
        let squares = (0..<50).map { pow(cos(Double($0)), 2) }
        let mean = squares.reduce(0, +) / 50
        var stream = RandomStream(seed: 3, name: "test")
        var estimates: [Double] = []
        for _ in 0..<2_000 {
            let choice = rule.choose(values, points: 20, present: 20, from: &stream)
            let factors = try #require(choice.factors)
            if constant > 0 { #expect(factors.allSatisfy { $0 <= 1 + 1 / constant }) }
            estimates.append(zip(choice.indices, factors).reduce(0) { $0 + squares[$1.0] * $1.1 } / 20)
        }
        let found = estimates.reduce(0, +) / 2_000
        let deviation = (estimates.reduce(0) { $0 + ($1 - found) * ($1 - found) } / 2_000).squareRoot()
        #expect(abs(found - mean) < 4 * deviation / 2_000.0.squareRoot())
        // Where the magnitude is what is averaged, every draw gives the mean.
        let choice = rule.choose(values, points: 20, present: 20, from: &stream)
        if constant == 0, let factors = choice.factors {
            let estimate = zip(choice.indices, factors).reduce(0) { $0 + values[$1.0] * $1.1 } / 20
            #expect(abs(estimate - values.reduce(0, +) / 50) < 1e-12)
        }
    }

    /// The mean of t² over the points of a loss, plain and with factors, after redraws.
    private func means(
        _ settings: PointSettings, scheme: PointScheme = .sobol, redraws: [Int] = [0]
    ) throws -> [(plain: Double, factored: Double)] {
        let loss = try PointProblem.loss(try PointProblem.inside(["t"], points: 512), settings, scheme: scheme)
        let theta = PointProblem.parameters(loss)
        return try redraws.map { step in
            try loss.resample(theta, step: step)
            _ = loss.evaluate(theta, gradient: nil)
            return (loss.losses[0], loss.factoredLosses[0])
        }
    }

    @Test func pointsOfALossFollowItsResidual() throws {
        // Under 2 t the mean of t² is 1/2, under t + 1/2 it is 5/12; sampled points miss by a few deviations of 0.3/√512.
        let importance = try means(PointSettings(adaptive: try PointProblem.sampling("importance")))[0]
        #expect(abs(importance.plain - 1 / 2.0) < 0.05 && abs(importance.factored - 1 / 3.0) < 0.03)
        let rad = try means(PointSettings(adaptive: try PointProblem.sampling("rad")))[0]
        #expect(abs(rad.plain - 5 / 12.0) < 0.05 && rad.factored == rad.plain)
        // A tenth of the candidates, those with t > 0.9, are added to as many even points once.
        let greedy = try means(
            PointSettings(adaptive: try PointProblem.sampling("rar-g", ["add": .integer(512)])), redraws: [0, 1])
        #expect(abs(greedy[0].plain - (1 / 3.0 + 0.9033) / 2) < 0.01)
        // The limit is reached: nothing changes any more.
        #expect(greedy[1].plain == greedy[0].plain)
    }

    @Test(arguments: PointScheme.allCases) func timeGrowsWithACurriculum(scheme: PointScheme) throws {
        let settings = PointSettings(curriculum: TimeCurriculum(from: 0.1, over: 1_000))
        let found = try means(settings, scheme: scheme, redraws: [0, 500, 1_000, 5_000])
        for (mean, share) in zip(found, [0.1, 0.55, 1, 1]) {
            #expect(abs(mean.plain - share * share / 3) < 0.06 * share * share)
        }
    }

    @Test func aLatinHypercubeFillsEveryStripOfTime() throws {
        // The mean of t over one point in each of N strips misses 1/2 by at most 1/(2 N).
        let loss = try PointProblem.loss(
            try PointProblem.inside(["sqrt(t)"], points: 400), PointSettings(), scheme: .latinHypercube)
        let theta = PointProblem.parameters(loss)
        #expect(abs(loss.evaluate(theta, gradient: nil) - 0.5) <= 0.5 / 400)
    }

    @Test func strataGiveEachNumberItsShare() {
        var stream = RandomStream(seed: 4, name: "test")
        let masses = [0, 0.3, 2, 0, 5.5, 0.01, 1.19, 0], total = 9.0, count = 40
        var sums = [Double](repeating: 0, count: masses.count)
        for _ in 0..<2_000 {
            let chosen = WeightedChoice.stratified(count, masses, from: &stream)
            #expect(chosen == chosen.sorted() && chosen.count == count)
            for (index, mass) in masses.enumerated() {
                let found = Double(chosen.count { $0 == index })
                #expect(abs(found - mass / total * Double(count)) < 2 && (mass > 0 || found == 0))
                sums[index] += found
            }
        }
        for (sum, mass) in zip(sums, masses) { #expect(abs(sum / 2_000 - mass / total * Double(count)) < 0.07) }
    }

    /// With one start for all levels, a hundred points in twenty rows of twenty even cells would stand in five columns.
    @Test func strataLeaveNoLinesInAGrid() {
        var stream = RandomStream(seed: 5, name: "test")
        let chosen = WeightedChoice.stratified(100, [Double](repeating: 1, count: 400), from: &stream)
        let columns = Set(chosen.map { $0 % 20 })
        #expect(columns.count > 15 && Set(chosen).count == 100)
    }

    @Test func whereTheResidualVanishesCandidatesAreAlike() throws {
        let loss = try PointProblem.loss(
            try PointProblem.inside(["t - t"]), PointSettings(adaptive: try PointProblem.sampling("importance")))
        let theta = PointProblem.parameters(loss)
        try loss.resample(theta, step: 1)
        #expect(loss.evaluate(theta, gradient: nil) == 0)
    }

    @Test func aResidualThatIsNotFiniteIsMet() throws {
        let loss = try PointProblem.loss(
            try PointProblem.inside(["sqrt(t - 0.002)"], points: 32),
            PointSettings(adaptive: try PointProblem.sampling("importance", ["pool": .integer(4_096)])))
        let theta = PointProblem.parameters(loss)
        try loss.resample(theta, step: 1)
        #expect(!loss.evaluate(theta, gradient: nil).isFinite)
        #expect(loss.worstPoint(theta).point[1] < 0.002)
    }
}
