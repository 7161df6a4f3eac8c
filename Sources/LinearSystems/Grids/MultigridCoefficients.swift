/// The numbers of a multigrid cycle: what is tuned by hand in ``standard(degree:)``, and what training finds.
public struct MultigridCoefficients: Sendable, Equatable {
    /// The smoother K = Σ c_i (D⁻¹A)^i D⁻¹ of the finest level.
    public var finest: [Double]
    /// The smoother of the others.
    public var coarser: [Double]
    /// The factor of the correction that comes to the finest level.
    public var finestCorrection: Double
    /// The factor of corrections between other levels.
    public var coarserCorrection: Double
    /// The smoother's weight at a cell of the finest level by its diagonal 1, 2, …, 6 in units of D⁻¹; 1 elsewhere.
    public var boundary: [Double]
    /// A coarse face where 0, 1, 2, 3 or all 4 quarters of it are open, in units of the fully open one.
    public var faces: [Double]
    /// The tie to given values on coarser levels, in units of what the distance says.
    public var ties: Double

    /// Chebyshev-like smoothers that are best for high frequencies of the infinite grid, and everything else as it comes.
    ///
    /// - Parameter degree: 2, 3 or 4 applications of D⁻¹.
    public static func standard(degree: Int = 3) -> MultigridCoefficients {
        let smoother: [Double] =
            switch degree {
            case 2: [2.3016, -0.9864]
            case 3: [3.6342, -3.5700, 1.0200]
            default: [4.8894, -7.7220, 4.8228, -1.0332]
            }
        return MultigridCoefficients(
            finest: smoother, coarser: smoother, finestCorrection: 1, coarserCorrection: 1,
            boundary: [1, 1, 1, 1, 1, 1], faces: [0, 0.25, 0.5, 0.75, 1], ties: 1)
    }

    /// The largest eigenvalue that K A can have: of λ Σ c_i λ^i for 0 < λ ≤ 2 · the largest weight; infinite where one is not positive.
    ///
    /// The eigenvalues of D⁻¹A lie between 0 and 2. The cycle is symmetric and positive definite if this is below 2.
    public var smootherBound: Double {
        max(Self.bound(finest, upTo: 2 * max(1, boundary.max() ?? 1)), Self.bound(coarser, upTo: 2))
    }

    private static func bound(_ c: [Double], upTo end: Double) -> Double {
        var largest = 0.0
        for step in 1...400 {
            let λ = end * Double(step) / 400
            let value = λ * c.reversed().reduce(0) { $0 * λ + $1 }
            guard value > 0 else { return .infinity }
            largest = max(largest, value)
        }
        return largest
    }
}
