import CKernels
import LinearSystems
import Randomness
import Testing

/// The kernels of convolutions by themselves: adjoints, masks, and slabs that make the whole.
@Suite struct ConvolutionKernelTests {
    private static func field(_ volume: ConvolutionVolume, _ name: String, channels: Int = 16) -> [Float] {
        var stream = RandomStream(seed: 2, name: name)
        var result = [Float](repeating: 0, count: volume.count * channels)
        volume.forEachRow { place, _ in
            for n in place * channels..<(place + volume.x) * channels { result[n] = Float(stream.normal()) }
        }
        return result
    }

    private static func weights(_ count: Int) -> [Float] {
        var stream = RandomStream(seed: 2, name: "weights")
        return (0..<count).map { _ in Float(0.1 * stream.normal()) }
    }

    private static func dot(_ u: [Float], _ v: [Float]) -> Double {
        zip(u, v).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    private static func kernel(_ volume: ConvolutionVolume) -> ansatz_volume {
        ansatz_volume(x: volume.x, y: volume.y, z: volume.z)
    }

    /// Rows of all the widths that blocks are cut into.
    private static let volumes = [
        ConvolutionVolume(1, 1, 1), ConvolutionVolume(3, 2, 5), ConvolutionVolume(29, 3, 2),
        ConvolutionVolume(16, 4, 4),
    ]

    /// ⟨C x, y⟩ = ⟨x, Cᵀ y⟩, and both are ⟨w, ∂⟨C x, y⟩/∂w⟩, since C x is linear in x and in w.
    @Test(arguments: volumes) func theTransposedConvolutionIsTheAdjoint(_ volume: ConvolutionVolume) {
        let (x, y, w) = (Self.field(volume, "x"), Self.field(volume, "y"), Self.weights(27 * 256))
        let kernel = Self.kernel(volume)
        var (cx, cy, turned) = (x.map { _ in Float(0) }, x.map { _ in Float(0) }, w)
        ansatz_convolve(kernel, 0, volume.z, x, w, nil, nil, 0, nil, &cx)
        ansatz_convolution_transpose(w, &turned)
        ansatz_convolve(kernel, 0, volume.z, y, turned, nil, nil, 0, nil, &cy)
        var gradient = w.map { _ in Float(0) }
        ansatz_convolution_weight_gradient(kernel, 0, volume.z, x, y, &gradient)
        let size = (Self.dot(cx, cx) * Self.dot(y, y)).squareRoot()
        #expect(abs(Self.dot(cx, y) - Self.dot(x, cy)) < 1e-5 * size)
        #expect(abs(Self.dot(cx, y) - Self.dot(w, gradient)) < 1e-5 * size)
    }

    @Test(arguments: volumes) func theFirstConvolutionHasItsGradient(_ volume: ConvolutionVolume) {
        let (x, y, w) = (Self.field(volume, "x", channels: 1), Self.field(volume, "y"), Self.weights(28 * 16))
        var cx = y.map { _ in Float(0) }
        ansatz_convolve_first(Self.kernel(volume), 0, volume.z, x, w, Array(w[432...]), &cx)
        var (gradient, bias) = ([Float](repeating: 0, count: 432), [Float](repeating: 0, count: 16))
        ansatz_convolve_first_gradient(Self.kernel(volume), 0, volume.z, x, y, &gradient, &bias)
        let size = (Self.dot(cx, cx) * Self.dot(y, y)).squareRoot()
        #expect(abs(Self.dot(cx, y) - Self.dot(w, gradient + bias)) < 1e-5 * size)
    }

    @Test(arguments: volumes) func slabsMakeTheWholeAndMasksSayWhatPassed(_ volume: ConvolutionVolume) {
        let (x, w, added) = (Self.field(volume, "x"), Self.weights(27 * 256), Self.field(volume, "added"))
        let (kernel, bias) = (Self.kernel(volume), Self.weights(16))
        var linear = x.map { _ in Float(0) }
        ansatz_convolve(kernel, 0, volume.z, x, w, bias, nil, 0, nil, &linear)
        var (whole, slabs) = (linear.map { _ in Float(0) }, linear.map { _ in Float(0) })
        var bits = ([UInt16](repeating: 0, count: volume.cellCount), [UInt16](repeating: 0, count: volume.cellCount))
        ansatz_convolve(kernel, 0, volume.z, x, w, bias, added, 1, &bits.0, &whole)
        for k in 0..<volume.z { ansatz_convolve(kernel, k, k + 1, x, w, bias, added, 1, &bits.1, &slabs) }
        #expect(whole == slabs && bits.0 == bits.1)
        #expect(whole == zip(linear, added).map { max(0, $0) + $1 })
        // The mask of the rectifier, applied to a field: its sum by channels, and what is left.
        var (masked, sum) = (x.map { _ in Float(0) }, [Float](repeating: 0, count: 16))
        ansatz_convolution_mask(kernel, 0, volume.z, bits.0, added, &masked, &sum)
        #expect(masked == zip(linear, added).map { $0 > 0 ? $1 : 0 })
        for channel in 0..<16 {
            let expected = stride(from: channel, to: masked.count, by: 16).reduce(0) { $0 + Double(masked[$1]) }
            #expect(abs(Double(sum[channel]) - expected) < 1e-3)
        }
    }

    /// ⟨H x, y⟩ = ⟨x, Hᵀ y⟩: halving with scale 1 and doubling with scale 1/8 are adjoint.
    @Test func halvingIsTheAdjointOfDoubling() {
        let small = ConvolutionVolume(3, 2, 4)
        let large = ConvolutionVolume(6, 4, 8)
        let (x, y) = (Self.field(large, "x"), Self.field(small, "y"))
        var (hx, dy) = (y.map { _ in Float(0) }, x.map { _ in Float(0) })
        ansatz_halve(Self.kernel(small), 0, 4, x, 1, &hx)
        ansatz_double(Self.kernel(small), 0, 4, y, 1 / 8, nil, &dy)
        #expect(abs(Self.dot(hx, y) - Self.dot(x, dy)) < 1e-5)
    }
}
