import Expressions
import ProblemFiles

/// The interaction of a density with itself, ½ ∬ W(x − y) u(x) u(y), as equations state it.
///
/// For a polynomial W the sum W∗u is one of moments of u, by Taylor's formula W(x − y) = Σ_α (−y)^α/α! ∂^αW(x):
///
///     (W∗u)(x) = Σ_α (−1)^|α|/α! · ∂^αW(x) · integral(x^α u over region).
enum FlowInteraction {
    /// The highest degree of W.
    private static let highestDegree = 8

    /// W∗u in terms of integrals.
    static func convolution(
        _ kernel: Expression, _ problem: Problem, _ origin: Origin
    ) throws(ProblemErrors) -> Expression {
        func refuse(_ message: String, _ hint: String) -> ProblemErrors {
            ProblemErrors([origin.diagnostic(.error, message, hint: hint)])
        }
        let dimensions = problem.domain.coordinates.count - 1
        guard !kernel.usesTime else {
            throw refuse("the interaction depends on the time", "energies of gradient flows do not")
        }
        let mirrored = (0..<dimensions).reduce(kernel) {
            $0.substituting(coordinate: $1, by: Expression(-1) * .coordinate($1))
        }
        guard (mirrored - kernel).vanishesByExpansion || isEven(kernel, dimensions) else {
            throw refuse(
                "the interaction must be even, W(-z) = W(z)",
                "the coordinates stand for differences of two places: 'x^2/2' attracts, '-x^2/2' repels")
        }
        guard problem.domain.spaceTime.periodicAxes.isEmpty else {
            throw refuse(
                "interactions are for domains without periods",
                "moments, by which equations state them, have none on circles")
        }
        var sum = Expression(0)
        for degree in 0...highestDegree + 1 {
            for exponents in Self.exponents(dimensions, degree: degree) {
                var derivative = kernel
                var factorial = 1.0
                for (axis, exponent) in exponents.enumerated() {
                    for number in 0..<exponent {
                        derivative = derivative.derivative(along: axis)
                        factorial *= Double(number + 1)
                    }
                }
                if derivative.vanishesByExpansion { continue }
                guard degree <= highestDegree else {
                    throw refuse(
                        "the interaction is not a polynomial of at most degree \(highestDegree)",
                        "equations state W*u by moments such as integral(x*u over region), which polynomials allow")
                }
                let sign = degree % 2 == 0 ? 1.0 : -1.0
                sum = sum + Expression(sign / factorial) * derivative * (try moment(exponents, problem, origin))
            }
        }
        return sum
    }

    /// Whether W(−z) = W(z) at some points, for functions that expansion does not look into.
    private static func isEven(_ kernel: Expression, _ dimensions: Int) -> Bool {
        (1...20).allSatisfy { number in
            let place = (0..<dimensions).map { (0.37 * Double(number * ($0 + 1))).truncatingRemainder(dividingBy: 2) }
            let (first, second) = (kernel.value(at: place + [0])[0], kernel.value(at: place.map { -$0 } + [0])[0])
            return abs(first - second) <= 1e-12 * max(1, abs(first))
        }
    }

    /// All exponents of so many coordinates with a given sum.
    private static func exponents(_ count: Int, degree: Int) -> [[Int]] {
        guard count > 1 else { return [[degree]] }
        return (0...degree).flatMap { first in exponents(count - 1, degree: degree - first).map { [first] + $0 } }
    }

    /// integral(x^α u over region)
    private static func moment(
        _ exponents: [Int], _ problem: Problem, _ origin: Origin
    ) throws(ProblemErrors) -> Expression {
        let factors = zip(problem.domain.coordinates, exponents).filter { $0.1 > 0 }.map { "\($0.0.name)^\($0.1)" }
        let text = (factors + [problem.unknowns[0].name]).joined(separator: "*")
        return try FlowEquation.resolve("integral(\(text) over region)", .output, problem, origin)
    }
}
