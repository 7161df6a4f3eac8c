import CKernels
import LinearAlgebra

/// The kernels for the precision S; each call goes straight to a C function once S is known to the compiler.
enum Kernels<S: Scalar> {
    typealias Chain = UnsafePointer<ansatz_network_chain>
    typealias Values = UnsafeMutablePointer<S>
    typealias Constants = UnsafePointer<S>

    @inline(__always)
    static func double(_ pointer: Values) -> UnsafeMutablePointer<Double> {
        UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Double.self)
    }

    @inline(__always)
    static func double(_ pointer: Constants) -> UnsafePointer<Double> {
        UnsafeRawPointer(pointer).assumingMemoryBound(to: Double.self)
    }

    @inline(__always)
    static func single(_ pointer: Values) -> UnsafeMutablePointer<Float> {
        UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Float.self)
    }

    @inline(__always)
    static func single(_ pointer: Constants) -> UnsafePointer<Float> {
        UnsafeRawPointer(pointer).assumingMemoryBound(to: Float.self)
    }

    @inline(__always)
    static func cosineAndSine(_ count: Int, _ angle: Constants, cosine: Values, sine: Values) {
        if S.self == Double.self {
            ansatz_vector_cos_f64(count, double(angle), double(cosine))
            ansatz_vector_sin_f64(count, double(angle), double(sine))
        } else {
            ansatz_vector_cos_f32(count, single(angle), single(cosine))
            ansatz_vector_sin_f32(count, single(angle), single(sine))
        }
    }

    @inline(__always)
    static func scalePoints(
        coordinates: Int, points: Int, count: Int, center: UnsafePointer<Double>,
        inverseHalfWidth: UnsafePointer<Double>, _ x: Values, _ scaled: Values
    ) {
        if S.self == Double.self {
            ansatz_network_scale_points_f64(
                Int32(coordinates), Int32(points), Int32(count), center, inverseHalfWidth, double(x), double(scaled))
        } else {
            ansatz_network_scale_points_f32(
                Int32(coordinates), Int32(points), Int32(count), center, inverseHalfWidth, single(x), single(scaled))
        }
    }

    @inline(__always)
    static func inputChannels(
        _ chain: Chain, inputs: Int, outputs: Int, along: UnsafePointer<Int32>,
        inverseHalfWidth: UnsafePointer<Double>, weight: Constants, _ z: Values
    ) {
        if S.self == Double.self {
            ansatz_network_input_channels_f64(
                chain, Int32(inputs), Int32(outputs), along, inverseHalfWidth, double(weight), double(z))
        } else {
            ansatz_network_input_channels_f32(
                chain, Int32(inputs), Int32(outputs), along, inverseHalfWidth, single(weight), single(z))
        }
    }

    @inline(__always)
    static func inputGradient(
        _ chain: Chain, inputs: Int, outputs: Int, along: UnsafePointer<Int32>,
        inverseHalfWidth: UnsafePointer<Double>, adjoint: Constants, _ gradient: Values
    ) {
        if S.self == Double.self {
            ansatz_network_input_gradient_f64(
                chain, Int32(inputs), Int32(outputs), along, inverseHalfWidth, double(adjoint), double(gradient))
        } else {
            ansatz_network_input_gradient_f32(
                chain, Int32(inputs), Int32(outputs), along, inverseHalfWidth, single(adjoint), single(gradient))
        }
    }

    @inline(__always)
    static func addBias(_ chain: Chain, features: Int, bias: Constants, _ z: Values) {
        if S.self == Double.self {
            ansatz_network_add_bias_f64(chain, Int32(features), double(bias), double(z))
        } else {
            ansatz_network_add_bias_f32(chain, Int32(features), single(bias), single(z))
        }
    }

    @inline(__always)
    static func biasGradient(_ chain: Chain, features: Int, adjoint: Constants, _ gradient: Values) {
        if S.self == Double.self {
            ansatz_network_bias_gradient_f64(chain, Int32(features), double(adjoint), double(gradient))
        } else {
            ansatz_network_bias_gradient_f32(chain, Int32(features), single(adjoint), single(gradient))
        }
    }

    @inline(__always)
    static func activate(
        _ chain: Chain, _ activation: ansatz_network_activation, features: Int, bias: Constants, z: Values,
        memo: Values, _ a: Values
    ) {
        if S.self == Double.self {
            ansatz_network_activate_f64(
                chain, activation, Int32(features), double(bias), double(z), double(memo), double(a))
        } else {
            ansatz_network_activate_f32(
                chain, activation, Int32(features), single(bias), single(z), single(memo), single(a))
        }
    }

    @inline(__always)
    static func activateReverse(
        _ chain: Chain, _ activation: ansatz_network_activation, features: Int, z: Constants, memo: Constants,
        adjoint: Values, scratch: Values
    ) {
        if S.self == Double.self {
            ansatz_network_activate_reverse_f64(
                chain, activation, Int32(features), double(z), double(memo), double(adjoint), double(scratch))
        } else {
            ansatz_network_activate_reverse_f32(
                chain, activation, Int32(features), single(z), single(memo), single(adjoint), single(scratch))
        }
    }

    @inline(__always)
    static func transpose(
        rows: Int, columns: Int, _ source: Constants, leading sourceLeading: Int, _ target: Values,
        leading targetLeading: Int
    ) {
        if S.self == Double.self {
            ansatz_network_transpose_f64(
                Int32(rows), Int32(columns), double(source), Int32(sourceLeading), double(target), Int32(targetLeading))
        } else {
            ansatz_network_transpose_f32(
                Int32(rows), Int32(columns), single(source), Int32(sourceLeading), single(target), Int32(targetLeading))
        }
    }

    @inline(__always)
    static func jacobian(
        _ chain: Chain, count: Int, inputs: Int, outputs: Int, transposed: Constants, transposedLeading: Int,
        adjoint: Constants,
        weightRows: Values, biasRows: Values, stride: Int, scratch: Values
    ) {
        if S.self == Double.self {
            ansatz_network_jacobian_f64(
                chain, Int32(count), Int32(inputs), Int32(outputs), double(transposed), Int32(transposedLeading),
                double(adjoint),
                double(weightRows), double(biasRows), Int64(stride), double(scratch))
        } else {
            ansatz_network_jacobian_f32(
                chain, Int32(count), Int32(inputs), Int32(outputs), single(transposed), Int32(transposedLeading),
                single(adjoint),
                single(weightRows), single(biasRows), Int64(stride), single(scratch))
        }
    }

    @inline(__always)
    static func inputJacobian(
        _ chain: Chain, count: Int, inputs: Int, outputs: Int, along: UnsafePointer<Int32>,
        inverseHalfWidth: UnsafePointer<Double>, transposed: Constants, transposedLeading: Int, adjoint: Constants,
        weightRows: Values, biasRows: Values, stride: Int
    ) {
        if S.self == Double.self {
            ansatz_network_input_jacobian_f64(
                chain, Int32(count), Int32(inputs), Int32(outputs), along, inverseHalfWidth, double(transposed),
                Int32(transposedLeading), double(adjoint), double(weightRows), double(biasRows), Int64(stride))
        } else {
            ansatz_network_input_jacobian_f32(
                chain, Int32(count), Int32(inputs), Int32(outputs), along, inverseHalfWidth, single(transposed),
                Int32(transposedLeading), single(adjoint), single(weightRows), single(biasRows), Int64(stride))
        }
    }
}
