import Glibc

/// Exact transport between measures on a line, where the cost grows convexly with the distance: quantile to quantile.
public enum LineTransport {
    /// Σ P |p − q|^power of the best plan, power ≥ 1; its root is the Wasserstein distance.
    ///
    /// - Precondition: masses are finite and not negative, with equal totals.
    public static func cost(
        sources: [Double], source: [Double], targets: [Double], target: [Double], power: Double
    ) -> Double {
        precondition(sources.count == source.count && targets.count == target.count, "a mass for each point")
        precondition(power >= 1, "the cost must be convex")
        let first = sources.indices.sorted { sources[$0] < sources[$1] }
        let second = targets.indices.sorted { targets[$0] < targets[$1] }
        var (i, j) = (0, 0)
        var total = 0.0
        var (left, right) = (first.first.map { source[$0] } ?? 0, second.first.map { target[$0] } ?? 0)
        while i < first.count, j < second.count {
            let moved = min(left, right)
            total += moved * pow(abs(sources[first[i]] - targets[second[j]]), power)
            left -= moved
            right -= moved
            if left <= 0 {
                i += 1
                if i < first.count { left = source[first[i]] }
            }
            if right <= 0 {
                j += 1
                if j < second.count { right = target[second[j]] }
            }
        }
        return total
    }
}
