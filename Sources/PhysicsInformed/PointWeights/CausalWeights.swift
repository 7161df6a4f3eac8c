import Glibc
import LinearAlgebra
import Optimizers

/// How early times are made to hold before late ones (arXiv:2203.07404).
public struct CausalSettings: Sendable, Equatable {
    /// ε, one after another; never empty. Larger ones wait longer for early times.
    public var tolerances: [Double]
    /// Chunks of time M.
    public var chunks: Int
    /// The weight of the last chunk above which the next tolerance is taken.
    public var threshold: Double
    /// The size of a residual that counts as 1.
    public var scale: Double

    /// Joins the parts.
    public init(tolerances: [Double] = [1], chunks: Int = 32, threshold: Double = 0.99, scale: Double = 1) {
        precondition(!tolerances.isEmpty && tolerances.allSatisfy { $0 > 0 }, "tolerances are positive")
        precondition(chunks > 0 && scale > 0, "chunks and scale are positive")
        self.tolerances = tolerances
        self.chunks = chunks
        self.threshold = threshold
        self.scale = scale
    }
}

/// Where the causal weights stand, for reports.
public struct CausalReport: Sendable, Equatable {
    /// ε.
    public var tolerance: Double
    /// The weight of the last chunk, the least of all: near 1 once all times count.
    public var lastWeight: Double

    /// Joins the two.
    public init(tolerance: Double, lastWeight: Double) {
        self.tolerance = tolerance
        self.lastWeight = lastWeight
    }
}

/// The weights of chunks of time: wᵢ = exp(−ε Σ lₖ) over k < i, with lₖ the mean squared residual in chunk k over the square of the scale.
///
/// Of several equations each has its own sums, and every chunk gets the least of their weights. Terms' weights play no part.
/// Once the last weight exceeds the threshold, the next update takes the next tolerance.
package final class CausalWeights<S: Scalar> {
    package let settings: CausalSettings
    package let timeAxis: Int
    /// wᵢ, all 1 before the first update.
    package let weights: AlignedBuffer<S>
    /// The number of the tolerance of the next update.
    private(set) var level = 0
    /// The tolerance of the last update.
    private var tolerance: Double
    private let sums: AlignedBuffer<Double>
    private let counts: AlignedBuffer<Double>

    package init(_ settings: CausalSettings, timeAxis: Int) {
        self.settings = settings
        self.timeAxis = timeAxis
        tolerance = settings.tolerances[0]
        weights = AlignedBuffer(count: settings.chunks)
        weights.elements.update(repeating: 1)
        sums = AlignedBuffer(count: settings.chunks)
        counts = AlignedBuffer(count: settings.chunks)
    }

    package var report: CausalReport {
        CausalReport(tolerance: tolerance, lastWeight: Double(weights.elements[settings.chunks - 1]))
    }

    /// Starts an update.
    package func begin() {
        tolerance = settings.tolerances[level]
        weights.elements.update(repeating: 1)
    }

    /// Lowers the weights to those of one equation; `squares` holds |r(xₚ)|², and `chunks` the chunk of each point.
    package func take(squares: UnsafePointer<S>, chunks: [Int]) {
        let (sum, count) = (sums.baseAddress, counts.baseAddress)
        sums.elements.update(repeating: 0)
        counts.elements.update(repeating: 0)
        chunks.withUnsafeBufferPointer { chunks in
            for point in chunks.indices {
                sum[chunks[point]] += Double(squares[point])
                count[chunks[point]] += 1
            }
        }
        let factor = tolerance / (settings.scale * settings.scale)
        var total = 0.0
        for chunk in 0..<settings.chunks {
            let weight = S(exp(-factor * total))
            // A weight that is not a number stays: it must not be passed over.
            if weight.isNaN || weight < weights.elements[chunk] { weights.elements[chunk] = weight }
            if count[chunk] > 0 { total += sum[chunk] / count[chunk] }
        }
    }

    /// Ends an update.
    package func end() {
        if report.lastWeight > settings.threshold, level + 1 < settings.tolerances.count { level += 1 }
    }

    /// Shows the weights and the tolerance.
    func visitState(_ visitor: StateVisitor<S>) {
        visitor.array("weights", weights)
        visitor.counter("level", &level)
        visitor.number("tolerance", &tolerance)
    }
}
