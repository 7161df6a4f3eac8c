import Foundation

/// Nodes xᵢ = s − β/(2π) sin 2πs, s = i/N, of [0, 1], denser towards both ends; differences of second order in s.
struct GradedGrid {
    /// N
    let intervals: Int
    /// The nodes, both ends included.
    let nodes: [Double]
    /// dx/ds at the nodes.
    let slopes: [Double]
    /// dx/ds half-way to the next node.
    let halfSlopes: [Double]
    /// 1/N
    let spacing: Double

    private static let grading = 0.7

    init(_ intervals: Int) {
        self.intervals = intervals
        spacing = 1 / Double(intervals)
        nodes = (0...intervals).map { Self.place(Double($0) / Double(intervals)) }
        slopes = (0...intervals).map { Self.slope(Double($0) / Double(intervals)) }
        halfSlopes = (0..<intervals).map { Self.slope((Double($0) + 0.5) / Double(intervals)) }
    }

    private static func place(_ s: Double) -> Double { s - grading / (2 * .pi) * sin(2 * .pi * s) }
    private static func slope(_ s: Double) -> Double { 1 - grading * cos(2 * .pi * s) }

    /// f′ ≈ factor · (f(next) − f(before)) at an inner node.
    func first(_ node: Int) -> Double { 1 / (2 * spacing * slopes[node]) }

    /// f″ ≈ before · f(before) − (before + next) · f + next · f(next) at an inner node.
    func second(_ node: Int) -> (before: Double, next: Double) {
        let scale = 1 / (spacing * spacing * slopes[node])
        return (scale / halfSlopes[node - 1], scale / halfSlopes[node])
    }

    /// Weights of the eight inner nodes about a place for interpolation by a polynomial in s.
    func weights(at place: Double) -> (first: Int, weights: [Double]) {
        var (lower, upper) = (0.0, 1.0)
        for _ in 0..<60 {
            let middle = (lower + upper) / 2
            if Self.place(middle) > place { upper = middle } else { lower = middle }
        }
        let s = (lower + upper) / 2 * Double(intervals)
        let first = min(max(Int(s) - 3, 1), intervals - 8)
        let weights = (0..<8).map { node in
            (0..<8).reduce(1.0) { product, other in
                other == node ? product : product * (s - Double(first + other)) / Double(node - other)
            }
        }
        return (first, weights)
    }

    /// Interpolates a field given at all nodes, `[x][y]`, to the tensor product of places; values on walls are not used.
    func interpolate(_ field: [[Double]], to places: [Double]) -> [[Double]] {
        let lines = places.map { weights(at: $0) }
        return lines.map { first, weights in
            let column = (0...intervals).map { j in
                (0..<8).reduce(0.0) { $0 + weights[$1] * field[first + $1][j] }
            }
            return lines.map { first, weights in
                (0..<8).reduce(0.0) { $0 + weights[$1] * column[first + $1] }
            }
        }
    }
}
