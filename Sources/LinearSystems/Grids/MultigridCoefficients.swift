import Foundation

/// The numbers of a multigrid cycle: what is known by hand, ``standard(degree:dimensions:)``, and what training finds.
public struct MultigridCoefficients: Sendable, Equatable {
    /// The smoother K = Σ c_i (D⁻¹A)^i D⁻¹ of the finest level.
    public var finest: [Double]
    /// The smoother of the others.
    public var coarser: [Double]
    /// The factor of the correction that comes to the finest level.
    public var finestCorrection = 1.0
    /// The factor of corrections between other levels.
    public var coarserCorrection = 1.0
    /// The smoother's weight at a cell of the finest level by its diagonal 1, 2, …, in units of D⁻¹; 1 beyond.
    public var boundary = [1.0, 1, 1, 1, 1]
    /// A coarse face where 0, 1, 2, 3 or all 4 quarters of it are open, in units of the fully open one.
    public var faces = [0, 0.25, 0.5, 0.75, 1]
    /// Ties to given values at walls and in cells on the second level, in units of what the distance says.
    public var ties = [1.0, 1]
    /// Multiples of D⁻¹ r that are added to the correction of the finest and of other levels: the coarse operator is stiffer than what
    /// interpolation makes of the fine one, the more so the higher the frequency.
    public var boosts = [0.0, 0]
    /// Cells with solid parents get the others' correction times (1 / share of the weight that is left)^this; 1 keeps constants.
    public var sharing = 1.0

    /// Numbers for smoothers of the finest and the coarser levels, everything else as it comes.
    public init(finest: [Double], coarser: [Double]) {
        self.finest = finest
        self.coarser = coarser
    }

    /// Chebyshev smoothers for the frequencies that coarser levels cannot see.
    ///
    /// 1 − λ Σ c_i λ^i is the Chebyshev polynomial of degree `degree` for [λ₁, 2], scaled to 1 at 0: the eigenvalues of D⁻¹A are at most 2, and those of
    /// high frequencies at least λ₁ = 1/3 in three dimensions and 1/2 in two.
    ///
    /// - Parameter coarser: the degree on coarser levels; by default that of the finest.
    public static func standard(degree: Int = 3, coarser: Int? = nil, dimensions: Int = 3) -> MultigridCoefficients {
        func smoother(_ degree: Int) -> [Double] {
            chebyshev(degree: degree, from: dimensions == 2 ? 1.0 / 2 : 1.0 / 3, to: 2)
        }
        return MultigridCoefficients(finest: smoother(degree), coarser: smoother(coarser ?? degree))
    }

    /// Coefficients c of the polynomial with 1 − λ Σ c_i λ^i = T_n((b + a − 2 λ)/(b − a))/T_n((b + a)/(b − a)).
    static func chebyshev(degree: Int, from a: Double, to b: Double) -> [Double] {
        precondition(degree >= 1 && a > 0 && b > a, "a polynomial for an interval above 0")
        // Polynomials in λ by their coefficients: T_{k+1} = 2 t T_k − T_{k−1} with t = (b + a − 2 λ)/(b − a).
        let (constant, slope) = ((b + a) / (b - a), -2 / (b - a))
        func timesArgument(_ p: [Double]) -> [Double] {
            (0...p.count).map { power in
                (power < p.count ? constant * p[power] : 0) + (power > 0 ? slope * p[power - 1] : 0)
            }
        }
        var (before, now) = ([1.0], [constant, slope])
        for _ in 1..<max(degree, 1) where degree > 1 {
            let next = timesArgument(now).enumerated().map { power, value in
                2 * value - (power < before.count ? before[power] : 0)
            }
            (before, now) = (now, next)
        }
        return now.dropFirst().map { -$0 / now[0] }
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

    // MARK: As a vector

    /// All numbers with their names, in a fixed order.
    public var named: [(name: String, values: [Double])] {
        [
            ("finest_smoother", finest), ("coarser_smoother", coarser), ("finest_correction", [finestCorrection]),
            ("coarser_correction", [coarserCorrection]), ("boundary_weights", boundary), ("face_shares", faces),
            ("ties", ties), ("boosts", boosts), ("sharing", [sharing]),
        ]
    }

    /// Numbers by name; nil where one is missing or has another length than a smoother, a wall or a face wants.
    public init?(named values: [String: [Double]]) {
        guard let finest = values["finest_smoother"], let coarser = values["coarser_smoother"],
            (2...8).contains(finest.count), (2...8).contains(coarser.count),
            let boundary = values["boundary_weights"], boundary.count == 5, let faces = values["face_shares"],
            faces.count == 5, let finestCorrection = values["finest_correction"]?.first,
            let coarserCorrection = values["coarser_correction"]?.first, let ties = values["ties"], ties.count == 2,
            let boosts = values["boosts"], boosts.count == 2,
            let sharing = values["sharing"]?.first
        else { return nil }
        self.init(finest: finest, coarser: coarser)
        self.boundary = boundary
        self.faces = faces
        (self.finestCorrection, self.coarserCorrection) = (finestCorrection, coarserCorrection)
        (self.ties, self.boosts, self.sharing) = (ties, boosts, sharing)
        guard vector.allSatisfy(\.isFinite) else { return nil }
    }

    /// Boosts are larger than the other changes.
    private static let boostUnit = 0.2

    /// What training changes, as one vector: all numbers but faces that are closed or open.
    package var vector: [Double] {
        finest + coarser + [finestCorrection, coarserCorrection] + boundary + faces[1...3] + ties
            + boosts.map { $0 * Self.boostUnit } + [sharing]
    }

    /// The numbers of a vector, in the layout of these.
    package func replaced(by vector: [Double]) -> MultigridCoefficients {
        precondition(vector.count == self.vector.count, "another layout")
        var numbers = self
        var rest = vector[...]
        func take(_ count: Int) -> [Double] {
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        numbers.finest = take(finest.count)
        numbers.coarser = take(coarser.count)
        numbers.finestCorrection = take(1)[0]
        numbers.coarserCorrection = take(1)[0]
        numbers.boundary = take(boundary.count)
        numbers.faces = [0] + take(3) + [1]
        numbers.ties = take(2)
        numbers.boosts = take(2).map { $0 / Self.boostUnit }
        numbers.sharing = take(1)[0]
        return numbers
    }
}
