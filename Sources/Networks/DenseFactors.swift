import CKernels
import LinearAlgebra

/// The weights W' = a diag(s) V and a b that the products of a dense layer see, where these are not parameters.
final class DenseFactors<S: Scalar> {
    let outputs: Int
    let inputs: Int
    private let weightOffset: Int
    private let biasOffset: Int
    private let scaleOffset: Int?
    private let frequencyOffset: Int?
    /// The factor if it is not trained.
    private let fixedFrequency: S

    private let effectiveWeight: AlignedBuffer<S>
    private let effectiveBias: AlignedBuffer<S>
    private var parameters: UnsafePointer<S>

    init(_ dense: Dense, inputs: Int, layout: ParameterLayout, prefix: String, parameters: UnsafePointer<S>) {
        outputs = dense.outputs
        self.inputs = inputs
        weightOffset = layout.block(named: prefix + dense.weightName)!.offset
        biasOffset = layout.block(named: prefix + "bias")!.offset
        scaleOffset = layout.block(named: prefix + "scale")?.offset
        frequencyOffset = layout.block(named: prefix + "frequency")?.offset
        fixedFrequency = S(dense.frequency?.start ?? 1)
        effectiveWeight = AlignedBuffer(count: outputs * inputs)
        effectiveBias = AlignedBuffer(count: outputs)
        self.parameters = parameters
    }

    var weight: UnsafePointer<S> { UnsafePointer(effectiveWeight.baseAddress) }
    var bias: UnsafePointer<S> { UnsafePointer(effectiveBias.baseAddress) }
    /// The length of a gradient along W' and b'.
    var count: Int { outputs * inputs + outputs }

    private var frequency: S { frequencyOffset.map { parameters[$0] } ?? fixedFrequency }
    private var scale: UnsafePointer<S>? { scaleOffset.map { parameters + $0 } }

    @specialized(where S == Double)
    @specialized(where S == Float)
    func prepare(parameters: UnsafePointer<S>) {
        self.parameters = parameters
        Kernels<S>.factoredWeight(
            outputs: outputs, inputs: inputs, weight: parameters + weightOffset, bias: parameters + biasOffset,
            scale: scale, factor: frequency, effectiveWeight.baseAddress, effectiveBias.baseAddress)
    }

    /// Adds what `effective`, a derivative along W' and then b', is along the parameters, and clears it.
    @specialized(where S == Double)
    @specialized(where S == Float)
    func add(_ effective: UnsafeMutablePointer<S>, to gradient: UnsafeMutablePointer<S>) {
        pass(weight: effective, bias: effective + outputs * inputs, to: gradient, adds: true)
        effective.update(repeating: 0, count: count)
    }

    /// Turns rows with derivatives along W' and b' in the places of V and b into rows along the parameters.
    @specialized(where S == Double)
    @specialized(where S == Float)
    func convert(count: Int, rows: UnsafeMutablePointer<S>, leading: Int) {
        for point in 0..<count {
            let row = rows + point * leading
            pass(weight: row + weightOffset, bias: row + biasOffset, to: row, adds: false)
        }
    }

    @inline(__always)
    private func pass(
        weight: UnsafePointer<S>, bias: UnsafePointer<S>, to target: UnsafeMutablePointer<S>, adds: Bool
    ) {
        Kernels<S>.factoredGradient(
            outputs: outputs, inputs: inputs, weight: parameters + weightOffset, bias: parameters + biasOffset,
            scale: scale, factor: frequency, effectiveWeight: weight, effectiveBias: bias,
            gradientWeight: target + weightOffset, gradientBias: target + biasOffset,
            gradientScale: scaleOffset.map { target + $0 }, gradientFactor: frequencyOffset.map { target + $0 },
            adds: adds)
    }
}
