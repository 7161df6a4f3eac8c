import LinearAlgebra

/// The last pairs s = θ⁺ − θ, y = g⁺ − g, and the product of the inverse Hessian estimate that they define.
package final class CurvatureMemory<S: Scalar>: CurvatureEstimate {
    private let dimension: Int
    private let capacity: Int
    /// Pairs are stored one after another, the place of the next one going round.
    private let steps: AlignedBuffer<S>
    private let changes: AlignedBuffer<S>
    private var products: [Double]
    private var coefficients: [Double]
    private var next = 0
    private var scale = 1.0
    private var count = 0
    package var pairCount: Int { count }

    init(dimension: Int, capacity: Int) {
        precondition(dimension >= 0 && capacity > 0, "the memory holds at least one pair")
        self.dimension = dimension
        self.capacity = capacity
        steps = AlignedBuffer(count: dimension * capacity)
        changes = AlignedBuffer(count: dimension * capacity)
        products = Array(repeating: 0, count: capacity)
        coefficients = Array(repeating: 0, count: capacity)
    }

    package func clear() {
        count = 0
        next = 0
    }

    /// Where the next pair is to be written before `commit`; overwrites the oldest pair of a full memory.
    package var nextStep: UnsafeMutablePointer<S> { steps.baseAddress + next * dimension }

    /// As `nextStep`, for the change of the gradient.
    package var nextChange: UnsafeMutablePointer<S> { changes.baseAddress + next * dimension }

    /// Takes the pair in; a pair that fails the test is lost, and in a full memory the oldest one with it.
    package func commit(_ step: CommittedStep<S>) {
        let (s, y) = (UnsafePointer(nextStep), UnsafePointer(nextChange))
        guard let curvature = positiveCurvature(dimension, s, y, gradientNorm: step.gradientNorm) else {
            if count == capacity { count -= 1 }
            return
        }
        products[next] = curvature.product
        scale = curvature.product / curvature.squareOfChange
        next = (next + 1) % capacity
        count = min(count + 1, capacity)
    }

    package func makeDirection(from gradient: UnsafePointer<S>, into p: UnsafeMutablePointer<S>) {
        Kernels.scaledCopy(dimension, -1, gradient, to: p)
        applyInverseHessian(to: p)
    }

    package func forgetGradient() {}

    /// v ← H v by the two-loop recursion, starting from H₀ = (sᵀy / yᵀy) I of the newest pair.
    private func applyInverseHessian(to v: UnsafeMutablePointer<S>) {
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

    package func visitState(_ visitor: StateVisitor<S>) {
        visitor.counter("count", &count)
        visitor.counter("next", &next)
        visitor.number("scale", &scale)
        visitor.array("steps", steps)
        visitor.array("changes", changes)
        for place in products.indices { visitor.number("product \(place)", &products[place]) }
    }
}
