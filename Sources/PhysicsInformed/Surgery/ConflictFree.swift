import LinearAlgebra
import Optimizers

/// ConFIG, conflict-free inverse gradients (arXiv:2408.11104): a direction that makes the same angle with all gradients.
///
/// d = U(A⁺1), where row i of A is U(gᵢ) = gᵢ/‖gᵢ‖ and A⁺ is the pseudo-inverse, and g = (Σᵢ gᵢ·d) d. Gradients that vanish
/// take no part. Where no such direction exists (two gradients that are opposite) g is that of the least squares, or 0.
public enum ConflictFree: SurgeryMethod {
    /// What users read and set.
    public static let description = SurgeryDescription(
        name: "config", summary: "the direction with the same angle to all gradients", source: "arXiv:2408.11104")

    /// The surgery, which has no state.
    public static func make<S: Scalar>(_ terms: SurgeryTerms, options: OptionValues) -> (any GradientSurgery<S>)? {
        ConflictFreeState<S>(terms.count)
    }
}

private final class ConflictFreeState<S: Scalar>: GradientSurgery {
    private var direction: ConflictFreeDirection

    init(_ count: Int) { direction = ConflictFreeDirection(count) }

    func join(_ gradients: TermGradients<S>, into gradient: UnsafeMutablePointer<S>) {
        direction.find(gradients)
        gradients.sum({ direction.coefficients[$0] }, into: gradient)
    }

    func visitState(_ visitor: StateVisitor<S>) {}
}

/// Finds the coefficients c of g = Σ cᵢ gᵢ, in double precision and from scalar products alone.
///
/// With the cosines C = A Aᵀ and x = C⁺1 the minimum-norm solution is d = Aᵀx. The pseudo-inverse comes from the eigenvalues of
/// C, of which those below 10⁻¹² of the largest count as zero.
struct ConflictFreeDirection {
    /// The coefficients of the last call.
    private(set) var coefficients: [Double]

    private let count: Int
    private var lengths: [Double]
    private var cosines: [Double]
    private var eigen: SymmetricEigenproblem
    private var solution: [Double]

    init(_ count: Int) {
        self.count = count
        coefficients = [Double](repeating: 0, count: count)
        lengths = coefficients
        solution = coefficients
        cosines = [Double](repeating: 0, count: count * count)
        eigen = SymmetricEigenproblem(count)
    }

    mutating func find<S: Scalar>(_ gradients: TermGradients<S>) {
        gradients.multiply()
        for i in 0..<count { lengths[i] = gradients.product(i, i).squareRoot() }
        for i in 0..<count {
            for j in 0..<count {
                let size = lengths[i] * lengths[j]
                cosines[i * count + j] = size > 0 ? gradients.product(i, j) / size : 0
            }
        }
        eigen.solve(cosines)
        let largest = eigen.values.max() ?? 0
        for i in 0..<count { solution[i] = 0 }
        for k in 0..<count where eigen.values[k] > 1e-12 * largest {
            var projection = 0.0
            for i in 0..<count where lengths[i] > 0 { projection += eigen.vector(k, i) }
            for i in 0..<count { solution[i] += projection / eigen.values[k] * eigen.vector(k, i) }
        }
        // ‖Aᵀx‖² = xᵀCx and gᵢ·Aᵀx = ‖gᵢ‖ (Cx)ᵢ.
        var square = 0.0, length = 0.0
        for i in 0..<count {
            var product = 0.0
            for j in 0..<count { product += cosines[i * count + j] * solution[j] }
            square += solution[i] * product
            length += lengths[i] * product
        }
        for i in 0..<count {
            coefficients[i] = lengths[i] > 0 && square > 0 ? length / square * solution[i] / lengths[i] : 0
        }
    }
}
