import Foundation
import Networks
import Parallelism
import Randomness
import Testing

/// The flow is a density: it integrates to one, its inverse is an inverse, its samples follow it, its derivatives are those
/// of differences.
@Suite struct SplineFlowTests {
    /// A flow with parameters far from the identity.
    private func random(
        _ dimensions: Int, couplings: Int = 4, bins: Int = 6, width: Int = 9, scale: Double = 0.6, threads: Int = 1
    ) -> (evaluator: FlowEvaluator, parameters: [Double]) {
        let flow = SplineFlow(dimensions: dimensions, couplings: couplings, bins: bins, width: width)
        var stream = RandomStream(seed: 5, name: "flow \(dimensions)")
        var parameters = flow.initialParameters(&stream)
        for block in flow.layout.blocks where block.name.contains("last") || block.name.contains("bias") {
            for index in block.range { parameters[index] = scale * stream.normal() }
        }
        return (FlowEvaluator(flow, pool: WorkerPool(threads: threads)), parameters)
    }

    private func uniform(_ count: Int, _ name: String = "points") -> [Double] {
        var stream = RandomStream(seed: 9, name: name)
        return (0..<count).map { _ in stream.uniform() }
    }

    @Test(arguments: [1, 2, 3, 10]) func theStartIsTheIdentity(dimensions: Int) {
        let flow = SplineFlow(dimensions: dimensions)
        var stream = RandomStream(seed: 1, name: "start")
        let parameters = flow.initialParameters(&stream)
        let evaluator = FlowEvaluator(flow), base = uniform(300 * dimensions)
        #expect(evaluator.logDensities(at: base, parameters: parameters).allSatisfy { abs($0) < 1e-12 })
        let images = evaluator.points(from: base, parameters: parameters).points
        #expect(zip(images, base).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    /// The midpoint rule; splines are smooth but for their knots.
    @Test(arguments: [(1, 20_000, 1e-6), (2, 700, 2e-4), (3, 90, 2e-3)])
    func theDensityIntegratesToOne(dimensions: Int, perAxis: Int, tolerance: Double) {
        let (evaluator, parameters) = random(dimensions, scale: dimensions == 3 ? 0.3 : 0.5)
        var count = 1
        for _ in 0..<dimensions { count *= perAxis }
        var points = [Double](repeating: 0, count: count * dimensions)
        for index in 0..<count {
            var rest = index
            for axis in 0..<dimensions {
                points[index * dimensions + axis] = (Double(rest % perAxis) + 0.5) / Double(perAxis)
                rest /= perAxis
            }
        }
        let densities = evaluator.logDensities(at: points, parameters: parameters).map { exp($0) }
        let integral = densities.reduce(0, +) / Double(count)
        #expect(abs(integral - 1) < tolerance)
        #expect((densities.max() ?? 0) / (densities.min() ?? 1) > 5)
    }

    @Test(arguments: [1, 2, 5, 10]) func theInverseIsExact(dimensions: Int) {
        let (evaluator, parameters) = random(dimensions)
        let base = uniform(1_000 * dimensions)
        let found = evaluator.points(from: base, parameters: parameters)
        #expect(found.points.allSatisfy { (0...1).contains($0) })
        // log p at the samples is that of evaluation there, and going there and back is the identity.
        let there = evaluator.logDensities(at: found.points, parameters: parameters)
        #expect(zip(there, found.logDensities).allSatisfy { abs($0 - $1) < 1e-7 })
        #expect(
            zip(evaluator.images(of: found.points, parameters: parameters), base).allSatisfy { abs($0 - $1) < 1e-10 })
    }

    /// Kolmogorov–Smirnov in one dimension against the integrated density: T itself. At 10⁴ samples D exceeds 0.0195 once in a
    /// thousand times.
    @Test func samplesFollowTheDensityOnALine() {
        let (evaluator, parameters) = random(1)
        let samples = evaluator.points(from: uniform(10_000), parameters: parameters).points.sorted()
        let cells = 200_000
        let densities = evaluator.logDensities(
            at: (0..<cells).map { (Double($0) + 0.5) / Double(cells) }, parameters: parameters
        ).map { exp($0) / Double(cells) }
        var distance = 0.0, mass = 0.0, next = 0
        for cell in 0..<cells {
            mass += densities[cell]
            while next < samples.count, samples[next] <= Double(cell + 1) / Double(cells) { next += 1 }
            distance = max(distance, abs(mass - Double(next) / Double(samples.count)))
        }
        #expect(distance < 0.0195)
        // The uniform law is told apart.
        let fromUniform = samples.enumerated().map { abs($1 - Double($0) / 10_000) }.max() ?? 0
        #expect(fromUniform > 0.0195)
    }

