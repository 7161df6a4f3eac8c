import LinearAlgebra

/// The whole inverse Hessian, kept up to date by one member of the self-scaled Broyden family.
///
/// A step costs one pass over half of the matrix: the update of the last step is written while H y and H g⁺ are formed,
/// and the next direction −H⁺g⁺ follows from these without reading H⁺.
package final class DenseInverseHessian<S: Scalar>: CurvatureEstimate {
    private let count: Int
    private let rule: SelfScaledUpdate
    /// Whether the first pair sets the scale of the identity: H = I/τ.
    private let scalesStart: Bool
    private let matrix: SymmetricMatrix<S>
    private let stepBuffer: AlignedBuffer<S>
    private let changeBuffer: AlignedBuffer<S>
    private let gradient: AlignedBuffer<S>
    private let timesChange: AlignedBuffer<S>
    private let timesGradient: AlignedBuffer<S>
    /// Whether `timesGradient` is H times the gradient of the last step.
    private var isProductKnown = 0
    private var mustScale = 0
    package private(set) var pairCount = 0

    /// The identity in `count` dimensions.
    ///
    /// - Parameter scalesStart: whether the first pair sets the identity's scale. After all was given up it always does.
    package init(count: Int, rule: SelfScaledUpdate, scalesStart: Bool) {
        self.count = count
        self.rule = rule
        self.scalesStart = scalesStart
        matrix = SymmetricMatrix(dimension: count)
        let padded = matrix.paddedDimension
        stepBuffer = AlignedBuffer(count: padded)
        changeBuffer = AlignedBuffer(count: padded)
        gradient = AlignedBuffer(count: padded)
        timesChange = AlignedBuffer(count: padded)
        timesGradient = AlignedBuffer(count: padded)
    }

    package var nextStep: UnsafeMutablePointer<S> { stepBuffer.baseAddress }
    package var nextChange: UnsafeMutablePointer<S> { changeBuffer.baseAddress }

    package func clear() {
        matrix.becomeIdentity()
        pairCount = 0
        isProductKnown = 0
        mustScale = 1
    }

    package func forgetGradient() { isProductKnown = 0 }

    package func commit(_ step: CommittedStep<S>) {
        let (s, y) = (UnsafePointer(nextStep), UnsafePointer(nextChange))
        let (w, u) = (timesChange.baseAddress, timesGradient.baseAddress)
        gradient.baseAddress.update(from: step.gradient, count: count)
        matrix.multiply(y, gradient.baseAddress, into: w, u)
        isProductKnown = 1
        guard let curvature = positiveCurvature(count, s, y, gradientNorm: step.gradientNorm) else { return }
        let rho = 1 / curvature.product
        let quantities = SelfScaledUpdate.Quantities(
            dimension: count, rho: rho, b: -step.length * rho * step.length * step.slopeBefore,
            h: rho * S.dot(count, y, w), setsScale: pairCount == 0 && (scalesStart || mustScale == 1))
        let coefficients = rule.coefficients(quantities)
        guard quantities.h > 0, quantities.b > 0, coefficients.isSound else { return }
        matrix.update(coefficients, s, w)
        pairCount += 1
        let (sg, wg) = (S.dot(count, s, gradient.baseAddress), S.dot(count, w, gradient.baseAddress))
        S.scale(count, S(coefficients.keep), u)
        S.addScaled(count, S(coefficients.ss * sg + coefficients.sw * wg), s, u)
        S.addScaled(count, S(coefficients.sw * sg + coefficients.ww * wg), w, u)
    }

    package func makeDirection(from gradient: UnsafePointer<S>, into p: UnsafeMutablePointer<S>) {
        if isProductKnown == 0 {
            self.gradient.baseAddress.update(from: gradient, count: count)
            matrix.multiply(
                self.gradient.baseAddress, self.gradient.baseAddress, into: timesGradient.baseAddress,
                timesChange.baseAddress)
            isProductKnown = 1
        }
        Kernels.scaledCopy(count, -1, timesGradient.baseAddress, to: p)
    }

    /// One entry of H: for tests.
    package subscript(row: Int, column: Int) -> Double { matrix[row, column] }

    package func visitState(_ visitor: StateVisitor<S>) {
        visitor.visit("matrix", matrix)
        visitor.array("gradient product", timesGradient)
        visitor.counter("gradient product known", &isProductKnown)
        visitor.counter("scale from pair", &mustScale)
        visitor.counter("count", &pairCount)
    }
}

extension LineSearchDescent {
    /// A method with the whole inverse Hessian: about P²/2 numbers for P parameters.
    public static func dense(
        count: Int, rule: SelfScaledUpdate, scalesStart: Bool = true, settings: Settings = Settings()
    ) -> LineSearchDescent<S> {
        LineSearchDescent(
            count: count, settings: settings,
            memory: DenseInverseHessian(count: count, rule: rule, scalesStart: scalesStart))
    }
}
