import Glibc

/// How evenly samples stand for what is to be learned.
public struct SampleBalance: Sendable, Equatable {
    /// (Σ w)²/(n Σ w²) of the importance weights before anything was mixed in.
    public var effectiveShare = 1.0
    /// The share of the uniform law that was mixed in.
    public var uniformShare = 0.0
    /// The share on which weights were made to stand by cutting the largest; 0 where none was cut.
    public var cutShare = 0.0

    package init(effectiveShare: Double = 1, uniformShare: Double = 0, cutShare: Double = 0) {
        self.effectiveShare = effectiveShare
        self.uniformShare = uniformShare
        self.cutShare = cutShare
    }

    /// The effective share below which the uniform law is mixed in.
    public static let leastShare = 0.05

    /// Weights of mean 1, mixed with even ones by the smallest share m that brings the effective share to ``leastShare``: the mean
    /// of ((1 − m) w + m)² is 1 + (1 − m)² (mean w² − 1).
    package static func mixed(_ weights: [Double]) -> (weights: [Double], balance: SampleBalance) {
        let square = weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count)
        var balance = SampleBalance(effectiveShare: square > 0 ? 1 / square : 0)
        let limit = 1 / leastShare
        guard square > limit else { return (weights, balance) }
        let share = 1 - ((limit - 1) / (square - 1)).squareRoot()
        balance.uniformShare = share
        return (weights.map { (1 - share) * $0 + share }, balance)
    }

    /// The effective number of candidates at which large weights are cut.
    public static let leastCount = 200.0

    /// Weights, of which none is negative and some are above 0, cut at the level c at which min(w, c) stands on
    /// ``leastCount`` candidates, and scaled to mean 1.
    ///
    /// (Σ min(w, c))²/Σ min(w, c)² falls with c, from the number of weights that are above 0; where that is below twice the
    /// least count, half of it is asked for. Importance weights so cut let a density grow by a bounded factor (E. L. Ionides,
    /// "Truncated importance sampling", J. Comput. Graph. Stat. 17, 2008).
    package static func cut(_ weights: [Double]) -> (weights: [Double], balance: SampleBalance) {
        let count = Double(weights.count), top = weights.max() ?? 0
        precondition(top > 0, "some weight is above 0")
        func effectiveCount(_ level: Double) -> Double {
            var sum = 0.0, squares = 0.0
            for weight in weights {
                let kept = min(weight / top, level)
                sum += kept
                squares += kept * kept
            }
            return sum * sum / squares
        }
        let wanted = min(leastCount, 0.5 * Double(weights.count { $0 > 0 }))
        let found = effectiveCount(1)
        var balance = SampleBalance(effectiveShare: found / count)
        var level = 1.0
        if found < wanted {
            // By bisection of its logarithm.
            var (low, high) = (log(1e-100), 0.0)
            for _ in 0..<60 {
                let middle = 0.5 * (low + high)
                if effectiveCount(exp(middle)) < wanted { high = middle } else { low = middle }
            }
            level = exp(low)
            balance.cutShare = effectiveCount(level) / count
        }
        let cut = weights.map { min($0 / top, level) }
        let mean = cut.reduce(0, +) / count
        return (cut.map { $0 / mean }, balance)
    }
}
