import LinearAlgebra
import Optimizers

/// No surgery: Σ wᵢ∇Lᵢ, the gradient of the loss.
public enum PlainSum: SurgeryMethod {
    /// What users read and set.
    public static let description = SurgeryDescription(
        name: "sum", summary: "the gradient of the weighted loss, as it is", source: "")

    /// Nothing.
    public static func make<S: Scalar>(_ terms: SurgeryTerms, options: OptionValues) -> (any GradientSurgery<S>)? {
        nil
    }
}
