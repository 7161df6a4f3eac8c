import LinearAlgebra
import Optimizers

/// A way to weigh single points: with weights λₚ, the term Lₜ = (1/N) Σₚ |rₜ(xₚ)|² enters the loss as (1/N) Σₚ λₚ² |rₜ(xₚ)|².
///
/// Weights change after each step of a first-order stage and rest otherwise; no gradient passes through them.
public protocol PointWeighting: Sendable {
    /// What users read and set.
    static var description: PointRuleDescription { get }

    /// A rule with options that were checked against the description.
    init(_ options: OptionValues)

    /// The weights of one term with `count` points; nil where every weight stays 1.
    func makeRule<S: Scalar>(count: Int) -> (any PointWeightRule<S>)?
}

/// All ways to weigh points, in the order in which they are listed.
public let pointWeightings: [any PointWeighting.Type] = [
    UniformPointWeights.self, SelfAdaptiveWeights.self, ResidualAttention.self,
]

/// The weights of the points of one term; the state is the weights and what their rule remembers.
public protocol PointWeightRule<S>: Stateful {
    /// λₚ of each point, not negative.
    var weights: AlignedBuffer<S> { get }

    /// Sets the weights at the start of training; `squares` holds |r(xₚ)|² of each point.
    func begin(squares: UnsafePointer<S>)

    /// Moves the weights after a step; `squares` holds |r(xₚ)|² before it, and `termWeight` is the factor of the term.
    func update(squares: UnsafePointer<S>, termWeight: Double)
}
