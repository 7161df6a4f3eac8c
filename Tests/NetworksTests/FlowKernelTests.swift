import CKernels
import Glibc
import LinearAlgebra
import Randomness
import Testing

/// The spline of a flow in plain words, point by point.
private struct PlainSpline {
    var x: [Double] = [0], y: [Double] = [0], slopes: [Double]

    /// - Parameter outputs: K for widths, K for heights, K + 1 for slopes.
    init(_ outputs: [Double], bins: Int) {
        func parts(_ outputs: ArraySlice<Double>) -> [Double] {
            let powers = outputs.map { exp($0) }
            return powers.map { 0.01 / Double(bins) + 0.99 * $0 / powers.reduce(0, +) }
        }
        // softplus, shifted so that 0 gives the slope 1.
        slopes = outputs[(2 * bins)...].map { 1e-3 + log1p(exp($0 + log(expm1(1 - 1e-3)))) }
        for width in parts(outputs[..<bins]) { x.append(x[x.count - 1] + width) }
        for height in parts(outputs[bins..<2 * bins]) { y.append(y[y.count - 1] + height) }
    }

    func value(_ place: Double) -> (value: Double, slope: Double) {
        let k = min(x.lastIndex { $0 <= place } ?? 0, x.count - 2)
        let w = x[k + 1] - x[k], s = (y[k + 1] - y[k]) / w, xi = (place - x[k]) / w, t = xi * (1 - xi)
        let below = s + (slopes[k] + slopes[k + 1] - 2 * s) * t
        return (
            y[k] + s * w * (s * xi * xi + slopes[k] * t) / below,
            s * s * (slopes[k + 1] * xi * xi + 2 * s * t + slopes[k] * (1 - xi) * (1 - xi)) / (below * below)
        )
    }

    /// By bisection.
    func place(of value: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        for _ in 0..<60 {
            let middle = 0.5 * (low + high)
            if self.value(middle).value < value { low = middle } else { high = middle }
        }
        return 0.5 * (low + high)
    }
}

/// The kernels of flows say what the formulas say.
@Suite struct FlowKernelTests {
    @Test(arguments: [(2, 1.0), (8, 1.0), (8, 4.0), (17, 2.0)])
    func splinesAreThoseOfTheFormula(bins: Int, scale: Double) {
        let points = Int(ANSATZ_FLOW_POINTS), rowCount = 3 * bins + 1
        var stream = RandomStream(seed: 3, name: "splines \(bins) \(scale)")
        let outputs = (0..<rowCount * points).map { _ in scale * stream.normal() }
        let splines = (0..<points).map { point in
            PlainSpline((0..<rowCount).map { outputs[$0 * points + point] }, bins: bins)
        }
        // The ends, knots, and random places.
        let places = (0..<points).map { point -> Double in
            switch point % 4 {
            case 0: point % 8 == 0 ? 0 : 1
            case 1: splines[point].x[point % (bins + 1)]
            default: stream.uniform()
            }
        }
        let rows = AlignedBuffer<Double>(count: rowCount * points), x = AlignedBuffer<Double>(count: points)
        let y = AlignedBuffer<Double>(count: points), logs = AlignedBuffer<Double>(count: points)
        func load() {
            for index in outputs.indices { rows.baseAddress[index] = outputs[index] }
            logs.elements.update(repeating: 0)
        }
        load()
        for point in 0..<points { x.baseAddress[point] = places[point] }
        ansatz_flow_forward(Int32(bins), rows.baseAddress, x.baseAddress, y.baseAddress, logs.baseAddress)
        for point in 0..<points {
            let (value, slope) = splines[point].value(places[point])
            #expect(abs(y.baseAddress[point] - min(value, 1)) < 1e-12)
            #expect(abs(logs.baseAddress[point] - log(slope)) < 1e-9)
        }
        load()
        let values = (0..<points).map { _ in stream.uniform() }
        for point in 0..<points { y.baseAddress[point] = values[point] }
        ansatz_flow_inverse(Int32(bins), rows.baseAddress, y.baseAddress, logs.baseAddress)
        for point in 0..<points {
            let place = splines[point].place(of: values[point])
            #expect(abs(y.baseAddress[point] - place) < 1e-10 * max(1, 1 / splines[point].value(place).slope))
            #expect(abs(logs.baseAddress[point] - log(splines[point].value(place).slope)) < 1e-5)
        }
    }
}
