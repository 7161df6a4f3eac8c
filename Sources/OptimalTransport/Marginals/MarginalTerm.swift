import Glibc

/// A term whose half of a sweep is known.
public protocol MarginalBalance: Sendable {
    /// The number of points.
    var count: Int { get }

    /// Sets the potentials so that each stands for the marginal that the plan then has: m(y) = exp(y/ε + s).
    ///
    /// - Parameter sums: s, the logarithms of the plan's sums for potentials of zero.
    func balance(_ sums: UnsafePointer<Double>, epsilon: Double, _ potentials: UnsafeMutablePointer<Double>)
}

/// How a marginal of a plan enters the problem: fixed to given masses, drawn to them, or part of an energy.
///
/// The primal problem is min ⟨C, P⟩ + ε Σ P (log P − 1) + φ(P1) + ψ(Pᵀ1) with convex φ and ψ; its dual is
/// max −φ*(−x) − ψ*(−y) − ε Σ P with P_ij = exp((x_i + y_j − c_ij)/ε). A term gives −φ*(−x), its derivative, which is the marginal
/// that x stands for, and the negative of its second derivative.
public protocol MarginalTerm: MarginalBalance {
    /// The contribution to the dual; fills the marginals m(y) and the curvatures −dm/dy ≥ 0.
    func evaluate(
        _ potentials: UnsafePointer<Double>, marginals: UnsafeMutablePointer<Double>,
        curvatures: UnsafeMutablePointer<Double>
    ) -> Double
}

/// A marginal that is fixed.
public struct FixedMarginal: MarginalTerm {
    /// The masses.
    public let masses: [Double]
    private let logarithms: [Double]

    /// Takes masses, which may be zero.
    public init(_ masses: [Double]) {
        precondition(masses.allSatisfy { $0 >= 0 && $0.isFinite }, "masses are finite and not negative")
        self.masses = masses
        logarithms = masses.map { log($0) }
    }

    /// The number of points.
    public var count: Int { masses.count }

    /// The contribution to the dual, and the marginals with their curvatures.
    public func evaluate(
        _ potentials: UnsafePointer<Double>, marginals: UnsafeMutablePointer<Double>,
        curvatures: UnsafeMutablePointer<Double>
    ) -> Double {
        var value = 0.0
        masses.withUnsafeBufferPointer { masses in
            for index in masses.indices {
                if masses[index] > 0 { value += masses[index] * potentials[index] }
                marginals[index] = masses[index]
                curvatures[index] = 0
            }
        }
        return value
    }

    /// The potentials for which the plan has the marginal that they stand for.
    public func balance(
        _ sums: UnsafePointer<Double>, epsilon: Double, _ potentials: UnsafeMutablePointer<Double>
    ) {
        logarithms.withUnsafeBufferPointer { logarithms in
            for index in logarithms.indices { potentials[index] = epsilon * (logarithms[index] - sums[index]) }
        }
    }
}

/// A marginal p that is drawn to masses b by λ KL(p | b) = λ Σ (p log(p/b) − p + b).
public struct RelaxedMarginal: MarginalTerm {
    /// log b
    public let logarithms: [Double]
    /// λ
    public let strength: Double
    private let constant: Double

    /// Takes masses, which may be zero.
    public init(_ masses: [Double], strength: Double) {
        precondition(masses.allSatisfy { $0 >= 0 && $0.isFinite }, "masses are finite and not negative")
        self.init(logarithms: masses.map { log($0) }, strength: strength)
    }

    /// Takes the logarithms of masses.
    ///
    /// - Precondition: the strength is positive.
    public init(logarithms: [Double], strength: Double) {
        precondition(strength > 0 && strength.isFinite, "a positive strength")
        self.logarithms = logarithms
        self.strength = strength
        let total = logarithms.reduce(0) { $0 + exp($1) }
        // The constant of an energy, whose b need not have a finite sum, does not matter.
        constant = total.isFinite ? strength * total : 0
    }

    /// The number of points.
    public var count: Int { logarithms.count }

    /// The contribution to the dual, and the marginals with their curvatures.
    public func evaluate(
        _ potentials: UnsafePointer<Double>, marginals: UnsafeMutablePointer<Double>,
        curvatures: UnsafeMutablePointer<Double>
    ) -> Double {
        var total = 0.0
        logarithms.withUnsafeBufferPointer { logarithms in
            for index in logarithms.indices {
                let hasMass = logarithms[index] > -.infinity
                let mass = hasMass ? exp(logarithms[index] - potentials[index] / strength) : 0
                total += mass
                marginals[index] = mass
                curvatures[index] = mass / strength
            }
        }
        return constant - strength * total
    }

    /// The potentials for which the plan has the marginal that they stand for.
    public func balance(
        _ sums: UnsafePointer<Double>, epsilon: Double, _ potentials: UnsafeMutablePointer<Double>
    ) {
        let factor = epsilon * (strength / (strength + epsilon))
        logarithms.withUnsafeBufferPointer { logarithms in
            for index in logarithms.indices { potentials[index] = factor * (logarithms[index] - sums[index]) }
        }
    }
}
