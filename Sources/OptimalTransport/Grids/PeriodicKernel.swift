import CKernels
import Glibc
import LinearAlgebra

/// The kernel exp(−c/ε) on a grid that is periodic along every axis, applied by fast Fourier transforms.
///
/// Transforms err by about 10⁻¹⁶ of the largest sum, whatever the size of the others: relative accuracy is lost where sums are
/// small. The kernel therefore declines (``logSum(_:scale:_:)`` returns false) unless the smallest sum is at least 10⁻³ of the
/// largest, where the relative error is below 10⁻¹². That is so for a large ε and smooth potentials.
package final class PeriodicKernel {
    private let axes: [GridAxis]
    private let count: Int
    private var convolution: GridConvolution?
    private var scale = 0.0
    private static let leastRatio = 1e-3

    /// Nil unless all axes are periodic with equally spaced nodes, the same on both sides.
    package init?(_ cost: GridCost) {
        for axis in cost.axes {
            guard axis.period > 0, axis.sources == axis.targets, axis.cost == .squared || axis.cost == .absolute else {
                return nil
            }
            let step = axis.period / Double(axis.sources.count)
            for (index, node) in axis.sources.enumerated()
            where abs(node - axis.sources[0] - Double(index) * step) > 1e-14 * axis.period { return nil }
        }
        axes = cost.axes
        count = cost.sources
    }

    /// out_i ← log Σ_j exp(y_j − scale · c_ij), or false where that would not be accurate.
    package func logSum(_ y: UnsafePointer<Double>, scale: Double, _ out: UnsafeMutablePointer<Double>) -> Bool {
        var largest = -Double.infinity, least = Double.infinity
        for index in 0..<count {
            largest = max(largest, y[index])
            least = min(least, y[index])
        }
        // Sums vary by at most as much as the potentials; and at least by what a kernel narrower than a cell leaves.
        guard largest > -1e290, least > -1e290 || scale < 1e3, let convolution = prepare(scale) else { return false }
        let sums = convolution.apply((0..<count).map { exp(y[$0] - largest) })
        var (low, high) = (Double.infinity, 0.0)
        for sum in sums {
            low = min(low, sum)
            high = max(high, sum)
        }
        guard low >= Self.leastRatio * high, high > 0 else { return false }
        for (index, sum) in sums.enumerated() { out[index] = sum }
        ansatz_vector_log_f64(count, out, out)
        for index in 0..<count { out[index] += largest }
        return true
    }

    private func prepare(_ scale: Double) -> GridConvolution? {
        if let convolution, self.scale == scale { return convolution }
        self.scale = scale
        convolution = GridConvolution(
            shape: axes.map(\.sources.count), isPeriodic: axes.map { _ in true },
            kernel: { place in
                var cost = 0.0
                for (axis, steps) in zip(axes, place) {
                    let distance = axis.distance(Double(steps) * axis.period / Double(axis.sources.count))
                    cost += axis.cost == .squared ? distance * distance : distance
                }
                return exp(-scale * cost)
            })
        return convolution
    }
}
