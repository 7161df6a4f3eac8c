import CKernels
import LinearAlgebra

/// The C kernels, chosen by precision; vectors of one call do not overlap.
enum Kernels {
    static func adam<S: Scalar>(
        _ count: Int, _ constants: inout ansatz_adam_constants, gradient: UnsafePointer<S>,
        parameters: UnsafeMutablePointer<S>, first: UnsafeMutablePointer<S>, second: UnsafeMutablePointer<S>
    ) {
        switch S.precision {
        case .double:
            ansatz_optimizer_adam_f64(
                count, &constants, cast(gradient), cast(parameters), cast(first), cast(second))
        case .single:
            ansatz_optimizer_adam_f32(
                count, &constants, cast(gradient), cast(parameters), cast(first), cast(second))
        }
    }

    /// y ← a y + b x
    static func combine<S: Scalar>(
        _ count: Int, _ a: Double, _ y: UnsafeMutablePointer<S>, _ b: Double, _ x: UnsafePointer<S>
    ) {
        switch S.precision {
        case .double: ansatz_optimizer_combine_f64(count, a, cast(y), b, cast(x))
        case .single: ansatz_optimizer_combine_f32(count, a, cast(y), b, cast(x))
        }
    }

    /// y ← a y + b x²
    static func combineSquares<S: Scalar>(
        _ count: Int, _ a: Double, _ y: UnsafeMutablePointer<S>, _ b: Double, _ x: UnsafePointer<S>
    ) {
        switch S.precision {
        case .double: ansatz_optimizer_combine_squares_f64(count, a, cast(y), b, cast(x))
        case .single: ansatz_optimizer_combine_squares_f32(count, a, cast(y), b, cast(x))
        }
    }

    /// y ← max(y, x)
    static func maximum<S: Scalar>(_ count: Int, _ y: UnsafeMutablePointer<S>, _ x: UnsafePointer<S>) {
        switch S.precision {
        case .double: ansatz_optimizer_maximum_f64(count, cast(y), cast(x))
        case .single: ansatz_optimizer_maximum_f32(count, cast(y), cast(x))
        }
    }

    /// y ← a x
    static func scaledCopy<S: Scalar>(
        _ count: Int, _ a: Double, _ x: UnsafePointer<S>, to y: UnsafeMutablePointer<S>
    ) {
        switch S.precision {
        case .double: ansatz_optimizer_scaled_copy_f64(count, a, cast(x), cast(y))
        case .single: ansatz_optimizer_scaled_copy_f32(count, a, cast(x), cast(y))
        }
    }

    /// y ← √(a x + inner) + outer
    static func root<S: Scalar>(
        _ count: Int, _ a: Double, _ x: UnsafePointer<S>, inner: Double, outer: Double,
        to y: UnsafeMutablePointer<S>
    ) {
        switch S.precision {
        case .double: ansatz_optimizer_root_f64(count, a, cast(x), inner, outer, cast(y))
        case .single: ansatz_optimizer_root_f32(count, a, cast(x), inner, outer, cast(y))
        }
    }

    /// y ← y / x
    static func divide<S: Scalar>(_ count: Int, _ y: UnsafeMutablePointer<S>, by x: UnsafePointer<S>) {
        switch S.precision {
        case .double: ansatz_optimizer_divide_f64(count, cast(y), cast(x))
        case .single: ansatz_optimizer_divide_f32(count, cast(y), cast(x))
        }
    }

    /// Σ |xᵢ| in double precision.
    static func sumOfMagnitudes<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>) -> Double {
        switch S.precision {
        case .double: ansatz_optimizer_sum_of_magnitudes_f64(count, cast(x))
        case .single: ansatz_optimizer_sum_of_magnitudes_f32(count, cast(x))
        }
    }

    static func cast<From, To>(_ pointer: UnsafePointer<From>) -> UnsafePointer<To> {
        UnsafeRawPointer(pointer).assumingMemoryBound(to: To.self)
    }

    static func cast<From, To>(_ pointer: UnsafeMutablePointer<From>) -> UnsafeMutablePointer<To> {
        UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: To.self)
    }
}
