import Foundation
import Randomness

/// Covariance matrix adaptation (Hansen 2016) for a few dozen numbers: draws candidates, and learns from their order which draws are good.
///
/// The usual constants for the dimension. Candidates are drawn from N(mean, σ² C); the best half, weighted, moves the mean, its path and the
/// covariance; the length of the path steers σ.
package struct EvolutionStrategy {
    /// The centre of the search.
    package private(set) var mean: [Double]
    /// The size of steps.
    package private(set) var sigma: Double
    /// Candidates of a generation.
    package let population: Int

    private let weights: [Double]
    private let effective: Double
    private let rates: (path: Double, rank1: Double, rankMany: Double, sigma: Double, damping: Double)
    private let expectedNorm: Double
    private var covariance: [[Double]]
    /// A lower triangle with L Lᵀ = C.
    private var factor: [[Double]]
    private var path: [Double]
    private var sigmaPath: [Double]
    private var generation = 0
    private var stream: RandomStream

    package init(mean: [Double], sigma: Double, population: Int? = nil, stream: RandomStream) {
        let n = mean.count
        let dimension = Double(n)
        self.mean = mean
        self.sigma = sigma
        let size = population ?? 4 + Int(3 * log(dimension))
        self.population = size
        let parents = size / 2
        let raw = (1...parents).map { log(Double(size + 1) / 2) - log(Double($0)) }
        let sum = raw.reduce(0, +)
        weights = raw.map { $0 / sum }
        effective = 1 / weights.reduce(0) { $0 + $1 * $1 }
        let sigmaRate = (effective + 2) / (dimension + effective + 5)
        let rank1 = 2 / ((dimension + 1.3) * (dimension + 1.3) + effective)
        rates = (
            path: (4 + effective / dimension) / (dimension + 4 + 2 * effective / dimension), rank1: rank1,
            rankMany: min(
                1 - rank1, 2 * (effective - 2 + 1 / effective) / ((dimension + 2) * (dimension + 2) + effective)),
            sigma: sigmaRate,
            damping: 1 + 2 * max(0, ((effective - 1) / (dimension + 1)).squareRoot() - 1) + sigmaRate
        )
        expectedNorm = dimension.squareRoot() * (1 - 1 / (4 * dimension) + 1 / (21 * dimension * dimension))
        covariance = (0..<n).map { i in (0..<n).map { $0 == i ? 1 : 0 } }
        factor = covariance
        path = Array(repeating: 0, count: n)
        sigmaPath = path
        self.stream = stream
    }

    /// Candidates of the next generation.
    package mutating func draw() -> [[Double]] {
        (0..<population).map { _ in
            let z = mean.map { _ in stream.normal() }
            return mean.indices.map { i in
                var sum = 0.0
                for j in 0...i { sum += factor[i][j] * z[j] }
                return mean[i] + sigma * sum
            }
        }
    }

    /// Learns from the losses of the candidates that were drawn.
    package mutating func learn(_ candidates: [[Double]], losses: [Double]) {
        let n = mean.count
        generation += 1
        let order = losses.indices.sorted { losses[$0] == losses[$1] ? $0 < $1 : losses[$0] < losses[$1] }
        let steps = weights.indices.map { rank in
            zip(candidates[order[rank]], mean).map { ($0 - $1) / sigma }
        }
        let shift = (0..<n).map { i in zip(weights, steps).reduce(0) { $0 + $1.0 * $1.1[i] } }
        for i in 0..<n { mean[i] += sigma * shift[i] }
        // L⁻¹ shift has the distribution of the draws; a triangular factor serves as well as the symmetric root.
        var white = shift
        for i in 0..<n {
            for j in 0..<i { white[i] -= factor[i][j] * white[j] }
            white[i] /= factor[i][i]
        }
        let keep = (rates.sigma * (2 - rates.sigma) * effective).squareRoot()
        for i in 0..<n { sigmaPath[i] = (1 - rates.sigma) * sigmaPath[i] + keep * white[i] }
        let norm = sigmaPath.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let settled = norm / (1 - pow(1 - rates.sigma, 2 * Double(generation))).squareRoot()
        let isSmall = settled < (1.4 + 2 / Double(n + 1)) * expectedNorm
        let gain = isSmall ? (rates.path * (2 - rates.path) * effective).squareRoot() : 0
        for i in 0..<n { path[i] = (1 - rates.path) * path[i] + gain * shift[i] }
        let lost = isSmall ? 0 : rates.rank1 * rates.path * (2 - rates.path)
        for i in 0..<n {
            for j in 0...i {
                var value =
                    (1 - rates.rank1 - rates.rankMany + lost) * covariance[i][j] + rates.rank1 * path[i] * path[j]
                for (weight, step) in zip(weights, steps) { value += rates.rankMany * weight * step[i] * step[j] }
                covariance[i][j] = value
                covariance[j][i] = value
            }
        }
        sigma *= exp(rates.sigma / rates.damping * (norm / expectedNorm - 1))
        factorise()
    }

    private mutating func factorise() {
        for i in mean.indices {
            for j in 0...i {
                var sum = covariance[i][j]
                for k in 0..<j { sum -= factor[i][k] * factor[j][k] }
                factor[i][j] = i == j ? max(sum, 1e-20).squareRoot() : sum / factor[j][j]
            }
        }
    }
}
