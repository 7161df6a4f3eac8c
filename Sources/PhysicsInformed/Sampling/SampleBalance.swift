/// How evenly samples stand for what is to be learned.
public struct SampleBalance: Sendable, Equatable {
    /// (Σ w)²/(n Σ w²) of the importance weights before anything was mixed in.
    public var effectiveShare = 1.0
    /// The share of the uniform law that was mixed in.
    public var uniformShare = 0.0

    package init(effectiveShare: Double = 1, uniformShare: Double = 0) {
        self.effectiveShare = effectiveShare
        self.uniformShare = uniformShare
    }

    /// The effective share below which the uniform law is mixed in.
    public static let leastShare = 0.05

    /// Weights of mean 1, mixed with others of mean 1, by the smallest share that brings the effective share to
    /// ``leastShare``: with w = (1 − m) a + m b, mean w² is a quadratic function of m.
    ///
    /// Where even b does not reach it, b is taken.
    package static func mixed(_ a: [Double], with b: [Double]) -> (weights: [Double], balance: SampleBalance) {
        let count = Double(a.count)
        var squares = (a: 0.0, ab: 0.0, b: 0.0)
        for index in a.indices {
            squares.a += a[index] * a[index] / count
            squares.ab += a[index] * b[index] / count
            squares.b += b[index] * b[index] / count
        }
        let limit = 1 / leastShare
        var balance = SampleBalance(effectiveShare: squares.a > 0 ? 1 / squares.a : 0)
        guard squares.a > limit else { return (a, balance) }
        // (1 − m)² a² + 2 m (1 − m) ab + m² b² = limit, the smaller root.
        let second = squares.a - 2 * squares.ab + squares.b, first = 2 * (squares.ab - squares.a)
        let discriminant = first * first - 4 * second * (squares.a - limit)
        var share = 1.0
        if second > 0, discriminant >= 0 { share = min(1, max(0, (-first - discriminant.squareRoot()) / (2 * second))) }
        balance.uniformShare = share
        return (zip(a, b).map { (1 - share) * $0 + share * $1 }, balance)
    }
}
