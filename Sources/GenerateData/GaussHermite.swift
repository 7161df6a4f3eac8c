import Foundation

/// Nodes and weights of Gauss–Hermite quadrature: ∫ f(z) exp(−z²) dz ≈ Σ wᵢ f(zᵢ), exact for polynomials of degree 2n − 1.
struct GaussHermite {
    /// Nodes, increasing.
    var nodes: [Double]
    /// Logarithms of the weights; the outer weights of large rules are below the smallest `Double`.
    var logWeights: [Double]

    /// The rule with `count` nodes.
    init(_ count: Int) {
        // The nodes are the eigenvalues of the symmetric tridiagonal matrix with √(k/2) beside the diagonal. Its Sturm
        // sequence counts those below a number, so bisection finds each; Newton's method makes the last digits right.
        let radius = (2 * Double(count) + 1).squareRoot()
        let roots = (0..<count).map { index in
            var (lower, upper) = (-radius, radius)
            for _ in 0..<40 {
                let middle = (lower + upper) / 2
                if GaussHermite.eigenvalues(of: count, below: middle) > index { upper = middle } else { lower = middle }
            }
            var root = (lower + upper) / 2
            for _ in 0..<3 {
                let (last, before, _) = GaussHermite.hermite(count, root)
                root -= last / ((2 * Double(count)).squareRoot() * before)
            }
            return root
        }
        nodes = roots
        // w = 1 / (n h²), h being the orthonormal polynomial of degree n − 1 at the node.
        logWeights = roots.map { root in
            let (_, before, logScale) = GaussHermite.hermite(count, root)
            return -log(Double(count)) - 2 * (log(abs(before)) + logScale)
        }
    }

    /// How many eigenvalues of the tridiagonal matrix of that size lie below a number.
    private static func eigenvalues(of count: Int, below value: Double) -> Int {
        var pivot = -value
        var negative = pivot < 0 ? 1 : 0
        for k in 1..<count {
            pivot = -value - Double(k) / 2 / (pivot == 0 ? .leastNormalMagnitude : pivot)
            if pivot < 0 { negative += 1 }
        }
        return negative
    }

    /// The orthonormal Hermite polynomials of degrees n and n − 1, both divided by exp(logScale), which keeps them in range.
    private static func hermite(_ degree: Int, _ z: Double) -> (last: Double, before: Double, logScale: Double) {
        var before = 0.0
        var last = 1.0
        var logScale = -0.25 * log(Double.pi)
        for k in 1...degree {
            let next = z * (2 / Double(k)).squareRoot() * last - (Double(k - 1) / Double(k)).squareRoot() * before
            (before, last) = (last, next)
            let size = max(abs(before), abs(last))
            if size > 1e100 {
                before /= size
                last /= size
                logScale += log(size)
            }
        }
        return (last, before, logScale)
    }
}
