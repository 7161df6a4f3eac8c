/// The function that a dense layer applies to each of its features.
///
/// All are smooth, so that derivatives of any order of the network exist.
public enum Activation: String, CaseIterable, Sendable, Codable {
    /// The hyperbolic tangent.
    case tanh
    /// sin z.
    case sine
    /// z Φ(z) with the exact normal distribution function Φ(z) = (1 + erf(z/√2))/2.
    case gelu
    /// z / (1 + e⁻ᶻ), also called swish.
    case silu
    /// log(1 + eᶻ).
    case softplus
}
