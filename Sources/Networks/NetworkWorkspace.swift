import LinearAlgebra

/// The memory in which one thread evaluates a plan, a tile of points at a time; nothing is allocated after it is made.
///
/// The order of calls is: fill `points`, `forward`, read `value`, `clearAdjoints`, fill `adjoint`, then `reverse` or
/// `jacobianRows`, both of which may follow the same `forward` any number of times.
public final class NetworkWorkspace<S: Scalar> {
    /// The plan that this workspace evaluates.
    public let plan: NetworkPlan<S>

    /// Coordinates of the points, [coordinate][tilePoints]; the caller fills the first `count` points of each.
    public let points: UnsafeMutablePointer<S>

    init(plan: NetworkPlan<S>) {
        self.plan = plan
        points = .allocate(capacity: plan.network.inputs * plan.tilePoints)
    }

    /// Evaluates all channels at the first `count` points, 0 < count ≤ tilePoints.
    public func forward(count: Int) {}

    /// A channel of an output, contiguous over points; valid after `forward`.
    public func value(output: Int, channel: Int) -> UnsafeMutablePointer<S> { points }

    /// The adjoint of a channel of an output, contiguous over points, for the caller to fill.
    ///
    /// It is undefined after `reverse` and `jacobianRows`: call `clearAdjoints` and fill again.
    public func adjoint(output: Int, channel: Int) -> UnsafeMutablePointer<S> { points }

    /// Sets the adjoints of all channels of all outputs to zero.
    public func clearAdjoints() {}

    /// Adds the derivative of Σ adjoint · channel, over all points, outputs and channels, to a vector over all parameters.
    public func reverse(count: Int, into gradient: UnsafeMutablePointer<S>) {}

    /// Overwrites row p < count with the derivative of Σ adjoint · channel at point p with respect to all parameters.
    ///
    /// - Parameter leading: the distance between rows, at least the number of parameters.
    public func jacobianRows(count: Int, into rows: UnsafeMutablePointer<S>, leading: Int) {}
}
