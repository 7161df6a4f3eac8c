import LinearAlgebra

/// The last pairs s = θ⁺ − θ, y = g⁺ − g, and the product of the inverse Hessian estimate that they define.
final class CurvatureMemory<S: Scalar>: Stateful {
    private let dimension: Int
    private let capacity: Int
    /// Pairs are stored one after another, the place of the next one going round.
    private let steps: AlignedBuffer<S>
    private let changes: AlignedBuffer<S>
    private var products: [Double]
    private var coefficients: [Double]
    private var next = 0
    private var scale = 1.0
    private(set) var count = 0

    init(dimension: Int, capacity: Int) {
        precondition(dimension >= 0 && capacity > 0, "the memory holds at least one pair")
        self.dimension = dimension
        self.capacity = capacity
        steps = AlignedBuffer(count: dimension * capacity)
        changes = AlignedBuffer(count: dimension * capacity)
        products = Array(repeating: 0, count: capacity)
        coefficients = Array(repeating: 0, count: capacity)
    }

    func clear() {
        count = 0
        next = 0
    }

    /// Where the next pair is to be written before `commit`; overwrites the oldest pair of a full memory.
    var nextStep: UnsafeMutablePointer<S> { steps.baseAddress + next * dimension }

    /// As `nextStep`, for the change of the gradient.
    var nextChange: UnsafeMutablePointer<S> { changes.baseAddress + next * dimension }

    /// Takes the pair written to `nextStep` and `nextChange` in, if sᵀy is positive beyond rounding.
    ///
    /// The test is relative, sᵀy > 8ε |s| max(|y|, |g|), because y is known up to rounding errors of the gradients: it
    /// gives the same answer for a loss multiplied by any constant, however small the loss. A pair that fails is lost,
    /// and in a full memory the oldest one with it.
    func commit(gradientNorm: Double) {
        let (s, y) = (UnsafePointer(nextStep), UnsafePointer(nextChange))
        let product = S.dot(dimension, s, y)
        let lengthOfStep = S.sumOfSquares(dimension, s).squareRoot()
        let squareOfChange = S.sumOfSquares(dimension, y)
        let floor = 8 * Double(S.ulpOfOne) * lengthOfStep * max(squareOfChange.squareRoot(), gradientNorm)
        guard product > floor, product.isFinite, squareOfChange.isFinite, squareOfChange > 0 else {
            if count == capacity { count -= 1 }
            return
        }
        products[next] = product
        scale = product / squareOfChange
        next = (next + 1) % capacity
        count = min(count + 1, capacity)
    }

    /// v ← H v by the two-loop recursion, starting from H₀ = (sᵀy / yᵀy) I of the newest pair.
    func applyInverseHessian(to v: UnsafeMutablePointer<S>) {
        guard count > 0 else { return }
        for age in 1...count {
            let place = (next - age + capacity) % capacity
            let coefficient = S.dot(dimension, steps.baseAddress + place * dimension, v) / products[place]
            coefficients[place] = coefficient
            S.addScaled(dimension, S(-coefficient), changes.baseAddress + place * dimension, v)
        }
        S.scale(dimension, S(scale), v)
        for age in stride(from: count, through: 1, by: -1) {
            let place = (next - age + capacity) % capacity
            let share = S.dot(dimension, changes.baseAddress + place * dimension, v) / products[place]
            S.addScaled(dimension, S(coefficients[place] - share), steps.baseAddress + place * dimension, v)
        }
    }

    func visitState(_ visitor: StateVisitor<S>) {
        visitor.counter("count", &count)
        visitor.counter("next", &next)
        visitor.number("scale", &scale)
        visitor.array("steps", steps)
        visitor.array("changes", changes)
        for place in products.indices { visitor.number("product \(place)", &products[place]) }
    }
}
