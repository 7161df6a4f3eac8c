/// A function that is known at the points of a grid and interpolated between them by a spline.
///
/// The interpolant is a tensor product of B-splines f(x) = Σ c_{ij…} Bᵢ(x₁) Bⱼ(x₂) …, of degree 3 along axes with four
/// points or more and n − 1 along axes of n = 2 or 3 (`cubic`), or of degree 1 (`linear`). Cubic splines have no knot at
/// the second point and the last but one ("not-a-knot"), so that they are twice continuously differentiable, reproduce
/// cubic polynomials and err by O(h⁴); derivatives are those of the interpolant, exactly. Beyond the grid the outermost
/// piece goes on. C. de Boor, "A practical guide to splines" (1978).
public final class TabulatedFunction: Sendable {
    /// How values between the points are found.
    public enum Interpolation: String, Sendable, CaseIterable {
        /// Straight lines; derivatives jump at the points.
        case linear
        /// Smooth curves.
        case cubic
    }

    /// The name that it prints with.
    public let name: String
    /// How values between the points are found.
    public let interpolation: Interpolation
    /// The points along each axis, strictly increasing, slowest first.
    public let axes: [[Double]]
    /// The values at the points, the last axis running fastest.
    public let values: [Double]
    /// The knots along each axis.
    let bases: [SplineBasis]
    /// The coefficients, the last axis running fastest.
    let coefficients: [Double]
    /// Stands for all values in comparisons.
    let fingerprint: UInt64

    /// Interpolates `values`, the last axis running fastest.
    ///
    /// - Precondition: every axis has at least two points and strictly increases; values are finite and as many as the
    ///   grid has points.
    public init(
        name: String, axes: [[Double]], values: [Double], interpolation: Interpolation = .cubic
    ) {
        precondition(!axes.isEmpty && axes.allSatisfy { $0.count >= 2 }, "an axis has two points at least")
        precondition(values.count == axes.reduce(1) { $0 * $1.count }, "as many values as points")
        precondition(
            axes.allSatisfy { zip($0, $0.dropFirst()).allSatisfy { $0 < $1 } } && values.allSatisfy(\.isFinite),
            "axes increase and values are finite")
        self.name = name
        self.interpolation = interpolation
        self.axes = axes
        self.values = values
        let bases = axes.map { SplineBasis($0, degree: interpolation == .linear ? 1 : 3) }
        self.bases = bases
        var fitted = values
        var inner = 1
        for axis in axes.indices.reversed() {
            let count = axes[axis].count
            let fit = bases[axis].factored(at: axes[axis])
            for outer in 0..<fitted.count / (count * inner) {
                for place in 0..<inner { fit.solve(&fitted, start: outer * count * inner + place, stride: inner) }
            }
            inner *= count
        }
        coefficients = fitted
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for number in axes.joined() { hash = (hash ^ number.bitPattern) &* 0x100_0000_01B3 ^ hash >> 29 }
        for number in values { hash = (hash ^ number.bitPattern) &* 0x100_0000_01B3 ^ hash >> 29 }
        fingerprint = hash
    }

    /// The value at a point, or of a partial derivative of the given order along each axis.
    ///
    /// Not a number where the point is.
    public func value(at point: [Double], orders: [Int]? = nil) -> Double {
        precondition(point.count == axes.count && orders?.count ?? axes.count == axes.count, "a number for each axis")
        return point.withUnsafeBufferPointer { point in
            value(point.baseAddress!, orders: orders ?? [Int](repeating: 0, count: axes.count))
        }
    }

    /// The value at `point`, one number for each axis.
    func value(_ point: UnsafePointer<Double>, orders: [Int]) -> Double {
        let width = SplineBasis.width
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: width * bases.count) { memory in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * bases.count) { firsts in
                let functions = memory.baseAddress!
                for (axis, basis) in bases.enumerated() {
                    guard orders[axis] <= basis.degree else { return 0 }
                    guard !point[axis].isNaN else { return .nan }
                    firsts[axis] = basis.evaluate(at: point[axis], order: orders[axis], functions + axis * width)
                }
                return contract(axis: 0, offset: 0, functions, firsts.baseAddress!)
            }
        }
    }

    /// Σ over the functions of this axis and the later ones.
    private func contract(
        axis: Int, offset: Int, _ functions: UnsafePointer<Double>, _ firsts: UnsafePointer<Int>
    ) -> Double {
        let basis = bases[axis]
        var sum = 0.0
        for k in 0...basis.degree {
            let place = offset * basis.count + firsts[axis] + k
            let inner =
                axis + 1 == bases.count
                ? coefficients[place] : contract(axis: axis + 1, offset: place, functions, firsts)
            sum += functions[axis * SplineBasis.width + k] * inner
        }
        return sum
    }
}

extension TabulatedFunction: Hashable {
    /// Whether both have the same name, interpolation and values.
    public static func == (left: TabulatedFunction, right: TabulatedFunction) -> Bool {
        left === right
            || left.fingerprint == right.fingerprint && left.name == right.name
                && left.interpolation == right.interpolation && left.axes == right.axes
                && left.values == right.values
    }

    /// Hashes name and values.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(fingerprint)
    }
}
