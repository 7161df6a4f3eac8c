import CKernels
import Foundation
import Randomness
import Testing

/// An elementary function in three forms, and the interval in which it is tested.
struct FunctionCase: Sendable, CustomTestStringConvertible {
    typealias DoubleKernel = @Sendable (Int, UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void
    typealias FloatKernel = @Sendable (Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void

    var name: String
    var range: ClosedRange<Double>
    var exact: @Sendable (Double) -> Double
    var double: DoubleKernel
    var single: FloatKernel

    var testDescription: String { "\(name) on \(range)" }

    static let all = [
        FunctionCase(
            name: "exp", range: -745...709, exact: { exp($0) }, double: { ansatz_vector_exp_f64($0, $1, $2) },
            single: { ansatz_vector_exp_f32($0, $1, $2) }),
        FunctionCase(
            name: "exp", range: -1...1, exact: { exp($0) }, double: { ansatz_vector_exp_f64($0, $1, $2) },
            single: { ansatz_vector_exp_f32($0, $1, $2) }),
        FunctionCase(
            name: "log", range: 0...3, exact: { log($0) }, double: { ansatz_vector_log_f64($0, $1, $2) },
            single: { ansatz_vector_log_f32($0, $1, $2) }),
        FunctionCase(
            name: "log", range: Double.leastNonzeroMagnitude...1e300, exact: { log($0) },
            double: { ansatz_vector_log_f64($0, $1, $2) },
            single: { ansatz_vector_log_f32($0, $1, $2) }),
        FunctionCase(
            name: "log1p", range: -0.5...4, exact: { log1p($0) }, double: { ansatz_vector_log1p_f64($0, $1, $2) },
            single: { ansatz_vector_log1p_f32($0, $1, $2) }),
        FunctionCase(
            name: "tanh", range: -1...1, exact: { tanh($0) }, double: { ansatz_vector_tanh_f64($0, $1, $2) },
            single: { ansatz_vector_tanh_f32($0, $1, $2) }),
        FunctionCase(
            name: "tanh", range: -30...30, exact: { tanh($0) }, double: { ansatz_vector_tanh_f64($0, $1, $2) },
            single: { ansatz_vector_tanh_f32($0, $1, $2) }),
        FunctionCase(
            name: "erf", range: -7...7, exact: { erf($0) }, double: { ansatz_vector_erf_f64($0, $1, $2) },
            single: { ansatz_vector_erf_f32($0, $1, $2) }),
        FunctionCase(
            name: "sigmoid", range: -700...40, exact: { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) },
            double: { ansatz_vector_sigmoid_f64($0, $1, $2) }, single: { ansatz_vector_sigmoid_f32($0, $1, $2) }),
        FunctionCase(
            name: "softplus", range: -700...40, exact: { max($0, 0) + log1p(exp(-abs($0))) },
            double: { ansatz_vector_softplus_f64($0, $1, $2) }, single: { ansatz_vector_softplus_f32($0, $1, $2) }),
        FunctionCase(
            name: "sin", range: -4...4, exact: { sin($0) }, double: { ansatz_vector_sin_f64($0, $1, $2) },
            single: { ansatz_vector_sin_f32($0, $1, $2) }),
        FunctionCase(
            name: "sin", range: -1e6...1e6, exact: { sin($0) }, double: { ansatz_vector_sin_f64($0, $1, $2) },
            single: { ansatz_vector_sin_f32($0, $1, $2) }),
        FunctionCase(
            name: "cos", range: -1e5...1e5, exact: { cos($0) }, double: { ansatz_vector_cos_f64($0, $1, $2) },
            single: { ansatz_vector_cos_f32($0, $1, $2) }),
        FunctionCase(
            name: "cos", range: -1e300...1e300, exact: { cos($0) }, double: { ansatz_vector_cos_f64($0, $1, $2) },
            single: { ansatz_vector_cos_f32($0, $1, $2) }),
    ]

    func callAsFunction(_ x: [Double]) -> [Double] {
        var y = x
        double(x.count, x, &y)
        return y
    }

    func callAsFunction(_ x: [Float]) -> [Float] {
        var y = x
        single(x.count, x, &y)
        return y
    }
}

@Suite("Elementary functions of vectors")
struct VectorMathTests {
    @Test("agree with the C library to a few units in the last place", arguments: FunctionCase.all)
    func accuracy(_ function: FunctionCase) {
        var stream = RandomStream(seed: 2, name: function.name)
        // An odd length, so that the remainder of the vector loop is met too.
        let x = (0..<20_003).map { _ in
            function.range.lowerBound + (function.range.upperBound - function.range.lowerBound) * stream.uniform()
        }
        for (x, y) in zip(x, function(x)) {
            let exact = function.exact(x)
            #expect(abs(y - exact) <= 4 * exact.ulp, "\(function.name)(\(x)) = \(y), not \(exact)")
        }
        let narrow = x.map { Float($0) }.filter { $0.isFinite }
        for (x, y) in zip(narrow, function(narrow)) {
            let exact = Float(function.exact(Double(x)))
            if exact.isInfinite {
                #expect(y == exact, "\(function.name)(\(x)) overflows")
            } else {
                #expect(abs(y - exact) <= 3 * exact.ulp, "\(function.name)(\(x)) = \(y), not \(exact)")
            }
        }
    }

    @Test("give the same bits in place", arguments: FunctionCase.all.filter { !["sin", "cos"].contains($0.name) })
    func inPlace(_ function: FunctionCase) {
        var stream = RandomStream(seed: 3, name: function.name)
        let x = (0..<103).map { _ in 3 * stream.uniform() }
        var y = x, narrow = x.map { Float($0) }
        let z = function(narrow)
        y.withUnsafeMutableBufferPointer { function.double($0.count, $0.baseAddress!, $0.baseAddress!) }
        narrow.withUnsafeMutableBufferPointer { function.single($0.count, $0.baseAddress!, $0.baseAddress!) }
        #expect(y == function(x) && narrow == z)
    }

    @Test("keep their relative accuracy near zero", arguments: FunctionCase.all)
    func smallArguments(_ function: FunctionCase) {
        let x = (0..<1000).map { pow(10, -0.3 * Double($0)) * ($0 % 2 == 0 || function.name == "log" ? 1 : -1) }
            .filter { $0.isNormal && function.range.contains($0) }
        for (x, y) in zip(x, function(x)) {
            let exact = function.exact(x)
            #expect(abs(y - exact) <= 4 * exact.ulp, "\(function.name)(\(x)) = \(y), not \(exact)")
        }
    }

    @Test("treat infinities and NaN as the C library does", arguments: FunctionCase.all)
    func specialValues(_ function: FunctionCase) {
        let x = [Double.infinity, -.infinity, .nan, 0, -0.0, .leastNonzeroMagnitude, 1e308, -1e308]
        for (x, y) in zip(x, function(x)) {
            let exact = function.name == "sigmoid" && x < -1 ? 0 : function.exact(x)
            #expect(y == exact || y.isNaN && exact.isNaN, "\(function.name)(\(x)) = \(y), not \(exact)")
        }
        let narrow = [Float.infinity, -.infinity, .nan, 0, .leastNonzeroMagnitude]
        for (x, y) in zip(narrow, function(narrow)) {
            let exact = Float(function.name == "sigmoid" && x < -1 ? 0 : function.exact(Double(x)))
            #expect(
                abs(y - exact) <= exact.ulp || y == exact || y.isNaN && exact.isNaN,
                "\(function.name)(\(x)) = \(y), not \(exact)")
        }
    }
}
