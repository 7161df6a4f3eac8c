import Foundation
import LinearAlgebra
import Testing

/// A smooth function with a known minimum value, in double precision.
struct TestProblem: Sendable, CustomTestStringConvertible {
    let name: String
    let start: [Double]
    let minimum: Double
    /// Loss, and gradient into the second argument.
    let evaluate: @Sendable (_ x: [Double], _ gradient: inout [Double]) -> Double

    var testDescription: String { name }

    /// The problem in the form that optimizers want, computed in double precision and rounded to `S` at the border.
    func closure<S: Scalar>(
        scaledBy scale: Double = 1
    ) -> (_ parameters: UnsafePointer<S>, _ gradient: UnsafeMutablePointer<S>) -> Double {
        { parameters, result in
            let x = start.indices.map { Double(parameters[$0]) }
            var gradient = [Double](repeating: 0, count: x.count)
            let loss = evaluate(x, &gradient)
            for i in x.indices { result[i] = S(scale * gradient[i]) }
            return scale * loss
        }
    }
}

extension TestProblem {
    static let all = [rosenbrock, illConditionedQuadratic, logistic]

    /// Σ 100 (x[i+1] − x[i]²)² + (1 − x[i])² in six dimensions; the start leads to the minimum at 1.
    static let rosenbrock = rosenbrock(start: [-1.2, 1, -0.8, 0.6, 1.5, -0.5], minimum: 0)

    static func rosenbrock(start: [Double], minimum: Double) -> TestProblem {
        TestProblem(name: "Rosenbrock", start: start, minimum: minimum) { x, gradient in
            var loss = 0.0
            for i in x.indices { gradient[i] = 0 }
            for i in 0..<x.count - 1 {
                let (a, b) = (x[i + 1] - x[i] * x[i], 1 - x[i])
                loss += 100 * a * a + b * b
                gradient[i] += -400 * a * x[i] - 2 * b
                gradient[i + 1] += 200 * a
            }
            return loss
        }
    }

    /// ½ Σ λᵢ (xᵢ − i)² with eigenvalues from 1 to 10⁴.
    static let illConditionedQuadratic = quadratic(eigenvalues: (0..<20).map { pow(10, 4 * Double($0) / 19) })

    static func quadratic(eigenvalues: [Double]) -> TestProblem {
        TestProblem(
            name: "quadratic", start: eigenvalues.indices.map { Double($0 + 1) + ($0 % 2 == 0 ? 1 : -1) }, minimum: 0
        ) { x, gradient in
            var loss = 0.0
            for i in x.indices {
                let distance = x[i] - Double(i + 1)
                gradient[i] = eigenvalues[i] * distance
                loss += 0.5 * eigenvalues[i] * distance * distance
            }
            return loss
        }
    }

    /// Logistic regression on columns of very different size, with a small ridge; the Hessian's condition
    /// at the minimum is 4000. The minimum was found by Newton's method to a gradient below 1e-17.
    static let logistic: TestProblem = {
        let (rows, columns) = (40, 8)
        var state: UInt64 = 12345
        func uniform() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53) - 0.5
        }
        let features = (0..<rows).map { _ in (0..<columns).map { uniform() * pow(10, -0.5 * Double($0)) } }
        let labels = (0..<rows).map { features[$0].reduce(0, +) + uniform() > 0 ? 1.0 : -1.0 }
        return TestProblem(
            name: "logistic", start: [Double](repeating: 0, count: columns), minimum: 0.26746149360839633
        ) { x, gradient in
            var loss = 0.0
            for j in 0..<columns {
                gradient[j] = 1e-6 * x[j]
                loss += 0.5e-6 * x[j] * x[j]
            }
            for (feature, label) in zip(features, labels) {
                let margin = label * zip(feature, x).reduce(0) { $0 + $1.0 * $1.1 }
                loss += log1p(exp(-margin)) / Double(rows)
                let weight = -label / (1 + exp(margin)) / Double(rows)
                for j in 0..<columns { gradient[j] += weight * feature[j] }
            }
            return loss
        }
    }()
}
