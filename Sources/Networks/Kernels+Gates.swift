import CKernels
import LinearAlgebra

extension Kernels {
    @inline(__always)
    private static func doubles(_ pointer: Values?) -> UnsafeMutablePointer<Double>? { pointer.map { double($0) } }

    @inline(__always)
    private static func singles(_ pointer: Values?) -> UnsafeMutablePointer<Float>? { pointer.map { single($0) } }

    @inline(__always)
    private static func doubles(_ pointer: Constants?) -> UnsafePointer<Double>? { pointer.map { double($0) } }

    @inline(__always)
    private static func singles(_ pointer: Constants?) -> UnsafePointer<Float>? { pointer.map { single($0) } }

    @inline(__always)
    static func gate(
        _ chain: Chain, features: Int, _ z: Constants, first: Constants, difference: Constants, _ a: Values
    ) {
        if S.self == Double.self {
            ansatz_network_gate_f64(
                chain, Int32(features), double(z), double(first), double(difference), double(a))
        } else {
            ansatz_network_gate_f32(
                chain, Int32(features), single(z), single(first), single(difference), single(a))
        }
    }

    @inline(__always)
    static func gateReverse(
        _ chain: Chain, features: Int, _ z: Constants, difference: Constants, adjoint: Values,
        firstAdjoint: Values, differenceAdjoint: Values, scratch: Values
    ) {
        if S.self == Double.self {
            ansatz_network_gate_reverse_f64(
                chain, Int32(features), double(z), double(difference), double(adjoint), double(firstAdjoint),
                double(differenceAdjoint), double(scratch))
        } else {
            ansatz_network_gate_reverse_f32(
                chain, Int32(features), single(z), single(difference), single(adjoint), single(firstAdjoint),
                single(differenceAdjoint), single(scratch))
        }
    }

    @inline(__always)
    static func blend(_ chain: Chain, features: Int, share: S, _ h: Constants, _ x: Constants, _ y: Values) {
        if S.self == Double.self {
            ansatz_network_blend_f64(chain, Int32(features), Double(share), double(h), double(x), double(y))
        } else {
            ansatz_network_blend_f32(chain, Int32(features), Float(share), single(h), single(x), single(y))
        }
    }

    @inline(__always)
    static func blendReverse(
        _ chain: Chain, features: Int, share: S, _ h: Constants, _ x: Constants, adjoint: Constants,
        branchAdjoint: Values, inputAdjoint: Values?, slopes: Values
    ) {
        if S.self == Double.self {
            ansatz_network_blend_reverse_f64(
                chain, Int32(features), Double(share), double(h), double(x), double(adjoint), double(branchAdjoint),
                doubles(inputAdjoint), double(slopes))
        } else {
            ansatz_network_blend_reverse_f32(
                chain, Int32(features), Float(share), single(h), single(x), single(adjoint), single(branchAdjoint),
                singles(inputAdjoint), single(slopes))
        }
    }

    @inline(__always)
    static func factoredWeight(
        outputs: Int, inputs: Int, weight: Constants, bias: Constants, scale: Constants?, factor: S,
        _ effectiveWeight: Values, _ effectiveBias: Values
    ) {
        if S.self == Double.self {
            ansatz_network_factored_weight_f64(
                Int32(outputs), Int32(inputs), double(weight), double(bias), doubles(scale), Double(factor),
                double(effectiveWeight), double(effectiveBias))
        } else {
            ansatz_network_factored_weight_f32(
                Int32(outputs), Int32(inputs), single(weight), single(bias), singles(scale), Float(factor),
                single(effectiveWeight), single(effectiveBias))
        }
    }

    @inline(__always)
    static func factoredGradient(
        outputs: Int, inputs: Int, weight: Constants, bias: Constants, scale: Constants?, factor: S,
        effectiveWeight: Constants, effectiveBias: Constants, gradientWeight: Values, gradientBias: Values,
        gradientScale: Values?, gradientFactor: Values?, adds: Bool
    ) {
        if S.self == Double.self {
            ansatz_network_factored_gradient_f64(
                Int32(outputs), Int32(inputs), double(weight), double(bias), doubles(scale), Double(factor),
                double(effectiveWeight), double(effectiveBias), double(gradientWeight), double(gradientBias),
                doubles(gradientScale), doubles(gradientFactor), adds ? 1 : 0)
        } else {
            ansatz_network_factored_gradient_f32(
                Int32(outputs), Int32(inputs), single(weight), single(bias), singles(scale), Float(factor),
                single(effectiveWeight), single(effectiveBias), single(gradientWeight), single(gradientBias),
                singles(gradientScale), singles(gradientFactor), adds ? 1 : 0)
        }
    }
}
