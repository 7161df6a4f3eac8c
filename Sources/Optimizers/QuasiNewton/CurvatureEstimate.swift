import LinearAlgebra

/// What a quasi-Newton method has learned of the inverse Hessian H, as far as steps −Hg need it.
///
/// The pair of the last step, s = θ⁺ − θ and y = g⁺ − g, is written to `nextStep` and `nextChange` and taken in by
/// `commit`.
package protocol CurvatureEstimate<S>: Stateful {
    /// Pairs that H was made from; 0 means that H is the identity.
    var pairCount: Int { get }

    /// Where s is to be written before `commit`.
    var nextStep: UnsafeMutablePointer<S> { get }

    /// As `nextStep`, for y.
    var nextChange: UnsafeMutablePointer<S> { get }

    /// Takes the pair in, unless its curvature sᵀy is not positive beyond rounding.
    func commit(_ step: CommittedStep<S>)

    /// p ← −Hg.
    func makeDirection(from gradient: UnsafePointer<S>, into p: UnsafeMutablePointer<S>)

    /// To be called when the gradient is not that of the last `commit`: the loss or the point is another one.
    func forgetGradient()

    /// H ← I.
    func clear()
}

/// What is known of the step whose pair is committed.
package struct CommittedStep<S: Scalar> {
    /// The multiple t of the direction p, so that s = t p up to rounding.
    package var length: Double
    /// pᵀg before the step.
    package var slopeBefore: Double
    /// |g| before the step.
    package var gradientNorm: Double
    /// The gradient after the step.
    package var gradient: UnsafePointer<S>

    package init(length: Double, slopeBefore: Double, gradientNorm: Double, gradient: UnsafePointer<S>) {
        self.length = length
        self.slopeBefore = slopeBefore
        self.gradientNorm = gradientNorm
        self.gradient = gradient
    }
}

/// sᵀy, if it is positive beyond rounding and |y| is finite; otherwise nil.
///
/// The test is relative, sᵀy > 8ε |s| max(|y|, |g|), because y is known up to rounding errors of the gradients: it gives
/// the same answer for a loss multiplied by any constant, however small the loss.
func positiveCurvature<S: Scalar>(
    _ count: Int, _ s: UnsafePointer<S>, _ y: UnsafePointer<S>, gradientNorm: Double
) -> (product: Double, squareOfChange: Double)? {
    let product = S.dot(count, s, y)
    let lengthOfStep = S.sumOfSquares(count, s).squareRoot()
    let squareOfChange = S.sumOfSquares(count, y)
    let floor = 8 * Double(S.ulpOfOne) * lengthOfStep * max(squareOfChange.squareRoot(), gradientNorm)
    guard product > floor, product.isFinite, squareOfChange.isFinite, squareOfChange > 0 else { return nil }
    return (product, squareOfChange)
}
