/// The B-splines of one degree over given knots.
struct SplineBasis: Sendable {
    /// The most functions that differ from zero at a point.
    static let width = 4

    /// The degree of the pieces.
    let degree: Int
    /// The number of functions.
    let count: Int
    /// The ends `degree` + 1 times, and the points between that carry a knot.
    private let knots: [Double]

    /// The basis in which data at `points` are interpolated: of the given degree, 1 or 3, or less if there are few points.
    init(_ points: [Double], degree wanted: Int) {
        let degree = min(wanted, points.count - 1)
        self.degree = degree
        count = points.count
        // As many knots inside as leave as many functions as points: without those next to the ends.
        let inside = degree == 1 ? points[1..<points.count - 1] : points.dropFirst(2).dropLast(2)
        let ends = [points[0], points[points.count - 1]].map { [Double](repeating: $0, count: degree + 1) }
        knots = ends[0] + inside + ends[1]
    }

    /// Values, or derivatives of an order up to the degree, of the `degree` + 1 functions that may differ from zero at `x`.
    ///
    /// Returns the number of the first of them.
    func evaluate(at x: Double, order: Int, _ values: UnsafeMutablePointer<Double>) -> Int {
        // The interval [knots[last], knots[last + 1]) that holds x, or the one nearest to it.
        var last = degree
        var high = count
        while high - last > 1 {
            let middle = (last + high) / 2
            if knots[middle] <= x { last = middle } else { high = middle }
        }
        values[0] = 1
        for q in stride(from: 1, through: degree, by: 1) {
            // From degree q − 1 to q in place, the last function first. The first functions raise the degree, the last
            // steps differentiate: B′ = q (B⁻ᵢ/(tᵢ₊q − tᵢ) − B⁻ᵢ₊₁/(tᵢ₊q₊₁ − tᵢ₊₁)).
            let isDerivative = q > degree - order
            var right = 0.0
            for k in stride(from: q, through: 0, by: -1) {
                // Function i = last − q + k; the old values[k − 1] belongs to i, the old values[k] to i + 1.
                let i = last - q + k
                var left = 0.0
                var next = 0.0
                if k > 0 {
                    let share = values[k - 1] / (knots[i + q] - knots[i])
                    left = isDerivative ? Double(q) * share : (x - knots[i]) * share
                    next = isDerivative ? -Double(q) * share : (knots[i + q] - x) * share
                }
                values[k] = left + right
                right = next
            }
        }
        return last - degree
    }

    /// The matrix of the functions' values at `points`, as many as there are functions, ready for solving.
    func factored(at points: [Double]) -> Factors {
        var factors = Factors(count: count)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.width) { values in
            for (row, point) in points.enumerated() {
                let first = evaluate(at: point, order: 0, values.baseAddress!)
                for k in 0...degree where values[k] != 0 { factors[row, first + k] = values[k] }
            }
        }
        factors.factor()
        return factors
    }

    /// A banded matrix, factored without exchanging rows: spline matrices are totally positive, so this is stable.
    struct Factors {
        private static let reach = 3
        private let count: Int
        private var entries: [Double]

        init(count: Int) {
            self.count = count
            entries = [Double](repeating: 0, count: count * (2 * Self.reach + 1))
        }

        subscript(row: Int, column: Int) -> Double {
            get { entries[row * (2 * Self.reach + 1) + column - row + Self.reach] }
            set { entries[row * (2 * Self.reach + 1) + column - row + Self.reach] = newValue }
        }

        mutating func factor() {
            for pivot in 0..<count {
                for row in stride(from: pivot + 1, through: min(pivot + Self.reach, count - 1), by: 1) {
                    let factor = self[row, pivot] / self[pivot, pivot]
                    guard factor != 0 else { continue }
                    self[row, pivot] = factor
                    for column in stride(from: pivot + 1, through: min(pivot + Self.reach, count - 1), by: 1) {
                        self[row, column] -= factor * self[pivot, column]
                    }
                }
            }
        }

        /// Replaces a right side, kept at places `start`, `start + stride`, …, by the solution.
        func solve(_ values: inout [Double], start: Int, stride step: Int) {
            for row in 0..<count {
                var sum = values[start + row * step]
                for column in max(0, row - Self.reach)..<row {
                    sum -= self[row, column] * values[start + column * step]
                }
                values[start + row * step] = sum
            }
            for row in (0..<count).reversed() {
                var sum = values[start + row * step]
                for column in stride(from: row + 1, through: min(row + Self.reach, count - 1), by: 1) {
                    sum -= self[row, column] * values[start + column * step]
                }
                values[start + row * step] = sum / self[row, row]
            }
        }
    }
}