    /// In the plane, marginals by the same test, from the density on a grid.
    @Test func samplesFollowTheDensityInThePlane() {
        let (evaluator, parameters) = random(2)
        let samples = evaluator.points(from: uniform(20_000), parameters: parameters).points
        let side = 600
        var points: [Double] = []
        for i in 0..<side {
            for j in 0..<side { points += [(Double(i) + 0.5) / Double(side), (Double(j) + 0.5) / Double(side)] }
        }
        let densities = evaluator.logDensities(at: points, parameters: parameters).map { exp($0) / Double(side * side) }
        for axis in 0..<2 {
            var marginal = [Double](repeating: 0, count: side)
            for index in densities.indices { marginal[axis == 0 ? index / side : index % side] += densities[index] }
            let own = stride(from: axis, to: samples.count, by: 2).map { samples[$0] }.sorted()
            var distance = 0.0, mass = 0.0, next = 0
            for cell in 0..<side {
                mass += marginal[cell]
                while next < own.count, own[next] <= Double(cell + 1) / Double(side) { next += 1 }
                distance = max(distance, abs(mass - Double(next) / Double(own.count)))
            }
            // Below the quantile of 0.999 with 10⁴ samples, 0.0195; the quadrature adds 2e-4.
            #expect(distance < 0.0197)
        }
    }

    @Test(arguments: [1, 2, 5]) func derivativesAreThoseOfDifferences(dimensions: Int) {
        let (evaluator, parameters) = random(dimensions, couplings: 4, bins: 4, width: 5)
        let count = 150
        let points = uniform(count * dimensions), weights = uniform(count, "weights").map { $0 - 0.3 }
        func value(_ parameters: [Double], _ points: [Double]) -> Double {
            zip(weights, evaluator.logDensities(at: points, parameters: parameters)).reduce(0) { $0 + $1.0 * $1.1 }
        }
        var gradient = [Double](repeating: 0, count: parameters.count)
        let slopes = evaluator.addGradient(at: points, parameters: parameters, weights: weights, into: &gradient)
        let h = 1e-6
        var missed = 0
        for index in stride(from: 0, to: parameters.count, by: 7) {
            var (up, down) = (parameters, parameters)
            up[index] += h
            down[index] -= h
            let difference = (value(up, points) - value(down, points)) / (2 * h)
            // A point that a knot passes over has one-sided second derivatives; values and slopes are continuous.
            if abs(difference - gradient[index]) > 1e-4 * max(1, abs(difference)) { missed += 1 }
        }
        #expect(missed == 0)
        for index in stride(from: 0, to: points.count, by: 13) {
            var (up, down) = (points, points)
            up[index] += h
            down[index] -= h
            let difference = (value(parameters, up) - value(parameters, down)) / (2 * h)
            #expect(abs(difference - slopes[index]) < 1e-3 * max(1, abs(difference)))
        }
    }

    /// Blocks and threads leave no trace: neither the number of threads nor the points beside a point change a bit of its values.
    @Test(arguments: [1, 3, 10]) func resultsBelongToPointsAlone(dimensions: Int) {
        let count = 700
        let points = uniform(count * dimensions)
        func results(threads: Int) -> [[Double]] {
            let (evaluator, parameters) = random(dimensions, threads: threads)
            let densities = evaluator.logDensities(at: points, parameters: parameters)
            var gradient = [Double](repeating: 0, count: parameters.count)
            let slopes = evaluator.addGradient(
                at: points, parameters: parameters, weights: densities.map { exp($0) }, into: &gradient)
            let samples = evaluator.points(from: points, parameters: parameters)
            return [densities, gradient, slopes, samples.points, samples.logDensities]
        }
        let whole = results(threads: 1)
        for threads in 2...3 { #expect(results(threads: threads) == whole) }
        let (evaluator, parameters) = random(dimensions)
        for index in stride(from: 0, to: count, by: 53) {
            let point = Array(points[index * dimensions..<(index + 1) * dimensions])
            #expect(evaluator.logDensities(at: point, parameters: parameters) == [whole[0][index]])
            #expect(evaluator.points(from: point, parameters: parameters).logDensities == [whole[4][index]])
        }
    }

    /// Pieces as narrow as they get, slopes as flat and as steep: 10⁴ times and more within a spline.
    @Test func sharpSplinesHaveInverses() {
        let (evaluator, parameters) = random(2, couplings: 2, bins: 8, scale: 4)
        let base = uniform(20_000)
        let found = evaluator.points(from: base, parameters: parameters)
        #expect((found.logDensities.max() ?? 0) - (found.logDensities.min() ?? 0) > log(1e4))
        let images = evaluator.images(of: found.points, parameters: parameters)
        #expect(zip(images, base).allSatisfy { abs($0 - $1) < 1e-10 })
    }

    /// Weighted maximum likelihood finds a density that is known.
    @Test func descentFindsAKnownDensity() {
        let flow = SplineFlow(dimensions: 1, couplings: 2, bins: 8, width: 8), evaluator = FlowEvaluator(flow)
        var stream = RandomStream(seed: 2, name: "descent")
        var parameters = flow.initialParameters(&stream)
        let points = (0..<400).map { (Double($0) + 0.5) / 400 }
        // p = 3 x²
        let weights = points.map { 3 * $0 * $0 / 400 }
        for _ in 0..<300 {
            var gradient = [Double](repeating: 0, count: parameters.count)
            evaluator.addGradient(at: points, parameters: parameters, weights: weights, into: &gradient)
            for index in parameters.indices { parameters[index] += 0.5 * gradient[index] }
        }
        let densities = evaluator.logDensities(at: points, parameters: parameters)
        let entropy = zip(weights, densities).reduce(0) { $0 + $1.0 * $1.1 }
        // ∫ 3x² log 3x² = log 3 − 2/3
        #expect(abs(entropy - (log(3.0) - 2 / 3.0)) < 0.01)
    }
}
